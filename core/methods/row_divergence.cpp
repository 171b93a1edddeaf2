// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/row_divergence.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

// Compiled once per instruction set, one picked at run time. Most loops are plain: the compiler vectorises them for
// each set, and since every operation is rounded on its own or fused by `multiplyAdd`, all sets give the same bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/methods/row_divergence.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/tensor/multiply_add-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kLanes = 16;
constexpr std::size_t kAccumulators = 4;
constexpr std::size_t kBlock = kAccumulators * kLanes;
constexpr std::size_t kLevels = 4;
constexpr float kLeastProbability = 1e-8F;

/// eˣ for x ≤ 0 to one unit in the last place: 2ⁿ·eʳ with |r| ≤ ln 2 / 2 (Shibata and Petrogalli, SLEEF, 2020).
HWY_INLINE float exponential(float x) {
  // Below it the result is no normal number, and no share of a sum that is at least 1.
  constexpr float kSmallest = -87.0F;
  constexpr float kPerLn2 = 1.442695041F;
  constexpr float kLn2High = 0.693145751953125F;
  constexpr float kLn2Low = 1.428606765330187e-06F;
  constexpr float kRounding = 12582912.0F;  // 1.5·2²³: adding and taking it away leaves the nearest integer
  const float bounded = x > kSmallest ? x : kSmallest;
  const float n = (bounded * kPerLn2 + kRounding) - kRounding;
  const float r = multiplyAdd(n, -kLn2Low, multiplyAdd(n, -kLn2High, bounded));
  float sum = 0.000198527617612854F;
  sum = multiplyAdd(sum, r, 0.00139304355252534F);
  sum = multiplyAdd(sum, r, 0.00833336077630520F);
  sum = multiplyAdd(sum, r, 0.0416664853692055F);
  sum = multiplyAdd(sum, r, 0.166666671633720F);
  sum = multiplyAdd(sum, r, 0.5F);
  const std::uint32_t exponent = static_cast<std::uint32_t>(static_cast<std::int32_t>(n) + 127) << 23U;
  float scale;
  std::memcpy(&scale, &exponent, sizeof scale);
  const float power = (1.0F + multiplyAdd(r * r, sum, r)) * scale;
  const float nothing = x < kSmallest ? 0.0F : x;  // NaN stays NaN
  return x >= kSmallest ? power : nothing;
}

/// The logarithm of a positive normal number, rounded to float32 rightly but for one result in 10⁸: 2ᵏ·m with m from √½
/// to √2, and log m = 2 artanh s with s = (m − 1) / (m + 1), whose series in s² is cut to a minimax polynomial
/// (relative error 5·10⁻¹⁸).
HWY_INLINE float logarithm(float x) {
  constexpr std::uint32_t kOne = 0x3F800000;
  constexpr std::uint32_t kRootOfHalf = 0x3F3504F3;
  constexpr double kLn2High = 0x1.62e42fefa4p-1;  // short, so that multiples are exact
  constexpr double kLn2Low = -1.7239444525614834773e-13;
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits += kOne - kRootOfHalf;
  const double k = static_cast<std::int32_t>(bits >> 23U) - 127;
  bits = (bits & 0x7FFFFFU) + kRootOfHalf;
  float mantissa;
  std::memcpy(&mantissa, &bits, sizeof mantissa);
  const double m = mantissa;
  const double s = (m - 1) / (m + 1);
  const double z = s * s;
  double sum = 0.14618017413793888283;
  sum = sum * z + 0.15331585214213222726;
  sum = sum * z + 0.18182893572562207894;
  sum = sum * z + 0.22222211068000549233;
  sum = sum * z + 0.28571428626428436771;
  sum = sum * z + 0.39999999999898383577;
  sum = sum * z + 0.6666666666666669731;
  return static_cast<float>(k * kLn2High + (2 * s + (s * (z * sum) + k * kLn2Low)));
}

HWY_INLINE void addTo(float* HWY_RESTRICT sums, const float* HWY_RESTRICT terms, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] += terms[i];
  }
}

/// Lane by lane, then the upper half of the lanes onto the lower.
HWY_INLINE float sumOfHalves(const float* HWY_RESTRICT values, std::size_t count) {
  if (count < kLanes) {
    float sum = values[0];
    for (std::size_t i = 1; i < count; ++i) {
      sum += values[i];
    }
    return sum;
  }
  float lanes[kLanes];
  std::memcpy(lanes, values, sizeof lanes);
  std::size_t i = kLanes;
  for (; i + kLanes <= count; i += kLanes) {
    addTo(lanes, values + i, kLanes);
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    lanes[lane] += values[i];
  }
  for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::size_t lane = 0; lane < half; ++lane) {
      lanes[lane] += lanes[lane + half];
    }
  }
  return lanes[0];
}

