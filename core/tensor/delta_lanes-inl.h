// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Included once per instruction set, after hwy/highway.h; hence a guard that Highway toggles.
#if defined(LAYERLOOM_DELTA_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAYERLOOM_DELTA_LANES_INL_H
#undef LAYERLOOM_DELTA_LANES_INL_H
#else
#define LAYERLOOM_DELTA_LANES_INL_H
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "core/tensor/delta_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

/// Interleaved partial sums: element i belongs to sum i mod kLanes, so that the order of additions is the same everywhere.
constexpr std::size_t kLanes = 16;

template <class T>
HWY_INLINE T laneTotal(const T (&sums)[kLanes]) {
  T total = 0;
  for (std::size_t lane = 0; lane < kLanes / 2; ++lane) {
    total += sums[lane] + sums[lane + kLanes / 2];
  }
  return total;
}

struct DeltaLanes {
  double squares[kLanes] = {};
  double sum[kLanes] = {};
  double greatest[kLanes] = {};
  double baseDot[kLanes] = {};
  std::uint64_t zeros[kLanes] = {};

  HWY_INLINE void add(std::size_t lane, double delta, double base) {
    squares[lane] += delta * delta;
    sum[lane] += delta;
    baseDot[lane] += base * delta;
    const double magnitude = std::fabs(delta);
    greatest[lane] = magnitude > greatest[lane] ? magnitude : greatest[lane];
    zeros[lane] += delta == 0 ? 1U : 0U;
  }

  HWY_INLINE void store(DeltaFigures& figures) const {
    figures.squares = laneTotal(squares);
    figures.sum = laneTotal(sum);
    figures.baseDot = laneTotal(baseDot);
    figures.zeros = laneTotal(zeros);
    for (const double one : greatest) {
      figures.greatest = one > figures.greatest ? one : figures.greatest;
    }
  }
};

struct PairLanes {
  double dot[kLanes] = {};
  double weight[kLanes] = {};
  double oppositeWeight[kLanes] = {};
  std::uint64_t both[kLanes] = {};
  std::uint64_t opposite[kLanes] = {};

  HWY_INLINE void add(std::size_t lane, double a, double b) {
    const double product = a * b;
    const double absA = std::fabs(a);
    const double absB = std::fabs(b);
    const double less = absA < absB ? absA : absB;
    dot[lane] += product;
    weight[lane] += less;
    oppositeWeight[lane] += product < 0 ? less : 0.0;
    both[lane] += product != 0 ? 1U : 0U;
    opposite[lane] += product < 0 ? 1U : 0U;
  }

  HWY_INLINE void store(PairFigures& figures) const {
    figures.dot = laneTotal(dot);
    figures.weight = laneTotal(weight);
    figures.oppositeWeight = laneTotal(oppositeWeight);
    figures.both = laneTotal(both);
    figures.opposite = laneTotal(opposite);
  }
};

/// bins ← exponents of magnitudes, whose type has so many digits behind the exponent and a bias that `least` includes.
template <class T, class Bits>
HWY_INLINE void binsOf(const T* HWY_RESTRICT values, std::size_t count, int least, unsigned digits, std::uint8_t* HWY_RESTRICT bins) {
  constexpr Bits kMagnitude = ~Bits{0} >> 1;
  for (std::size_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, &values[i], sizeof(T));
    const int exponent = static_cast<int>((bits & kMagnitude) >> digits) - least;
    bins[i] = static_cast<std::uint8_t>(std::min(std::max(exponent, 0), static_cast<int>(kExponentBins) - 1));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#endif
