// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace layerloom {

// Loops that put entries in the order of their magnitudes or bound their place in it, compiled for several instruction sets like those of
// kernels.h, with the same bits on each. Magnitudes are bits as in selection_kernels.h.

/// Cells of magnitudes that are about even below `shift` and logarithmic above.
struct CellScale {
  float shift = 0;
  unsigned octaveBits = 6;  ///< 2^octaveBits cells from one power of two to the next of |value| + shift; the first cell begins at `shift`
  std::uint32_t last = 0;   ///< the cell of all that lies above
};
/// magnitudes ← those of the values; cells ← where they lie. Equal magnitudes come into one cell, greater ones never into a lower one, but for
/// NaN. Returns the greatest cell.
std::uint32_t takeCells(std::span<const float> values, const CellScale& scale, std::span<std::uint32_t> magnitudes,
                        std::span<std::uint16_t> cells);
/// How many magnitudes are less than that at a place, or equal and stand before it.
std::size_t rankOf(std::span<const std::uint32_t> magnitudes, std::size_t place);
/// How many are less than `bound`, which is at most one more than the greatest.
std::size_t countBelow(std::span<const std::uint32_t> magnitudes, std::uint32_t bound);

/// ranks ← the place of each magnitude in their order, equal ones in the order in which they stand. Takes time as the square of their number.
void rankAll(std::span<const std::uint32_t> magnitudes, std::span<std::uint32_t> ranks);

/// What is known of the entries of each cell of a histogram: they are chosen when their draw is below `least`, and not chosen when it is above
/// `greatest`. Both rise from cell to cell.
struct CellLimits {
  std::span<const std::uint16_t> least;
  std::span<const std::uint16_t> greatest;
};
/// bits ← whether an entry is chosen by the limits of its cell; the places of those that the limits leave open are appended to `open`.
void chooseByCell(std::span<const std::uint16_t> draws, std::span<const std::uint16_t> cells, const CellLimits& limits,
                  std::span<std::uint64_t> bits, std::vector<std::uint32_t>& open);

}  // namespace layerloom
