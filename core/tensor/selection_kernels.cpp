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

/// Whether the magnitudes of a vector lie in a range. They have no highest bit, so that they may be compared as signed numbers, which all
/// instruction sets have: the compiler's loops over unsigned ones are vectors on few of them.
template <class Tag>
class RangeTest {
 public:
  using Whole = hn::RebindToSigned<Tag>;
  using Bits = hn::Vec<Whole>;

  RangeTest(std::uint32_t least, std::uint32_t greatest)
      : m_least(hn::Set(Whole(), static_cast<std::int32_t>(least))),
        m_greatest(hn::Set(Whole(), static_cast<std::int32_t>(std::min(greatest, kGreatestMagnitude)))) {}

  static HWY_INLINE Bits magnitudes(const float* values) {
    const Whole tag;
    return hn::And(hn::BitCast(tag, hn::LoadU(Tag(), values)), hn::Set(tag, static_cast<std::int32_t>(kGreatestMagnitude)));
  }
  HWY_INLINE hn::Mask<Whole> isBelow(Bits magnitudes) const { return hn::Lt(magnitudes, m_least); }
  HWY_INLINE hn::Mask<Whole> isAbove(Bits magnitudes) const { return hn::Gt(magnitudes, m_greatest); }
  HWY_INLINE hn::Mask<Tag> isOutside(const float* values) const {
    const Bits own = magnitudes(values);
    return hn::RebindMask(Tag(), hn::Or(isBelow(own), isAbove(own)));
  }

 private:
  Bits m_least;
  Bits m_greatest;
};

/// Moves `found` on and returns how many magnitudes lie below the range.
std::uint64_t gatherRange(const float* HWY_RESTRICT values, std::size_t count, std::uint32_t least, std::uint32_t greatest,
                          std::uint32_t*& found) {
  std::uint32_t* out = found;
  std::uint64_t below = 0;
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<float> tag;
  using Test = RangeTest<decltype(tag)>;
  const Test::Whole whole;
  const Test range(least, greatest);
  const std::size_t lanes = hn::Lanes(tag);
  auto belowMasks = hn::Zero(whole);  // −1 in a lane for each that lies below
  for (; i + lanes <= count; i += lanes) {
    const auto bits = Test::magnitudes(values + i);
    const auto isBelow = range.isBelow(bits);
    belowMasks = hn::Add(belowMasks, hn::VecFromMask(whole, isBelow));
    const auto inside = hn::AndNot(isBelow, hn::Not(range.isAbove(bits)));
    hn::StoreU(hn::Compress(bits, inside), whole, reinterpret_cast<std::int32_t*>(out));
    out += hn::CountTrue(whole, inside);
  }
  below -= static_cast<std::uint64_t>(hn::GetLane(hn::SumOfLanes(whole, belowMasks)));
#endif
  for (; i < count; ++i) {
    const std::uint32_t bits = magnitudeBits(values[i]);
    below += bits < least ? 1 : 0;
    *out = bits;
    out += bits - least <= greatest - least ? 1 : 0;  // below `least` the difference wraps to a large number
  }
  found = out;
  return below;
}

HWY_INLINE double totalOf(const double (&sums)[kLanes]) {
  double total = 0;
  for (std::size_t lane = 0; lane < kLanes / 2; ++lane) {
    total += sums[lane] + sums[lane + kLanes / 2];
  }
  return total;
}

double sumRange(const float* HWY_RESTRICT values, std::size_t count, std::uint32_t least, std::uint32_t greatest) {
  const hn::CappedTag<double, kLanes> wide;
  const hn::Rebind<float, decltype(wide)> tag;
  const RangeTest<decltype(tag)> range(least, greatest);
  HWY_ALIGN double sums[kLanes] = {};
  const auto addAt = [&](auto tagOfWide, auto tagOfValues, const auto& test, std::size_t at, std::size_t lane) HWY_ATTR {
    const auto counted = hn::IfThenZeroElse(test.isOutside(values + at), hn::Abs(hn::LoadU(tagOfValues, values + at)));
    hn::StoreU(hn::Add(hn::LoadU(tagOfWide, sums + lane), hn::PromoteTo(tagOfWide, counted)), tagOfWide, sums + lane);
  };
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(wide)) {
      addAt(wide, tag, range, i + lane, lane);
    }
  }
  const hn::CappedTag<float, 1> one;
  const RangeTest<decltype(one)> rangeOfOne(least, greatest);
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    addAt(hn::CappedTag<double, 1>(), one, rangeOfOne, i, lane);
  }
  return totalOf(sums);
}

/// `keys` may be the values.
void keepKeyed(const float* keys, float* values, std::size_t count, std::uint32_t least, std::uint32_t greatest, float factor) {
  const auto keepAt = [=](auto tag, const auto& range, std::size_t at) HWY_ATTR {
    const auto kept = hn::Mul(hn::LoadU(tag, values + at), hn::Set(tag, factor));
    hn::StoreU(hn::IfThenZeroElse(range.isOutside(keys + at), kept), tag, values + at);
  };
  const hn::ScalableTag<float> tag;
  const RangeTest<decltype(tag)> range(least, greatest);
  std::size_t i = 0;
  for (const std::size_t lanes = hn::Lanes(tag); i + lanes <= count; i += lanes) {
    keepAt(tag, range, i);
  }
  const hn::CappedTag<float, 1> one;
  const RangeTest<decltype(one)> rangeOfOne(least, greatest);
  for (; i < count; ++i) {
    keepAt(one, rangeOfOne, i);
  }
}

AbsSums sumByBits(const float* HWY_RESTRICT values, std::size_t count, const std::uint64_t* HWY_RESTRICT bits) {
  const hn::CappedTag<double, kLanes> tag;
  const hn::Rebind<float, decltype(tag)> narrow;
  const std::size_t lanes = hn::Lanes(tag);
  HWY_ALIGN double sums[kLanes] = {};
  HWY_ALIGN double chosenSums[kLanes] = {};
  std::size_t i = 0;
  // The bit of an entry is moved to where its lane of the vector has its sign: fewer steps than from bits to masks.
  const hn::RebindToSigned<decltype(tag)> whole;
  for (; i + kLanes <= count; i += kLanes) {
    const auto word = hn::Set(whole, static_cast<std::int64_t>(bits[i / kBitsPerWord] >> (i % kBitsPerWord)));
    for (std::size_t lane = 0; lane < kLanes; lane += lanes) {
      const auto value = hn::PromoteTo(tag, hn::Abs(hn::LoadU(narrow, values + i + lane)));
      const auto shifts = hn::Sub(hn::Set(whole, static_cast<std::int64_t>(kBitsPerWord - 1 - lane)), hn::Iota(whole, 0));
      // Not IfNegativeThenElse(), which on processors without SSE4 looks at the other bits too.
      const auto isChosen = hn::Lt(hn::Shl(word, shifts), hn::Zero(whole));
      const auto chosen = hn::IfThenElseZero(hn::RebindMask(tag, isChosen), value);
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
  keepInRange(values, range, factor, values);
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
