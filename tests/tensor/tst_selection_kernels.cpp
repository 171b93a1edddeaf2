// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <QTest>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "core/tensor/selection_kernels.h"
#include "tests/common/instruction_sets.h"

namespace layerloom {
namespace {

using test::onEachInstructionSet;

std::uint32_t magnitudeOf(float value) {
  return std::bit_cast<std::uint32_t>(std::fabs(value));
}

std::vector<std::uint32_t> bitsOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  std::transform(values.begin(), values.end(), std::back_inserter(bits), [](float value) { return std::bit_cast<std::uint32_t>(value); });
  return bits;
}

/// Every kernel against a plain loop, on every instruction set, for lengths around those of vectors and words.
class TestSelectionKernels : public QObject {
  Q_OBJECT

 private slots:
  void gathersMagnitudes();
  void sumsAndKeepsARange();
  void sumsAndKeepsTheChosen();
  void choosesByCells();
  void countsMagnitudes();
  void ranksMagnitudes();
  void sortsIntoCells();
  void votes();

 private:
  std::vector<float> values(std::uint32_t seed) const;
  std::vector<std::uint32_t> draws(std::uint32_t seed, std::uint32_t most = 0xFFFFFFFF) const;
  static std::vector<std::uint16_t> halves(const std::vector<std::uint32_t>& numbers);
  std::size_t m_size = 0;
  static constexpr std::size_t kSizes[] = {0, 1, 3, 4, 7, 8, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1000, 4099};
};

std::vector<float> TestSelectionKernels::values(std::uint32_t seed) const {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> found(m_size);
  for (std::size_t i = 0; i < m_size; ++i) {
    found[i] = i % 5 == 0 ? std::round(normal(generator) * 4) / 4 : normal(generator);
  }
  const float odd[] = {0.0F, -0.0F, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::denorm_min(),
                       std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::max()};
  for (std::size_t i = 0; i < std::size(odd) && 20 * i + 9 < m_size; ++i) {
    found[20 * i + 9] = odd[i];
  }
  return found;
}

/// The lower ones.
std::vector<std::uint16_t> TestSelectionKernels::halves(const std::vector<std::uint32_t>& numbers) {
  std::vector<std::uint16_t> lower(numbers.size());
  std::transform(numbers.begin(), numbers.end(), lower.begin(), [](std::uint32_t number) { return static_cast<std::uint16_t>(number); });
  return lower;
}

std::vector<std::uint32_t> TestSelectionKernels::draws(std::uint32_t seed, std::uint32_t most) const {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<std::uint32_t> even(0, most);
  std::vector<std::uint32_t> found(m_size);
  std::generate(found.begin(), found.end(), [&] { return even(generator); });
  return found;
}

void TestSelectionKernels::gathersMagnitudes() {
  for (const std::size_t size : kSizes) {
    m_size = size;
    const std::vector<float> x = values(1);
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
  const MagnitudeRange range{magnitudeOf(0.3F), magnitudeOf(1.25F)};
  for (const std::size_t size : kSizes) {
    m_size = size;
    const std::vector<float> x = values(2);
    const std::vector<float> other = values(3);
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
      QVERIFY(std::fabs(sums.back() - sum) <= 1e-12 * sum);
      QCOMPARE(sums.back(), sums.front());
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

void TestSelectionKernels::sumsAndKeepsTheChosen() {
  for (const std::size_t size : kSizes) {
    m_size = size;
    std::vector<float> x = values(4);
    std::replace_if(x.begin(), x.end(), [](float value) { return !std::isfinite(value); }, 2.0F);
    const std::vector<std::uint32_t> drawn = draws(5);
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

void TestSelectionKernels::choosesByCells() {
  for (const std::size_t size : kSizes) {
    m_size = size;
    const std::vector<std::uint16_t> drawn = halves(draws(6));
    // One cell, as many as vectors have lanes, and more.
    for (const std::uint16_t count : std::array<std::uint16_t, 6>{1, 4, 8, 16, 17, 300}) {
      const std::vector<std::uint16_t> cells = halves(draws(7, std::uint32_t{count} - 1));
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

void TestSelectionKernels::countsMagnitudes() {
  for (const std::size_t size : kSizes) {
    m_size = size;
    std::vector<std::uint32_t> magnitudes(size);
    const std::vector<float> x = values(8);
    std::transform(x.begin(), x.end(), magnitudes.begin(), magnitudeOf);
    onEachInstructionSet([&] {
      for (const std::uint32_t bound : {magnitudeOf(0.5F), 0U, kGreatestMagnitude, kGreatestMagnitude + 1}) {
        QCOMPARE(countBelow(magnitudes, bound),
                 static_cast<std::size_t>(std::count_if(magnitudes.begin(), magnitudes.end(), [&](auto bits) { return bits < bound; })));
      }
    });
  }
}

void TestSelectionKernels::ranksMagnitudes() {
  for (const std::size_t size : kSizes) {
    m_size = size;
    std::vector<std::uint32_t> magnitudes(size);
    std::vector<float> x = values(8);
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

void TestSelectionKernels::sortsIntoCells() {
  constexpr std::uint32_t kLast = 100;
  for (const std::size_t size : kSizes) {
    m_size = size;
    const std::vector<float> x = values(8);
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

void TestSelectionKernels::votes() {
  for (const std::size_t size : kSizes) {
    m_size = size;
    const std::vector<float> delta = values(9);
    const std::vector<float> total = values(10);
    const std::vector<float> base = values(11);
    std::vector<float> kept(size, 0.25F);
    std::vector<float> divisor(size, -0.5F);
    for (std::size_t i = 0; i < size; ++i) {
      const bool agrees = total[i] >= 0 ? delta[i] > 0 : -delta[i] > 0;
      kept[i] += agrees ? delta[i] : 0.0F;
      divisor[i] += agrees ? 0.5F : 0.0F;
    }
    std::vector<float> divided(size);
    std::vector<float> added(size);
    for (std::size_t i = 0; i < size; ++i) {
      divided[i] = divisor[i] == 0 ? kept[i] : kept[i] / divisor[i];
      added[i] = delta[i] == 0 ? base[i] : base[i] + 0.3F * delta[i];
    }
    onEachInstructionSet([&] {
      std::vector<float> gotKept(size, 0.25F);
      std::vector<float> gotDivisor(size, -0.5F);
      addAgreeing(delta, total, 0.5F, gotKept, gotDivisor);
      QVERIFY(bitsOf(gotKept) == bitsOf(kept));
      QVERIFY(bitsOf(gotDivisor) == bitsOf(divisor));
      divideByNonzero(gotDivisor, gotKept);
      QVERIFY(bitsOf(gotKept) == bitsOf(divided));
      std::vector<float> gotAdded = delta;
      addToBase(base, 0.3F, gotAdded);
      QVERIFY(bitsOf(gotAdded) == bitsOf(added));
    });
  }
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestSelectionKernels)
#include "tst_selection_kernels.moc"
