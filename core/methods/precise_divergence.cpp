// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/precise_divergence.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/tensor/selection_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/methods/precise_divergence.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/methods/wide-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr double kLeastProbability = 1e-8;
constexpr std::uint64_t kExponentUnit = std::uint64_t{1} << 52U;
constexpr std::uint64_t kExponentBias = 1023;
// ln 2 in two parts, the first so short that its multiples are exact.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;

/// sum · x + term, product and sum rounded apart as on instruction sets without a fused operation.
template <class D>
HWY_INLINE hn::Vec<D> horner(D tag, hn::Vec<D> sum, hn::Vec<D> x, double term) {
  return hn::Add(hn::Mul(sum, x), hn::Set(tag, term));
}

/// eˣ for x ≤ 0: 2ⁿ·eʳ with |r| ≤ ln 2 / 2, and Taylor's series of eʳ, whose first term left out is below 10⁻¹¹.
template <class D>
HWY_INLINE hn::Vec<D> exponential(D tag, hn::Vec<D> x) {
  constexpr double kInverseFactorials[] = {1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                                           1.0 / 24,     1.0 / 6,     1.0 / 2,    1.0,       1.0};
  const hn::RebindToUnsigned<D> whole;
  const auto smallest = hn::Set(tag, -700.0);  // below it, no share of a sum that is at least 1
  const auto rounding = hn::Set(tag, 0x1.8p52);  // adding and taking it away leaves the nearest integer
  const auto isNothing = hn::Lt(x, smallest);
  const auto bounded = hn::IfThenElse(isNothing, smallest, x);
  const auto shifted = hn::Add(hn::Mul(bounded, hn::Set(tag, 0x1.71547652b82fep+0)), rounding);
  const auto n = hn::Sub(shifted, rounding);
  const auto r = hn::Sub(hn::Sub(bounded, hn::Mul(n, hn::Set(tag, kLn2High))), hn::Mul(n, hn::Set(tag, kLn2Low)));
  auto sum = hn::Set(tag, kInverseFactorials[0]);
  for (std::size_t i = 1; i < std::size(kInverseFactorials); ++i) {
    sum = horner(tag, sum, r, kInverseFactorials[i]);
  }
  // The lowest bits of `shifted` are n.
  const auto exponent = hn::ShiftLeft<52>(hn::Add(hn::BitCast(whole, shifted), hn::Set(whole, kExponentBias)));
  return hn::IfThenZeroElse(isNothing, hn::Mul(sum, hn::BitCast(tag, exponent)));
}

/// log(p / q) of positive normal numbers. The difference of their bits tells a k for which p / (2ᵏq) lies between ⅔ and 3/2; the logarithm
/// of that is 2 artanh s with s = (p − 2ᵏq) / (p + 2ᵏq), |s| ≤ 0.2, from its series, whose first term left out is below s · 10⁻⁹.
template <class D>
HWY_INLINE hn::Vec<D> logarithmOfRatio(D tag, hn::Vec<D> p, hn::Vec<D> q) {
  constexpr std::uint64_t kRaise = 1024;  // makes k positive
  constexpr std::uint64_t kBitsOf2To52 = 0x4330000000000000;
  const hn::RebindToUnsigned<D> whole;
  const auto ofQ = hn::BitCast(whole, q);
  const auto difference = hn::Sub(hn::BitCast(whole, p), ofQ);
  const auto raised = hn::ShiftRight<52>(hn::Add(difference, hn::Set(whole, kRaise * kExponentUnit + kExponentUnit / 2)));
  const auto k = hn::Sub(hn::BitCast(tag, hn::Or(raised, hn::Set(whole, kBitsOf2To52))), hn::Set(tag, 0x1p52 + kRaise));
  const auto near = hn::BitCast(tag, hn::Add(ofQ, hn::ShiftLeft<52>(hn::Sub(raised, hn::Set(whole, kRaise)))));
  const auto s = hn::Div(hn::Sub(p, near), hn::Add(p, near));
  const auto z = hn::Mul(s, s);
  auto sum = hn::Set(tag, 2.0 / 11);
  for (int odd = 9; odd > 1; odd -= 2) {
    sum = horner(tag, sum, z, 2.0 / odd);
  }
  const auto small = hn::Add(hn::Mul(s, hn::Mul(z, sum)), hn::Mul(k, hn::Set(tag, kLn2Low)));
  return hn::Add(hn::Mul(k, hn::Set(tag, kLn2High)), hn::Add(hn::Add(s, s), small));
}

