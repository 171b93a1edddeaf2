// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/delta_kernels.h"

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

void subtractAndSum(const float* HWY_RESTRICT model, const double* HWY_RESTRICT base, double* HWY_RESTRICT delta, std::size_t count,
                    DeltaFigures& figures) {
  DeltaLanes lanes;
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      delta[i + lane] = static_cast<double>(model[i + lane]) - base[i + lane];
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes.add(lane, delta[i + lane], base[i + lane]);
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    delta[i] = static_cast<double>(model[i]) - base[i];
    lanes.add(lane, delta[i], base[i]);
  }
  lanes.store(figures);
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

std::size_t gatherRange(const double* values, std::size_t count, double least, double greatest, double* room) {
  double* out = room;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<double> tag;
  const hn::RepartitionToNarrow<hn::Rebind<std::uint64_t, decltype(tag)>> halves;
  const std::size_t lanes = hn::Lanes(tag);
  const auto from = hn::Set(tag, least);
  const auto to = hn::Set(tag, greatest);
  for (; i + lanes <= count; i += lanes) {
    const auto magnitude = hn::Abs(hn::LoadU(tag, values + i));
    const auto inside = hn::And(hn::Ge(magnitude, from), hn::Le(magnitude, to));
    // As pairs of 32-bit lanes, which are compressed by an instruction of their own where 64-bit lanes take a table.
    const auto pairs = hn::MaskFromVec(hn::BitCast(halves, hn::VecFromMask(tag, inside)));
    hn::StoreU(hn::BitCast(tag, hn::Compress(hn::BitCast(halves, magnitude), pairs)), tag, out);
    out += hn::CountTrue(tag, inside);
  }
#endif
  for (; i < count; ++i) {
    const double magnitude = std::fabs(values[i]);
    *out = magnitude;
    out += static_cast<int>(magnitude >= least) & static_cast<int>(magnitude <= greatest);
  }
  return static_cast<std::size_t>(out - room);
}

void sumAboveBound(const double* HWY_RESTRICT x, std::size_t count, double bound, SumAbove& result) {
  double squares[kLanes] = {};
  std::uint64_t counts[kLanes] = {};
  const auto add = [&](std::size_t lane, double value) {
    const double above = value > bound ? value : 0.0;
    squares[lane] += above * above;
    counts[lane] += value > bound ? 1U : 0U;
  };
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      add(lane, x[i + lane]);
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    add(lane, x[i]);
  }
  result = {laneTotal(counts), laneTotal(squares)};
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(sumDeltas);
HWY_EXPORT(subtractAndSum);
HWY_EXPORT(sumPairs);
HWY_EXPORT(sumOfSquares);
HWY_EXPORT(gatherRange);
HWY_EXPORT(sumAboveBound);

DeltaFigures takeDeltas(std::span<const float> model, std::span<const double> base, std::span<double> delta) {
  assert(model.size() == base.size() && model.size() == delta.size());
  DeltaFigures figures;
  HWY_DYNAMIC_DISPATCH(subtractAndSum)(model.data(), base.data(), delta.data(), delta.size(), figures);
  return figures;
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

std::size_t gatherMagnitudes(std::span<const double> values, double least, double greatest, std::span<double> room) {
  assert(room.size() >= values.size() + kGatherSlack);
  return HWY_DYNAMIC_DISPATCH(gatherRange)(values.data(), values.size(), least, greatest, room.data());
}

SumAbove sumAbove(std::span<const double> values, double bound) {
  SumAbove result;
  HWY_DYNAMIC_DISPATCH(sumAboveBound)(values.data(), values.size(), bound, result);
  return result;
}

void ExponentCounter::clear() {
  for (auto& table : m_tables) {
    table.fill(0);
  }
}

void ExponentCounter::add(std::span<const double> values) {
  const auto exponent = [&](std::size_t i) {
    std::uint64_t bits;
    std::memcpy(&bits, &values[i], 8);
    return (bits >> 52) & 0x7FF;
  };
  std::size_t i = 0;
  for (; i + kTables <= values.size(); i += kTables) {
    for (std::size_t table = 0; table < kTables; ++table) {
      ++m_tables[table][exponent(i + table)];
    }
  }
  for (; i < values.size(); ++i) {
    ++m_tables[0][exponent(i)];
  }
}

std::uint64_t ExponentCounter::count(std::size_t exponent) const {
  std::uint64_t sum = 0;
  for (const auto& table : m_tables) {
    sum += table[exponent];
  }
  return sum;
}

}  // namespace layerloom
#endif
