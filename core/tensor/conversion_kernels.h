// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/tensor/dtype.h"

namespace layerloom {

// Stored numbers to float32 and back, compiled for several instruction sets like the loops of kernels.h, with the same bits on each.

/// Elements of a mergeable type to float32: exact for F32, F16 and BF16; F64 is rounded to nearest even. Signalling NaNs become
/// quiet ones, payload bits may change. `bytes` holds out.size() elements, at any address.
void decode(DType type, const std::byte* bytes, std::span<float> out);

/// float32 to elements of a mergeable type, rounded to nearest even; too large values become infinite, NaN stays NaN.
void encode(DType type, std::span<const float> values, std::byte* bytes);

/// values ← the nearest numbers of `type`: what a conversion to it and back leaves.
void roundTo(DType type, std::span<float> values);

/// What is odd about some values, and how long they are as a vector.
struct Survey {
  std::uint64_t nans = 0;
  std::uint64_t infinities = 0;
  double squares = 0;  ///< Σ x² over the finite values, to a few parts in 10⁶

  Survey& operator+=(const Survey& other);
};
/// Much faster where all values are finite.
Survey survey(std::span<const float> x);
/// decode() and the survey of what it gives, in one pass over numbers of BF16.
Survey decodeSurveyed(DType type, const std::byte* bytes, std::span<float> out);
/// encode() and the survey of the values that it takes, in one pass where they become numbers of BF16.
Survey encodeSurveyed(DType type, std::span<const float> values, std::byte* bytes);

}  // namespace layerloom
