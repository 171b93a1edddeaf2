// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace layerloom {

// Loops that select entries of a task vector, compiled for several instruction sets like those of kernels.h, with the same bits on each.
//
// A magnitude is |value| as the bits of a float32, which order like it; NaN stands above infinity.

inline constexpr std::uint32_t kGreatestMagnitude = 0x7FFFFFFF;
inline std::uint32_t magnitudeBits(float value) { return std::bit_cast<std::uint32_t>(value) & kGreatestMagnitude; }

/// Magnitudes from `least` to `greatest`, both included; empty where least > greatest.
struct MagnitudeRange {
  std::uint32_t least = 0;
  std::uint32_t greatest = 0;

  bool isEmpty() const { return least > greatest; }
};

struct GatheredMagnitudes {
  std::uint64_t below = 0;  ///< how many lie below the range
  std::size_t found = 0;    ///< how many lie in it
};
/// Places of `room` behind the last value that gatherMagnitudes() may write to.
inline constexpr std::size_t kGatherSlack = 32;
/// Writes the magnitudes that lie in the range to `room`, in their order; it must have kGatherSlack places more than there are values.
GatheredMagnitudes gatherMagnitudes(std::span<const float> values, const MagnitudeRange& range, std::span<std::uint32_t> room);

/// Σ |value| of those in the range, in float64.
double sumAbsInRange(std::span<const float> values, const MagnitudeRange& range);
/// values ← values · factor where their own magnitude lies in the range, 0 elsewhere.
void keepInRange(const MagnitudeRange& range, float factor, std::span<float> values);
/// The same by the magnitudes of `keys`, which must not overlap `values`.
void keepInRange(std::span<const float> keys, const MagnitudeRange& range, float factor, std::span<float> values);

// One bit per entry, the first one in the lowest bit of the first word.

inline constexpr std::size_t kBitsPerWord = 64;
/// Words that hold the bits of `entries`.
constexpr std::size_t wordsFor(std::size_t entries) { return (entries + kBitsPerWord - 1) / kBitsPerWord; }

/// In float64.
struct AbsSums {
  double all = 0;     ///< Σ |value|
  double chosen = 0;  ///< the same over the entries whose bit is set
};
AbsSums sumAbsChosen(std::span<const float> values, std::span<const std::uint64_t> bits);
/// values ← values · factor where the bit is set, 0 elsewhere.
void keepChosen(std::span<const std::uint64_t> bits, float factor, std::span<float> values);

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
/// How many are less than `bound`.
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

/// For entries of `delta` with the sign of `total` (0 counts as +), but not 0: kept ← kept + delta and divisor ← divisor + weight.
void addAgreeing(std::span<const float> delta, std::span<const float> total, float weight, std::span<float> kept,
                 std::span<float> divisor);
/// sums ← sums / divisors where the divisor is not 0.
void divideByNonzero(std::span<const float> divisors, std::span<float> sums);
/// changes ← base + factor · changes, product and sum rounded apart; the base down to the sign of a zero where the change is 0.
void addToBase(std::span<const float> base, float factor, std::span<float> changes);

}  // namespace layerloom
