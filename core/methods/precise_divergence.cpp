// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/precise_divergence.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

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
    hn::StoreU(hn::Mul(p, logarithmOfRatio(tag, p, q)), tag, ofX + at);
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
