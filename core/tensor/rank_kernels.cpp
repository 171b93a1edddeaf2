// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/rank_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/tensor/selection_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/rank_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

std::uint32_t cellsOf(const float* HWY_RESTRICT values, std::size_t count, const CellScale& scale,
                      std::uint32_t* HWY_RESTRICT magnitudes, std::uint16_t* HWY_RESTRICT cells) {
  constexpr unsigned kMantissaBits = 23;
  const float shift = scale.shift;
  const unsigned width = kMantissaBits - scale.octaveBits;
  const auto last = static_cast<std::int32_t>(scale.last);
  const auto lowest = static_cast<std::int32_t>(magnitudeBits(shift) >> width);
  std::int32_t greatest = 0;  // signed: all instruction sets have that maximum, and magnitudes have no highest bit
  for (std::size_t i = 0; i < count; ++i) {
    magnitudes[i] = magnitudeBits(values[i]);
    const auto cell = static_cast<std::int32_t>(magnitudeBits(std::fabs(values[i]) + shift) >> width) - lowest;
    const std::int32_t own = std::min(std::max(cell, 0), last);
    cells[i] = static_cast<std::uint16_t>(own);
    greatest = std::max(greatest, own);
  }
  return static_cast<std::uint32_t>(greatest);
}

std::uint32_t countLess(const std::uint32_t* HWY_RESTRICT magnitudes, std::size_t count, std::uint32_t bound) {
  std::uint32_t less = 0;
  for (std::size_t i = 0; i < count; ++i) {
    less += (magnitudes[i] - bound) >> 31;  // the sign of the difference, which has 32 bits
  }
  return less;
}

/// The sum of the masks is(vector) of the vectors from `begin` to `end` − 1, which they fill, each −1 in a lane that counts.
template <class D, class Is>
HWY_INLINE hn::Vec<D> addMasks(D tag, const std::int32_t* HWY_RESTRICT values, std::size_t begin, std::size_t end, const Is& is) {
  const std::size_t lanes = hn::Lanes(tag);
  const auto maskAt = [=](std::size_t at) HWY_ATTR { return hn::VecFromMask(tag, is(hn::LoadU(tag, values + at))); };
  auto first = hn::Zero(tag);
  auto second = hn::Zero(tag);
  std::size_t at = begin;
  for (; at + 4 * lanes <= end; at += 4 * lanes) {
    first = hn::Add(first, hn::Add(maskAt(at), maskAt(at + lanes)));
    second = hn::Add(second, hn::Add(maskAt(at + 2 * lanes), maskAt(at + 3 * lanes)));
  }
  for (; at < end; at += lanes) {
    first = hn::Add(first, maskAt(at));
  }
  return hn::Add(first, second);
}

std::size_t countBefore(const std::uint32_t* HWY_RESTRICT magnitudes, std::size_t count, std::size_t place) {
  const hn::ScalableTag<std::int32_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto* values = reinterpret_cast<const std::int32_t*>(magnitudes);
  const auto own = hn::Set(tag, values[place]);  // without the highest bit, so that it may be compared as a signed number
  const std::size_t whole = count - count % lanes;
  const std::size_t middle = std::min(place - place % lanes, whole);
  // Before the place what is greater, which comes later, and behind it what is less.
  const auto greater = addMasks(tag, values, 0, middle, [=](auto others) HWY_ATTR { return hn::Gt(others, own); });
  auto less = hn::Zero(tag);
  if (middle < whole) {
    const auto others = hn::LoadU(tag, values + middle);
    const auto isBefore = hn::Lt(hn::Iota(tag, 0), hn::Set(tag, static_cast<std::int32_t>(place - middle)));
    less = hn::VecFromMask(tag, hn::Or(hn::Gt(own, others), hn::And(isBefore, hn::Eq(own, others))));
    less = hn::Add(less, addMasks(tag, values, middle + lanes, whole, [=](auto rest) HWY_ATTR { return hn::Gt(own, rest); }));
  }
  auto rank = middle + static_cast<std::size_t>(hn::GetLane(hn::SumOfLanes(tag, hn::Sub(greater, less))));
  for (std::size_t at = whole; at < count; ++at) {
    rank += magnitudes[at] < magnitudes[place] + (at < place ? 1 : 0) ? 1 : 0;
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

template <class Tag>
HWY_INLINE std::uint64_t bitsOf(Tag tag, hn::Mask<Tag> mask) {
  std::uint64_t word = 0;
  hn::StoreMaskBits(tag, mask, reinterpret_cast<std::uint8_t*>(&word));
  return word;
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

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(cellsOf);
HWY_EXPORT(countLess);
HWY_EXPORT(countBefore);
HWY_EXPORT(ranksOf);
HWY_EXPORT(chooseByLimits);

std::uint32_t takeCells(std::span<const float> values, const CellScale& scale, std::span<std::uint32_t> magnitudes,
                        std::span<std::uint16_t> cells) {
  assert(magnitudes.size() == values.size() && cells.size() == values.size());
  return HWY_DYNAMIC_DISPATCH(cellsOf)(values.data(), values.size(), scale, magnitudes.data(), cells.data());
}

std::size_t countBelow(std::span<const std::uint32_t> magnitudes, std::uint32_t bound) {
  assert(bound <= kGreatestMagnitude + 1);
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

}  // namespace layerloom
#endif  // HWY_ONCE
