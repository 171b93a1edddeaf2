// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace layerloom {

/// |value| as the bits of a float32, which order like it; NaN stands above infinity.
std::uint32_t magnitudeBits(float value);

/// The magnitude at one rank of the ascending order.
struct RankedMagnitude {
  std::uint32_t bits = 0;
  std::uint64_t below = 0;  ///< entries of smaller magnitude
  std::uint64_t equal = 0;  ///< entries of this magnitude
};

/// Finds the magnitudes at given ranks of a tensor, exactly and without sorting or holding it: a first pass counts the
/// upper half of the bits, a second the lower half inside the buckets where the ranks lie.
class RankFinder {
 public:
  /// What one task has counted in one pass.
  struct View {
    std::vector<std::uint64_t> counts;
    std::uint64_t zeros = 0;
  };

  View startView() const;
  void observe(View& view, std::span<const float> values) const;
  void absorb(const View& view);
  /// Ends the first pass; `ranks` count from 0 at the smallest magnitude and must lie below the number of entries.
  void endHigh(std::span<const std::uint64_t> ranks);
  void endLow();

  std::uint64_t entries() const { return m_entries; }
  std::uint64_t zeros() const { return m_zeros; }
  /// One per rank, after both passes.
  const std::vector<RankedMagnitude>& found() const { return m_found; }

 private:
  bool m_high = true;
  std::uint64_t m_entries = 0;
  std::uint64_t m_zeros = 0;
  std::vector<std::uint64_t> m_counts;
  std::vector<std::uint64_t> m_ranks;
  std::vector<std::uint32_t> m_buckets;  ///< of the upper half of the bits, those in which a rank lies
  std::vector<RankedMagnitude> m_found;
};

/// Ranks [from, to) of the ascending order.
struct RankRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool firstOfEquals = true;  ///< at `from`, of equal magnitudes the first in the tensor are kept, not the last
};

/// Keeps the entries of a tensor whose magnitudes lie in a range of ranks. Sees the tensor in up to three passes, one
/// call of `observe` per chunk; equal magnitudes are told apart by their place in the tensor.
class RankSelection {
 public:
  using Chooser = std::function<RankRange(std::uint64_t entries, std::uint64_t zeros)>;
  static constexpr int kMostPasses = 3;

  /// The range may depend on how many entries are 0. `sums`: also adds up the magnitudes that are kept.
  RankSelection(Chooser choose, bool sums) : m_choose(std::move(choose)), m_sums(sums) {}

  /// The place in a chunk up to which entries were selected.
  struct Cursor {
    std::uint64_t chunk = 0;
    std::uint64_t lowSeen = 0;
    std::uint64_t highSeen = 0;
  };
  struct ChunkEquals {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
  };
  struct View {
    RankFinder::View counts;
    std::vector<ChunkEquals> equals;
    double all = 0;
    double between = 0;
  };

  bool needsPass() const { return m_pass != Pass::Done; }
  View startView() const;
  void observe(View& view, std::span<const float> values) const;
  void absorb(const View& view);
  void endPass();

  /// values ← values · factor where the magnitude of `keys` is in the range, 0 elsewhere; `values` may be `keys`.
  /// Pieces of a chunk must come in order.
  void keep(Cursor& cursor, std::span<const float> keys, float factor, std::span<float> values) const;

  /// Σ|value| over all entries and over those that are kept, where `sums` was asked for.
  double sumOfAll() const { return m_all; }
  double sumOfKept() const;

 private:
  enum class Pass { High, Low, Equals, Done };

  /// Entries of one magnitude at an end of the range, of which those from one place to another are kept.
  struct End {
    std::uint32_t bits = 0;
    std::uint64_t equal = 0;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    bool isPart() const { return bits != 0 && from < to && to - from < equal; }
  };

  void endHigh();
  void endLow();

  Chooser m_choose;
  bool m_sums;
  Pass m_pass = Pass::High;
  RankFinder m_finder;
  RankRange m_range;
  bool m_none = false;
  End m_low;
  End m_high;
  bool m_ordered = false;     ///< the place of equal entries matters
  std::uint32_t m_least = 0;  ///< where it does not: the magnitudes that are kept
  std::uint32_t m_greatest = 0;
  std::vector<ChunkEquals> m_before;  ///< per chunk, entries equal to the ends in earlier chunks
  ChunkEquals m_equals;
  double m_all = 0;
  double m_between = 0;
};

}  // namespace layerloom
