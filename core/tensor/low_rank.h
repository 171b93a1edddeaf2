// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace layerloom {

/// In what the sums over the rank are kept.
enum class SumPrecision {
  Float32,  ///< each step rounded once (fused); enough where the values are 16-bit numbers, and twice as fast
  Float64,  ///< products of float32 are exact, the result is rounded to float32 once
};

/// The matrix scale · left · right, of which only the factors are held: left is rows × rank, right is rank × columns, both row by row.
struct LowRankMatrix {
  std::span<const float> left;
  std::span<const float> right;
  std::size_t rank = 0;
  std::size_t columns = 0;
  double scale = 1;
  SumPrecision precision = SumPrecision::Float64;
};

/// out[i] ← out[i] + scale · Σ_k left(r, k) · right(k, c) for the elements first + i = r · columns + c of the flattened matrix. The sum
/// runs over k in order. So an element has the same bits however a matrix is cut into calls, and on every instruction set.
void addLowRank(const LowRankMatrix& matrix, std::uint64_t first, std::span<float> out);

}  // namespace layerloom
