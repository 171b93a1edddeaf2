// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace layerloom {

/// A stream of uniform random numbers addressed by position: Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3",
/// SC 2011) keyed by seed and by the names of a model and a tensor. The number at a position depends on nothing
/// else, so any partition of a tensor over threads, chunks or resumed runs draws the same numbers.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view model, std::string_view tensor) noexcept;

  /// Fills `out` with the 32-bit numbers at positions first, first + 1, …; `first` must be a multiple of 4.
  void fill(std::uint64_t first, std::span<std::uint32_t> out) const noexcept;
  /// The same with 16-bit numbers, two of which are the halves of one of 32 bits, the lower one first; `first` must be a multiple of 8.
  void fill(std::uint64_t first, std::span<std::uint16_t> out) const noexcept;

 private:
  std::uint64_t m_key;
  std::uint64_t m_stream;
};

/// The threshold below which a 32-bit number is drawn with the given probability in [0, 1]. 2^32 means always.
std::uint64_t drawThreshold(double probability) noexcept;

}  // namespace layerloom
