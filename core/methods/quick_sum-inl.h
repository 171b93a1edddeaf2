// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Included once per instruction set, after hwy/highway.h; hence a guard that Highway toggles.
#if defined(LAYERLOOM_QUICK_SUM_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAYERLOOM_QUICK_SUM_INL_H
#undef LAYERLOOM_QUICK_SUM_INL_H
#else
#define LAYERLOOM_QUICK_SUM_INL_H
#endif

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <hwy/highway.h>

#include "core/methods/narrowing.h"
#include "core/methods/wide-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

/// A sum formed in float32, and where every number that it may stand for rounds to the same BF16.
template <class D>
struct QuickSum {
  hwy::HWY_NAMESPACE::Vec<D> value;
  hwy::HWY_NAMESPACE::Mask<D> isSure;
};

/// Of terms whose magnitudes add up to `magnitude`, which is at least |value|, with `roundings` that each are off by half a unit of it at
/// most. Not sure where it is 0 or tiny, as then a product may have lost more, or huge or not finite.
template <class D>
HWY_INLINE QuickSum<D> quickSum(D tag, hwy::HWY_NAMESPACE::Vec<D> value, hwy::HWY_NAMESPACE::Vec<D> magnitude, std::size_t roundings) {
  namespace hn = hwy::HWY_NAMESPACE;
  constexpr std::uint32_t kHalf = 0x8000;
  const hn::RebindToUnsigned<D> whole;
  // Twice as much as they can be off, as the bounds are rounded as well, and more than all that a product of a tiny number loses.
  const auto margin = hn::MulAdd(magnitude, hn::Set(tag, static_cast<float>(2 * roundings) * 0x1p-24F), hn::Set(tag, 0x1p-100F));
  const auto least = hn::Add(hn::BitCast(whole, hn::Sub(value, margin)), hn::Set(whole, kHalf));
  const auto greatest = hn::Add(hn::BitCast(whole, hn::Add(value, margin)), hn::Set(whole, kHalf));
  const auto isSame = hn::RebindMask(tag, hn::Lt(hn::Xor(least, greatest), hn::Set(whole, 2 * kHalf)));
  return {value, hn::And(isSame, hn::Lt(magnitude, hn::Set(tag, 0x1p+120F)))};
}

/// Whether products of the number as float32 lose no more than a rounding.
inline bool isUsualFactor(double factor) {
  return std::abs(factor) >= 0x1p-10 && std::abs(factor) <= 0x1p+10;
}

/// Whether sums of 16-bit numbers with these factors are worth forming with roundings. With short ones many lie halfway between two numbers.
inline bool areQuickFactors(std::span<const double> factors) {
  const auto isLong = [](double factor) {
    constexpr std::uint32_t kBeyond16Digits = 0xFF;
    return (std::bit_cast<std::uint32_t>(static_cast<float>(factor)) & kBeyond16Digits) != 0;
  };
  return std::all_of(factors.begin(), factors.end(), isUsualFactor) && std::any_of(factors.begin(), factors.end(), isLong);
}

/// Binary digits, besides those of a BF16 number itself, that products with any of the factors take.
inline int digitsOf(std::span<const double> factors) {
  constexpr int kTooMany = 64;
  constexpr int kDigits = 53;
  int least = 0;     // the exponent of the last digit of all
  int greatest = 0;  // one more than that of the first one
  for (const double factor : factors) {
    if (!std::isfinite(factor)) {
      return kTooMany;
    }
    int exponent = 0;
    const double whole = std::ldexp(std::frexp(factor, &exponent), kDigits);
    if (whole != 0) {
      least = std::min(least, exponent - kDigits + std::countr_zero(static_cast<std::uint64_t>(std::abs(whole))));
      greatest = std::max(greatest, exponent);
    }
  }
  return std::min(greatest - least, kTooMany);
}

/// Tells apart where sums of products of BF16 numbers and short factors are exact in float32, each step of them: where the numbers lie so near
/// to each other that no step takes more digits than float32 has.
class ExactSums {
 public:
  /// `digits`: those that the steps take besides the numbers' own.
  explicit ExactSums(int digits) : m_gap(std::numeric_limits<float>::digits - kDigits - digits) {}

