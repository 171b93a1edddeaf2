// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/tensor_record.h"

namespace layerloom {

/// A tensor that somebody should look at.
struct TensorFinding {
  std::string tensor;
  std::uint64_t inputNans = 0;
  std::uint64_t inputInfinities = 0;
  std::uint64_t outputNans = 0;
  std::uint64_t outputInfinities = 0;
  std::uint64_t saturations = 0;
  std::optional<double> normRatio;  ///< of an outlier: the norm of the result by the nearest norm of an input
};

/// What was counted while a merge was written, over all tensors.
struct MergeAudit {
  std::uint64_t inputNans = 0;
  std::uint64_t inputInfinities = 0;
  std::uint64_t outputNans = 0;
  std::uint64_t outputInfinities = 0;
  /// Entries of results that are NaN or infinite beyond those of the tensor's inputs: made by the merge.
  std::uint64_t created = 0;
  std::uint64_t saturations = 0;
  std::uint64_t normOutliers = 0;
  std::uint64_t findingCount = 0;
  std::vector<TensorFinding> findings;  ///< in the order of the plan; the first kMostFindings of them

  static constexpr std::size_t kMostFindings = 50;

  /// Adds those of another merge, of an earlier stage.
  void add(const MergeAudit& other);
};

/// Sums the tensors up and finds outliers. The measure of a tensor is how far, in powers of two, the norm of the result lies outside of the
/// span of its inputs' norms (negative below, 0 within). An outlier differs from the median of all measures by more than a factor of two and
/// by more than six standard deviations, which are estimated by the median deviation: a method that lifts all norms alike has none.
MergeAudit makeAudit(const MergePlan& plan, std::span<const TensorRecord> records);

}  // namespace layerloom
