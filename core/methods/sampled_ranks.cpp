// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/sampled_ranks.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "core/tensor/rank_kernels.h"

namespace layerloom {
namespace {

/// Magnitudes in one cell have their upper 13 bits in common: the exponent and 5 digits.
constexpr int kCellShift = 18;
constexpr std::size_t kCells = (kGreatestMagnitude >> kCellShift) + 1;

}  // namespace

SampledRanks::SampledRanks(std::span<const float> sample, std::size_t piece, double deviations)
    : m_piece(std::max<std::size_t>(1, piece)), m_deviations(deviations), m_byCell(sample.size()), m_cellEnds(kCells) {
  m_magnitudes.reserve(sample.size());
  std::transform(sample.begin(), sample.end(), std::back_inserter(m_magnitudes), magnitudeBits);
  std::vector<std::size_t>& ends = m_cellEnds;
  for (const std::uint32_t magnitude : m_magnitudes) {
    ++ends[magnitude >> kCellShift];
  }
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), std::size_t{0});
  for (const std::uint32_t magnitude : m_magnitudes) {
    m_byCell[ends[magnitude >> kCellShift]++] = magnitude;
  }
}

MagnitudeRange SampledRanks::around(std::uint64_t rank) {
  const std::uint64_t size = m_magnitudes.size();
  const std::uint64_t middle = std::min(rank, size - 1);
  const std::uint32_t estimate = at(middle);
  const auto margin = static_cast<std::uint64_t>(m_deviations * deviation(estimate)) + 2;
  return {middle < margin ? 0 : at(middle - margin), middle + margin >= size ? kGreatestMagnitude : at(middle + margin)};
}

std::size_t SampledRanks::countIn(const MagnitudeRange& range) const {
  return countBelow(m_magnitudes, range.greatest + 1) - countBelow(m_magnitudes, range.least);
}

std::uint32_t SampledRanks::at(std::uint64_t rank) {
  const auto end = std::upper_bound(m_cellEnds.begin(), m_cellEnds.end(), rank);
  const auto place = [this](std::size_t i) { return m_byCell.begin() + static_cast<std::ptrdiff_t>(i); };
  std::nth_element(place(end == m_cellEnds.begin() ? 0 : *std::prev(end)), place(rank), place(*end));
  return *place(rank);
}

/// Of the number of entries below a magnitude: neighbours resemble each other, so that it comes from the spread over pieces.
double SampledRanks::deviation(std::uint32_t magnitude) const {
  double sum = 0;
  double squares = 0;
  double pieces = 0;
  const std::span<const std::uint32_t> all = m_magnitudes;
  for (std::size_t at = 0; at < all.size(); at += m_piece, ++pieces) {
    const auto below = static_cast<double>(countBelow(all.subspan(at, std::min(m_piece, all.size() - at)), magnitude));
    sum += below;
    squares += below * below;
  }
  const double chance = sum * (1 - sum / static_cast<double>(all.size()));
  return std::sqrt(std::max(squares - sum * sum / pieces, chance));
}

}  // namespace layerloom
