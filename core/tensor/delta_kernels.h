// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/tensor/selection_kernels.h"

namespace layerloom {

// Loops over the differences of models in float64, compiled for several instruction sets like those of kernels.h, with the same bits on each.

/// sums over some Δ
struct DeltaFigures {
  double squares = 0;     ///< Σ Δ²; not finite where one of the Δ is not
  double sum = 0;         ///< Σ Δ
  double greatest = 0;    ///< max |Δ|
  double baseDot = 0;     ///< Σ base · Δ
  std::uint64_t zeros = 0;
};
/// delta ← model − base, and sums over them.
DeltaFigures takeDeltas(std::span<const float> model, std::span<const double> base, std::span<double> delta);
/// The sums alone, of deltas that are there.
DeltaFigures deltaFigures(std::span<const double> base, std::span<const double> delta);

/// Sums over pairs of Δ.
struct PairFigures {
  double dot = 0;
  double weight = 0;          ///< Σ min(|a|, |b|)
  double oppositeWeight = 0;  ///< the same where the signs differ
  std::uint64_t both = 0;     ///< entries where both are nonzero
  std::uint64_t opposite = 0;  ///< of these, those whose signs differ
};
/// For differences of float32 numbers: a product of two of them must not underflow.
PairFigures pairFigures(std::span<const double> a, std::span<const double> b);

/// Σ x² in float64.
double sumSquares(std::span<const double> x);

/// narrow ← |delta| as float32, bins ← the binary exponent of |delta| less `leastExponent`, within 0 … kExponentBins − 1; that of 0 and of numbers
/// below float64's normal ones is 0. True where each narrow number is |delta| itself.
inline constexpr std::size_t kExponentBins = 64;
bool narrowDeltas(std::span<const double> delta, int leastExponent, std::span<float> narrow, std::span<std::uint8_t> bins);
/// Adds to each count how often its bin occurs. Fast where few bins occur.
void countBins(std::span<const std::uint8_t> bins, std::span<std::uint64_t, kExponentBins> counts);

/// Writes the magnitudes from `least` to `greatest` to `room`, in their order; it must have kGatherSlack places more than there are values, and
/// may be where the values are. Returns how many.
std::size_t gatherMagnitudes(std::span<const double> values, double least, double greatest, std::span<double> room);
std::size_t gatherMagnitudes(std::span<const float> values, float least, float greatest, std::span<float> room);

/// Moves the values that do not equal one to the front, in their order, over all others; returns how many.
std::size_t dropEqual(std::span<double> values, double value);
std::size_t dropEqual(std::span<float> values, float value);

struct SumAbove {
  std::uint64_t count = 0;
  double squares = 0;
};
/// Number and Σ x² (in float64) of the values above a bound that is not negative.
SumAbove sumAbove(std::span<const double> values, double bound);
SumAbove sumAbove(std::span<const float> values, float bound);

}  // namespace layerloom
