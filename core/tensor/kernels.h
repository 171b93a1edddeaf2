// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace layerloom {

// Loops over elements, compiled for several instruction sets and chosen at run time. Every kernel gives the same bits on every
// instruction set: fused multiply-add only where a kernel says so, and sums run in kLanes interleaved partial sums that are added in a fixed order.

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

}  // namespace layerloom
