// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>
#include <cmath>
#include <random>

#include <QTest>

#include "core/tensor/low_rank.h"
#include "tests/common/instruction_sets.h"
#include "tests/common/safetensors_data.h"

using layerloom::LowRankMatrix;
using layerloom::SumPrecision;
using layerloom::test::onEachInstructionSet;

/// s · L · R added to stretches of a matrix.
class TestLowRank : public QObject {
  Q_OBJECT

 private slots:
  void addsTheProduct_data();
  void addsTheProduct();
  void cutsDoNotMatter_data() { addsTheProduct_data(); }
  void cutsDoNotMatter();
  void instructionSetsDoNotMatter_data() { addsTheProduct_data(); }
  void instructionSetsDoNotMatter();
};

namespace {

struct Example {
  std::size_t rows = 0, columns = 0, rank = 0;
  std::vector<float> left, right, base;

  Example(int height, int width, int depth)
      : rows(height),
        columns(width),
        rank(depth),
        left(layerloom::test::randomValues(rows * rank, 1)),
        right(layerloom::test::randomValues(rank * columns, 2)),
        base(layerloom::test::randomValues(rows * columns, 3)) {}

  LowRankMatrix matrix(SumPrecision precision) const { return {left, right, rank, columns, 0.75, precision}; }

  std::vector<float> result(SumPrecision precision) const {
    std::vector<float> out = base;
    layerloom::addLowRank(matrix(precision), 0, out);
    return out;
  }
};

std::vector<std::uint32_t> bitsOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

}  // namespace

void TestLowRank::addsTheProduct_data() {
  QTest::addColumn<int>("rows");
  QTest::addColumn<int>("columns");
  QTest::addColumn<int>("rank");
  QTest::newRow("one element") << 1 << 1 << 1;
  QTest::newRow("a column") << 131 << 1 << 3;
  QTest::newRow("a row") << 1 << 131 << 3;
  QTest::newRow("less than a tile") << 7 << 5 << 4;
  QTest::newRow("whole tiles") << 8 << 64 << 16;
  QTest::newRow("more than a block of rows") << 137 << 33 << 5;
  QTest::newRow("a high rank") << 9 << 37 << 700;
}

void TestLowRank::addsTheProduct() {
  QFETCH(int, rows);
  QFETCH(int, columns);
  QFETCH(int, rank);
  const Example example(rows, columns, rank);
  const std::vector<float> exact = example.result(SumPrecision::Float64);
  const std::vector<float> fast = example.result(SumPrecision::Float32);
  for (std::size_t row = 0; row < example.rows; ++row) {
    for (std::size_t column = 0; column < example.columns; ++column) {
      double sum = 0;
      double magnitude = 0;
      for (std::size_t k = 0; k < example.rank; ++k) {
        const double product = double{example.left[row * example.rank + k]} * double{example.right[k * example.columns + column]};
        sum += product;
        magnitude += std::fabs(product);
      }
      const std::size_t i = row * example.columns + column;
      const double want = double{example.base[i]} + 0.75 * sum;
      QVERIFY(exact[i] == static_cast<float>(want));
      // One rounding per step at most, each of half a unit in the last place of what was summed up to there.
      QVERIFY(std::fabs(double{fast[i]} - want) <= 6e-8 * (magnitude * (rank + 1) + std::fabs(want)));
    }
  }
}

void TestLowRank::cutsDoNotMatter() {
  QFETCH(int, rows);
  QFETCH(int, columns);
  QFETCH(int, rank);
  const Example example(rows, columns, rank);
  std::mt19937 random(5);
  for (const SumPrecision precision : {SumPrecision::Float64, SumPrecision::Float32}) {
    const std::vector<std::uint32_t> whole = bitsOf(example.result(precision));
    for (const std::size_t longest : {1, 3, 40, 1000}) {
      std::vector<float> out = example.base;
      for (std::size_t first = 0; first < out.size();) {
        const std::size_t size = std::min(out.size() - first, 1 + random() % longest);
        layerloom::addLowRank(example.matrix(precision), first, std::span(out).subspan(first, size));
        first += size;
      }
      QVERIFY(bitsOf(out) == whole);
    }
  }
}

void TestLowRank::instructionSetsDoNotMatter() {
  QFETCH(int, rows);
  QFETCH(int, columns);
  QFETCH(int, rank);
  const Example example(rows, columns, rank);
  for (const SumPrecision precision : {SumPrecision::Float64, SumPrecision::Float32}) {
    const std::vector<std::uint32_t> best = bitsOf(example.result(precision));
    int sets = 0;
    onEachInstructionSet([&] {
      ++sets;
      QVERIFY(bitsOf(example.result(precision)) == best);
    });
    QVERIFY(sets > 0);
  }
}

QTEST_APPLESS_MAIN(TestLowRank)
#include "tst_low_rank.moc"