/// Element i belongs to partial sum i mod kLanes, so that the order of additions is the same everywhere.
double sumOf(const double* HWY_RESTRICT terms, std::size_t count) {
  constexpr std::size_t kLanes = 16;
  double sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += terms[i + lane];
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    sums[lane] += terms[i];
  }
  double total = 0;
  for (const double sum : sums) {
    total += sum;
  }
  return total;
}

/// How many terms of each series rows need whose values x and differences d are small: of eˣ, and of (cosh d − 1) / d² and (sinh d − d) / d³,
/// both in d².
struct NearRows {
  static constexpr double kValue = 0x1p-3;
  static constexpr double kDifference = 0x1p-8;
  static constexpr double kPower[] = {1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1};
  static constexpr double kEven[] = {1.0 / 24, 1.0 / 2};
  static constexpr double kOdd[] = {1.0 / 120, 1.0 / 6};
};
struct RatherNearRows {
  static constexpr double kValue = 0x1p-1;
  static constexpr double kDifference = 0x1p-5;
  static constexpr double kPower[] = {1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1};
  static constexpr double kEven[] = {1.0 / 720, 1.0 / 24, 1.0 / 2};
  static constexpr double kOdd[] = {1.0 / 5040, 1.0 / 120, 1.0 / 6};
};

template <class D, std::size_t kTerms>
HWY_INLINE hn::Vec<D> series(D tag, hn::Vec<D> x, const double (&terms)[kTerms]) {
  auto sum = hn::Set(tag, terms[0]);
  for (std::size_t i = 1; i < kTerms; ++i) {
    sum = horner(tag, sum, x, terms[i]);
  }
  return sum;
}

/// The greatest |x| and |x − y| as the bits of a float32, which as whole numbers order like it, with NaN above all.
HWY_INLINE void greatestMagnitudes(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, std::size_t count, std::int32_t& value,
                                   std::int32_t& difference) {
  constexpr auto kMagnitude = static_cast<std::int32_t>(kGreatestMagnitude);
  std::int32_t greatest[2] = {0, 0};
  for (std::size_t i = 0; i < count; ++i) {
    const float apart = x[i] - y[i];
    std::int32_t bits[2];
    std::memcpy(&bits[0], &x[i], 4);
    std::memcpy(&bits[1], &apart, 4);
    greatest[0] = std::max(greatest[0], bits[0] & kMagnitude);
    greatest[1] = std::max(greatest[1], bits[1] & kMagnitude);
  }
  value = greatest[0];
  difference = greatest[1];
}

template <class Rows>
HWY_INLINE bool areWithin(std::int32_t value, std::int32_t difference) {
  constexpr auto kValue = static_cast<float>(Rows::kValue);
  constexpr auto kDifference = static_cast<float>(Rows::kDifference);
  std::int32_t bounds[2];
  std::memcpy(&bounds[0], &kValue, 4);
  std::memcpy(&bounds[1], &kDifference, 4);
  return value <= bounds[0] && difference <= bounds[1];
}

/// m − log(1 + m), m being at most the greatest change of a power between near rows.
HWY_INLINE double overshootOfLogarithm(double m) {
  double sum = 0;
  for (int power = 8; power >= 2; --power) {
    sum = 1.0 / power - m * sum;
  }
  return m * m * sum;
}

