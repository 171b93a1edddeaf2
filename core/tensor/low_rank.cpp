// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/low_rank.h"

#include <algorithm>
#include <cassert>
#include <type_traits>
#include <vector>

// Highway compiles the part below once per instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/low_rank.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/tensor/multiply_add-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kRowGroup = 4;  ///< rows that share the loads of a tile
constexpr std::size_t kTile = 32;     ///< columns of a tile

/// x · y + sum. For float rounded once on every instruction set; products of floats are exact in double, where it makes no difference.
inline float step(float x, float y, float sum) {
  return multiplyAdd(x, y, sum);
}
inline double step(double x, double y, double sum) {
  return x * y + sum;
}

/// sums ← the products of kRowGroup packed rows with a packed tile, element by element.
template <typename Real>
void multiplyTilePlainly(const Real* HWY_RESTRICT left, const Real* HWY_RESTRICT right, std::size_t rank, Real* HWY_RESTRICT sums) {
  std::fill(sums, sums + kRowGroup * kTile, Real{0});
  for (std::size_t k = 0; k < rank; ++k) {
    for (std::size_t row = 0; row < kRowGroup; ++row) {
      const Real factor = left[k * kRowGroup + row];
      for (std::size_t column = 0; column < kTile; ++column) {
        sums[row * kTile + column] = step(factor, right[k * kTile + column], sums[row * kTile + column]);
      }
    }
  }
}

/// Where the sums of a tile go: into a buffer, rows of kTile.
template <typename Real>
struct StoreSums {
  Real* sums;

  template <typename D, typename V>
  HWY_INLINE void operator()(D d, std::size_t row, std::size_t column, V sum) const {
    hn::StoreU(sum, d, sums + row * kTile + column);
  }
};

/// Or, scaled, onto the matrix itself.
struct AddSums {
  float scale;
  float* out;
  std::size_t stride;

  template <typename D, typename V>
  HWY_INLINE void operator()(D d, std::size_t row, std::size_t column, V sum) const {
    float* to = out + row * stride + column;
    hn::StoreU(hn::MulAdd(hn::Set(d, scale), sum, hn::LoadU(d, to)), d, to);
  }
};

/// The same with sums held in registers, for instruction sets with a fused operation.
template <typename Real, typename Put>
HWY_INLINE void multiplyTile(const Real* HWY_RESTRICT left, const Real* HWY_RESTRICT right, std::size_t rank, const Put& put) {
  const hn::CappedTag<Real, kTile / 2> d;
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
    put(d, 0, column, sum00);
    put(d, 0, column + lanes, sum01);
    put(d, 1, column, sum10);
    put(d, 1, column + lanes, sum11);
    put(d, 2, column, sum20);
    put(d, 2, column + lanes, sum21);
    put(d, 3, column, sum30);
    put(d, 3, column + lanes, sum31);
  }
}

/// Adds `count` columns of one row's sums.
template <typename Real>
void addSums(const Real* HWY_RESTRICT sums, Real scale, float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<float>(step(scale, sums[i], static_cast<Real>(out[i])));
  }
}

/// A group of at most kRowGroup rows of a tile, `width` columns of which belong to the matrix.
template <typename Real>
void addTile(const LowRankMatrix& matrix, const Real* HWY_RESTRICT left, const Real* HWY_RESTRICT right, std::size_t rows,
             std::size_t width, float* HWY_RESTRICT out) {
  const Real scale = static_cast<Real>(matrix.scale);
  Real sums[kRowGroup * kTile];
#if HWY_NATIVE_FMA && HWY_HAVE_FLOAT64
  if constexpr (std::is_same_v<Real, float>) {
    if (rows == kRowGroup && width == kTile) {
      multiplyTile(left, right, matrix.rank, AddSums{scale, out, matrix.columns});
      return;
    }
  }
  multiplyTile(left, right, matrix.rank, StoreSums<Real>{sums});
#else
  multiplyTilePlainly(left, right, matrix.rank, sums);
#endif
  for (std::size_t row = 0; row < rows; ++row) {
    addSums(sums + row * kTile, scale, out + row * matrix.columns, width);
  }
}

