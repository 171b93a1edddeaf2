// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/tensor/selection_kernels.h"

namespace layerloom {

/// Finds the magnitudes at a few ranks of a tensor in a single pass, as RankBracket does for a range of ranks: a sample tells between which
/// magnitudes each lies with near certainty, the pass counts what lies below and collects what lies between. The answer is exact, or there
/// is none.
class BracketedRanks {
 public:
  /// What one task has seen.
  struct View {
    struct Bracket {
      std::uint64_t below = 0;
      std::size_t found = 0;
      std::vector<std::uint32_t> magnitudes;  ///< the first `found` lie in the bracket
    };
    std::vector<Bracket> brackets;  ///< one per rank
  };

  /// Ranks of a tensor of `elements` entries, 0 at the smallest magnitude. `sample` as for SampledRanks.
  BracketedRanks(std::span<const std::uint64_t> ranks, std::uint64_t elements, std::span<const float> sample, std::size_t piece);

  /// False where the sample says that too much would be collected: its pieces differ too widely.
  bool arePromising() const { return m_arePromising; }

  /// Safe from several threads, each with a view of its own, also while another one absorbs.
  void observe(View& view, std::span<const float> values) const;
  void absorb(const View& view);
  /// The magnitudes, one per rank; nothing where one of them lies outside of its bracket or too much was collected.
  std::optional<std::vector<std::uint32_t>> find();

 private:
  struct Bracket {
    std::uint64_t rank = 0;
    MagnitudeRange range;
    std::uint64_t below = 0;
    std::vector<std::uint32_t> magnitudes;
  };

  std::vector<Bracket> m_brackets;
  bool m_arePromising = true;
  bool m_tooMany = false;
};

}  // namespace layerloom
