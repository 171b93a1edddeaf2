// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/methods/entry_kernels.h"

namespace layerloom {

// Loops that combine task vectors, with the same bits on every instruction set like those of entry_kernels.h.

/// How task vectors are added up in float64.
struct TaskSum {
  std::vector<double> weights;  ///< one per task vector; what the sum is divided by where signs are elected
  std::vector<double> factors;  ///< what each is multiplied by: its weight, and more where it was thinned out
  bool elects = false;          ///< only entries with the sign of the whole sum count; 0 counts as +
  bool normalizes = false;      ///< where signs are elected: the sum is divided by the weights of what counts in it
  double lambda = 1;            ///< on the sum
};
/// Which entries of a thinned-out task vector are left; all where both are null.
struct TaskEntries {
  const float* thinned = nullptr;      ///< those at which this is not 0
  const std::uint64_t* bits = nullptr;  ///< those whose bit is set, the first one in the lowest bit of the first word
};
/// out ← base + λ · Σ factor · (other − base) over the entries that are left, one `left` per model; base down to the sign of a zero where
/// the change is 0.
void addTasks(std::span<const float> base, Others others, std::span<const TaskEntries> left, const TaskSum& sum, Narrowing narrowing,
              std::span<float> out);

// In the steps of mergekit, each rounded to float32.

/// For entries of `delta` with the sign of `total` (0 counts as +), but not 0: kept ← kept + delta and divisor ← divisor + weight.
void addAgreeing(std::span<const float> delta, std::span<const float> total, float weight, std::span<float> kept,
                 std::span<float> divisor);
/// sums ← sums / divisors where the divisor is not 0.
void divideByNonzero(std::span<const float> divisors, std::span<float> sums);
/// changes ← base + factor · changes, product and sum rounded apart; the base down to the sign of a zero where the change is 0.
void addToBase(std::span<const float> base, float factor, std::span<float> changes);

}  // namespace layerloom
