// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/selection_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

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

HWY_INLINE std::uint32_t magnitude(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, 4);
  return bits & kGreatestMagnitude;
}

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
    const std::uint32_t bits = magnitude(values[i]);
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
      piece[i] = isIn(magnitude(values[at + i]), least, greatest - least) ? std::fabs(values[at + i]) : 0.0F;
    }
    std::fill(piece + size, piece + kPiece, 0.0F);
    addLanes(piece, kPiece, sums);
  }
  return totalOf(sums);
}

void keepOwn(float* HWY_RESTRICT values, std::size_t count, std::uint32_t least, std::uint32_t greatest, float factor) {
  for (std::size_t i = 0; i < count; ++i) {
    const float kept = values[i] * factor;
    values[i] = isIn(magnitude(values[i]), least, greatest - least) ? kept : 0.0F;
  }
}

void keepKeyed(const float* HWY_RESTRICT keys, float* HWY_RESTRICT values, std::size_t count, std::uint32_t least,
               std::uint32_t greatest, float factor) {
  for (std::size_t i = 0; i < count; ++i) {
    const float kept = values[i] * factor;
    values[i] = isIn(magnitude(keys[i]), least, greatest - least) ? kept : 0.0F;
  }
}

template <class Tag>
HWY_INLINE std::uint64_t bitsOf(Tag tag, hn::Mask<Tag> mask) {
  std::uint64_t word = 0;
  hn::StoreMaskBits(tag, mask, reinterpret_cast<std::uint8_t*>(&word));
  return word;
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

std::uint32_t cellsOf(const float* HWY_RESTRICT values, std::size_t count, const CellScale& scale,
                      std::uint32_t* HWY_RESTRICT magnitudes, std::uint16_t* HWY_RESTRICT cells) {
  constexpr unsigned kMantissaBits = 23;
  const float shift = scale.shift;
  const unsigned width = kMantissaBits - scale.octaveBits;
  const auto last = static_cast<std::int32_t>(scale.last);
  const auto lowest = static_cast<std::int32_t>(magnitude(shift) >> width);
  std::int32_t greatest = 0;  // signed: all instruction sets have that maximum, and magnitudes have no highest bit
  for (std::size_t i = 0; i < count; ++i) {
    magnitudes[i] = magnitude(values[i]);
    const auto cell = static_cast<std::int32_t>(magnitude(std::fabs(values[i]) + shift) >> width) - lowest;
    const std::int32_t own = std::min(std::max(cell, 0), last);
    cells[i] = static_cast<std::uint16_t>(own);
    greatest = std::max(greatest, own);
  }
  return static_cast<std::uint32_t>(greatest);
}

std::uint32_t countLess(const std::uint32_t* HWY_RESTRICT magnitudes, std::size_t count, std::uint32_t bound) {
  std::uint32_t less = 0;
  for (std::size_t i = 0; i < count; ++i) {
    less += static_cast<std::int32_t>(magnitudes[i]) < static_cast<std::int32_t>(bound) ? 1 : 0;
  }
  return less;
}

std::size_t countBefore(const std::uint32_t* HWY_RESTRICT magnitudes, std::size_t count, std::size_t place) {
  const hn::ScalableTag<std::int32_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto* values = reinterpret_cast<const std::int32_t*>(magnitudes);
  const std::uint32_t own = magnitudes[place];
  std::size_t rank = 0;
  const auto countBelow = [&](std::size_t from, std::size_t to, std::uint32_t bound) HWY_ATTR {
    const auto bounds = hn::Set(tag, static_cast<std::int32_t>(bound));
    const auto countAt = [=](std::size_t at) HWY_ATTR { return hn::CountTrue(tag, hn::Gt(bounds, hn::LoadU(tag, values + at))); };
    std::size_t at = from;
    for (; at + 4 * lanes <= to; at += 4 * lanes) {
      rank += (countAt(at) + countAt(at + lanes)) + (countAt(at + 2 * lanes) + countAt(at + 3 * lanes));
    }
    for (; at < to; at += lanes) {
      rank += countAt(at);
    }
  };
  const std::size_t before = place / lanes * lanes;
  const std::size_t after = std::min(before + lanes, count);
  const std::size_t whole = after + (count - after) / lanes * lanes;
  if (own < kGreatestMagnitude) {
    countBelow(0, before, own + 1);
  } else {
    rank = before;  // one more would be a negative number
  }
  countBelow(after, whole, own);
  for (std::size_t i = before; i < after; ++i) {
    rank += magnitudes[i] < own + (i < place ? 1 : 0) ? 1 : 0;
  }
  for (std::size_t i = whole; i < count; ++i) {
    rank += magnitudes[i] < own ? 1 : 0;
  }
  return rank;
}

void ranksOf(const std::uint32_t* HWY_RESTRICT magnitudes, std::size_t count, std::uint32_t* HWY_RESTRICT ranks) {
  const hn::ScalableTag<std::int32_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto* values = reinterpret_cast<const std::int32_t*>(magnitudes);
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes) {
    const auto own = hn::LoadU(tag, values + at);
    // Equal ones count where they stand before: of those before the vector, all but the greater ones.
    auto rank = hn::Set(tag, static_cast<std::int32_t>(at));
    for (std::size_t i = 0; i < at; ++i) {
      rank = hn::Add(rank, hn::VecFromMask(tag, hn::Gt(hn::Set(tag, values[i]), own)));
    }
    for (std::size_t i = 0; i < lanes; ++i) {
      const auto other = hn::Set(tag, values[at + i]);
      const auto isBefore = hn::Gt(hn::Iota(tag, 0), hn::Set(tag, static_cast<std::int32_t>(i)));
      rank = hn::Sub(rank, hn::VecFromMask(tag, hn::Or(hn::Gt(own, other), hn::And(isBefore, hn::Eq(own, other)))));
    }
    for (std::size_t i = at + lanes; i < count; ++i) {
      rank = hn::Sub(rank, hn::VecFromMask(tag, hn::Gt(own, hn::Set(tag, values[i]))));
    }
    hn::StoreU(rank, tag, reinterpret_cast<std::int32_t*>(ranks) + at);
  }
  for (; at < count; ++at) {
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < count; ++i) {
      rank += magnitudes[i] < magnitudes[at] + (i < at ? 1 : 0) ? 1 : 0;
    }
    ranks[at] = rank;
  }
}

