// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "core/tensor/narrow_delta_kernels.h"
#include "tests/common/instruction_sets.h"
#include "tests/common/safetensors_data.h"

using namespace layerloom;
using namespace layerloom::test;

/// Loops over differences against plain ones, with the same bits on each instruction set.
class TestDeltaKernels : public QObject {
  Q_OBJECT

 private slots:
  void sumsOfDeltas();
  void sumsOfPairs();
  void magnitudesAreGathered();
  void equalOnesAreDropped();
  void deltasAreNarrowed();
  void narrowDeltasHaveTheSameSums();
  void longDifferencesAreNotNarrow_data();
  void longDifferencesAreNotNarrow();

 private:
  template <class T>
  void gathersAs();
};

namespace {

/// Lengths around the lanes of every instruction set.
const std::vector<std::size_t> kLengths = {0, 1, 7, 15, 16, 17, 31, 33, 1000};

std::vector<double> wide(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

/// Numbers as a 16-bit model has them.
std::vector<float> coarse(std::size_t length, std::uint32_t seed) {
  std::vector<float> values = randomValues(length, seed);
  for (float& value : values) {
    value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) & 0xFFFF0000U);
  }
  return values;
}

void verifySame(const DeltaFigures& found, const DeltaFigures& expected) {
  QCOMPARE(found.squares, expected.squares);
  QCOMPARE(found.sum, expected.sum);
  QCOMPARE(found.baseDot, expected.baseDot);
  QCOMPARE(found.greatest, expected.greatest);
  QCOMPARE(found.zeros, expected.zeros);
}

void verifySame(const PairFigures& found, const PairFigures& expected) {
  QCOMPARE(found.dot, expected.dot);
  QCOMPARE(found.weight, expected.weight);
  QCOMPARE(found.oppositeWeight, expected.oppositeWeight);
  QCOMPARE(found.both, expected.both);
  QCOMPARE(found.opposite, expected.opposite);
}

bool isNear(double found, double expected) {
  return std::abs(found - expected) <= 1e-12 * std::max(1.0, std::abs(expected));
}

}  // namespace

void TestDeltaKernels::sumsOfDeltas() {
  for (const std::size_t length : kLengths) {
    std::vector<float> model = randomValues(length, 1);
    const std::vector<double> base = wide(randomValues(length, 2));
    if (length > 3) {
      model[3] = static_cast<float>(base[3]);
    }
    DeltaFigures expected;
    std::vector<double> deltas(length);
    for (std::size_t i = 0; i < length; ++i) {
      const double delta = static_cast<double>(model[i]) - base[i];
      deltas[i] = delta;
      expected.squares += delta * delta;
      expected.sum += delta;
      expected.baseDot += base[i] * delta;
      expected.greatest = std::max(expected.greatest, std::abs(delta));
      expected.zeros += delta == 0 ? 1 : 0;
    }
    std::vector<DeltaFigures> all;
    onEachInstructionSet([&] {
      std::vector<double> delta(length);
      all.push_back(takeDeltas(model, base, delta));
      QCOMPARE(delta, deltas);
      QCOMPARE(deltaFigures(base, delta).squares, all.back().squares);
    });
    for (const DeltaFigures& found : all) {
      QVERIFY(isNear(found.squares, expected.squares) && isNear(found.sum, expected.sum) && isNear(found.baseDot, expected.baseDot));
      QCOMPARE(found.greatest, expected.greatest);
      QCOMPARE(found.zeros, expected.zeros);
      QCOMPARE(found.squares, all.front().squares);
      QCOMPARE(found.sum, all.front().sum);
      QCOMPARE(found.baseDot, all.front().baseDot);
    }
  }
}

