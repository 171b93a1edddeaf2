// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/selection_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/selection_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/tensor/mask_bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Interleaved partial sums: element i belongs to sum i mod kLanes, so that the order of additions is the same everywhere.
constexpr std::size_t kLanes = 16;

HWY_INLINE bool isIn(std::uint32_t bits, std::uint32_t least, std::uint32_t width) {
  return bits - least <= width;  // below `least` the difference wraps to a large number
}

/// Moves `found` on and returns how many magnitudes lie below the range.
std::uint64_t gatherRange(const float* HWY_RESTRICT values, std::size_t count, std::uint32_t least, std::uint32_t greatest,
                          std::uint32_t*& found) {
  std::uint32_t* out = found;
  std::uint64_t below = 0;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  // Magnitudes have no highest bit, so that they may be compared as signed numbers, which all instruction sets have.
  const hn::ScalableTag<std::int32_t> whole;
  const std::size_t lanes = hn::Lanes(whole);
  const auto from = hn::Set(whole, static_cast<std::int32_t>(least));
  const auto to = hn::Set(whole, static_cast<std::int32_t>(greatest));
  for (; i + lanes <= count; i += lanes) {
    const auto bits = hn::And(hn::LoadU(whole, reinterpret_cast<const std::int32_t*>(values) + i),
                              hn::Set(whole, static_cast<std::int32_t>(kGreatestMagnitude)));
    const auto isBelow = hn::Lt(bits, from);
    below += hn::CountTrue(whole, isBelow);
    const auto inside = hn::AndNot(isBelow, hn::Not(hn::Gt(bits, to)));
    hn::StoreU(hn::Compress(bits, inside), whole, reinterpret_cast<std::int32_t*>(out));
    out += hn::CountTrue(whole, inside);
  }
#endif
  for (; i < count; ++i) {
    const std::uint32_t bits = magnitudeBits(values[i]);
    below += bits < least ? 1 : 0;
    *out = bits;
    out += isIn(bits, least, greatest - least) ? 1 : 0;
  }
  found = out;
  return below;
}

HWY_INLINE void addLanes(const float* HWY_RESTRICT values, std::size_t count, double (&sums)[kLanes]) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += static_cast<double>(values[i + lane]);
    }
  }
}

HWY_INLINE double totalOf(const double (&sums)[kLanes]) {
  double total = 0;
  for (std::size_t lane = 0; lane < kLanes / 2; ++lane) {
    total += sums[lane] + sums[lane + kLanes / 2];
  }
  return total;
}

double sumRange(const float* HWY_RESTRICT values, std::size_t count, std::uint32_t least, std::uint32_t greatest) {
  // What is not chosen becomes 0 in a buffer first: the compiler vectorises the two loops, but not one of both.
  constexpr std::size_t kPiece = 256;
  HWY_ALIGN float piece[kPiece];
  double sums[kLanes] = {};
  for (std::size_t at = 0; at < count; at += kPiece) {
    const std::size_t size = std::min(kPiece, count - at);
    for (std::size_t i = 0; i < size; ++i) {
      piece[i] = isIn(magnitudeBits(values[at + i]), least, greatest - least) ? std::fabs(values[at + i]) : 0.0F;
    }
    std::fill(piece + size, piece + kPiece, 0.0F);
    addLanes(piece, kPiece, sums);
  }
  return totalOf(sums);
}

void keepOwn(float* HWY_RESTRICT values, std::size_t count, std::uint32_t least, std::uint32_t greatest, float factor) {
  for (std::size_t i = 0; i < count; ++i) {
    const float kept = values[i] * factor;
    values[i] = isIn(magnitudeBits(values[i]), least, greatest - least) ? kept : 0.0F;
  }
}

void keepKeyed(const float* HWY_RESTRICT keys, float* HWY_RESTRICT values, std::size_t count, std::uint32_t least,
               std::uint32_t greatest, float factor) {
  for (std::size_t i = 0; i < count; ++i) {
    const float kept = values[i] * factor;
    values[i] = isIn(magnitudeBits(keys[i]), least, greatest - least) ? kept : 0.0F;
  }
}