/// The divergence from sums over the row alone, without logarithms. With d = y − x, p = eˣ / Σ eˣ and g(d) = e^d − 1 − d it is
/// Σ p · g(d) − (m − log(1 + m)), m being Σ p · (e^d − 1), before the least probability ε is added. Its derivative by ε is −Σ g(t) with
/// t = log(p / q) = log(1 + m) − d, and the second one Σ t² / p but for a small share. Negative where the rows are too long for that, or where
/// the mean of the differences is so large beside their spread that digits are lost.
template <class Rows>
HWY_INLINE double divergenceOfNear(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, std::size_t count) {
  constexpr std::size_t kLanes = 8;  // element i belongs to partial sum i mod kLanes, so that the order of additions is the same everywhere
  enum Sum { OfPowers, OfWeighted, OfWeightedRest, OfDifferences, OfBackRest, kSums };
  HWY_ALIGN double sums[kSums][kLanes] = {};
  const auto addAt = [&](auto tag, std::size_t at, std::size_t lane) HWY_ATTR {
    const auto add = [&](Sum sum, hn::Vec<decltype(tag)> terms) HWY_ATTR {
      hn::StoreU(hn::Add(hn::LoadU(tag, sums[sum] + lane), terms), tag, sums[sum] + lane);
    };
    const auto ofX = loadWide(tag, x + at);
    const auto d = hn::Sub(loadWide(tag, y + at), ofX);
    const auto power = series(tag, ofX, Rows::kPower);
    const auto square = hn::Mul(d, d);
    const auto even = series(tag, square, Rows::kEven);
    const auto odd = hn::Mul(d, series(tag, square, Rows::kOdd));
    add(OfPowers, power);
    add(OfWeighted, hn::Mul(power, d));
    add(OfWeightedRest, hn::Mul(power, hn::Mul(square, hn::Add(even, odd))));  // g(d)
    add(OfDifferences, d);
    add(OfBackRest, hn::Mul(square, hn::Sub(even, odd)));  // g(−d)
  };
  const hn::CappedTag<double, kLanes> tag;
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(tag)) {
      addAt(tag, i + lane, lane);
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    addAt(hn::CappedTag<double, 1>(), i, lane);
  }
  double totals[kSums] = {};
  for (std::size_t sum = 0; sum < kSums; ++sum) {
    for (const double partial : sums[sum]) {
      totals[sum] += partial;
    }
  }

  const double powers = totals[OfPowers];
  const double least = kLeastProbability * powers;
  constexpr double kMostLeast = 0x1p-12;  // the cube of ε / p is below 10⁻¹⁰ then
  if (least > kMostLeast) {
    return -1;
  }
  const double rest = totals[OfWeightedRest] / powers;
  const double m = (totals[OfWeighted] + totals[OfWeightedRest]) / powers;
  const double overshoot = overshootOfLogarithm(m);
  const double divergence = rest - overshoot;
  constexpr double kLeastLeft = 0x1p-10;
  if (divergence < kLeastLeft * rest) {
    return -1;
  }
  const double sumOfG = static_cast<double>(count) * overshoot - m * totals[OfDifferences] + (1 + m) * totals[OfBackRest];
  // t² is about 2 g(t), and 1 / p about Σ eˣ · (2 − eˣ).
  return divergence - kLeastProbability * sumOfG + kLeastProbability * least * (2 * sumOfG - powers * divergence);
}

/// powers ← e^(row − its greatest); their sum.
HWY_INLINE double exponentials(const float* HWY_RESTRICT row, double* HWY_RESTRICT powers, std::size_t count) {
  const double greatest = *std::max_element(row, row + count);
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto x = hn::Sub(loadWide(tag, row + at), hn::Set(tag, greatest));
    hn::StoreU(exponential(tag, x), tag, powers + at);
  });
  return sumOf(powers, count);
}

/// `ofX` and `ofY` have room for a row each.
double divergenceInDoubles(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, std::size_t count, double* HWY_RESTRICT ofX,
                           double* HWY_RESTRICT ofY) {
  std::int32_t value = 0;
  std::int32_t difference = 0;
  greatestMagnitudes(x, y, count, value, difference);
  double near = -1;
  if (areWithin<NearRows>(value, difference)) {
    near = divergenceOfNear<NearRows>(x, y, count);
  } else if (areWithin<RatherNearRows>(value, difference)) {
    near = divergenceOfNear<RatherNearRows>(x, y, count);
  }
  if (near >= 0) {
    return near;
  }
  const double sumOfX = exponentials(x, ofX, count);
  const double sumOfY = exponentials(y, ofY, count);
  if (std::isnan(sumOfX) || std::isnan(sumOfY)) {
    return sumOfX + sumOfY;
  }
  const double shareOfX = 1 / sumOfX;
  const double shareOfY = 1 / sumOfY;
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto least = hn::Set(tag, kLeastProbability);
    const auto p = hn::Add(hn::Mul(hn::LoadU(tag, ofX + at), hn::Set(tag, shareOfX)), least);
    const auto q = hn::Add(hn::Mul(hn::LoadU(tag, ofY + at), hn::Set(tag, shareOfY)), least);
    // p − q is 0 in all. Without it small terms remain, of which less is lost.
    hn::StoreU(hn::Sub(hn::Mul(p, logarithmOfRatio(tag, p, q)), hn::Sub(p, q)), tag, ofX + at);
  });
  const double sum = sumOf(ofX, count);
  return sum < 0 ? 0 : sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(divergenceInDoubles);

double PreciseDivergence::operator()(std::span<const float> x, std::span<const float> y) {
  m_ofX.resize(x.size());
  m_ofY.resize(x.size());
  return HWY_DYNAMIC_DISPATCH(divergenceInDoubles)(x.data(), y.data(), x.size(), m_ofX.data(), m_ofY.data());
}

}  // namespace layerloom
#endif  // HWY_ONCE