void TestDeltaKernels::sumsOfPairs() {
  for (const std::size_t length : kLengths) {
    std::vector<double> a = wide(randomValues(length, 3));
    const std::vector<double> b = wide(randomValues(length, 4));
    if (length > 6) {
      a[6] = 0;
    }
    PairFigures expected;
    for (std::size_t i = 0; i < length; ++i) {
      const double less = std::min(std::abs(a[i]), std::abs(b[i]));
      expected.dot += a[i] * b[i];
      expected.weight += less;
      expected.both += a[i] != 0 && b[i] != 0 ? 1 : 0;
      if (a[i] * b[i] < 0) {
        expected.oppositeWeight += less;
        ++expected.opposite;
      }
    }
    std::vector<PairFigures> all;
    onEachInstructionSet([&] { all.push_back(pairFigures(a, b)); });
    for (const PairFigures& found : all) {
      QVERIFY(isNear(found.dot, expected.dot) && isNear(found.weight, expected.weight) && isNear(found.oppositeWeight, expected.oppositeWeight));
      QCOMPARE(found.both, expected.both);
      QCOMPARE(found.opposite, expected.opposite);
      QCOMPARE(found.dot, all.front().dot);
      QCOMPARE(found.oppositeWeight, all.front().oppositeWeight);
    }
  }
}

void TestDeltaKernels::magnitudesAreGathered() {
  gathersAs<double>();
  gathersAs<float>();
}

template <class T>
void TestDeltaKernels::gathersAs() {
  for (const std::size_t length : kLengths) {
    const std::vector<float> random = randomValues(length, 5);
    const std::vector<T> values(random.begin(), random.end());
    std::vector<T> expected;
    double squares = 0;
    for (const double value : values) {
      if (std::abs(value) >= 0.25 && std::abs(value) <= 0.75) {
        expected.push_back(static_cast<T>(std::abs(value)));
        squares += std::abs(value) > 0.5 ? value * value : 0;
      }
    }
    onEachInstructionSet([&] {
      const auto gather = [](std::span<const T> from, double least, double greatest, std::vector<T>& room) {
        return gatherMagnitudes(from, static_cast<T>(least), static_cast<T>(greatest), room);
      };
      std::vector<T> room(length + kGatherSlack);
      const std::size_t found = gather(values, 0.25, 0.75, room);
      QCOMPARE(std::vector<T>(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(found)), expected);
      const SumAbove sum = sumAbove(std::span<const T>(room).first(found), static_cast<T>(0.5));
      QVERIFY(isNear(sum.squares, squares));
      // In place, as one share is taken from another.
      const std::size_t left = gather(std::span<const T>(room).first(found), 0.5, 0.75, room);
      QCOMPARE(sum.count, left);
    });
  }
}

void TestDeltaKernels::equalOnesAreDropped() {
  for (const std::size_t length : kLengths) {
    std::vector<float> values = randomValues(length, 8);
    for (float& value : values) {
      value = std::round(value * 2);
    }
    std::vector<float> expected = values;
    std::erase(expected, 1.0F);
    const std::vector<double> expectedWide = wide(expected);
    onEachInstructionSet([&] {
      std::vector<float> narrow = values;
      narrow.resize(dropEqual(narrow, 1.0F));
      QCOMPARE(narrow, expected);
      std::vector<double> doubles = wide(values);
      doubles.resize(dropEqual(doubles, 1.0));
      QCOMPARE(doubles, expectedWide);
    });
  }
}

