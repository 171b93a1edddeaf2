// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/methods/sparsifier.h"

namespace layerloom {

/// Decides by random numbers which entries of δ are kept; for the same numbers and δ it decides the same.
class EntryDrawer {
 public:
  virtual ~EntryDrawer() = default;

  /// Entries that are drawn together; the bits of each such run begin a new word.
  virtual std::size_t run() const = 0;
  /// True where δ has no part in the decision.
  virtual bool isBlind() const { return false; }
  /// Of a pass in which entries are drawn, as in TensorMerge.
  virtual double effort() const { return 1; }
  /// bits ← which of `count` entries, at most a run, are kept; `first`, the place of the first one in the tensor, is a multiple of the run.
  /// A blind drawer does not look at `delta`, which may be empty then. Safe from several threads.
  virtual void draw(std::uint64_t first, std::size_t count, std::span<const float> delta, std::span<std::uint64_t> bits) const = 0;
};

/// Keeps what the drawer decides for an input. With `rescale` the kept entries are multiplied by Σ|δ| / Σ|kept δ|, which takes a pass of its own;
/// what was drawn then is remembered, in a bit for each entry, where the tensor is not too large for that, and drawn anew otherwise.
std::unique_ptr<Sparsifier> makeDrawnSparsifier(std::unique_ptr<EntryDrawer> drawer, bool rescale, const MergeSettings& settings,
                                                std::size_t input);

}  // namespace layerloom