/// As many groups of neighbouring cells as a vector has lanes, with what is known of each: most entries are decided by these alone.
template <class Tag>
class CellGroups {
 public:
  CellGroups(Tag tag, const CellLimits& limits) : m_tag(tag) {
    const std::size_t lanes = hn::Lanes(tag);
    while (((limits.least.size() - 1) >> m_shift) >= lanes) {
      ++m_shift;
    }
    HWY_ALIGN std::int32_t least[hn::MaxLanes(Tag())] = {};
    HWY_ALIGN std::int32_t greatest[hn::MaxLanes(Tag())] = {};
    for (std::size_t group = 0; (group << m_shift) < limits.least.size(); ++group) {
      least[group] = limits.least[group << m_shift];
      greatest[group] = limits.greatest[std::min((group + 1) << m_shift, limits.least.size()) - 1];
    }
    m_least = hn::Load(tag, least);
    m_greatest = hn::Load(tag, greatest);
  }

  /// Of a vector of entries, those that are chosen and those that may be.
  HWY_INLINE std::pair<std::uint64_t, std::uint64_t> choose(const std::uint16_t* draws, const std::uint16_t* cells) const {
    const hn::Rebind<std::uint16_t, Tag> narrow;
    const auto group = hn::IndicesFromVec(m_tag, hn::ShiftRightSame(hn::PromoteTo(m_tag, hn::LoadU(narrow, cells)), m_shift));
    const auto draw = hn::PromoteTo(m_tag, hn::LoadU(narrow, draws));
    return {bitsOf(m_tag, hn::Lt(draw, hn::TableLookupLanes(m_least, group))),
            bitsOf(m_tag, hn::Not(hn::Gt(draw, hn::TableLookupLanes(m_greatest, group))))};
  }

 private:
  Tag m_tag;
  hn::Vec<Tag> m_least;
  hn::Vec<Tag> m_greatest;
  int m_shift = 0;
};

/// Returns the new end of `open`, which has room for `count` + 1 more.
std::uint32_t* chooseByLimits(const std::uint16_t* HWY_RESTRICT draws, const std::uint16_t* HWY_RESTRICT cells, std::size_t count,
                              const CellLimits& limits, std::uint64_t* HWY_RESTRICT bits, std::uint32_t* HWY_RESTRICT open) {
  const hn::ScalableTag<std::int32_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const CellGroups groups(tag, limits);
  const std::uint16_t* HWY_RESTRICT leasts = limits.least.data();
  const std::uint16_t* HWY_RESTRICT greatest = limits.greatest.data();
  for (std::size_t at = 0; at < count; at += 64) {
    std::uint64_t chosen = 0;
    std::uint64_t undecided = 0;
    const std::size_t size = std::min<std::size_t>(64, count - at);
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes) {
      const auto [isChosen, mayBe] = groups.choose(draws + at + i, cells + at + i);
      chosen |= isChosen << i;
      undecided |= (mayBe & ~isChosen) << i;
    }
    undecided |= i < size ? (~std::uint64_t{0} << i) & (~std::uint64_t{0} >> (64 - size)) : 0;
    for (; undecided != 0; undecided &= undecided - 1) {
      const std::size_t place = at + hwy::Num0BitsBelowLS1Bit_Nonzero64(undecided);
      const std::uint16_t draw = draws[place];
      const std::uint16_t least = leasts[cells[place]];
      chosen |= std::uint64_t{draw < least} << (place % 64);
      *open = static_cast<std::uint32_t>(place);
      // Without a branch, which could not be foretold.
      open += static_cast<int>(draw >= least) & static_cast<int>(draw <= greatest[cells[place]]);
    }
    bits[at / 64] = chosen;
  }
  return open;
}