/// sums ← terms in blocks of kBlock: every 2ᵖ of them go up a level, as a carry does.
HWY_INLINE void cascade(const float* HWY_RESTRICT terms, std::size_t blocks, float (&sums)[kBlock]) {
  const auto width = static_cast<std::size_t>(std::bit_width(blocks > 1 ? blocks - 1 : 0));
  const std::size_t power = width / kLevels > 4 ? width / kLevels : 4;
  const std::size_t step = std::size_t{1} << power;
  float levels[kLevels][kBlock] = {};
  std::size_t block = 0;
  while (block + step <= blocks) {
    for (std::size_t i = 0; i < step; ++i, ++block) {
      addTo(levels[0], terms + block * kBlock, kBlock);
    }
    for (std::size_t level = 1; level < kLevels; ++level) {
      addTo(levels[level], levels[level - 1], kBlock);
      std::memset(levels[level - 1], 0, sizeof levels[level - 1]);
      if ((block & ((step - 1) << (level * power))) != 0) {
        break;
      }
    }
  }
  for (; block < blocks; ++block) {
    addTo(levels[0], terms + block * kBlock, kBlock);
  }
  for (std::size_t level = 1; level < kLevels; ++level) {
    addTo(levels[0], levels[level], kBlock);
  }
  std::memcpy(sums, levels[0], sizeof sums);
}

HWY_INLINE float sumOfTerms(const float* HWY_RESTRICT terms, std::size_t count) {
  const std::size_t vectors = count / kLanes;
  const std::size_t blocks = vectors / kAccumulators;
  float sums[kBlock];
  cascade(terms, blocks, sums);
  for (std::size_t i = blocks * kAccumulators; i < vectors; ++i) {
    addTo(sums, terms + i * kLanes, kLanes);
  }
  for (std::size_t k = 1; k < kAccumulators; ++k) {
    addTo(sums, sums + k * kLanes, kLanes);
  }
  float sum = 0;
  for (std::size_t i = vectors * kLanes; i < count; ++i) {
    sum += terms[i];
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sum += sums[lane];
  }
  return sum;
}

/// The greatest number, of either zero; where an input is NaN, anything.
HWY_INLINE float greatestOf(const float* row, std::size_t count) {
  const hn::ScalableTag<float> tag;
  const std::size_t lanes = hn::Lanes(tag);
  if (count < lanes) {
    float greatest = row[0];
    for (std::size_t i = 1; i < count; ++i) {
      greatest = greatest < row[i] ? row[i] : greatest;
    }
    return greatest;
  }
  auto greatest = hn::LoadU(tag, row + count - lanes);
  for (std::size_t i = 0; i + lanes <= count; i += lanes) {
    greatest = hn::Max(greatest, hn::LoadU(tag, row + i));
  }
  return hn::GetLane(hn::MaxOfLanes(tag, greatest));
}

/// powers ← e^(row − its greatest); the reciprocal of their sum.
HWY_INLINE float exponentials(const float* HWY_RESTRICT row, float* HWY_RESTRICT powers, std::size_t count) {
  const float greatest = greatestOf(row, count);
  for (std::size_t i = 0; i < count; ++i) {
    powers[i] = exponential(row[i] - greatest);
  }
  return 1 / sumOfHalves(powers, count);
}

/// `ofX` and `ofY` hold a row each and are overwritten.
float divergenceOfRows(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, std::size_t count,
                       float* HWY_RESTRICT ofX, float* HWY_RESTRICT ofY) {
  const float shareOfX = exponentials(x, ofX, count);
  const float shareOfY = exponentials(y, ofY, count);
  if (std::isnan(shareOfX) || std::isnan(shareOfY)) {
    return shareOfX + shareOfY;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const float p = ofX[i] * shareOfX + kLeastProbability;
    const float q = ofY[i] * shareOfY + kLeastProbability;
    ofX[i] = p * logarithm(p / q);
  }
  const float sum = sumOfTerms(ofX, count);
  return sum < 0 ? 0 : sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(divergenceOfRows);

float RowDivergence::operator()(std::span<const float> x, std::span<const float> y) {
  m_ofX.resize(x.size());
  m_ofY.resize(x.size());
  return HWY_DYNAMIC_DISPATCH(divergenceOfRows)(x.data(), y.data(), x.size(), m_ofX.data(), m_ofY.data());
}

}  // namespace layerloom
#endif  // HWY_ONCE