AbsSums sumByBits(const float* HWY_RESTRICT values, std::size_t count, const std::uint64_t* HWY_RESTRICT bits) {
  const hn::CappedTag<double, kLanes> tag;
  const hn::Rebind<float, decltype(tag)> narrow;
  const std::size_t lanes = hn::Lanes(tag);
  HWY_ALIGN double sums[kLanes] = {};
  HWY_ALIGN double chosenSums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; lane += lanes) {
      const auto value = hn::PromoteTo(tag, hn::Abs(hn::LoadU(narrow, values + i + lane)));
      const auto chosen = hn::IfThenElseZero(maskAt(tag, bits, i + lane), value);
      hn::Store(hn::Add(hn::Load(tag, sums + lane), value), tag, sums + lane);
      hn::Store(hn::Add(hn::Load(tag, chosenSums + lane), chosen), tag, chosenSums + lane);
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    const double value = std::fabs(static_cast<double>(values[i]));
    sums[lane] += value;
    chosenSums[lane] += ((bits[i / 64] >> (i % 64)) & 1) != 0 ? value : 0.0;
  }
  return {totalOf(sums), totalOf(chosenSums)};
}

void keepByBits(const std::uint64_t* HWY_RESTRICT bits, float* HWY_RESTRICT values, std::size_t count, float factor) {
  const hn::ScalableTag<float> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto factors = hn::Set(tag, factor);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto mask = maskAt(tag, bits, i);
    hn::StoreU(hn::IfThenElseZero(mask, hn::Mul(hn::LoadU(tag, values + i), factors)), tag, values + i);
  }
  for (; i < count; ++i) {
    values[i] = ((bits[i / 64] >> (i % 64)) & 1) != 0 ? values[i] * factor : 0.0F;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(gatherRange);
HWY_EXPORT(sumRange);
HWY_EXPORT(keepOwn);
HWY_EXPORT(keepKeyed);
HWY_EXPORT(sumByBits);
HWY_EXPORT(keepByBits);

GatheredMagnitudes gatherMagnitudes(std::span<const float> values, const MagnitudeRange& range, std::span<std::uint32_t> room) {
  assert(room.size() >= values.size() + kGatherSlack && !range.isEmpty());
  std::uint32_t* end = room.data();
  const std::uint64_t below = HWY_DYNAMIC_DISPATCH(gatherRange)(values.data(), values.size(), range.least, range.greatest, end);
  return {below, static_cast<std::size_t>(end - room.data())};
}

double sumAbsInRange(std::span<const float> values, const MagnitudeRange& range) {
  return range.isEmpty() ? 0 : HWY_DYNAMIC_DISPATCH(sumRange)(values.data(), values.size(), range.least, range.greatest);
}

void keepInRange(const MagnitudeRange& range, float factor, std::span<float> values) {
  if (range.isEmpty()) {
    std::fill(values.begin(), values.end(), 0.0F);
  } else {
    HWY_DYNAMIC_DISPATCH(keepOwn)(values.data(), values.size(), range.least, range.greatest, factor);
  }
}

void keepInRange(std::span<const float> keys, const MagnitudeRange& range, float factor, std::span<float> values) {
  assert(keys.size() == values.size());
  if (range.isEmpty()) {
    std::fill(values.begin(), values.end(), 0.0F);
  } else {
    HWY_DYNAMIC_DISPATCH(keepKeyed)(keys.data(), values.data(), values.size(), range.least, range.greatest, factor);
  }
}

AbsSums sumAbsChosen(std::span<const float> values, std::span<const std::uint64_t> bits) {
  assert(bits.size() >= wordsFor(values.size()));
  return HWY_DYNAMIC_DISPATCH(sumByBits)(values.data(), values.size(), bits.data());
}

void keepChosen(std::span<const std::uint64_t> bits, float factor, std::span<float> values) {
  assert(bits.size() >= wordsFor(values.size()));
  HWY_DYNAMIC_DISPATCH(keepByBits)(bits.data(), values.data(), values.size(), factor);
}

}  // namespace layerloom
#endif  // HWY_ONCE
