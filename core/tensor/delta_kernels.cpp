// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/delta_kernels.h"

#include <array>
#include <cassert>
#include <cmath>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/delta_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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

void sumDeltas(const double* HWY_RESTRICT base, const double* HWY_RESTRICT delta, std::size_t count, DeltaFigures& figures) {
  DeltaLanes lanes;
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes.add(lane, delta[i + lane], base[i + lane]);
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    lanes.add(lane, delta[i], base[i]);
  }
  lanes.store(figures);
}

void subtractWide(const float* HWY_RESTRICT model, const double* HWY_RESTRICT base, double* HWY_RESTRICT delta, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    delta[i] = static_cast<double>(model[i]) - base[i];
  }
}

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
};

void sumPairs(const double* HWY_RESTRICT a, const double* HWY_RESTRICT b, std::size_t count, PairFigures& figures) {
  PairLanes lanes;
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes.add(lane, a[i + lane], b[i + lane]);
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    lanes.add(lane, a[i], b[i]);
  }
  figures.dot = laneTotal(lanes.dot);
  figures.weight = laneTotal(lanes.weight);
  figures.oppositeWeight = laneTotal(lanes.oppositeWeight);
  figures.both = laneTotal(lanes.both);
  figures.opposite = laneTotal(lanes.opposite);
}

double sumOfSquares(const double* HWY_RESTRICT x, std::size_t count) {
  double sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += x[i + lane] * x[i + lane];
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    sums[lane] += x[i] * x[i];
  }
  return laneTotal(sums);
}

std::size_t gatherWide(const double* HWY_RESTRICT values, std::size_t count, double least, double* HWY_RESTRICT room) {
  const hn::ScalableTag<double> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto bound = hn::Set(tag, least);
  double* out = room;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto magnitude = hn::Abs(hn::LoadU(tag, values + i));
    const auto mask = hn::Ge(magnitude, bound);
    const std::size_t found = hn::CountTrue(tag, mask);
    if (found != 0) {
      hn::StoreU(hn::Compress(magnitude, mask), tag, out);
      out += found;
    }
  }
  for (; i < count; ++i) {
    const double magnitude = std::fabs(values[i]);
    *out = magnitude;
    out += magnitude >= least ? 1 : 0;
  }
  return static_cast<std::size_t>(out - room);
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(sumDeltas);
HWY_EXPORT(subtractWide);
HWY_EXPORT(sumPairs);
HWY_EXPORT(sumOfSquares);
HWY_EXPORT(gatherWide);

DeltaFigures takeDeltas(std::span<const float> model, std::span<const double> base, std::span<double> delta) {
  assert(model.size() == base.size() && model.size() == delta.size());
  // Two loops: the compiler keeps up with memory in each, and what lies between them is in the nearest cache.
  HWY_DYNAMIC_DISPATCH(subtractWide)(model.data(), base.data(), delta.data(), delta.size());
  return deltaFigures(base, delta);
}

DeltaFigures deltaFigures(std::span<const double> base, std::span<const double> delta) {
  assert(base.size() == delta.size());
  DeltaFigures figures;
  HWY_DYNAMIC_DISPATCH(sumDeltas)(base.data(), delta.data(), delta.size(), figures);
  return figures;
}

PairFigures pairFigures(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  PairFigures figures;
  HWY_DYNAMIC_DISPATCH(sumPairs)(a.data(), b.data(), a.size(), figures);
  return figures;
}

double sumSquares(std::span<const double> x) {
  return HWY_DYNAMIC_DISPATCH(sumOfSquares)(x.data(), x.size());
}

std::size_t gatherAtLeast(std::span<const double> values, double least, std::span<double> room) {
  assert(room.size() >= values.size() + kGatherSlack);
  return HWY_DYNAMIC_DISPATCH(gatherWide)(values.data(), values.size(), least, room.data());
}

void countExponents(std::span<const double> values, std::span<std::uint64_t, 2048> counts) {
  // Neighbours have equal exponents; tables in turn keep an increment from waiting on the one before it.
  constexpr std::size_t kTables = 4;
  static thread_local std::array<std::array<std::uint32_t, 2048>, kTables> tables;
  for (auto& table : tables) {
    table.fill(0);
  }
  const auto exponent = [&](std::size_t i) {
    std::uint64_t bits;
    std::memcpy(&bits, &values[i], 8);
    return (bits >> 52) & 0x7FF;
  };
  std::size_t i = 0;
  for (; i + kTables <= values.size(); i += kTables) {
    for (std::size_t table = 0; table < kTables; ++table) {
      ++tables[table][exponent(i + table)];
    }
  }
  for (; i < values.size(); ++i) {
    ++tables[0][exponent(i)];
  }
  for (const auto& table : tables) {
    for (std::size_t e = 0; e < counts.size(); ++e) {
      counts[e] += table[e];
    }
  }
}

}  // namespace layerloom
#endif
