// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>
#include <vector>

#include "core/tensor/delta_kernels.h"
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
  void deltasAreNarrowed();

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
