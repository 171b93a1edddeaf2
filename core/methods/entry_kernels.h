// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/methods/tensor_merge.h"

namespace layerloom {

// Loops over entries that belong to one method each, compiled for several instruction sets and chosen at run time.
// Every kernel gives the same bits on every instruction set: each operation is rounded on its own, and sums over
// entries run in a fixed order. Results are formed in float64 and narrowed once, as `narrowing` says; in float32 where
// that makes no difference to it.

/// The same entries of the models beside the base, one address per model.
using Others = std::span<const float* const>;

/// Where element `at` of the chunk stands in each of the inputs of `which`.
std::vector<const float*> beginsOf(const Chunk& chunk, std::span<const std::size_t> which, std::size_t at = 0);

/// out ← base moved towards other by min(t / |base − other|, 1), the distance being at least 1e-6.
void swapNear(std::span<const float> base, std::span<const float> other, double t, Narrowing narrowing, std::span<float> out);

/// out ← other where |other − base| · weight is at least the threshold, base elsewhere.
void takeImportant(std::span<const float> base, std::span<const float> other, float weight, float threshold,
                   std::span<float> out);
/// out ← |other − base| · weight
void importances(std::span<const float> base, std::span<const float> other, float weight, std::span<float> out);

/// How many entries a model changes together with others, and alone.
struct Changes {
  std::uint64_t shared = 0;
  std::uint64_t unique = 0;
};
/// Adds up the entries that each of the others changes by more than epsilon.
void countChanges(std::span<const float> base, Others others, float epsilon, std::span<Changes> changes);
/// out ← base + the mean of the changes by more than epsilon; a change that one model alone makes is multiplied by its
/// factor.
void addChanges(std::span<const float> base, Others others, float epsilon, std::span<const double> factors,
                Narrowing narrowing, std::span<float> out);

/// out ← the variance of the differences from the base over the models.
void variances(std::span<const float> base, Others others, std::span<float> out);
/// Σ (x − base)² in float64 over the entries whose mask is not 0; an empty mask leaves nothing out.
double sumSquaredDeltas(std::span<const float> base, std::span<const float> x, std::span<const float> mask);
/// out ← base + the weighted mean of the differences that have the sign of their sum; base where the mask is 0. An
/// empty mask leaves nothing out.
void addElected(std::span<const float> base, Others others, std::span<const double> weights,
                std::span<const float> mask, Narrowing narrowing, std::span<float> out);

/// The inner products of two vectors, of many pairs of vectors.
struct PairSums {
  std::vector<double> first;
  std::vector<double> second;
  std::vector<double> mixed;

  std::size_t size() const { return first.size(); }
  void resize(std::size_t pairs);
};
/// Adds to each pair, from `at` on, the products of one element of its vectors, less that of the origin; it may be
/// empty.
void addProducts(std::span<const float> x, std::span<const float> y, std::span<const float> origin, PairSums& sums,
                 std::size_t at);

/// out ← Σ coefficient · input, each element with coefficients of its own, from `at` on. A coefficient of 0 leaves its
/// input out, so that neither an infinity nor the sign of a zero gets through. One input per vector of coefficients.
void combineElements(Others inputs, std::span<const std::vector<double>> coefficients, std::size_t at,
                     Narrowing narrowing, std::span<float> out);

/// out ← Σ coefficient · input, added up in the order of the inputs, of which there is at least one.
void sumScaled(Others inputs, std::span<const double> coefficients, Narrowing narrowing, std::span<float> out);

}  // namespace layerloom
