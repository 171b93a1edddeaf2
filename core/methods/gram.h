// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/methods/tensor_merge.h"
#include "core/tensor/kernels.h"

namespace layerloom {

/// The inner products ⟨vᵢ, vⱼ⟩ of some vectors, in float64.
class Gram {
 public:
  explicit Gram(std::size_t vectors) : m_vectors(vectors), m_products(vectors * vectors) {}

  std::size_t vectors() const { return m_vectors; }
  double at(std::size_t i, std::size_t j) const { return m_products[i * m_vectors + j]; }
  void set(std::size_t i, std::size_t j, double product) { m_products[i * m_vectors + j] = product; }
  double norm(std::size_t i) const;
  /// ⟨vᵢ, vⱼ⟩ / (‖vᵢ‖·‖vⱼ‖) within ±1, where a product of the norms below `leastNorms` counts as that. Exactly 1 for
  /// equal vectors.
  double cosine(std::size_t i, std::size_t j, double leastNorms) const;

  void clear();
  void add(const Gram& other);
  /// Adds the products of pieces of two vectors.
  void add(const Products& pair);
  /// Adds the products of pieces of the vectors.
  void add(const std::vector<std::span<const float>>& pieces);

 private:
  std::size_t m_vectors;
  std::vector<double> m_products;
};

/// What a merge in the span of its inputs is made of: result = Σ coefficient · input, the coefficients a function of
/// the Gram matrix.
struct SpanSettings {
  std::vector<std::size_t> vectors;   ///< the inputs whose Gram matrix is taken
  std::optional<std::size_t> origin;  ///< the input that is subtracted from each of them first
  std::uint64_t row = 0;  ///< each run of that many elements gets coefficients of its own; 0: the whole tensor does
  std::uint64_t chunkElements = kChunkElements;
  Narrowing narrowing = Narrowing::ToNearest;  ///< of the result
  /// Sets one coefficient per vector, and after them that of the origin where there is one. Safe to call from several
  /// threads.
  std::function<Status(const Gram& gram, std::span<double> coefficients)> coefficients;
};

std::unique_ptr<TensorMerge> makeSpanMerge(SpanSettings settings);

/// For TensorMerge::span(): the sum of all inputs with coefficients that follow from nothing; an input without one does not count.
SpanSettings fixedSpan(const std::vector<std::optional<double>>& coefficients);

/// The inputs that are not the base.
std::vector<std::size_t> inputsBesideBase(const MergeSettings& settings);

}  // namespace layerloom