void addAgreeingFloats(const float* HWY_RESTRICT delta, const float* HWY_RESTRICT total, float weight, float* HWY_RESTRICT kept,
                       float* HWY_RESTRICT divisor, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float sign = total[i] >= 0 ? 1.0F : -1.0F;
    const bool agrees = delta[i] * sign > 0;
    kept[i] += agrees ? delta[i] : 0.0F;
    divisor[i] += agrees ? weight : 0.0F;
  }
}

void divideFloatsByNonzero(const float* HWY_RESTRICT divisors, float* HWY_RESTRICT sums, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] /= divisors[i] == 0 ? 1.0F : divisors[i];
  }
}

void addFloatsToBase(const float* HWY_RESTRICT base, float factor, float* HWY_RESTRICT changes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float sum = base[i] + factor * changes[i];
    changes[i] = changes[i] == 0 ? base[i] : sum;
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
HWY_EXPORT(cellsOf);
HWY_EXPORT(countLess);
HWY_EXPORT(countBefore);
HWY_EXPORT(ranksOf);
HWY_EXPORT(chooseByLimits);
HWY_EXPORT(addAgreeingFloats);
HWY_EXPORT(divideFloatsByNonzero);
HWY_EXPORT(addFloatsToBase);

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

std::uint32_t takeCells(std::span<const float> values, const CellScale& scale, std::span<std::uint32_t> magnitudes,
                        std::span<std::uint16_t> cells) {
  assert(magnitudes.size() == values.size() && cells.size() == values.size());
  return HWY_DYNAMIC_DISPATCH(cellsOf)(values.data(), values.size(), scale, magnitudes.data(), cells.data());
}

std::size_t countBelow(std::span<const std::uint32_t> magnitudes, std::uint32_t bound) {
  if (bound > kGreatestMagnitude) {
    return magnitudes.size();  // the kernel compares signed numbers
  }
  return HWY_DYNAMIC_DISPATCH(countLess)(magnitudes.data(), magnitudes.size(), bound);
}

std::size_t rankOf(std::span<const std::uint32_t> magnitudes, std::size_t place) {
  assert(place < magnitudes.size());
  return HWY_DYNAMIC_DISPATCH(countBefore)(magnitudes.data(), magnitudes.size(), place);
}

void rankAll(std::span<const std::uint32_t> magnitudes, std::span<std::uint32_t> ranks) {
  assert(ranks.size() == magnitudes.size());
  HWY_DYNAMIC_DISPATCH(ranksOf)(magnitudes.data(), magnitudes.size(), ranks.data());
}

void chooseByCell(std::span<const std::uint16_t> draws, std::span<const std::uint16_t> cells, const CellLimits& limits,
                  std::span<std::uint64_t> bits, std::vector<std::uint32_t>& open) {
  assert(bits.size() >= wordsFor(draws.size()) && cells.size() == draws.size() && !limits.least.empty());
  const std::size_t before = open.size();
  open.resize(before + draws.size() + 1);  // one place more, which is written to before it is known whether it counts
  const std::uint32_t* end =
      HWY_DYNAMIC_DISPATCH(chooseByLimits)(draws.data(), cells.data(), draws.size(), limits, bits.data(), open.data() + before);
  open.resize(static_cast<std::size_t>(end - open.data()));
}

void addAgreeing(std::span<const float> delta, std::span<const float> total, float weight, std::span<float> kept,
                 std::span<float> divisor) {
  HWY_DYNAMIC_DISPATCH(addAgreeingFloats)(delta.data(), total.data(), weight, kept.data(), divisor.data(), delta.size());
}

void divideByNonzero(std::span<const float> divisors, std::span<float> sums) {
  HWY_DYNAMIC_DISPATCH(divideFloatsByNonzero)(divisors.data(), sums.data(), sums.size());
}

void addToBase(std::span<const float> base, float factor, std::span<float> changes) {
  HWY_DYNAMIC_DISPATCH(addFloatsToBase)(base.data(), factor, changes.data(), changes.size());
}

}  // namespace layerloom
#endif  // HWY_ONCE
