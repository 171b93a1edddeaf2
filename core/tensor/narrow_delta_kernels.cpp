// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/narrow_delta_kernels.h"

#include <cassert>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/narrow_delta_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/tensor/delta_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The partial sums of delta_lanes-inl.h need more vectors than there may be registers: those of a few lanes at a time run through the
// whole piece. MulAdd is exact in its product, so that it does not matter which instruction sets fuse it.
using Wide = hn::CappedTag<double, kLanes>;
using Narrow = hn::Rebind<float, Wide>;

bool subtractNarrow(const float* HWY_RESTRICT model, const float* HWY_RESTRICT base, float* HWY_RESTRICT delta, std::size_t count,
                    DeltaFigures& figures) {
  const Wide wide;
  const Narrow narrow;
  const std::size_t whole = count / kLanes * kLanes;
  DeltaLanes lanes;
  bool isExact = true;
  for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(wide)) {
    auto squares = hn::Zero(wide);
    auto sum = hn::Zero(wide);
    auto baseDot = hn::Zero(wide);
    auto greatest = hn::Zero(narrow);
    auto areExact = hn::Eq(greatest, greatest);
    std::size_t zeros = 0;
    for (std::size_t i = lane; i < whole; i += kLanes) {
      const auto x = hn::LoadU(narrow, model + i);
      const auto y = hn::LoadU(narrow, base + i);
      const auto difference = hn::Sub(x, y);
      // One of the two sums is exact and tells what the difference lost (Dekker, "A floating-point technique", 1971).
      areExact = hn::And(areExact, hn::And(hn::Eq(hn::Add(difference, y), x), hn::Eq(hn::Sub(x, difference), y)));
      hn::StoreU(difference, narrow, delta + i);
      greatest = hn::Max(greatest, hn::Abs(difference));
      zeros += hn::CountTrue(narrow, hn::Eq(difference, hn::Zero(narrow)));
      const auto wideDelta = hn::PromoteTo(wide, difference);
      squares = hn::MulAdd(wideDelta, wideDelta, squares);
      sum = hn::Add(sum, wideDelta);
      baseDot = hn::MulAdd(hn::PromoteTo(wide, y), wideDelta, baseDot);
    }
    isExact = isExact && hn::AllTrue(narrow, areExact);
    hn::StoreU(squares, wide, lanes.squares + lane);
    hn::StoreU(sum, wide, lanes.sum + lane);
    hn::StoreU(baseDot, wide, lanes.baseDot + lane);
    hn::StoreU(hn::PromoteTo(wide, greatest), wide, lanes.greatest + lane);
    lanes.zeros[lane] = zeros;
  }
  for (std::size_t i = whole, lane = 0; i < count; ++i, ++lane) {
    delta[i] = model[i] - base[i];
    isExact = isExact && delta[i] + base[i] == model[i] && model[i] - delta[i] == base[i];
    lanes.add(lane, delta[i], base[i]);
  }
  lanes.store(figures);
  return isExact;
}

void sumNarrowPairs(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, std::size_t count, PairFigures& figures) {
  const Wide wide;
  const Narrow narrow;
  const std::size_t whole = count / kLanes * kLanes;
  PairLanes lanes;
  for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(wide)) {
    auto dot = hn::Zero(wide);
    auto weight = hn::Zero(wide);
    auto oppositeWeight = hn::Zero(wide);
    std::size_t both = 0;
    std::size_t opposite = 0;
    for (std::size_t i = lane; i < whole; i += kLanes) {
      const auto x = hn::LoadU(narrow, a + i);
      const auto y = hn::LoadU(narrow, b + i);
      const auto less = hn::Min(hn::Abs(x), hn::Abs(y));
      // 0 where one of the two is, and of the sign of their product elsewhere.
      const auto toldApart = hn::Or(less, hn::And(hn::Xor(x, y), hn::SignBit(narrow)));
      const auto isOpposite = hn::Lt(toldApart, hn::Zero(narrow));
      both += hn::CountTrue(narrow, hn::Ne(less, hn::Zero(narrow)));
      opposite += hn::CountTrue(narrow, isOpposite);
      dot = hn::MulAdd(hn::PromoteTo(wide, x), hn::PromoteTo(wide, y), dot);
      weight = hn::Add(weight, hn::PromoteTo(wide, less));
      oppositeWeight = hn::Add(oppositeWeight, hn::PromoteTo(wide, hn::IfThenElseZero(isOpposite, less)));
    }
    hn::StoreU(dot, wide, lanes.dot + lane);
    hn::StoreU(weight, wide, lanes.weight + lane);
    hn::StoreU(oppositeWeight, wide, lanes.oppositeWeight + lane);
    lanes.both[lane] = both;
    lanes.opposite[lane] = opposite;
  }
  for (std::size_t i = whole, lane = 0; i < count; ++i, ++lane) {
    lanes.add(lane, a[i], b[i]);
  }
  lanes.store(figures);
}

double sumNarrowSquares(const float* HWY_RESTRICT x, std::size_t count) {
  const Wide wide;
  const Narrow narrow;
  const std::size_t whole = count / kLanes * kLanes;
  double sums[kLanes] = {};
  for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(wide)) {
    auto squares = hn::Zero(wide);
    for (std::size_t i = lane; i < whole; i += kLanes) {
      const auto value = hn::PromoteTo(wide, hn::LoadU(narrow, x + i));
      squares = hn::MulAdd(value, value, squares);
    }
    hn::StoreU(squares, wide, sums + lane);
  }
  for (std::size_t i = whole, lane = 0; i < count; ++i, ++lane) {
    sums[lane] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  }
  return laneTotal(sums);
}

void binsOfFloats(const float* HWY_RESTRICT delta, std::size_t count, int leastExponent, std::uint8_t* HWY_RESTRICT bins) {
  binsOf<float, std::uint32_t>(delta, count, leastExponent + 127, 23, bins);
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(subtractNarrow);
HWY_EXPORT(sumNarrowPairs);
HWY_EXPORT(sumNarrowSquares);
HWY_EXPORT(binsOfFloats);

std::optional<DeltaFigures> takeNarrowDeltas(std::span<const float> model, std::span<const float> base, std::span<float> delta) {
  assert(model.size() == base.size() && model.size() == delta.size());
  DeltaFigures figures;
  const bool isExact = HWY_DYNAMIC_DISPATCH(subtractNarrow)(model.data(), base.data(), delta.data(), delta.size(), figures);
  return isExact ? std::optional(figures) : std::nullopt;
}

PairFigures pairFigures(std::span<const float> a, std::span<const float> b) {
  assert(a.size() == b.size());
  PairFigures figures;
  HWY_DYNAMIC_DISPATCH(sumNarrowPairs)(a.data(), b.data(), a.size(), figures);
  return figures;
}

double sumSquares(std::span<const float> x) {
  return HWY_DYNAMIC_DISPATCH(sumNarrowSquares)(x.data(), x.size());
}

void takeBins(std::span<const float> delta, int leastExponent, std::span<std::uint8_t> bins) {
  assert(bins.size() == delta.size());
  HWY_DYNAMIC_DISPATCH(binsOfFloats)(delta.data(), delta.size(), leastExponent, bins.data());
}

}  // namespace layerloom
#endif
