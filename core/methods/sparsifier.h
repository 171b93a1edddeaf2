// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/methods/rank_selection.h"
#include "core/methods/tensor_merge.h"

namespace layerloom {

/// Thins out the task vector δ of one input. Sees δ piece by piece in as many passes as it needs, then zeroes the entries that are
/// dropped.
class Sparsifier {
 public:
  virtual ~Sparsifier() = default;

  /// What one task has seen of a pass.
  class View {
   public:
    virtual ~View() = default;
    /// Sees δ = x − base over a chunk, whose first element in the flattened tensor is `first`.
    virtual void observe(std::uint64_t first, std::span<const float> x, std::span<const float> base) = 0;
  };

  /// The place in a chunk up to which δ was thinned out.
  using Cursor = RankSelection::Cursor;

  /// As in TensorMerge; the sample is one of δ.
  virtual std::uint64_t sampleSize() const { return 0; }
  virtual void sample(std::span<const float>, std::size_t /*piece*/) {}
  /// Passes before `apply`, as a rule.
  virtual int usualPasses() const = 0;
  /// As in TensorMerge.
  virtual double observationEffort() const { return 1; }
  virtual bool needsPass() const = 0;
  virtual std::unique_ptr<View> startView() const = 0;
  virtual void absorb(View& view) = 0;
  virtual void endPass() = 0;
  /// What the kept entries are to be multiplied by, after the last pass.
  virtual double factor() const { return 1; }
  /// δ ← factor · δ where it is kept, 0 elsewhere, for the elements from `first` on; pieces of a chunk must come in order, with one cursor
  /// per chunk, and hold whole blocks.
  virtual void keep(Cursor& cursor, std::uint64_t first, float factor, std::span<float> delta) const = 0;
  /// Instead of `keep`, the bits of the kept entries, the first one in the lowest bit of the first word: where they are known without δ and
  /// follow each other without a gap. Empty where not, and the cursor stays. They may stand in `room`.
  virtual std::span<const std::uint64_t> kept(Cursor&, std::uint64_t /*first*/, std::size_t /*count*/, std::vector<std::uint64_t>& /*room*/) const {
    return {};
  }
};

/// Keeps the k = max(1, ⌊density·N⌋) entries of largest magnitude (of equal ones the first), none for density ≤ 0 (TIES, arXiv:2306.01708).
/// With `rescale` the kept entries are multiplied by Σ|δ| / Σ|kept δ|. Null where everything is kept.
std::unique_ptr<Sparsifier> makeMagnitudeSparsifier(double density, bool rescale, std::uint64_t elements);

/// Sorted by magnitude (equal ones by their place), skips the max(0, N − ⌊density·N⌋ − ⌊gamma·N⌋) smallest entries, keeps the next ⌊density·N⌋
/// and drops the largest (Model Breadcrumbs, arXiv:2312.06795). Null where everything is kept.
std::unique_ptr<Sparsifier> makeOutlierSparsifier(double density, double gamma, bool rescale, std::uint64_t elements);

/// Keeps each entry with a probability that rises with the rank of its magnitude (of equal ones the first is the lower) in its row, from
/// density − epsilon to density + epsilon (DELLA, arXiv:2406.11617). As in mergekit, ranks are taken along the second axis; a vector is one
/// row. Refused where the probabilities do not lie in (0, 1). Null where everything is kept.
Result<std::unique_ptr<Sparsifier>> makeRankedRandomSparsifier(const MergeSettings& settings, std::size_t input);
/// Elements that the sparsifier above must get together.
std::uint64_t rankedBlock(const MergeSettings& settings);

/// Keeps each entry with the probability `density` (DARE, arXiv:2311.03099). With `rescale` the kept entries are multiplied by
/// Σ|δ| / Σ|kept δ|, as mergekit does, unless one of the sums is below 1e-7. Null where everything is kept.
std::unique_ptr<Sparsifier> makeRandomSparsifier(double density, bool rescale, const MergeSettings& settings, std::size_t input);

/// Keeps nothing.
std::unique_ptr<Sparsifier> makeDropAll();

/// Σ|δ| / Σ|kept δ|, or 1 where either is below 1e-7.
double rescaleFactor(double all, double kept);

}  // namespace layerloom
