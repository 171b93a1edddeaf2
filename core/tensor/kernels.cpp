// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/kernels.h"

#include <cassert>
#include <cmath>

// Highway compiles the part below once per instruction set and picks one at run time. The loops are plain: the compiler vectorises
// them for each set, and since products and sums are rounded apart, all sets give the same bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/tensor/multiply_add-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

/// Interleaved partial sums: element i belongs to sum i mod kLanes, so that the order of additions is the same everywhere.
constexpr std::size_t kLanes = 16;

HWY_INLINE double total(const double (&sums)[kLanes]) {
  double half[kLanes / 2];
  for (std::size_t i = 0; i < kLanes / 2; ++i) {
    half[i] = sums[i] + sums[i + kLanes / 2];
  }
  double result = 0;
  for (const double sum : half) {
    result += sum;
  }
  return result;
}

/// Calls add(lane, i) for each element and the partial sum that it belongs to; loops over the lanes become vectors.
template <class Add>
HWY_INLINE void forEachLane(std::size_t count, const Add& add) {
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      add(lane, i + lane);
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    add(lane, i);
  }
}

void scaleFloats(const float* HWY_RESTRICT x, float factor, float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = factor * x[i];
  }
}

void scaleFloatsBy(float* HWY_RESTRICT values, float factor, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] *= factor;
  }
}

void addScaledFloats(const float* HWY_RESTRICT x, float factor, float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = multiplyAdd(factor, x[i], out[i]);
  }
}

void scaleTwoFloats(const float* HWY_RESTRICT x, float factorOfX, const float* HWY_RESTRICT y, float factorOfY, float* HWY_RESTRICT out,
                    std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = multiplyAdd(factorOfY, y[i], factorOfX * x[i]);
  }
}

void divideFloats(float* HWY_RESTRICT values, float divisor, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] /= divisor;
  }
}

void subtractFloats(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = x[i] - y[i];
  }
}

double dotFloats(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, std::size_t count) {
  double sums[kLanes] = {};
  forEachLane(count, [&](std::size_t lane, std::size_t i) { sums[lane] = addProduct(sums[lane], x[i], y[i]); });
  return total(sums);
}

/// Of the vectors that left(i) and right(i) give the elements of.
template <class Left, class Right>
HWY_INLINE Products productsOf(std::size_t count, const Left& left, const Right& right) {
  double first[kLanes] = {};
  double mixed[kLanes] = {};
  double second[kLanes] = {};
  forEachLane(count, [&](std::size_t lane, std::size_t i) {
    const float x = left(i);
    const float y = right(i);
    first[lane] = addProduct(first[lane], x, x);
    mixed[lane] = addProduct(mixed[lane], x, y);
    second[lane] = addProduct(second[lane], y, y);
  });
  return {total(first), total(mixed), total(second)};
}

/// `origin` may be null.
Products productsOfFloats(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, const float* HWY_RESTRICT origin, std::size_t count) {
  return origin == nullptr ? productsOf(count, [=](std::size_t i) { return x[i]; }, [=](std::size_t i) { return y[i]; })
                           : productsOf(count, [=](std::size_t i) { return x[i] - origin[i]; }, [=](std::size_t i) { return y[i] - origin[i]; });
}

double sumAbsFloats(const float* HWY_RESTRICT x, std::size_t count) {
  double sums[kLanes] = {};
  forEachLane(count, [&](std::size_t lane, std::size_t i) { sums[lane] += std::fabs(static_cast<double>(x[i])); });
  return total(sums);
}

DeltaSums deltaSumsOfFloats(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, std::size_t count) {
  double deltas[kLanes] = {};
  double bases[kLanes] = {};
  forEachLane(count, [&](std::size_t lane, std::size_t i) {
    const double base = y[i];
    const double delta = static_cast<double>(x[i]) - base;
    deltas[lane] += delta * delta;
    bases[lane] += base * base;
  });
  return {total(deltas), total(bases)};
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(scaleFloats);
HWY_EXPORT(scaleFloatsBy);
HWY_EXPORT(addScaledFloats);
HWY_EXPORT(divideFloats);
HWY_EXPORT(subtractFloats);
HWY_EXPORT(dotFloats);
HWY_EXPORT(productsOfFloats);
HWY_EXPORT(sumAbsFloats);
HWY_EXPORT(deltaSumsOfFloats);
HWY_EXPORT(scaleTwoFloats);

void scale(std::span<const float> x, float factor, std::span<float> out) {
  assert(x.size() == out.size());
  HWY_DYNAMIC_DISPATCH(scaleFloats)(x.data(), factor, out.data(), out.size());
}

void scaleBy(float factor, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(scaleFloatsBy)(values.data(), factor, values.size());
}

void addScaled(std::span<const float> x, float factor, std::span<float> out) {
  assert(x.size() == out.size());
  HWY_DYNAMIC_DISPATCH(addScaledFloats)(x.data(), factor, out.data(), out.size());
}

void scaleTwo(std::span<const float> x, float factorOfX, std::span<const float> y, float factorOfY, std::span<float> out) {
  assert(x.size() == out.size() && y.size() == out.size());
  HWY_DYNAMIC_DISPATCH(scaleTwoFloats)(x.data(), factorOfX, y.data(), factorOfY, out.data(), out.size());
}

void divide(std::span<float> values, float divisor) {
  HWY_DYNAMIC_DISPATCH(divideFloats)(values.data(), divisor, values.size());
}

void subtract(std::span<const float> x, std::span<const float> y, std::span<float> out) {
  assert(x.size() == out.size() && y.size() == out.size());
  HWY_DYNAMIC_DISPATCH(subtractFloats)(x.data(), y.data(), out.data(), out.size());
}

double dot(std::span<const float> x, std::span<const float> y) {
  assert(x.size() == y.size());
  return HWY_DYNAMIC_DISPATCH(dotFloats)(x.data(), y.data(), x.size());
}

Products products(std::span<const float> x, std::span<const float> y, std::span<const float> origin) {
  assert(x.size() == y.size() && (origin.empty() || origin.size() == x.size()));
  return HWY_DYNAMIC_DISPATCH(productsOfFloats)(x.data(), y.data(), origin.empty() ? nullptr : origin.data(), x.size());
}

double sumAbs(std::span<const float> x) {
  return HWY_DYNAMIC_DISPATCH(sumAbsFloats)(x.data(), x.size());
}

DeltaSums deltaSums(std::span<const float> x, std::span<const float> y) {
  assert(x.size() == y.size());
  return HWY_DYNAMIC_DISPATCH(deltaSumsOfFloats)(x.data(), y.data(), x.size());
}

}  // namespace layerloom
#endif  // HWY_ONCE
