// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include <QTest>

#include "core/support/random.h"
#include "tests/common/instruction_sets.h"

using layerloom::RandomStream;

/// The counter-based generator against the published one.
class TestRandom : public QObject {
  Q_OBJECT

 private slots:
  void referenceReproducesPublishedVectors_data();
  void referenceReproducesPublishedVectors();
  void streamIsPhilox();
  void positionsAreIndependentOfPartition();
  void halvesAreThoseOfTheNumbers();
  void namesAndSeedMatter();
  void numbersAreUniform();
  void thresholds_data();
  void thresholds();
};

namespace {

using Block = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

/// Philox4x32-10 straight from the paper.
Block philox(Block counter, Key key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

std::vector<std::uint32_t> draw(const RandomStream& stream, std::uint64_t first, std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  stream.fill(first, numbers);
  return numbers;
}

}  // namespace

Q_DECLARE_METATYPE(Block)
Q_DECLARE_METATYPE(Key)

// Random123's kat_vectors for philox4x32 with ten rounds.
void TestRandom::referenceReproducesPublishedVectors_data() {
  QTest::addColumn<Block>("counter");
  QTest::addColumn<Key>("key");
  QTest::addColumn<Block>("numbers");
  QTest::newRow("zeros") << Block{0, 0, 0, 0} << Key{0, 0} << Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  QTest::newRow("ones") << Block{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff} << Key{0xffffffff, 0xffffffff}
                        << Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
  QTest::newRow("digits of pi") << Block{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344} << Key{0xa4093822, 0x299f31d0}
                                << Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
}

void TestRandom::referenceReproducesPublishedVectors() {
  QFETCH(Block, counter);
  QFETCH(Key, key);
  QFETCH(Block, numbers);
  QVERIFY(philox(counter, key) == numbers);
}

// Key: the seed; counter: the block of four and the hash of the names. Results of earlier versions depend on this for
// ever.
void TestRandom::streamIsPhilox() {
  constexpr std::uint64_t kSeed = 0x0123456789ABCDEF;
  constexpr std::uint64_t kNames = 0xacf161319f6b2698;  // XXH3 of "model.norm.weight", seeded with XXH3 of "llama-math"
  const RandomStream stream(kSeed, "llama-math", "model.norm.weight");
  for (const std::uint64_t block : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x1'0000'0005}}) {
    const Block expected = philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                                   static_cast<std::uint32_t>(kNames), static_cast<std::uint32_t>(kNames >> 32)},
                                  {static_cast<std::uint32_t>(kSeed), static_cast<std::uint32_t>(kSeed >> 32)});
    layerloom::test::onEachInstructionSet(
        [&] { QCOMPARE(draw(stream, 4 * block, 4), std::vector<std::uint32_t>(expected.begin(), expected.end())); });
  }
}

void TestRandom::positionsAreIndependentOfPartition() {
  const RandomStream stream(7, "model", "tensor");
  const std::vector<std::uint32_t> whole = draw(stream, 0, 1003);
  layerloom::test::onEachInstructionSet([&] { QCOMPARE(draw(stream, 0, 1003), whole); });
  std::vector<std::uint32_t> pieces;
  for (const std::size_t length : {4, 40, 400, 4, 555}) {
    const std::vector<std::uint32_t> piece = draw(stream, pieces.size() / 4 * 4, length);
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  }
  QCOMPARE(pieces, whole);
  QCOMPARE(draw(stream, 1000, 3), (std::vector<std::uint32_t>(whole.end() - 3, whole.end())));
}

void TestRandom::halvesAreThoseOfTheNumbers() {
  const RandomStream stream(3, "model", "tensor");
  const std::vector<std::uint32_t> numbers = draw(stream, 0, 1000);
  layerloom::test::onEachInstructionSet([&] {
    for (const std::size_t first : {0U, 8U, 1024U}) {
      for (const std::size_t count : {0U, 1U, 7U, 8U, 63U, 333U}) {
        std::vector<std::uint16_t> halves(count);
        stream.fill(first, halves);
        for (std::size_t i = 0; i < count; ++i) {
          QCOMPARE(std::uint32_t{halves[i]}, (numbers[(first + i) / 2] >> (16 * (i % 2))) & 0xFFFF);
        }
      }
    }
  });
}

void TestRandom::namesAndSeedMatter() {
  const auto first = draw(RandomStream(1, "model", "tensor"), 0, 8);
  QCOMPARE(draw(RandomStream(1, "model", "tensor"), 0, 8), first);
  QVERIFY(draw(RandomStream(2, "model", "tensor"), 0, 8) != first);
  QVERIFY(draw(RandomStream(1, "other", "tensor"), 0, 8) != first);
  QVERIFY(draw(RandomStream(1, "model", "other"), 0, 8) != first);
  // The boundary between the names counts.
  QVERIFY(draw(RandomStream(1, "modelt", "ensor"), 0, 8) != first);
}

void TestRandom::numbersAreUniform() {
  const std::vector<std::uint32_t> numbers = draw(RandomStream(3, "model", "tensor"), 0, 100'000);
  const double sum =
      std::accumulate(numbers.begin(), numbers.end(), 0.0, [](double total, std::uint32_t x) { return total + x; });
  const double mean = sum / 4294967296.0 / 100'000;
  QVERIFY(std::abs(mean - 0.5) < 5 * 0.2887 / 316.2);  // five standard deviations of the mean
}

void TestRandom::thresholds_data() {
  QTest::addColumn<double>("probability");
  QTest::addColumn<quint64>("threshold");
  QTest::newRow("never") << 0.0 << quint64(0);
  QTest::newRow("half") << 0.5 << quint64(0x80000000);
  QTest::newRow("quarter") << 0.25 << quint64(0x40000000);
  QTest::newRow("always") << 1.0 << quint64(0x100000000);
}

void TestRandom::thresholds() {
  QFETCH(double, probability);
  QFETCH(quint64, threshold);
  QCOMPARE(static_cast<quint64>(layerloom::drawThreshold(probability)), threshold);
}

QTEST_APPLESS_MAIN(TestRandom)
#include "tst_random.moc"
