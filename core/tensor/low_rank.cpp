// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/low_rank.h"

#include <algorithm>
#include <cassert>
#include <vector>

// Highway compiles the part below once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/low_rank.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kRowGroup = 4;  ///< rows that share the loads of a tile
constexpr std::size_t kTile = 32;     ///< columns of a tile

#if HWY_HAVE_FLOAT64
/// sums ← the products of kRowGroup packed rows with a packed tile. Products of float32 are exact in float64, so that fused and separate
/// multiplication and addition give the same bits.
void multiplyTile(const double* HWY_RESTRICT left, const double* HWY_RESTRICT right, std::size_t rank, double* HWY_RESTRICT sums) {
  const hn::CappedTag<double, kTile / 2> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t column = 0; column < kTile; column += 2 * lanes) {
    auto sum00 = hn::Zero(d), sum01 = hn::Zero(d), sum10 = hn::Zero(d), sum11 = hn::Zero(d);
    auto sum20 = hn::Zero(d), sum21 = hn::Zero(d), sum30 = hn::Zero(d), sum31 = hn::Zero(d);
    for (std::size_t k = 0; k < rank; ++k) {
      const auto right0 = hn::LoadU(d, right + k * kTile + column);
      const auto right1 = hn::LoadU(d, right + k * kTile + column + lanes);
      const auto left0 = hn::Set(d, left[k * kRowGroup]);
      const auto left1 = hn::Set(d, left[k * kRowGroup + 1]);
      const auto left2 = hn::Set(d, left[k * kRowGroup + 2]);
      const auto left3 = hn::Set(d, left[k * kRowGroup + 3]);
      sum00 = hn::MulAdd(left0, right0, sum00);
      sum01 = hn::MulAdd(left0, right1, sum01);
      sum10 = hn::MulAdd(left1, right0, sum10);
      sum11 = hn::MulAdd(left1, right1, sum11);
      sum20 = hn::MulAdd(left2, right0, sum20);
      sum21 = hn::MulAdd(left2, right1, sum21);
      sum30 = hn::MulAdd(left3, right0, sum30);
      sum31 = hn::MulAdd(left3, right1, sum31);
    }
    double* row = sums + column;
    hn::StoreU(sum00, d, row);
    hn::StoreU(sum01, d, row + lanes);
    hn::StoreU(sum10, d, row + kTile);
    hn::StoreU(sum11, d, row + kTile + lanes);
    hn::StoreU(sum20, d, row + 2 * kTile);
    hn::StoreU(sum21, d, row + 2 * kTile + lanes);
    hn::StoreU(sum30, d, row + 3 * kTile);
    hn::StoreU(sum31, d, row + 3 * kTile + lanes);
  }
}
#else
void multiplyTile(const double* HWY_RESTRICT left, const double* HWY_RESTRICT right, std::size_t rank, double* HWY_RESTRICT sums) {
  std::fill(sums, sums + kRowGroup * kTile, 0.0);
  for (std::size_t k = 0; k < rank; ++k) {
    for (std::size_t row = 0; row < kRowGroup; ++row) {
      for (std::size_t column = 0; column < kTile; ++column) {
        sums[row * kTile + column] += left[k * kRowGroup + row] * right[k * kTile + column];
      }
    }
  }
}
#endif

/// Adds `count` columns of one row's sums.
void addSums(const double* HWY_RESTRICT sums, double scale, float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<float>(static_cast<double>(out[i]) + scale * sums[i]);
  }
}

