// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/tensor/selection_kernels.h"
#include "tests/common/instruction_sets.h"
#include "tests/common/loop_data.h"

namespace layerloom {
namespace {

using test::bitsOf;
using test::draws;
using test::kLoopSizes;
using test::magnitudeOf;
using test::oddValues;
using test::onEachInstructionSet;

/// Every kernel against a plain loop, on every instruction set, for lengths around those of vectors and words.
class TestSelectionKernels : public QObject {
  Q_OBJECT

 private slots:
  void gathersMagnitudes();
  void sumsAndKeepsARange();
  void sumsAndKeepsTheChosen();
};

void TestSelectionKernels::gathersMagnitudes() {
  for (const std::size_t size : kLoopSizes) {
    const std::vector<float> x = oddValues(size, 1);
    for (const auto& range : {MagnitudeRange{0, 0x7FFFFFFF}, MagnitudeRange{magnitudeOf(0.5F), magnitudeOf(0.75F)},
                              MagnitudeRange{0, 0}, MagnitudeRange{magnitudeOf(0.25F), magnitudeOf(0.25F)}}) {
      std::vector<std::uint32_t> wanted;
      std::uint64_t below = 0;
      for (const float value : x) {
        const std::uint32_t bits = magnitudeOf(value);
        below += bits < range.least ? 1 : 0;
        if (bits >= range.least && bits <= range.greatest) {
          wanted.push_back(bits);
        }
      }
      onEachInstructionSet([&] {
        std::vector<std::uint32_t> room(size + kGatherSlack);
        const GatheredMagnitudes got = gatherMagnitudes(x, range, room);
        room.resize(got.found);
        QCOMPARE(got.below, below);
        QCOMPARE(room, wanted);
      });
    }
  }
}

void TestSelectionKernels::sumsAndKeepsARange() {
  for (const std::uint32_t greatest : {magnitudeOf(1.25F), kGreatestMagnitude + 1}) {
    const MagnitudeRange range{magnitudeOf(0.3F), greatest};
    for (const std::size_t size : kLoopSizes) {
      const std::vector<float> x = oddValues(size, 2);
      const std::vector<float> other = oddValues(size, 3);
      double sum = 0;
      std::vector<float> own(size);
      std::vector<float> keyed(size);
      for (std::size_t i = 0; i < size; ++i) {
        const bool inside = magnitudeOf(x[i]) >= range.least && magnitudeOf(x[i]) <= range.greatest;
        sum += inside ? static_cast<double>(std::fabs(x[i])) : 0.0;
        own[i] = inside ? x[i] * 1.5F : 0.0F;
        keyed[i] = inside ? other[i] * 1.5F : 0.0F;
      }
      std::vector<double> sums;
      onEachInstructionSet([&] {
        sums.push_back(sumAbsInRange(x, range));
        QCOMPARE(std::isfinite(sums.back()), std::isfinite(sum));
        if (std::isfinite(sum)) {
          QVERIFY(std::fabs(sums.back() - sum) <= 1e-12 * sum);
          QCOMPARE(sums.back(), sums.front());
        }
        std::vector<float> got = x;
        keepInRange(range, 1.5F, got);
        QVERIFY(bitsOf(got) == bitsOf(own));
        got = other;
        keepInRange(x, range, 1.5F, got);
        QVERIFY(bitsOf(got) == bitsOf(keyed));
        keepInRange({1, 0}, 1.5F, got);
        QCOMPARE(got, std::vector<float>(size));
        QCOMPARE(sumAbsInRange(x, {1, 0}), 0.0);
      });
    }
  }
}

void TestSelectionKernels::sumsAndKeepsTheChosen() {
  for (const std::size_t size : kLoopSizes) {
    std::vector<float> x = oddValues(size, 4);
    std::replace_if(x.begin(), x.end(), [](float value) { return !std::isfinite(value); }, 2.0F);
    const std::vector<std::uint32_t> drawn = draws(size, 5);
    for (const std::uint32_t last : {0U, 0x40000000U, 0x7FFFFFFFU, 0x80000000U, 0xC0000000U, 0xFFFFFFFFU}) {
      std::vector<std::uint64_t> bits(wordsFor(size));
      std::vector<float> kept(size);
      double all = 0;
      double sum = 0;
      for (std::size_t i = 0; i < size; ++i) {
        const bool chosen = drawn[i] <= last;
        bits[i / 64] |= std::uint64_t{chosen} << (i % 64);
        kept[i] = chosen ? x[i] * 0.7F : 0.0F;
        all += static_cast<double>(std::fabs(x[i]));
        sum += chosen ? static_cast<double>(std::fabs(x[i])) : 0.0;
      }
      std::vector<AbsSums> sums;
      onEachInstructionSet([&] {
        sums.push_back(sumAbsChosen(x, bits));
        QVERIFY(std::fabs(sums.back().all - all) <= 1e-12 * all);
        QVERIFY(std::fabs(sums.back().chosen - sum) <= 1e-12 * sum);
        QCOMPARE(sums.back().all, sums.front().all);
        QCOMPARE(sums.back().chosen, sums.front().chosen);
        std::vector<float> got = x;
        keepChosen(bits, 0.7F, got);
        QVERIFY(bitsOf(got) == bitsOf(kept));
      });
    }
  }
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestSelectionKernels)
#include "tst_selection_kernels.moc"
