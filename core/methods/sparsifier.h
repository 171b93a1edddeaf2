// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// Thins out the task vector δ of one input. Sees δ piece by piece in as many passes as it needs, then zeroes the entries that are
/// dropped and scales the others.
class Sparsifier {
 public:
  virtual ~Sparsifier() = default;

  /// A piece of δ as one task of a pass sees it; `first` is its first element in the flattened tensor.
  class View {
   public:
    virtual ~View() = default;
    virtual void observe(std::uint64_t first, std::span<const float> delta) = 0;
  };

  /// The place in a chunk up to which δ was thinned out.
  struct Cursor {
    std::uint64_t chunk = 0;
    std::uint64_t equalsSeen = 0;
  };

  /// Passes before `apply`, at most.
  virtual int mostPasses() const = 0;
  virtual bool needsPass() const = 0;
  virtual std::unique_ptr<View> startView() const = 0;
  virtual void absorb(View& view) = 0;
  virtual void endPass() = 0;
  /// Thins out the elements from `first` on; pieces of a chunk must come in order, with one cursor per chunk.
  virtual void apply(Cursor& cursor, std::uint64_t first, std::span<float> delta) const = 0;
};

/// Keeps the k = max(1, ⌊density·N⌋) entries of largest magnitude (of equal ones the first), none for density ≤ 0 (TIES, arXiv:2306.01708).
/// Exact and without sorting: the bits of |δ| as float32 order like its value, so a histogram of the upper half of the bits and one of the
/// lower half inside the bucket at the boundary give the threshold. With `rescale` the kept entries are multiplied by Σ|δ| / Σ|kept δ|.
/// Null where everything is kept.
std::unique_ptr<Sparsifier> makeMagnitudeSparsifier(double density, bool rescale, std::uint64_t elements);

/// Keeps each entry with the probability `density` (DARE, arXiv:2311.03099). With `rescale` the kept entries are multiplied by
/// Σ|δ| / Σ|kept δ|, as mergekit does, unless one of the sums is below 1e-7. Null where everything is kept.
std::unique_ptr<Sparsifier> makeRandomSparsifier(double density, bool rescale, std::uint64_t seed, const std::string& model,
                                                 const std::string& tensor);

/// Σ|δ| / Σ|kept δ|, or 1 where either is below 1e-7.
float rescaleFactor(double all, double kept);

}  // namespace layerloom
