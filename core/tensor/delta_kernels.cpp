// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/delta_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/delta_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/tensor/delta_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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
  lanes.store(figures);
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

bool narrowDoubles(const double* HWY_RESTRICT delta, std::size_t count, int leastExponent, float* HWY_RESTRICT narrow,
                   std::uint8_t* HWY_RESTRICT bins) {
  constexpr std::size_t kPiece = 256;
  HWY_ALIGN double magnitudes[kPiece];
  std::uint64_t difference = 0;
  for (std::size_t at = 0; at < count; at += kPiece) {
    const std::size_t size = std::min(kPiece, count - at);
    std::uint64_t own = 0;
    for (std::size_t i = 0; i < size; ++i) {
      magnitudes[i] = std::fabs(delta[at + i]);
      narrow[at + i] = static_cast<float>(magnitudes[i]);
      const double back = narrow[at + i];
      std::uint64_t bits[2];
      std::memcpy(&bits[0], &back, 8);
      std::memcpy(&bits[1], &magnitudes[i], 8);
      own |= bits[0] ^ bits[1];
    }
    if (own == 0) {
      binsOf<float, std::uint32_t>(narrow + at, size, leastExponent + 127, 23, bins + at);
    } else {
      binsOf<double, std::uint64_t>(magnitudes, size, leastExponent + 1023, 52, bins + at);
    }
    difference |= own;
  }
  return difference == 0;
}

HWY_INLINE std::size_t countOf(const std::uint8_t* HWY_RESTRICT bytes, std::size_t count, std::uint8_t wanted) {
  std::size_t found = 0;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<std::uint8_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto all = hn::Set(tag, wanted);
  for (; i + lanes <= count; i += lanes) {
    found += hn::CountTrue(tag, hn::Eq(hn::LoadU(tag, bytes + i), all));
  }
#endif
  for (; i < count; ++i) {
    found += bytes[i] == wanted ? 1 : 0;
  }
  return found;
}

void countBytes(const std::uint8_t* HWY_RESTRICT bins, std::size_t count, std::uint64_t* HWY_RESTRICT counts) {
  constexpr std::size_t kRun = 1024;  // neighbours have few bins
  for (std::size_t at = 0; at < count; at += kRun) {
    const std::uint8_t* run = bins + at;
    std::size_t left = std::min(kRun, count - at);
    const std::size_t size = left;
    const std::size_t zeros = countOf(run, size, 0);
    counts[0] += zeros;
    left -= zeros;
    // From the greatest one down: those of ordinary differences lie together.
    for (std::uint8_t bin = *std::max_element(run, run + size); left > 0; --bin) {
      const std::size_t found = countOf(run, size, bin);
      counts[bin] += found;
      left -= found;
    }
  }
}

#if HWY_TARGET != HWY_SCALAR
/// Writes the chosen ones of a vector, and anything behind them; returns how many.
template <class D>
HWY_INLINE std::size_t storeChosen(D tag, hn::Vec<D> values, hn::Mask<D> chosen, hn::TFromD<D>* out) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    // As pairs of 32-bit lanes, which are compressed by an instruction of their own where 64-bit lanes take a table.
    const hn::RepartitionToNarrow<hn::RebindToUnsigned<D>> halves;
    const auto pairs = hn::MaskFromVec(hn::BitCast(halves, hn::VecFromMask(tag, chosen)));
    hn::StoreU(hn::BitCast(tag, hn::Compress(hn::BitCast(halves, values), pairs)), tag, out);
  } else {
    hn::StoreU(hn::Compress(values, chosen), tag, out);
  }
  return hn::CountTrue(tag, chosen);
}
#endif

template <class T>
HWY_INLINE std::size_t dropEqualTo(T* values, std::size_t count, T value) {
  T* out = values;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<T> tag;
  const std::size_t lanes = hn::Lanes(tag);
  for (; i + lanes <= count; i += lanes) {
    const auto some = hn::LoadU(tag, values + i);
    out += storeChosen(tag, some, hn::Not(hn::Eq(some, hn::Set(tag, value))), out);
  }
#endif
  for (; i < count; ++i) {
    const T one = values[i];
    *out = one;
    out += static_cast<int>(one != value);
  }
  return static_cast<std::size_t>(out - values);
}

std::size_t dropEqualDoubles(double* values, std::size_t count, double value) {
  return dropEqualTo(values, count, value);
}

std::size_t dropEqualFloats(float* values, std::size_t count, float value) {
  return dropEqualTo(values, count, value);
}

template <class T>
HWY_INLINE std::size_t gatherRange(const T* values, std::size_t count, T least, T greatest, T* room) {
  T* out = room;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<T> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto from = hn::Set(tag, least);
  const auto to = hn::Set(tag, greatest);
  for (; i + lanes <= count; i += lanes) {
    const auto magnitude = hn::Abs(hn::LoadU(tag, values + i));
    const auto inside = hn::And(hn::Ge(magnitude, from), hn::Le(magnitude, to));
    out += storeChosen(tag, magnitude, inside, out);
  }
#endif
  for (; i < count; ++i) {
    const T magnitude = std::fabs(values[i]);
    *out = magnitude;
    out += static_cast<int>(magnitude >= least) & static_cast<int>(magnitude <= greatest);
  }
  return static_cast<std::size_t>(out - room);
}

