// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace layerloom::test {

// Scalar conversions by the definition of the formats, for comparison with the program's own.

/// The bfloat16 nearest to the value, ties to even; NaN gives a quiet NaN of the same sign.
std::uint16_t toBf16(float value);
/// The binary16 nearest to the value, ties to even; NaN gives a quiet NaN of the same sign.
std::uint16_t toF16(float value);
double fromBf16(std::uint16_t bits);
double fromF16(std::uint16_t bits);

/// A number that grows by one from one 16-bit float to the next, so that differences are units in the last place; ±0
/// are the same.
int orderOf16(std::uint16_t bits);

}  // namespace layerloom::test
