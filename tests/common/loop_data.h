// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// Numbers to try loops over entries on.

namespace layerloom::test {

/// Lengths around those of vectors and words.
inline constexpr std::size_t kLoopSizes[] = {0, 1, 3, 4, 7, 8, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1000, 4099};

std::uint32_t magnitudeOf(float value);
std::vector<std::uint32_t> bitsOf(const std::vector<float>& values);
/// Normal numbers, among them equal ones, zeros of both signs, NaN, an infinity and the greatest and the smallest magnitudes.
std::vector<float> oddValues(std::size_t size, std::uint32_t seed);
/// Even from 0 to `most`.
std::vector<std::uint32_t> draws(std::size_t size, std::uint32_t seed, std::uint32_t most = 0xFFFFFFFF);

}  // namespace layerloom::test
