// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Included once per instruction set, after hwy/highway.h; hence a guard that Highway toggles.
#if defined(LAYERLOOM_MULTIPLY_ADD_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAYERLOOM_MULTIPLY_ADD_INL_H
#undef LAYERLOOM_MULTIPLY_ADD_INL_H
#else
#define LAYERLOOM_MULTIPLY_ADD_INL_H
#endif

#include <cmath>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

/// a · b + c rounded once. Instruction sets without the operation get the same bits from float64: the product is exact there, and the sum
/// is rounded to odd before it becomes float32 (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
HWY_INLINE float multiplyAdd(float a, float b, float c) {
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX2
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const double addend = c;
  const double sum = product + addend;
  const double shift = sum - product;
  const double error = (product - (sum - shift)) + (addend - shift);
  std::uint64_t bits;
  std::memcpy(&bits, &sum, 8);
  const bool toOdd = error != 0 && (bits & 1) == 0 && std::isfinite(sum);
  const std::uint64_t towardsError = (error > 0) == (sum > 0) ? bits + 1 : bits - 1;
  bits = toOdd ? towardsError : bits;
  double odd;
  std::memcpy(&odd, &bits, 8);
  return static_cast<float>(odd);
#else
  return __builtin_fmaf(a, b, c);
#endif
}

/// sum + a · b. The product is exact in float64, so that one rounding and two give the same bits.
HWY_INLINE double addProduct(double sum, float a, float b) {
  const double x = a;
  const double y = b;
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX2
  return sum + x * y;
#else
  return __builtin_fma(x, y, sum);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#endif
