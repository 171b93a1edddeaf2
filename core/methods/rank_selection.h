// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/methods/rank_bracket_view.h"
#include "core/tensor/selection_kernels.h"

namespace layerloom {

class RankBracket;

/// The magnitude at one rank of the ascending order.
struct RankedMagnitude {
  std::uint32_t bits = 0;
  std::uint64_t below = 0;  ///< entries of smaller magnitude
  std::uint64_t equal = 0;  ///< entries of this magnitude
};

/// Finds the magnitudes at given ranks of a tensor, exactly and without sorting or holding it: a first pass counts the
/// upper half of the bits, a second the lower half inside the buckets where the ranks lie. A small tensor is held, and needs one pass.
class RankFinder {
 public:
  /// What one task has counted in one pass.
  struct View {
    std::vector<std::uint32_t> counts;
    std::vector<std::uint32_t> magnitudes;  ///< not counted yet: of a small tensor all, in the second pass some that lie in a bucket
    std::size_t gathered = 0;               ///< of these, in the second pass
  };

  RankFinder() = default;
  /// `elements`: of the tensor.
  explicit RankFinder(std::uint64_t elements);

  View startView() const;
  void observe(View& view, std::span<const float> values) const;
  void absorb(const View& view);
  /// Ends the first pass; `ranks` count from 0 at the smallest magnitude and must lie below the number of entries.
  void endHigh(std::span<const std::uint64_t> ranks);
  bool needsLow() const { return !m_held; }
  void endLow();

  /// One per rank, after all passes.
  const std::vector<RankedMagnitude>& found() const { return m_found; }

 private:
  void findHeld(std::span<const std::uint64_t> ranks);
  std::size_t lowBucketOf(std::uint32_t bits) const;

  bool m_high = true;
  bool m_held = false;
  std::vector<std::uint64_t> m_counts;
  std::vector<std::uint32_t> m_magnitudes;  ///< where they are held
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

/// Keeps the entries of a tensor whose magnitudes lie in a range of ranks; equal magnitudes are told apart by their place in the
/// tensor. Sees the tensor once where a sample of it was shown before and told enough, else up to four times; one call of `observe` per
/// chunk.
class RankSelection {
 public:
  using Chooser = std::function<RankRange(std::uint64_t entries, std::uint64_t zeros)>;
  static constexpr int kUsualPasses = 1;

  struct Wishes {
    bool sums = false;   ///< add up the magnitudes that are kept
    bool zeros = false;  ///< the range depends on how many entries are 0
  };
  /// `elements`: of the tensor.
  RankSelection(Chooser choose, Wishes wishes, std::uint64_t elements);
  ~RankSelection();
  RankSelection(RankSelection&&) noexcept;

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
  class View;

  /// How many entries a sample should hold; 0: none is needed.
  std::uint64_t sampleSize() const;
  /// Shows a sample that consists of pieces of `piece` neighbours, before the first pass.
  void sample(std::span<const float> values, std::size_t piece);

  bool needsPass() const { return m_pass != Pass::Done; }
  std::unique_ptr<View> startView() const;
  /// The same for a view that stands somewhere else, and is still empty.
  void start(View& view) const;
  void observe(View& view, std::span<const float> values) const;
  void absorb(View& view);
  void endPass();

  /// values ← values · factor where the own magnitude is in the range, 0 elsewhere. Pieces of a chunk must come in order.
  void keep(Cursor& cursor, float factor, std::span<float> values) const;
  /// The same by the magnitudes of `keys`, which must not overlap `values` in part.
  void keep(Cursor& cursor, std::span<const float> keys, float factor, std::span<float> values) const;

  /// Σ|value| over all entries and over those that are kept, where sums were asked for.
  double sumOfAll() const { return m_all; }
  double sumOfKept() const;

 private:
  enum class Pass { Bracket, High, Low, Equals, Done };

  /// Entries of one magnitude at an end of the range, of which those from one place to another are kept.
  struct End {
    std::uint32_t bits = 0;
    std::uint64_t equal = 0;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    bool isPart() const { return bits != 0 && from < to && to - from < equal; }
  };
  /// Which of the equal entries of one chunk are kept.
  enum class Share { None, Some, All };

  void choose(std::uint64_t entries, std::uint64_t zeros);
  void endBracket();
  void endHigh();
  void endLow();
  void setEnds(const RankedMagnitude& low, const RankedMagnitude& high);
  Share shareOf(const End& end, std::uint64_t before, std::uint64_t after) const;
  /// The magnitudes that are kept in a chunk; nothing where places have to be counted.
  std::optional<MagnitudeRange> rangeIn(std::uint64_t chunk) const;
  void keepByPlace(Cursor& cursor, std::span<const float> keys, float factor, std::span<float> values) const;

  Chooser m_choose;
  Wishes m_wishes;
  std::uint64_t m_elements;
  Pass m_pass = Pass::Bracket;
  std::unique_ptr<RankBracket> m_bracket;
  RankFinder m_finder;
  RankRange m_range;
  bool m_none = false;
  End m_low;
  End m_high;
  bool m_ordered = false;  ///< the place of equal entries matters
  std::vector<ChunkEquals> m_before;  ///< per chunk, and one more: entries equal to the ends in earlier chunks
  double m_all = 0;
  double m_between = 0;
};

/// What one task has seen in one pass.
class RankSelection::View {
  friend class RankSelection;

  RankFinder::View m_counts;
  std::vector<ChunkEquals> m_equals;
  double m_all = 0;
  double m_between = 0;
  RankBracketView m_bracket;
};

}  // namespace layerloom
