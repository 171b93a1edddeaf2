// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor/selection_kernels.h"

namespace layerloom {

/// What a sample of a tensor tells about the magnitudes at its ranks: between which two the magnitude of a rank lies with near certainty
/// (Floyd and Rivest, "Expected time bounds for selection", 1975).
class SampledRanks {
 public:
  /// Standard deviations of a sampled rank on either side: one bracket in 10⁵ misses, and costs time only.
  static constexpr double kDeviations = 4.5;

  /// `sample` consists of pieces of `piece` neighbours; it holds at least one value.
  SampledRanks(std::span<const float> sample, std::size_t piece, double deviations = kDeviations);

  /// The bracket of a rank of the sample, 0 at the smallest magnitude.
  MagnitudeRange around(std::uint64_t rank);
  /// How many values of the sample lie in a range.
  std::size_t countIn(const MagnitudeRange& range) const;

 private:
  std::uint32_t at(std::uint64_t rank);
  double deviation(std::uint32_t magnitude) const;

  const std::size_t m_piece;
  const double m_deviations;
  std::vector<std::uint32_t> m_magnitudes;  ///< in the order of the sample
  std::vector<std::uint32_t> m_byCell;      ///< the same by their upper bits
  std::vector<std::size_t> m_cellEnds;      ///< in m_byCell
};

}  // namespace layerloom