/// The part that is compiled per instruction set: adds to `columns` columns of some rows. `left` is packed by groups of rows: element
/// (row, k) of group g at (g · rank + k) · kRowGroup + row. `right` has room for a tile.
template <typename Real>
void addPackedRows(const LowRankMatrix& matrix, const Real* HWY_RESTRICT left, std::size_t rows, std::size_t firstColumn,
                   std::size_t columns, Real* HWY_RESTRICT right, float* HWY_RESTRICT out) {
  for (std::size_t start = 0; start < columns; start += kTile) {
    const std::size_t width = std::min(kTile, columns - start);
    for (std::size_t k = 0; k < matrix.rank; ++k) {
      const float* from = matrix.right.data() + k * matrix.columns + firstColumn + start;
      std::copy(from, from + width, right + k * kTile);
    }
    for (std::size_t row = 0; row < rows; row += kRowGroup) {
      addTile(matrix, left + row * matrix.rank, right, std::min(kRowGroup, rows - row), width, out + row * matrix.columns + start);
    }
  }
}

void addPackedFloats(const LowRankMatrix& matrix, const float* left, std::size_t rows, std::size_t firstColumn, std::size_t columns,
                     float* right, float* out) {
  addPackedRows(matrix, left, rows, firstColumn, columns, right, out);
}

void addPackedDoubles(const LowRankMatrix& matrix, const double* left, std::size_t rows, std::size_t firstColumn, std::size_t columns,
                      double* right, float* out) {
  addPackedRows(matrix, left, rows, firstColumn, columns, right, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(addPackedFloats);
HWY_EXPORT(addPackedDoubles);

namespace {

constexpr std::size_t kGroup = HWY_NAMESPACE::kRowGroup;
constexpr std::size_t kTileColumns = HWY_NAMESPACE::kTile;

void addPacked(const LowRankMatrix& matrix, const float* left, std::size_t rows, std::size_t firstColumn, std::size_t columns,
               float* right, float* out) {
  HWY_DYNAMIC_DISPATCH(addPackedFloats)(matrix, left, rows, firstColumn, columns, right, out);
}

void addPacked(const LowRankMatrix& matrix, const double* left, std::size_t rows, std::size_t firstColumn, std::size_t columns,
               double* right, float* out) {
  HWY_DYNAMIC_DISPATCH(addPackedDoubles)(matrix, left, rows, firstColumn, columns, right, out);
}

/// Walks over the rows of a stretch of elements in blocks whose packed factors fit the caches.
template <typename Real>
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
      addPacked(m_matrix, m_left.data(), block, firstColumn, columns, m_right.data(), out + done * m_matrix.columns);
    }
  }

 private:
  /// Rows missing from the last group keep what is there: their sums are never used.
  void pack(std::size_t firstRow, std::size_t rows) {
    for (std::size_t row = 0; row < rows; ++row) {
      const float* from = m_matrix.left.data() + (firstRow + row) * m_matrix.rank;
      Real* to = m_left.data() + (row / kGroup) * kGroup * m_matrix.rank + row % kGroup;
      for (std::size_t k = 0; k < m_matrix.rank; ++k) {
        to[k * kGroup] = static_cast<Real>(from[k]);
      }
    }
  }

  const LowRankMatrix& m_matrix;
  const std::size_t m_blockRows;
  std::vector<Real> m_left;
  std::vector<Real> m_right;
};

template <typename Real>
void addStretch(const LowRankMatrix& matrix, std::uint64_t first, std::span<float> out) {
  const std::size_t columns = matrix.columns;
  LowRankAdder<Real> adder(matrix);
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

}  // namespace

void addLowRank(const LowRankMatrix& matrix, std::uint64_t first, std::span<float> out) {
  if (out.empty() || matrix.rank == 0) {
    return;
  }
  assert(matrix.columns > 0 && matrix.right.size() == matrix.rank * matrix.columns);
  assert((first + out.size() + matrix.columns - 1) / matrix.columns * matrix.rank <= matrix.left.size());
  if (matrix.precision == SumPrecision::Float32) {
    addStretch<float>(matrix, first, out);
  } else {
    addStretch<double>(matrix, first, out);
  }
}

}  // namespace layerloom
#endif  // HWY_ONCE
