// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/common/float_bits.h"

#include <bit>
#include <cmath>
#include <limits>

namespace layerloom::test {
namespace {

double fromBits(std::uint16_t bits, int mantissaBits, int bias) {
  const int exponentBits = 15 - mantissaBits;
  const int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
  const int mantissa = bits & ((1 << mantissaBits) - 1);
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == (1 << exponentBits) - 1) {
    return mantissa != 0 ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
  }
  const double scaled = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
  return sign * std::ldexp(scaled, (exponent == 0 ? 1 : exponent) - bias - mantissaBits);
}

/// Nearest by definition: the magnitudes of a format ascend with their bits, so the neighbours of a value are found by
/// bisection.
std::uint16_t nearestBits(float value, std::uint16_t infinity, std::uint16_t quietNan, double (&decode)(std::uint16_t),
                          double overflowAt) {
  const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
  if (std::isnan(value)) {
    return static_cast<std::uint16_t>(sign | quietNan);
  }
  const double magnitude = std::fabs(static_cast<double>(value));
  if (magnitude >= overflowAt) {
    return static_cast<std::uint16_t>(sign | infinity);
  }
  std::uint16_t low = 0;
  auto high = static_cast<std::uint16_t>(infinity - 1);
  while (low < high) {
    const auto middle = static_cast<std::uint16_t>((low + high + 1) / 2);
    if (decode(middle) <= magnitude) {
      low = middle;
    } else {
      high = static_cast<std::uint16_t>(middle - 1);
    }
  }
  if (low + 1 < infinity) {
    const double below = magnitude - decode(low);
    const double above = decode(static_cast<std::uint16_t>(low + 1)) - magnitude;
    low = static_cast<std::uint16_t>(low + (above < below || (above == below && (low & 1) != 0) ? 1 : 0));
  }
  return static_cast<std::uint16_t>(sign | low);
}

}  // namespace

double fromBf16(std::uint16_t bits) {
  return fromBits(bits, 7, 127);
}

double fromF16(std::uint16_t bits) {
  return fromBits(bits, 10, 15);
}

std::uint16_t toBf16(float value) {
  // Half a unit past the greatest finite number 2^128 − 2^120.
  return nearestBits(value, 0x7F80, 0x7FC0, fromBf16, std::ldexp(1.0, 128) - std::ldexp(1.0, 119));
}

std::uint16_t toF16(float value) {
  return nearestBits(value, 0x7C00, 0x7E00, fromF16, 65520.0);
}

int orderOf16(std::uint16_t bits) {
  const int magnitude = bits & 0x7FFF;
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

}  // namespace layerloom::test
