// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/sampled_ranks.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace layerloom {

SampledRanks::SampledRanks(std::span<const float> sample, std::size_t piece, double deviations)
    : m_sample(sample), m_piece(std::max<std::size_t>(1, piece)), m_deviations(deviations) {
  std::transform(sample.begin(), sample.end(), std::back_inserter(m_magnitudes), magnitudeBits);
}

MagnitudeRange SampledRanks::around(std::uint64_t rank) {
  const std::uint64_t size = m_magnitudes.size();
  const std::uint64_t middle = std::min(rank, size - 1);
  const std::uint32_t estimate = at(middle);
  const auto margin = static_cast<std::uint64_t>(m_deviations * deviation(estimate)) + 2;
  return {middle < margin ? 0 : at(middle - margin), middle + margin >= size ? kGreatestMagnitude : at(middle + margin)};
}

std::uint32_t SampledRanks::at(std::uint64_t rank) {
  const auto place = [this](std::uint64_t i) { return m_magnitudes.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto next = m_sorted.lower_bound(rank);
  if (next == m_sorted.end() || *next != rank) {
    const std::uint64_t from = next == m_sorted.begin() ? 0 : *std::prev(next) + 1;
    const std::uint64_t to = next == m_sorted.end() ? m_magnitudes.size() : *next;
    std::nth_element(place(from), place(rank), place(to));
    m_sorted.insert(next, rank);
  }
  return *place(rank);
}

/// Of the number of entries below a magnitude: neighbours resemble each other, so that it comes from the spread over pieces.
double SampledRanks::deviation(std::uint32_t magnitude) const {
  double sum = 0;
  double squares = 0;
  double pieces = 0;
  for (std::size_t at = 0; at < m_sample.size(); at += m_piece, ++pieces) {
    const auto piece = m_sample.subspan(at, std::min(m_piece, m_sample.size() - at));
    const auto below = static_cast<double>(
        std::count_if(piece.begin(), piece.end(), [&](float value) { return magnitudeBits(value) < magnitude; }));
    sum += below;
    squares += below * below;
  }
  const double chance = sum * (1 - sum / static_cast<double>(m_sample.size()));
  return std::sqrt(std::max(squares - sum * sum / pieces, chance));
}

}  // namespace layerloom