/// As addLowRankBlock() below; the part that is compiled per instruction set. `left` is packed by groups of rows: element (row, k) of group
/// g at (g · rank + k) · kRowGroup + row. `right` has room for a tile.
void addPackedRows(const LowRankMatrix& matrix, const double* HWY_RESTRICT left, std::size_t rows, std::size_t firstColumn,
                   std::size_t columns, double* HWY_RESTRICT right, float* HWY_RESTRICT out) {
  double sums[kRowGroup * kTile];
  for (std::size_t start = 0; start < columns; start += kTile) {
    const std::size_t width = std::min(kTile, columns - start);
    for (std::size_t k = 0; k < matrix.rank; ++k) {
      const float* from = matrix.right.data() + k * matrix.columns + firstColumn + start;
      for (std::size_t i = 0; i < width; ++i) {
        right[k * kTile + i] = static_cast<double>(from[i]);
      }
    }
    for (std::size_t row = 0; row < rows; row += kRowGroup) {
      multiplyTile(left + row * matrix.rank, right, matrix.rank, sums);
      const std::size_t end = std::min(row + kRowGroup, rows);
      for (std::size_t i = row; i < end; ++i) {
        addSums(sums + (i - row) * kTile, matrix.scale, out + i * matrix.columns + start, width);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(addPackedRows);

namespace {

constexpr std::size_t kGroup = HWY_NAMESPACE::kRowGroup;
constexpr std::size_t kTileColumns = HWY_NAMESPACE::kTile;

/// Walks over the rows of a stretch of elements in blocks whose packed factors fit the caches.
class LowRankAdder {
 public:
  explicit LowRankAdder(const LowRankMatrix& matrix)
      : m_matrix(matrix),
        m_blockRows(matrix.rank <= 512 ? 64 : kGroup),
        m_left(m_blockRows * matrix.rank),
        m_right(kTileColumns * matrix.rank) {}

  /// Adds to `columns` columns from `firstColumn` on of `rows` rows from `firstRow` on; `out` is the first of these elements.
  void add(std::size_t firstRow, std::size_t rows, std::size_t firstColumn, std::size_t columns, float* out) {
    for (std::size_t done = 0; done < rows; done += m_blockRows) {
      const std::size_t block = std::min(m_blockRows, rows - done);
      pack(firstRow + done, block);
      HWY_DYNAMIC_DISPATCH(addPackedRows)
      (m_matrix, m_left.data(), block, firstColumn, columns, m_right.data(), out + done * m_matrix.columns);
    }
  }

 private:
  /// Rows missing from the last group keep what is there: their sums are never used.
  void pack(std::size_t firstRow, std::size_t rows) {
    for (std::size_t row = 0; row < rows; ++row) {
      const float* from = m_matrix.left.data() + (firstRow + row) * m_matrix.rank;
      double* to = m_left.data() + (row / kGroup) * kGroup * m_matrix.rank + row % kGroup;
      for (std::size_t k = 0; k < m_matrix.rank; ++k) {
        to[k * kGroup] = static_cast<double>(from[k]);
      }
    }
  }

  const LowRankMatrix& m_matrix;
  const std::size_t m_blockRows;
  std::vector<double> m_left;
  std::vector<double> m_right;
};

}  // namespace

void addLowRank(const LowRankMatrix& matrix, std::uint64_t first, std::span<float> out) {
  if (out.empty() || matrix.rank == 0) {
    return;
  }
  const std::size_t columns = matrix.columns;
  assert(columns > 0 && matrix.right.size() == matrix.rank * columns);
  assert((first + out.size() + columns - 1) / columns * matrix.rank <= matrix.left.size());
  LowRankAdder adder(matrix);
  std::size_t row = first / columns;
  std::size_t done = 0;
  // The rest of a row that the stretch begins inside of, whole rows, the start of a last row.
  if (const std::size_t column = first % columns; column != 0) {
    done = std::min(out.size(), columns - column);
    adder.add(row, 1, column, done, out.data());
    ++row;
  }
  const std::size_t whole = (out.size() - done) / columns;
  adder.add(row, whole, 0, columns, out.data() + done);
  done += whole * columns;
  adder.add(row + whole, done < out.size() ? 1 : 0, 0, out.size() - done, out.data() + done);
}

}  // namespace layerloom
#endif  // HWY_ONCE
