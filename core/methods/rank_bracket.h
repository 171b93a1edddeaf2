// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/methods/rank_bracket_view.h"
#include "core/methods/rank_selection.h"
#include "core/tensor/selection_kernels.h"

namespace layerloom {

/// Finds the magnitudes at the two ends of a range of ranks in a single pass: a sample tells between which magnitudes an end lies with
/// near certainty (Floyd and Rivest, "Expected time bounds for selection", 1975), the pass counts what lies below and collects what lies between. The
/// answer is exact, or there is none.
class RankBracket {
 public:
  /// How many of `elements` entries a sample should hold; 0 where all can be collected.
  static std::uint64_t sampleSize(std::uint64_t elements);

  /// Magnitudes are collected whole.
  RankBracket() = default;
  /// `range` is a range of ranks of the sample, which consists of pieces of `piece` neighbours.
  RankBracket(std::span<const float> sample, std::size_t piece, const RankRange& range);

  /// Sees the next chunk of the task.
  void observe(RankBracketView& view, std::span<const float> values, const RankSelection::Wishes& wishes) const;
  /// Views come in the order of the tensor.
  void absorb(RankBracketView& view);

  /// The magnitudes at two ranks; nothing where one of them lies outside the bracket or too much was collected.
  struct Found {
    RankedMagnitude low;
    RankedMagnitude high;  ///< above all magnitudes where nothing is left out at this end
    std::vector<RankSelection::ChunkEquals> before;  ///< per chunk, and one more: equals in earlier chunks
    double all = 0;
    double between = 0;  ///< of magnitudes above `low` and below `high`
  };
  /// Without `sums`, `Found::between` has no meaning.
  std::optional<Found> find(std::uint64_t lowRank, std::uint64_t highRank, bool sums) const;
  std::uint64_t zeros() const { return m_seen.zeros; }

 private:
  bool isOne() const { return m_low.least == m_high.least && m_low.greatest == m_high.greatest; }
  bool isWhole() const { return isOne() && m_low.least == 0 && m_low.greatest >= kGreatestMagnitude; }
  void absorbWhole(RankBracketView& view);
  RankedMagnitude findAmongAll(std::uint64_t rank) const;
  std::optional<RankedMagnitude> aboveAll(std::uint64_t highRank) const;
  std::optional<Found> findWhole(std::uint64_t lowRank, std::uint64_t highRank, bool sums) const;

  MagnitudeRange m_low = {0, kGreatestMagnitude};
  MagnitudeRange m_high = {0, kGreatestMagnitude};  ///< empty where the range goes up to the greatest magnitude
  RankBracketView m_seen;
  bool m_tooMany = false;
};

}  // namespace layerloom
