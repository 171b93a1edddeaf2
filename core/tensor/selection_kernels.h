// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace layerloom {

// Loops that select entries of a task vector, compiled for several instruction sets like those of kernels.h, with the same bits on each.
//
// A magnitude is |value| as the bits of a float32, which order like it; NaN stands above infinity.

inline constexpr std::uint32_t kGreatestMagnitude = 0x7FFFFFFF;
inline std::uint32_t magnitudeBits(float value) { return std::bit_cast<std::uint32_t>(value) & kGreatestMagnitude; }

/// Magnitudes from `least` to `greatest`, both included; empty where least > greatest. The least is a magnitude, the greatest may lie beyond all.
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
/// The same by the magnitudes of `keys`, which must not overlap `values` in part.
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

}  // namespace layerloom
