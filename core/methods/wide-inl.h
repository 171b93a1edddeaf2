// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Included once per instruction set, after hwy/highway.h; hence a guard that Highway toggles.
#if defined(LAYERLOOM_WIDE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAYERLOOM_WIDE_INL_H
#undef LAYERLOOM_WIDE_INL_H
#else
#define LAYERLOOM_WIDE_INL_H
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "core/methods/narrowing.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

/// Calls body(tag, at) with a tag of vectors of float64 for as many elements as fill one, then element by element.
template <class Body>
HWY_INLINE void forEach(std::size_t count, const Body& body) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<double> wide;
  std::size_t i = 0;
  for (const std::size_t lanes = hn::Lanes(wide); i + lanes <= count; i += lanes) {
    body(wide, i);
  }
  for (; i < count; ++i) {
    body(hn::CappedTag<double, 1>(), i);
  }
}

template <class D>
using Narrow = hwy::HWY_NAMESPACE::Rebind<float, D>;

template <class D>
HWY_INLINE hwy::HWY_NAMESPACE::Vec<D> loadWide(D tag, const float* from) {
  namespace hn = hwy::HWY_NAMESPACE;
  return hn::PromoteTo(tag, hn::LoadU(Narrow<D>(), from));
}

/// The float32 that stands for each value under Narrowing::ToOdd, as float64. Below float32's normal numbers it is rounded once more.
template <class D>
HWY_INLINE hwy::HWY_NAMESPACE::Vec<D> roundedToOdd(D tag, hwy::HWY_NAMESPACE::Vec<D> values) {
  namespace hn = hwy::HWY_NAMESPACE;
  constexpr std::uint64_t kUnit = std::uint64_t{1} << 29U;  // the last bit of float32 in a float64
  constexpr std::uint64_t kNear = 16;
  const hn::RebindToUnsigned<D> whole;
  const auto rest = hn::Set(whole, kUnit - 1);
  const auto raised = hn::Add(hn::BitCast(whole, values), hn::Set(whole, kNear));
  // More than 2 · kNear is left over only where no float32 is near; adding makes of it the unit, or nothing.
  const auto left = hn::Add(hn::And(raised, rest), hn::Set(whole, kUnit - 1 - 2 * kNear));
  const auto odd = hn::Or(raised, hn::And(left, hn::Set(whole, kUnit)));
  return hn::BitCast(tag, hn::AndNot(rest, odd));
}

template <class D>
HWY_INLINE void storeNarrow(D tag, hwy::HWY_NAMESPACE::Vec<D> values, Narrowing narrowing, float* to) {
  namespace hn = hwy::HWY_NAMESPACE;
  if (narrowing != Narrowing::ToNearest) {
    values = roundedToOdd(tag, values);
  }
#if HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SCALAR
  // Here DemoteTo() makes the greatest float32 of what is beyond, even of infinity.
  double wide[hn::MaxLanes(tag)];
  hn::StoreU(values, tag, wide);
  for (std::size_t lane = 0; lane < hn::Lanes(tag); ++lane) {
    to[lane] = static_cast<float>(wide[lane]);
  }
#else
  hn::StoreU(hn::DemoteTo(Narrow<D>(), values), Narrow<D>(), to);
#endif
}

/// Where a term has the elected sign; one that is 0 has none.
template <class D>
HWY_INLINE hwy::HWY_NAMESPACE::Mask<D> agreesWith(D tag, hwy::HWY_NAMESPACE::Mask<D> positive, hwy::HWY_NAMESPACE::Vec<D> term) {
  namespace hn = hwy::HWY_NAMESPACE;
  return hn::Gt(hn::IfThenElse(positive, term, hn::Neg(term)), hn::Zero(tag));
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#endif
