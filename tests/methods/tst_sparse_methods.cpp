// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <numeric>

#include "core/support/random.h"
#include "tests/methods/method_driver.h"

namespace layerloom {
namespace {

/// δ without its smallest and largest entries, by sorting.
Values middle(const Values& delta, double density, double gamma) {
  const double n = static_cast<double>(delta.size());
  const auto kept = static_cast<std::size_t>(density * n);
  const auto top = static_cast<std::size_t>(gamma * n);
  const std::size_t bottom = kept + top >= delta.size() ? 0 : delta.size() - kept - top;
  std::vector<std::size_t> order(delta.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::fabs(delta[a]) < std::fabs(delta[b]); });
  Values out(delta.size(), 0.0F);
  for (std::size_t at = bottom; at < bottom + kept; ++at) {
    out[order[at]] = delta[order[at]];
  }
  return out;
}

double sumOf(const Values& values) {
  return std::accumulate(values.begin(), values.end(), 0.0, [](double sum, float value) { return sum + std::fabs(value); });
}

class TestSparseMethods : public QObject {
  Q_OBJECT

 private slots:
  void breadcrumbsKeepsTheMiddle_data();
  void breadcrumbsKeepsTheMiddle();
  void breadcrumbsRescales();
  void breadcrumbsElectsTheSign();
  void dareComparesDigits_data();
  void dareComparesDigits();
  void dellaKeepsByRank_data();
  void dellaKeepsByRank();
  void dellaRescalesToTheWholeSum();
  void dellaDrawsTheSameOnAnyPartition();
  void dellaRefusesProbabilitiesOutsideTheirRange_data();
  void dellaRefusesProbabilitiesOutsideTheirRange();
  void dellaRefusesRowsThatDoNotFit();
};

void TestSparseMethods::breadcrumbsKeepsTheMiddle_data() {
  QTest::addColumn<double>("density");
  QTest::addColumn<double>("gamma");
  QTest::addColumn<bool>("coarse");
  for (const auto& [density, gamma] : {std::pair{0.9, 0.01}, std::pair{0.5, 0.2}, std::pair{0.1, 0.0}, std::pair{0.6, 0.9},
                                       std::pair{0.000004, 0.5}, std::pair{0.00000001, 0.1}, std::pair{0.999, 0.0005}, std::pair{1.0, 0.1}}) {
    QTest::addRow("%g %g distinct", density, gamma) << density << gamma << false;
    QTest::addRow("%g %g many equal", density, gamma) << density << gamma << true;
  }
}

void TestSparseMethods::breadcrumbsKeepsTheMiddle() {
  QFETCH(double, density);
  QFETCH(double, gamma);
  QFETCH(bool, coarse);
  Values delta = randomValues(2 * kChunkElements + 4321, 1);
  if (coarse) {
    std::for_each(delta.begin(), delta.end(), [](float& value) { value = std::round(value * 4) / 4; });
  }
  const std::vector<Values> inputs = {Values(delta.size(), 0.0F), delta};
  MergeSettings settings = settingsFor("breadcrumbs", inputs);
  set(settings, 1, "density", density);
  set(settings, 1, "gamma", gamma);
  const Values wanted = middle(delta, density, gamma);
  QCOMPARE(merged(settings, inputs, 1), density >= 1 ? delta : wanted);
  QCOMPARE(merged(settings, inputs, 16), density >= 1 ? delta : wanted);
  // Whatever a sample holds, the same entries are kept.
  QCOMPARE(merged(settings, inputs, 3, Sample::None), density >= 1 ? delta : wanted);
  QCOMPARE(merged(settings, inputs, 3, Sample::Misleading), density >= 1 ? delta : wanted);
}

void TestSparseMethods::breadcrumbsRescales() {
  for (const float step : {0.0F, 0.5F}) {
    Values delta = randomValues(200'000, 2);
    if (step > 0) {
      std::for_each(delta.begin(), delta.end(), [&](float& value) { value = std::round(value / step) * step; });
    }
    const std::vector<Values> inputs = {Values(delta.size(), 0.0F), delta};
    MergeSettings settings = settingsFor("breadcrumbs", inputs);
    set(settings, 1, "density", 0.37);
    set(settings, 1, "gamma", 0.1);
    set(settings, "rescale", true);
    const Values kept = middle(delta, 0.37, 0.1);
    const double factor = sumOf(delta) / sumOf(kept);
    const Values out = merged(settings, inputs);
    for (std::size_t i = 0; i < out.size(); ++i) {
      QVERIFY2(std::abs(out[i] - factor * kept[i]) <= 1e-6 * std::abs(factor * kept[i]), std::to_string(i).c_str());
    }
  }
}

void TestSparseMethods::breadcrumbsElectsTheSign() {
  const std::vector<Values> inputs = {{10, 10, 10, 10}, {12, 11, 12, 10}, {14, 7, 8, 10}};
  QCOMPARE(merged(settingsFor("breadcrumbs_ties", inputs), inputs), (Values{16, 7, 12, 10}));
  QCOMPARE(merged(settingsFor("breadcrumbs", inputs), inputs), (Values{16, 8, 10, 10}));
}

void TestSparseMethods::dareComparesDigits_data() {
  QTest::addColumn<double>("density");
  for (const double density : {0.5, 0.25, 0.875, 0.3, 1.0 / 3, 0.0001, 0.99999, std::ldexp(1.0, -32), 1 - std::ldexp(1.0, -34)}) {
    QTest::addRow("%g", density) << density;
  }
}

/// An entry is kept when its whole random number, put together from all its digits, is below the density.
void TestSparseMethods::dareComparesDigits() {
  QFETCH(double, density);
  constexpr std::size_t kCount = 50'001;
  const std::vector<Values> inputs = {Values(kCount, 0.0F), Values(kCount, 1.0F)};
  MergeSettings settings = settingsFor("dare_linear", inputs);
  set(settings, 1, "density", density);
  set(settings, "rescale", false);
  settings.seed = 9;

  std::vector<std::uint64_t> numbers(kCount);
  const RandomStream stream(settings.seed, settings.inputs[1].model, settings.tensor);
  for (std::uint64_t digit = 0; digit < 32; ++digit) {
    std::vector<std::uint32_t> digits((kCount + 127) / 128 * 4);
    stream.fill(digit << 59, digits);
    for (std::size_t i = 0; i < kCount; ++i) {
      numbers[i] = numbers[i] << 1 | ((digits[i / 32] >> (i % 32)) & 1);
    }
  }
  Values wanted(kCount);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    wanted[i] = numbers[i] < std::min<std::uint64_t>(drawThreshold(density), 0xFFFFFFFF) ? 1 : 0;
    kept += wanted[i] != 0 ? 1 : 0;
  }
  for (const Narrowing narrowing : {Narrowing::ToNearest, Narrowing::ToOdd}) {
    settings.narrowing = narrowing;
    QVERIFY(sameBits(merged(settings, inputs, 1), wanted));
    QVERIFY(sameBits(merged(settings, inputs, 3), wanted));
  }
  const double expected = density * static_cast<double>(kCount);
  QVERIFY(std::abs(static_cast<double>(kept) - expected) <= 5 * std::sqrt(expected * (1 - density)) + 1);
}

void TestSparseMethods::dellaKeepsByRank_data() {
  QTest::addColumn<std::string>("method");
  QTest::addColumn<std::vector<std::uint64_t>>("shape");
  QTest::addColumn<float>("quantum");  // of the task vector's entries; 0: none
  QTest::newRow("matrix") << std::string("della_linear") << std::vector<std::uint64_t>{4000, 101} << 0.0F;
  QTest::newRow("short rows") << std::string("della") << std::vector<std::uint64_t>{80'000, 5} << 0.0F;
  QTest::newRow("rows of 1501") << std::string("della") << std::vector<std::uint64_t>{300, 1501} << 0.0F;
  QTest::newRow("rows of 5000") << std::string("della") << std::vector<std::uint64_t>{80, 5000} << 0.0F;
  QTest::newRow("vector") << std::string("della") << std::vector<std::uint64_t>{400'003} << 0.0F;
  QTest::newRow("three axes") << std::string("della_linear") << std::vector<std::uint64_t>{500, 41, 20} << 0.0F;
  QTest::newRow("three axes, many cells") << std::string("della") << std::vector<std::uint64_t>{40, 500, 20} << 0.0F;
  QTest::newRow("equal magnitudes") << std::string("della") << std::vector<std::uint64_t>{400, 1000} << 0.02F;
  QTest::newRow("mostly zero, sorted by counting") << std::string("della") << std::vector<std::uint64_t>{200, 2000} << 1.5F;
}

void TestSparseMethods::dellaKeepsByRank() {
  QFETCH(std::string, method);
  QFETCH(std::vector<std::uint64_t>, shape);
  QFETCH(float, quantum);
  const std::size_t count = std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  const std::size_t length = shape.size() == 1 ? count : shape[1];
  const std::size_t stride = shape.size() < 3 ? 1 : shape[2];
  Values delta = randomValues(count, 3);
  if (quantum > 0) {
    std::transform(delta.begin(), delta.end(), delta.begin(), [&](float value) { return std::round(value / quantum) * quantum; });
  }
  const std::vector<Values> inputs = {Values(count, 0.0F), delta};
  MergeSettings settings = settingsFor(method.c_str(), inputs, shape);
  set(settings, 1, "density", 0.4);
  set(settings, 1, "epsilon", 0.3);
  set(settings, "rescale", false);
  settings.seed = 5;
  const Values out = merged(settings, inputs);

  // Of the number of 32 bits for an entry, the lower half stands behind all upper ones.
  const RandomStream stream(settings.seed, settings.inputs[1].model, settings.tensor);
  std::vector<std::uint16_t> upper(count);
  std::vector<std::uint16_t> lower(count);
  stream.fill(0, upper);
  stream.fill(std::uint64_t{1} << 63, lower);
  std::size_t byLowerHalf = 0;
  // In tenths of the ranks: how many were to be kept, and how many were.
  std::array<double, 10> expected{};
  std::array<double, 10> variance{};
  std::array<double, 10> kept{};
  for (std::size_t row = 0; row < count / length; ++row) {
    const std::size_t start = row / stride * length * stride + row % stride;
    std::vector<std::size_t> order(length);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::fabs(delta[start + a * stride]) < std::fabs(delta[start + b * stride]);
    });
    for (std::size_t rank = 0; rank < length; ++rank) {
      const double probability = 0.1 + 0.6 * static_cast<double>(rank) / static_cast<double>(length - 1);
      const std::size_t tenth = rank * 10 / length;
      const std::size_t at = start + order[rank] * stride;
      const std::uint64_t number = (std::uint64_t{upper[at]} << 16) | lower[at];
      const std::uint64_t threshold = drawThreshold(probability);
      // A probability is formed in another order of operations there, and may lie beside this one by a unit in the last of 32 places.
      if (number + 1 < threshold || number > threshold) {
        QCOMPARE(out[at], number < threshold ? delta[at] : 0.0F);
      }
      byLowerHalf += upper[at] == threshold >> 16 ? 1 : 0;
      expected[tenth] += probability;
      variance[tenth] += probability * (1 - probability);
      kept[tenth] += number < threshold ? 1 : 0;
    }
  }
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    QVERIFY2(std::abs(kept[tenth] - expected[tenth]) <= 5 * std::sqrt(variance[tenth]), std::to_string(tenth).c_str());
  }
  QVERIFY(byLowerHalf > 0);
}

