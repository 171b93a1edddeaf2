// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/row_divergence.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace layerloom {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kAccumulators = 4;
constexpr std::size_t kLevels = 4;
constexpr float kLeastProbability = 1e-8F;

using Lanes = std::array<float, kLanes>;
using Accumulators = std::array<Lanes, kAccumulators>;

/// a·b + c with one rounding: the product of two floats is exact in a double. The sum's own rounding there disturbs
/// that of one result in 10⁸.
float fused(float a, float b, float c) {
  return static_cast<float>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
}

/// eˣ for x ≤ 0 to one unit in the last place: 2ⁿ·eʳ with |r| ≤ ln 2 / 2 (Shibata and Petrogalli, SLEEF, 2020).
float exponential(float x) {
  constexpr float kSmallest = -87.0F;  // below it the result is no normal number, and no share of a sum that is at least 1
  constexpr float kPerLn2 = 1.442695041F;
  constexpr float kLn2High = 0.693145751953125F;
  constexpr float kLn2Low = 1.428606765330187e-06F;
  constexpr std::array<float, 5> kCoefficients = {0.00139304355252534F, 0.00833336077630520F, 0.0416664853692055F,
                                                  0.166666671633720F, 0.5F};
  constexpr float kRounding = 12582912.0F;  // 1.5·2²³: adding and taking it away leaves the nearest integer
  const float bounded = std::max(kSmallest, x);
  const float n = (bounded * kPerLn2 + kRounding) - kRounding;
  const float r = fused(n, -kLn2Low, fused(n, -kLn2High, bounded));
  float sum = 0.000198527617612854F;
  for (const float coefficient : kCoefficients) {
    sum = fused(sum, r, coefficient);
  }
  const auto exponent = static_cast<std::uint32_t>(static_cast<std::int32_t>(n) + 127);
  const float power = (1.0F + fused(r * r, sum, r)) * std::bit_cast<float>(exponent << 23U);
  return x >= kSmallest ? power : x < kSmallest ? 0.0F : x;  // NaN stays NaN
}

/// Lane by lane, then the upper half of the lanes onto the lower.
float sumOfHalves(std::span<const float> values) {
  if (values.size() < kLanes) {
    float sum = values[0];
    for (std::size_t i = 1; i < values.size(); ++i) {
      sum += values[i];
    }
    return sum;
  }
  Lanes lanes{};
  std::copy_n(values.begin(), kLanes, lanes.begin());
  for (std::size_t i = kLanes; i < values.size(); ++i) {
    lanes[i % kLanes] += values[i];
  }
  for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) {
      lanes[i] += lanes[i + half];
    }
  }
  return lanes[0];
}

void add(Accumulators& to, const Accumulators& from) {
  for (std::size_t k = 0; k < kAccumulators; ++k) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      to[k][lane] += from[k][lane];
    }
  }
}

void addTerms(Accumulators& to, const float* terms) {
  for (std::size_t k = 0; k < kAccumulators; ++k) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      to[k][lane] += terms[k * kLanes + lane];
    }
  }
}

/// Blocks of kAccumulators · kLanes terms: every 2ᵖ of them go up a level, as a carry does.
Accumulators cascade(const float* terms, std::size_t blocks) {
  const auto power = std::max<std::size_t>(4, static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(blocks, 1) - 1)) / kLevels);
  const std::size_t step = std::size_t{1} << power;
  std::array<Accumulators, kLevels> levels{};
  std::size_t block = 0;
  while (block + step <= blocks) {
    for (std::size_t i = 0; i < step; ++i, ++block) {
      addTerms(levels[0], terms + block * kAccumulators * kLanes);
    }
    for (std::size_t level = 1; level < kLevels; ++level) {
      add(levels[level], levels[level - 1]);
      levels[level - 1] = {};
      if ((block & ((step - 1) << (level * power))) != 0) {
        break;
      }
    }
  }
  for (; block < blocks; ++block) {
    addTerms(levels[0], terms + block * kAccumulators * kLanes);
  }
  for (std::size_t level = 1; level < kLevels; ++level) {
    add(levels[0], levels[level]);
  }
  return levels[0];
}

float sumOfTerms(std::span<const float> terms) {
  const std::size_t vectors = terms.size() / kLanes;
  const std::size_t blocks = vectors / kAccumulators;
  Accumulators sums = cascade(terms.data(), blocks);
  Lanes& lanes = sums[0];
  for (std::size_t i = blocks * kAccumulators * kLanes; i < vectors * kLanes; ++i) {
    lanes[i % kLanes] += terms[i];
  }
  for (std::size_t k = 1; k < kAccumulators; ++k) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] += sums[k][lane];
    }
  }
  float sum = 0;
  for (std::size_t i = vectors * kLanes; i < terms.size(); ++i) {
    sum += terms[i];
  }
  for (const float lane : lanes) {
    sum += lane;
  }
  return sum;
}

void softmax(std::span<const float> row, std::vector<float>& probabilities) {
  probabilities.resize(row.size());
  const float greatest = *std::max_element(row.begin(), row.end());
  for (std::size_t i = 0; i < row.size(); ++i) {
    probabilities[i] = exponential(row[i] - greatest);
  }
  const float share = 1 / sumOfHalves(probabilities);
  for (float& probability : probabilities) {
    probability = probability * share + kLeastProbability;
  }
}

}  // namespace

float RowDivergence::operator()(std::span<const float> x, std::span<const float> y) {
  softmax(x, m_ofX);
  softmax(y, m_ofY);
  for (std::size_t i = 0; i < m_ofX.size(); ++i) {
    const double quotient = m_ofX[i] / m_ofY[i];
    m_ofX[i] *= static_cast<float>(std::log(quotient));
  }
  return std::max(sumOfTerms(m_ofX), 0.0F);
}

}  // namespace layerloom