void TestDeltaKernels::narrowDeltasHaveTheSameSums() {
  for (const std::size_t length : kLengths) {
    const std::vector<float> base = coarse(length, 9);
    std::array<std::vector<float>, 2> models = {coarse(length, 10), coarse(length, 11)};
    if (length > 5) {
      models[0][5] = base[5];
      models[1][2] = -models[1][2];
    }
    std::array<std::vector<double>, 2> wideDeltas = {std::vector<double>(length), std::vector<double>(length)};
    std::array<DeltaFigures, 2> expected;
    for (std::size_t i = 0; i < models.size(); ++i) {
      expected[i] = takeDeltas(models[i], wide(base), wideDeltas[i]);
    }
    const PairFigures expectedPair = pairFigures(wideDeltas[0], wideDeltas[1]);
    std::vector<float> magnitudes(length);
    std::vector<std::uint8_t> expectedBins(length);
    QVERIFY(narrowDeltas(wideDeltas[0], -8, magnitudes, expectedBins));
    onEachInstructionSet([&] {
      std::array<std::vector<float>, 2> deltas = {std::vector<float>(length), std::vector<float>(length)};
      for (std::size_t i = 0; i < models.size(); ++i) {
        const auto found = takeNarrowDeltas(models[i], base, deltas[i]);
        QVERIFY(found.has_value());
        verifySame(*found, expected[i]);
        QCOMPARE(wide(deltas[i]), wideDeltas[i]);
      }
      verifySame(pairFigures(std::span<const float>(deltas[0]), deltas[1]), expectedPair);
      QCOMPARE(sumSquares(std::span<const float>(base)), sumSquares(wide(base)));
      std::vector<std::uint8_t> bins(length);
      takeBins(deltas[0], -8, bins);
      QCOMPARE(bins, expectedBins);
    });
  }
}

void TestDeltaKernels::longDifferencesAreNotNarrow_data() {
  QTest::addColumn<float>("model");
  QTest::addColumn<float>("base");
  QTest::newRow("small base") << 1.0F << 0x1p-30F;
  QTest::newRow("small model") << 0x1p-30F << 1.0F;
  QTest::newRow("one digit too many") << 0x1.000002p0F << 0x1.8p-24F;
  QTest::newRow("too great") << 0x1.fep127F << -0x1.fep127F;
  QTest::newRow("infinite model") << std::numeric_limits<float>::infinity() << 1.0F;
  QTest::newRow("both infinite") << std::numeric_limits<float>::infinity() << std::numeric_limits<float>::infinity();
  QTest::newRow("no number") << std::numeric_limits<float>::quiet_NaN() << 1.0F;
  QTest::newRow("no number in the base") << 1.0F << std::numeric_limits<float>::quiet_NaN();
}

void TestDeltaKernels::longDifferencesAreNotNarrow() {
  QFETCH(float, model);
  QFETCH(float, base);
  constexpr std::size_t kLength = 37;
  for (std::size_t place = 0; place < kLength; ++place) {
    std::vector<float> bases = coarse(kLength, 12);
    std::vector<float> models = bases;
    bases[place] = base;
    models[place] = model;
    onEachInstructionSet([&] {
      std::vector<float> delta(kLength);
      QVERIFY(!takeNarrowDeltas(models, bases, delta));
    });
  }
}

void TestDeltaKernels::deltasAreNarrowed() {
  constexpr int kLeast = -8;
  for (const std::size_t length : kLengths) {
    for (const double finer : {0.0, 1e-12}) {
      std::vector<double> delta = wide(randomValues(length, 6));
      if (length > 8) {
        delta[1] = -0.0;
        delta[3] = std::ldexp(-1.5, 70);
        delta[4] = std::ldexp(1, -100);
        delta[7] += finer;
      }
      std::array<std::uint64_t, kExponentBins> expected = {};
      for (const double value : delta) {
        ++expected[static_cast<std::size_t>(value == 0 ? 0 : std::clamp(std::ilogb(value) - kLeast, 0, 63))];
      }
      onEachInstructionSet([&] {
        std::vector<float> narrow(length);
        std::vector<std::uint8_t> bins(length);
        QCOMPARE(narrowDeltas(delta, kLeast, narrow, bins), finer == 0 || length <= 8);
        for (std::size_t i = 0; i < length; ++i) {
          QCOMPARE(narrow[i], static_cast<float>(std::abs(delta[i])));
        }
        std::array<std::uint64_t, kExponentBins> counts = {};
        countBins(bins, counts);
        QCOMPARE(counts, expected);
      });
    }
  }
}

QTEST_GUILESS_MAIN(TestDeltaKernels)
#include "tst_delta_kernels.moc"
