// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/normal_numbers.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace layerloom::bench {
namespace {

constexpr std::size_t kCells = 65536;

/// The x whose normal distribution function is `probability`, by bisection: it runs 65537 times in all.
double quantile(double probability) {
  double low = -8;
  double high = 8;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::numbers::sqrt2) / 2 < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<float> makeQuantiles() {
  std::vector<float> quantiles(kCells + 1);
  for (std::size_t i = 0; i <= kCells; ++i) {
    // Half a cell from the ends, where the quantiles are infinite.
    const double position = std::clamp(static_cast<double>(i), 0.5, kCells - 0.5);
    quantiles[i] = static_cast<float>(quantile(position / kCells));
  }
  return quantiles;
}

}  // namespace

void NormalNumbers::fill(std::uint64_t first, std::span<float> out) {
  static const std::vector<float> quantiles = makeQuantiles();
  m_uniform.resize(out.size());
  m_stream.fill(first, m_uniform);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float* cell = quantiles.data() + (m_uniform[i] >> 16U);
    const float within = static_cast<float>(m_uniform[i] & 0xFFFFU) * (1.0F / kCells);
    out[i] = cell[0] + within * (cell[1] - cell[0]);
  }
}

}  // namespace layerloom::bench
