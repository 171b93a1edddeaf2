// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/tensor/dtype.h"

namespace layerloom {

// Loops over elements, compiled for several instruction sets and chosen at run time. Every kernel gives the same bits on every
// instruction set: fused multiply-add only where a kernel says so, and sums run in kLanes interleaved partial sums that are added in a fixed order.

/// Elements of a mergeable type to float32: exact for F32, F16 and BF16; F64 is rounded to nearest even. Signalling NaNs become
/// quiet ones, payload bits may change. `bytes` holds out.size() elements, at any address.
void decode(DType type, const std::byte* bytes, std::span<float> out);

/// float32 to elements of a mergeable type, rounded to nearest even; too large values become infinite, NaN stays NaN.
void encode(DType type, std::span<const float> values, std::byte* bytes);

/// values ← the nearest numbers of `type`: what a conversion to it and back leaves.
void roundTo(DType type, std::span<float> values);

/// out ← factor · x
void scale(std::span<const float> x, float factor, std::span<float> out);
/// values ← factor · values
void scaleBy(float factor, std::span<float> values);
/// out ← factor · x + out, rounded once (fused), as torch computes it.
void addScaled(std::span<const float> x, float factor, std::span<float> out);
/// out ← scale(x) + addScaled(y): the same to the bit as one after the other.
void scaleTwo(std::span<const float> x, float factorOfX, std::span<const float> y, float factorOfY, std::span<float> out);
/// values ← values / divisor
void divide(std::span<float> values, float divisor);
/// out ← x − y
void subtract(std::span<const float> x, std::span<const float> y, std::span<float> out);

/// Σ x·y in float64.
double dot(std::span<const float> x, std::span<const float> y);
/// All inner products of two vectors at once, each the same to the bit as dot() gives it.
struct Products {
  double first = 0;   ///< Σ x·x
  double mixed = 0;   ///< Σ x·y
  double second = 0;  ///< Σ y·y
};
/// Of x − origin and y − origin, as float32, where there is an origin.
Products products(std::span<const float> x, std::span<const float> y, std::span<const float> origin = {});
/// Σ |x| in float64.
double sumAbs(std::span<const float> x);
/// Σ (x − y)² and Σ y² in float64: the two sums behind a relative delta.
struct DeltaSums {
  double delta = 0;
  double base = 0;
};
DeltaSums deltaSums(std::span<const float> x, std::span<const float> y);

/// What is odd about some values, and how long they are as a vector.
struct Survey {
  std::uint64_t nans = 0;
  std::uint64_t infinities = 0;
  double squares = 0;  ///< Σ x² over the finite values, to a few parts in 10⁶

  Survey& operator+=(const Survey& other);
};
/// Much faster where all values are finite.
Survey survey(std::span<const float> x);
/// decode() and the survey of what it gives, in one pass over numbers of BF16.
Survey decodeSurveyed(DType type, const std::byte* bytes, std::span<float> out);
/// encode() and the survey of the values that it takes, in one pass where they become numbers of BF16.
Survey encodeSurveyed(DType type, std::span<const float> values, std::byte* bytes);

}  // namespace layerloom
