// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis/preview.h"

namespace layerloom {

/// A number and the variance of its error; 0 where it is exact.
struct Measured {
  double value = 0;
  double variance = 0;
};

/// The sums behind ModelPreview for one tensor; d = result − base, Δ = model − base.
struct ModelSums {
  double squared = 0;      ///< ‖Δ‖²
  Measured apart;          ///< ‖result − model‖²
  Measured dot;            ///< ⟨d, Δ⟩
  double covariance = 0;   ///< of the errors of `dot` and of ‖d‖²
  std::optional<Measured> weight;
  std::optional<Measured> kept;  ///< this and what follows: shares of the entries
  std::optional<Measured> won;
  std::optional<Measured> lost;
};

/// The sums behind PreviewFigures for one tensor.
struct MergeSums {
  std::uint64_t elements = 0;
  double baseSquared = 0;
  Measured moved;      ///< ‖d‖²
  double freedom = 0;  ///< degrees of freedom of all variances
  std::vector<std::optional<ModelSums>> models;
};

/// The figures of tensors together. Errors of different tensors are taken as independent.
PreviewFigures figuresOf(std::span<const MergeSums* const> tensors, std::size_t models);

/// Names and places, no figures yet.
Preview unfilledPreview(const MergePlan& plan, const Statistics& statistics, const PreviewLinks& links, std::span<const std::size_t> jobs);

/// Sets the figures of tensors, layers and total, and the notes; `sums` has one entry per tensor, null for one without figures. Uses the
/// threads of the arena that it is called in.
void gatherFigures(Preview& preview, std::span<const MergeSums* const> sums);

/// The factor of a standard deviation for a 95 % interval: Student's t for that many degrees of freedom, at least 1.
double intervalFactor(double freedom);

}  // namespace layerloom