  bool arePossible() const { return m_gap >= 0; }

  /// Where they are exact, of a sum of the numbers that inputAt(0), inputAt(1), … give. Not so where one of them is 0 or no BF16 number.
  template <class D, class InputAt>
  HWY_INLINE hwy::HWY_NAMESPACE::Mask<D> areExact(D tag, std::size_t inputs, const InputAt& inputAt) const {
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::RebindToSigned<D> whole;
    const auto magnitude = hn::Set(whole, 0x7FFFFFFF);
    auto all = hn::BitCast(whole, inputAt(0));
    auto least = hn::And(all, magnitude);
    auto greatest = least;
    for (std::size_t i = 1; i < inputs; ++i) {
      const auto bits = hn::BitCast(whole, inputAt(i));
      const auto own = hn::And(bits, magnitude);
      all = hn::Or(all, bits);
      least = hn::Min(least, own);
      greatest = hn::Max(greatest, own);
    }
    // Both ends are so far from those of float32 that no step leaves it.
    constexpr int kExponentAt = 23;
    const auto isFar = hn::Gt(hn::Sub(greatest, least), hn::Set(whole, m_gap << kExponentAt));
    const auto isSmall = hn::Lt(least, hn::Set(whole, (127 - 60) << kExponentAt));
    const auto isGreat = hn::Gt(greatest, hn::Set(whole, (127 + 60) << kExponentAt));
    const auto isBf16 = hn::Eq(hn::And(all, hn::Set(whole, 0xFFFF)), hn::Zero(whole));
    return hn::RebindMask(tag, hn::AndNot(hn::Or(isFar, hn::Or(isSmall, isGreat)), isBf16));
  }

 private:
  static constexpr int kDigits = 8;  ///< of a BF16 number
  int m_gap;                         ///< how far apart the exponents of the numbers may be
};

/// out[at…] ← the sums of one vector of float32 as quick(tag, at) gives them, and as wide(tag, at) does where that is not sure.
template <class D, class Quick, class Wide>
HWY_INLINE void storeQuickSums(D tag, std::size_t at, Narrowing narrowing, const Quick& quick, const Wide& wide, float* HWY_RESTRICT out) {
  namespace hn = hwy::HWY_NAMESPACE;
  auto [value, isSure] = quick(tag, at);
  if (HWY_UNLIKELY(!hn::AllTrue(tag, isSure))) {
    HWY_ALIGN float exact[hn::MaxLanes(tag)];
    const auto storeExact = [&](auto tagOfWide, std::size_t lane) HWY_ATTR {
      storeNarrow(tagOfWide, wide(tagOfWide, at + lane), narrowing, exact + lane);
    };
    forEach(hn::Lanes(tag), storeExact);
    value = hn::IfThenElse(isSure, value, hn::Load(tag, exact));
  }
  hn::StoreU(value, tag, out + at);
}

/// out ← what wide(tag, at) gives for vectors of float64, narrowed. Where `isQuick` and the sums become BF16, quick(tag, at) gives a QuickSum
/// first, of vectors of float32, which are twice as long; what is not sure, one in some thousand, is formed anew.
template <class Quick, class Wide>
HWY_INLINE void storeSums(Narrowing narrowing, bool isQuick, const Quick& quick, const Wide& wide, float* HWY_RESTRICT out, std::size_t count) {
  namespace hn = hwy::HWY_NAMESPACE;
  if (!isQuick || narrowing != Narrowing::ToBf16) {
    forEach(count, [&](auto tag, std::size_t at) HWY_ATTR { storeNarrow(tag, wide(tag, at), narrowing, out + at); });
    return;
  }
  const hn::ScalableTag<float> tag;
  std::size_t i = 0;
  for (const std::size_t lanes = hn::Lanes(tag); i + lanes <= count; i += lanes) {
    storeQuickSums(tag, i, narrowing, quick, wide, out);
  }
  for (; i < count; ++i) {
    storeQuickSums(hn::CappedTag<float, 1>(), i, narrowing, quick, wide, out);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#endif