std::size_t gatherDoubles(const double* values, std::size_t count, double least, double greatest, double* room) {
  return gatherRange(values, count, least, greatest, room);
}

std::size_t gatherFloats(const float* values, std::size_t count, float least, float greatest, float* room) {
  return gatherRange(values, count, least, greatest, room);
}

template <class D, class V>
HWY_INLINE hn::Vec<D> widened(D tag, V values) {
  if constexpr (sizeof(hn::TFromV<V>) == sizeof(double)) {
    return values;
  } else {
    return hn::PromoteTo(tag, values);
  }
}

template <class T>
HWY_INLINE void sumAboveBound(const T* HWY_RESTRICT x, std::size_t count, T bound, SumAbove& result) {
  const hn::CappedTag<double, kLanes> wide;
  const hn::Rebind<T, decltype(wide)> narrow;
  const auto least = hn::Set(narrow, bound);
  const std::size_t whole = count / kLanes * kLanes;
  double sums[kLanes] = {};
  for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(wide)) {
    auto squares = hn::Zero(wide);
    for (std::size_t i = lane; i < whole; i += kLanes) {
      const auto value = hn::LoadU(narrow, x + i);
      const auto isAbove = hn::Gt(value, least);
      result.count += hn::CountTrue(narrow, isAbove);
      const auto counted = widened(wide, hn::IfThenElseZero(isAbove, value));
      squares = hn::Add(squares, hn::Mul(counted, counted));
    }
    hn::StoreU(squares, wide, sums + lane);
  }
  for (std::size_t i = whole, lane = 0; i < count; ++i, ++lane) {
    const double value = x[i] > bound ? x[i] : T{0};
    result.count += x[i] > bound ? 1 : 0;
    sums[lane] += value * value;
  }
  result.squares = laneTotal(sums);
}

void sumDoublesAbove(const double* HWY_RESTRICT x, std::size_t count, double bound, SumAbove& result) {
  sumAboveBound(x, count, bound, result);
}

void sumFloatsAbove(const float* HWY_RESTRICT x, std::size_t count, float bound, SumAbove& result) {
  sumAboveBound(x, count, bound, result);
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
HWY_EXPORT(narrowDoubles);
HWY_EXPORT(countBytes);
HWY_EXPORT(dropEqualDoubles);
HWY_EXPORT(dropEqualFloats);
HWY_EXPORT(gatherDoubles);
HWY_EXPORT(gatherFloats);
HWY_EXPORT(sumDoublesAbove);
HWY_EXPORT(sumFloatsAbove);

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

bool narrowDeltas(std::span<const double> delta, int leastExponent, std::span<float> narrow, std::span<std::uint8_t> bins) {
  assert(narrow.size() == delta.size() && bins.size() == delta.size());
  return HWY_DYNAMIC_DISPATCH(narrowDoubles)(delta.data(), delta.size(), leastExponent, narrow.data(), bins.data());
}

void countBins(std::span<const std::uint8_t> bins, std::span<std::uint64_t, kExponentBins> counts) {
  HWY_DYNAMIC_DISPATCH(countBytes)(bins.data(), bins.size(), counts.data());
}

std::size_t dropEqual(std::span<double> values, double value) {
  return HWY_DYNAMIC_DISPATCH(dropEqualDoubles)(values.data(), values.size(), value);
}

std::size_t dropEqual(std::span<float> values, float value) {
  return HWY_DYNAMIC_DISPATCH(dropEqualFloats)(values.data(), values.size(), value);
}

std::size_t gatherMagnitudes(std::span<const double> values, double least, double greatest, std::span<double> room) {
  assert(room.size() >= values.size() + kGatherSlack);
  return HWY_DYNAMIC_DISPATCH(gatherDoubles)(values.data(), values.size(), least, greatest, room.data());
}

std::size_t gatherMagnitudes(std::span<const float> values, float least, float greatest, std::span<float> room) {
  assert(room.size() >= values.size() + kGatherSlack);
  return HWY_DYNAMIC_DISPATCH(gatherFloats)(values.data(), values.size(), least, greatest, room.data());
}

SumAbove sumAbove(std::span<const double> values, double bound) {
  SumAbove result;
  HWY_DYNAMIC_DISPATCH(sumDoublesAbove)(values.data(), values.size(), bound, result);
  return result;
}

SumAbove sumAbove(std::span<const float> values, float bound) {
  SumAbove result;
  HWY_DYNAMIC_DISPATCH(sumFloatsAbove)(values.data(), values.size(), bound, result);
  return result;
}

}  // namespace layerloom
#endif
