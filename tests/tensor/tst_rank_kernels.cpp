// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/tensor/rank_kernels.h"
#include "core/tensor/selection_kernels.h"
#include "tests/common/instruction_sets.h"
#include "tests/common/loop_data.h"

namespace layerloom {
namespace {

using test::draws;
using test::kLoopSizes;
using test::magnitudeOf;
using test::oddValues;
using test::onEachInstructionSet;

/// The lower ones.
std::vector<std::uint16_t> halves(const std::vector<std::uint32_t>& numbers) {
  std::vector<std::uint16_t> lower(numbers.size());
  std::transform(numbers.begin(), numbers.end(), lower.begin(), [](std::uint32_t number) { return static_cast<std::uint16_t>(number); });
  return lower;
}

/// Every kernel against a plain loop, on every instruction set, for lengths around those of vectors and words.
class TestRankKernels : public QObject {
  Q_OBJECT

 private slots:
  void choosesByCells();
  void countsMagnitudes();
  void ranksMagnitudes();
  void sortsIntoCells();
};

void TestRankKernels::choosesByCells() {
  for (const std::size_t size : kLoopSizes) {
    const std::vector<std::uint16_t> drawn = halves(draws(size, 6));
    // One cell, as many as vectors have lanes, and more.
    for (const std::uint16_t count : std::array<std::uint16_t, 6>{1, 4, 8, 16, 17, 300}) {
      const std::vector<std::uint16_t> cells = halves(draws(size, 7, std::uint32_t{count} - 1));
      std::vector<std::uint16_t> least;
      std::vector<std::uint16_t> greatest;
      for (std::uint16_t cell = 0; cell < count; ++cell) {
        least.push_back(static_cast<std::uint16_t>(0x2000 + 0xA000 / count * cell));
        greatest.push_back(static_cast<std::uint16_t>(cell % 3 == 1 && cell > 1 ? greatest.back() : least.back() + 0x1800));
      }
      std::vector<std::uint64_t> wanted(wordsFor(size));
      std::vector<std::uint32_t> wantedOpen = {4711};
      for (std::size_t i = 0; i < size; ++i) {
        wanted[i / 64] |= std::uint64_t{drawn[i] < least[cells[i]]} << (i % 64);
        if (drawn[i] >= least[cells[i]] && drawn[i] <= greatest[cells[i]]) {
          wantedOpen.push_back(static_cast<std::uint32_t>(i));
        }
      }
      onEachInstructionSet([&] {
        std::vector<std::uint64_t> bits(wordsFor(size), ~std::uint64_t{0});
        std::vector<std::uint32_t> open = {4711};
        chooseByCell(drawn, cells, {least, greatest}, bits, open);
        QCOMPARE(bits, wanted);
        QCOMPARE(open, wantedOpen);
      });
    }
  }
}

void TestRankKernels::countsMagnitudes() {
  for (const std::size_t size : kLoopSizes) {
    std::vector<std::uint32_t> magnitudes(size);
    const std::vector<float> x = oddValues(size, 8);
    std::transform(x.begin(), x.end(), magnitudes.begin(), magnitudeOf);
    onEachInstructionSet([&] {
      for (const std::uint32_t bound : {magnitudeOf(0.5F), 0U, kGreatestMagnitude, kGreatestMagnitude + 1}) {
        QCOMPARE(countBelow(magnitudes, bound),
                 static_cast<std::size_t>(std::count_if(magnitudes.begin(), magnitudes.end(), [&](auto bits) { return bits < bound; })));
      }
    });
  }
}

void TestRankKernels::ranksMagnitudes() {
  for (const std::size_t size : kLoopSizes) {
    std::vector<std::uint32_t> magnitudes(size);
    std::vector<float> x = oddValues(size, 8);
    for (float& value : x) {
      value = std::round(value * 8);
    }
    std::transform(x.begin(), x.end(), magnitudes.begin(), magnitudeOf);
    for (std::size_t i = 5; i < size; i += 11) {
      magnitudes[i] = kGreatestMagnitude;  // which a NaN may have
    }
    std::vector<std::uint32_t> order(size);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return magnitudes[a] < magnitudes[b]; });
    std::vector<std::uint32_t> expected(size);
    for (std::uint32_t rank = 0; rank < size; ++rank) {
      expected[order[rank]] = rank;
    }
    onEachInstructionSet([&] {
      std::vector<std::uint32_t> ranks(size);
      rankAll(magnitudes, ranks);
      QCOMPARE(ranks, expected);
      for (std::size_t place = 0; place < size; place += size < 100 ? 1 : 37) {
        QCOMPARE(rankOf(magnitudes, place), std::size_t{expected[place]});
      }
    });
  }
}

void TestRankKernels::sortsIntoCells() {
  constexpr std::uint32_t kLast = 100;
  for (const std::size_t size : kLoopSizes) {
    const std::vector<float> x = oddValues(size, 8);
    std::vector<std::uint32_t> wanted(size);
    std::transform(x.begin(), x.end(), wanted.begin(), magnitudeOf);
    std::vector<std::vector<std::uint16_t>> all;
    onEachInstructionSet([&] {
      std::vector<std::uint32_t> magnitudes(size);
      std::vector<std::uint16_t> cells(size);
      const std::uint32_t greatest = takeCells(x, {0.5F, 6, kLast}, magnitudes, cells);
      QCOMPARE(magnitudes, wanted);
      QCOMPARE(greatest, size == 0 ? 0U : std::uint32_t{*std::max_element(cells.begin(), cells.end())});
      for (std::size_t i = 0; i < size; ++i) {
        // 64 cells from 0.5 to 1, which are the magnitudes from 0 to 0.5.
        const double place = std::abs(double{x[i]}) < 0.5 ? std::abs(double{x[i]}) * 128 : kLast;
        QVERIFY(std::isnan(x[i]) || (std::abs(double{x[i]}) < 0.5 ? std::abs(cells[i] - place) <= 1 : cells[i] >= 63 && cells[i] <= kLast));
        for (std::size_t other = 0; other < i; ++other) {
          QVERIFY(wanted[other] != wanted[i] || cells[other] == cells[i]);
          QVERIFY(std::isnan(x[i]) || std::isnan(x[other]) || wanted[other] > wanted[i] || cells[other] <= cells[i]);
        }
      }
      all.push_back(cells);
    });
    for (const std::vector<std::uint16_t>& cells : all) {
      QCOMPARE(cells, all.front());
    }
  }
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestRankKernels)
#include "tst_rank_kernels.moc"
