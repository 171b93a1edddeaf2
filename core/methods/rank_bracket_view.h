// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace layerloom {

struct KeyCount {
  std::uint32_t key = 0;
  std::uint32_t count = 0;
};

/// What one task has seen of a pass, for each of the two ends.
struct RankBracketView {
  struct End {
    std::uint64_t below = 0;
    std::vector<KeyCount> keys;
    std::vector<std::size_t> chunkEnds;  ///< in `keys`, one per chunk
  };
  End low;
  End high;
  std::vector<std::uint32_t> magnitudes;  ///< of all entries, where they are collected whole; then `low` has chunks only
  std::uint32_t greatest = 0;             ///< of these
  double all = 0;
  double between = 0;
  std::uint64_t zeros = 0;
  std::uint64_t entries = 0;
};

}  // namespace layerloom