void TestSparseMethods::dellaRescalesToTheWholeSum() {
  const Values delta = randomValues(300'000, 4);
  const std::vector<Values> inputs = {Values(delta.size(), 0.0F), delta};
  MergeSettings settings = settingsFor("della_linear", inputs, {100, 3000});
  set(settings, 1, "density", 0.5);
  const Values out = merged(settings, inputs);
  Values kept = delta;
  for (std::size_t i = 0; i < out.size(); ++i) {
    kept[i] = out[i] != 0 ? delta[i] : 0;
  }
  const double factor = sumOf(delta) / sumOf(kept);
  QVERIFY(factor > 1.3 && factor < 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    QVERIFY(std::abs(out[i] - factor * kept[i]) <= 1e-6 * std::abs(factor * kept[i]));
  }
}

void TestSparseMethods::dellaDrawsTheSameOnAnyPartition() {
  // Rows of 1333: chunks do not begin at multiples of eight.
  const std::vector<Values> inputs = family(2, 300ULL * 1333, 5);
  MergeSettings settings = settingsFor("della", inputs, {300, 1333});
  setAll(settings, "density", 0.5);
  set(settings, "rescale", false);
  const Values out = merged(settings, inputs, 1);
  QVERIFY(sameBits(out, merged(settings, inputs, 1)));
  QVERIFY(sameBits(out, merged(settings, inputs, 3)));

  // The same rows, one by one, with the stream of their place.
  auto merge = makeTensorMerge(settings);
  QVERIFY(merge.has_value());
  QCOMPARE((*merge)->chunkElements() % 1333, std::uint64_t{0});
  Values rowwise(out.size());
  for (std::size_t row = 0; row < 300; ++row) {
    Chunk chunk{row, row * 1333, {}};
    for (const Values& input : inputs) {
      chunk.inputs.push_back(std::span(input).subspan(row * 1333, 1333));
    }
    (*merge)->compute(chunk, std::span(rowwise).subspan(row * 1333, 1333));
  }
  QVERIFY(sameBits(out, rowwise));

  settings.seed = 1;
  QVERIFY(!sameBits(out, merged(settings, inputs, 1)));
  settings.seed = 0;
  settings.tensor = "another";
  QVERIFY(!sameBits(out, merged(settings, inputs, 1)));
}

void TestSparseMethods::dellaRefusesProbabilitiesOutsideTheirRange_data() {
  QTest::addColumn<double>("density");
  QTest::addColumn<double>("epsilon");
  QTest::addColumn<bool>("accepted");
  QTest::newRow("below") << 0.1 << 0.3 << false;
  QTest::newRow("at 0") << 0.25 << 0.25 << false;
  QTest::newRow("at 1") << 0.75 << 0.25 << false;
  QTest::newRow("above") << 0.9 << 0.2 << false;
  QTest::newRow("within") << 0.75 << 0.24 << true;
  QTest::newRow("all kept") << 1.0 << 0.3 << true;
  QTest::newRow("none kept") << 0.0 << 0.3 << true;
}

void TestSparseMethods::dellaRefusesProbabilitiesOutsideTheirRange() {
  QFETCH(double, density);
  QFETCH(double, epsilon);
  QFETCH(bool, accepted);
  const std::vector<Values> inputs = {{1, 2, 3}, {2, 3, 4}};
  MergeSettings settings = settingsFor("della", inputs);
  set(settings, 1, "density", density);
  set(settings, 1, "epsilon", epsilon);
  const auto merge = makeTensorMerge(settings);
  QCOMPARE(merge.has_value(), accepted);
  if (!accepted) {
    QCOMPARE(merge.error().kind, ErrorKind::Refused);
    for (const char* part : {"mlp.up_proj", "density", "epsilon", "model-1"}) {
      QVERIFY2(merge.error().message.find(part) != std::string::npos, part);
    }
    QVERIFY(merge.error().remedy.find("set epsilon below") != std::string::npos);
  }
}

void TestSparseMethods::dellaRefusesRowsThatDoNotFit() {
  const std::vector<Values> inputs = {{1}, {2}};
  MergeSettings settings = settingsFor("della", inputs);
  settings.elements = 64ULL * 1024 * 1024 + 1;
  settings.shape = {settings.elements};
  const auto merge = makeTensorMerge(settings);
  QVERIFY(!merge.has_value());
  QVERIFY(merge.error().message.find("whole rows") != std::string::npos);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestSparseMethods)
#include "tst_sparse_methods.moc"
