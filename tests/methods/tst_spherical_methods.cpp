// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/methods/method_driver.h"

namespace layerloom {
namespace {

using Doubles = std::vector<double>;

double dotOf(const Doubles& a, const Doubles& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}
double normOf(const Doubles& a) { return std::sqrt(dotOf(a, a)); }
Doubles mixed(double p, const Doubles& a, double q, const Doubles& b) {
  Doubles out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    out[i] = p * a[i] + q * b[i];
  }
  return out;
}
Doubles wide(const Values& values) { return {values.begin(), values.end()}; }
std::vector<Doubles> wide(const std::vector<Values>& inputs) {
  std::vector<Doubles> out;
  for (const Values& input : inputs) {
    out.push_back(wide(input));
  }
  return out;
}

/// Elements start, start + stride, … of a vector.
Doubles strided(const Doubles& all, std::size_t start, std::size_t stride, std::size_t count) {
  Doubles out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(all[start + i * stride]);
  }
  return out;
}

Doubles slerped(double t, const Doubles& a, const Doubles& b) {
  const double angle = std::acos(std::clamp(dotOf(a, b) / (normOf(a) * normOf(b)), -1.0, 1.0));
  return mixed(std::sin((1 - t) * angle) / std::sin(angle), a, std::sin(t * angle) / std::sin(angle), b);
}

/// The Karcher mean step by step, on whole vectors.
Doubles karcherOf(const std::vector<Doubles>& inputs, int steps) {
  const double n = static_cast<double>(inputs.size());
  double length = 0;
  std::vector<Doubles> units;
  Doubles mean(inputs[0].size(), 0.0);
  for (const Doubles& input : inputs) {
    length += normOf(input) / n;
    units.push_back(mixed(1 / normOf(input), input, 0, input));
    mean = mixed(1, mean, 1 / n, units.back());
  }
  mean = mixed(1 / normOf(mean), mean, 0, mean);
  for (int step = 0; step < steps; ++step) {
    Doubles tangent(mean.size(), 0.0);
    for (const Doubles& unit : units) {
      const double cosine = dotOf(mean, unit);
      const double angle = std::acos(cosine);
      tangent = mixed(1, tangent, angle / std::sin(angle) / n, mixed(1, unit, -cosine, mean));
    }
    const double size = normOf(tangent);
    if (size < 1e-5) {
      break;
    }
    mean = mixed(std::cos(size), mean, std::sin(size) / size, tangent);
  }
  return mixed(length, mean, 0, mean);
}

Doubles stockOf(const std::vector<Doubles>& inputs) {
  const double n = static_cast<double>(inputs.size() - 1);
  double cosines = 0;
  Doubles average(inputs[0].size(), 0.0);
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    average = mixed(1, average, 1 / n, inputs[i]);
    for (std::size_t j = i + 1; j < inputs.size(); ++j) {
      const Doubles a = mixed(1, inputs[i], -1, inputs[0]);
      const Doubles b = mixed(1, inputs[j], -1, inputs[0]);
      cosines += dotOf(a, b) / (normOf(a) * normOf(b));
    }
  }
  const double cosine = cosines / (n * (n - 1) / 2);
  const double t = n * cosine / (1 + (n - 1) * cosine);
  return mixed(t, average, 1 - t, inputs[0]);
}

class TestSphericalMethods : public QObject {
  Q_OBJECT

 private slots:
  void nuslerpFollowsTheArc_data();
  void nuslerpFollowsTheArc();
  void nuslerpEndsAtItsInputs_data();
  void nuslerpEndsAtItsInputs();
  void nuslerpIsLinearOnParallels();
  void nuslerpTakesTheMiddleWithoutWeights();
  void multislerpSumsDirections_data();
  void multislerpSumsDirections();
  void multislerpMeetsOpposites();
  void karcherFindsTheMean();
  void karcherMeanOfTwoIsTheMiddle();
  void karcherLeavesOutZeroVectors();
  void modelStockMovesByAgreement_data();
  void modelStockMovesByAgreement();
  void modelStockKeepsTheBaseWhereChangesCancel();
  void loneTensorsAreCopied();
  void wrongCountsAreRefused();
};

void TestSphericalMethods::nuslerpFollowsTheArc_data() {
  QTest::addColumn<bool>("withBase");
  QTest::addColumn<std::vector<std::uint64_t>>("shape");
  QTest::addColumn<int>("way");  // 0: flat, 1: last axis, 2: first axis
  const std::vector<std::vector<std::uint64_t>> shapes = {{300'001}, {421, 777}, {3, 100'003}, {70'001, 5}, {30, 91, 111}};
  for (const bool withBase : {false, true}) {
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      for (int way = 0; way < 3; ++way) {
        QTest::addRow("%s shape %zu way %d", withBase ? "base" : "no base", i, way) << withBase << shapes[i] << way;
      }
    }
  }
}

void TestSphericalMethods::nuslerpFollowsTheArc() {
  QFETCH(bool, withBase);
  QFETCH(std::vector<std::uint64_t>, shape);
  QFETCH(int, way);
  std::size_t count = 1;
  for (const std::uint64_t size : shape) {
    count *= size;
  }
  std::vector<Values> inputs = {randomValues(count, 1), randomValues(count, 2), randomValues(count, 3)};
  inputs.resize(withBase ? 3 : 2);
  MergeSettings settings = settingsFor("nuslerp", inputs, shape);
  settings.base = withBase ? std::optional<std::size_t>(2) : std::nullopt;
  set(settings, 0, "weight", 0.9);
  set(settings, 1, "weight", 0.6);
  set(settings, "nuslerp_flatten", way == 0);
  set(settings, "nuslerp_row_wise", way == 2);

  const std::vector<Doubles> exact = wide(inputs);
  const Doubles origin = withBase ? exact[2] : Doubles(count, 0.0);
  const Doubles a = mixed(1, exact[0], -1, origin);
  const Doubles b = mixed(1, exact[1], -1, origin);
  const std::size_t length = way == 0 ? count : way == 1 ? shape.back() : shape.front();
  const std::size_t stride = way == 2 ? count / length : 1;
  Doubles wanted = origin;
  for (std::size_t vector = 0; vector < count / length; ++vector) {
    const std::size_t start = way == 2 ? vector : vector * length;
    const Doubles arc = slerped(0.4, strided(a, start, stride, length), strided(b, start, stride, length));
    for (std::size_t i = 0; i < length; ++i) {
      wanted[start + i * stride] += arc[i];
    }
  }
  const Values out = merged(settings, inputs, 1);
  // One δ near another of length 5 leaves few digits; a base of size 1 sets what can be told apart.
  for (std::size_t i = 0; i < count; ++i) {
    QVERIFY2(std::abs(out[i] - wanted[i]) <= 1e-6 + 1e-6 * std::abs(wanted[i]), std::to_string(i).c_str());
  }
  const Values other = merged(settings, inputs, 3);
  for (std::size_t i = 0; i < count; ++i) {
    QVERIFY(std::abs(out[i] - other[i]) <= 1e-6);
  }
}

void TestSphericalMethods::nuslerpEndsAtItsInputs_data() {
  QTest::addColumn<int>("way");
  QTest::addColumn<bool>("withBase");
  for (int way = 0; way < 3; ++way) {
    QTest::addRow("way %d", way) << way << false;
    QTest::addRow("way %d with base", way) << way << true;
  }
}

void TestSphericalMethods::nuslerpEndsAtItsInputs() {
  QFETCH(int, way);
  QFETCH(bool, withBase);
  std::vector<Values> inputs = {randomValues(60'000, 4), randomValues(60'000, 5), randomValues(60'000, 6)};
  inputs.resize(withBase ? 3 : 2);
  MergeSettings settings = settingsFor("nuslerp", inputs, {200, 300});
  settings.base = withBase ? std::optional<std::size_t>(2) : std::nullopt;
  set(settings, "nuslerp_flatten", way == 0);
  set(settings, "nuslerp_row_wise", way == 2);
  set(settings, 1, "weight", 0);
  QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
  set(settings, 0, "weight", 0);
  set(settings, 1, "weight", 0.7);
  QVERIFY(sameBits(merged(settings, inputs), inputs[1]));
}

void TestSphericalMethods::nuslerpIsLinearOnParallels() {
  std::vector<Values> inputs = {randomValues(3000, 7), {}};
  for (const float factor : {3.0F, -3.0F}) {
    inputs[1] = inputs[0];
    std::for_each(inputs[1].begin(), inputs[1].end(), [&](float& value) { value *= factor; });
    MergeSettings settings = settingsFor("nuslerp", inputs, {30, 100});
    set(settings, 0, "weight", 3);
    for (const bool flat : {true, false}) {
      set(settings, "nuslerp_flatten", flat);
      QVERIFY(isNear(merged(settings, inputs), mixed(0.75, wide(inputs[0]), 0.25, wide(inputs[1]))));
    }
  }
}

void TestSphericalMethods::nuslerpTakesTheMiddleWithoutWeights() {
  const std::vector<Values> inputs = {{1, 0}, {0, 1}};
  MergeSettings settings = settingsFor("nuslerp", inputs);
  set(settings, 0, "weight", 5e-7);
  set(settings, 1, "weight", -5e-7);
  QVERIFY(isNear(merged(settings, inputs), {std::sqrt(0.5), std::sqrt(0.5)}));
}

void TestSphericalMethods::multislerpSumsDirections_data() {
  QTest::addColumn<bool>("withBase");
  QTest::addColumn<bool>("normalizes");
  QTest::newRow("whole models") << false << true;
  QTest::newRow("whole models, weights as they are") << false << false;
  QTest::newRow("changes") << true << true;
}

void TestSphericalMethods::multislerpSumsDirections() {
  QFETCH(bool, withBase);
  QFETCH(bool, normalizes);
  const std::vector<Values> inputs = family(3, 300'000, 40, 0.5F);
  MergeSettings settings = settingsFor("multislerp", inputs);
  settings.base = withBase ? std::optional<std::size_t>(0) : std::nullopt;
  set(settings, "normalize_weights", normalizes);
  const Doubles weights = {0.9, 0.5, 0.2, 0.4};
  double sum = 0;
  for (std::size_t i = withBase ? 1 : 0; i < 4; ++i) {
    set(settings, i, "weight", weights[i]);
    sum += weights[i];
  }
  sum = normalizes ? sum : 1;

  const std::vector<Doubles> exact = wide(inputs);
  const Doubles origin = withBase ? exact[0] : Doubles(exact[0].size(), 0.0);
  Doubles direction(origin.size(), 0.0);
  double length = 0;
  for (std::size_t i = withBase ? 1 : 0; i < 4; ++i) {
    const Doubles delta = mixed(1, exact[i], -1, origin);
    direction = mixed(1, direction, weights[i] / sum / normOf(delta), delta);
    length += weights[i] / sum * normOf(delta);
  }
  const Doubles wanted = mixed(length / normOf(direction), direction, 1, origin);
  const Values out = merged(settings, inputs);
  for (std::size_t i = 0; i < out.size(); ++i) {
    QVERIFY2(std::abs(out[i] - wanted[i]) <= 2e-7 + 2e-7 * std::abs(wanted[i]), std::to_string(i).c_str());
  }
}

void TestSphericalMethods::multislerpMeetsOpposites() {
  const Values values = randomValues(1000, 50);
  Values opposite = values;
  std::for_each(opposite.begin(), opposite.end(), [](float& value) { value = -value; });
  std::vector<Values> inputs = {values, opposite};
  QVERIFY(isNear(merged(settingsFor("multislerp", inputs), inputs), Doubles(1000, 0.0)));

  inputs = {values, opposite, values, opposite};
  const auto refusedMerge = tryMerged(settingsFor("multislerp", inputs), inputs, 1);
  QVERIFY(!refusedMerge.has_value());
  QCOMPARE(refusedMerge.error().kind, ErrorKind::Refused);
  QVERIFY(refusedMerge.error().message.find("cancel out") != std::string::npos);

  MergeSettings settings = settingsFor("multislerp", inputs);
  set(settings, 0, "weight", -3);
  QVERIFY(!makeTensorMerge(settings).has_value());
}

void TestSphericalMethods::karcherFindsTheMean() {
  const std::vector<Values> inputs = {randomValues(300'000, 60), randomValues(300'000, 61, 2), randomValues(300'000, 62, 0.5F),
                                      randomValues(300'000, 60, 3)};
  MergeSettings settings = settingsFor("karcher", inputs);
  for (const int steps : {0, 1, 10}) {
    set(settings, "max_iter", steps);
    const Doubles wanted = karcherOf(wide(inputs), steps);
    const Values out = merged(settings, inputs);
    for (std::size_t i = 0; i < out.size(); ++i) {
      QVERIFY2(std::abs(out[i] - wanted[i]) <= 1e-8 + 2e-7 * std::abs(wanted[i]), std::to_string(i).c_str());
    }
  }
}

void TestSphericalMethods::karcherMeanOfTwoIsTheMiddle() {
  const std::vector<Values> inputs = {{2, 0}, {0, 4}};
  QVERIFY(isNear(merged(settingsFor("karcher", inputs), inputs), {3 * std::sqrt(0.5), 3 * std::sqrt(0.5)}));
}

void TestSphericalMethods::karcherLeavesOutZeroVectors() {
  const std::vector<Values> inputs = {{0, 0}, {0, 4}};
  QVERIFY(isNear(merged(settingsFor("karcher", inputs), inputs), {0, 2}));
  const std::vector<Values> none = {{0, 0}, {0, 0}};
  QCOMPARE(merged(settingsFor("karcher", none), none), none[0]);
}

void TestSphericalMethods::modelStockMovesByAgreement_data() {
  QTest::addColumn<std::vector<std::uint64_t>>("shape");
  QTest::addColumn<bool>("byRow");
  for (const bool byRow : {false, true}) {
    QTest::addRow("vector %d", byRow) << std::vector<std::uint64_t>{280'000} << byRow;
    QTest::addRow("matrix %d", byRow) << std::vector<std::uint64_t>{400, 700} << byRow;
    QTest::addRow("wide matrix %d", byRow) << std::vector<std::uint64_t>{2, 140'000} << byRow;
    QTest::addRow("three axes %d", byRow) << std::vector<std::uint64_t>{10, 70, 400} << byRow;
  }
}

void TestSphericalMethods::modelStockMovesByAgreement() {
  QFETCH(std::vector<std::uint64_t>, shape);
  QFETCH(bool, byRow);
  std::vector<Values> inputs = family(3, 280'000, 70);
  // The changes have something in common, else t is near a pole.
  for (std::size_t i = 0; i < inputs[0].size(); ++i) {
    const float common = 0.2F * std::sin(static_cast<float>(i));
    inputs[1][i] += common;
    inputs[2][i] += common;
    inputs[3][i] += common;
  }
  MergeSettings settings = settingsFor("model_stock", inputs, shape);
  set(settings, "filter_wise", byRow);
  const std::vector<Doubles> exact = wide(inputs);
  const std::size_t length = byRow ? shape.back() : inputs[0].size();
  Doubles wanted;
  for (std::size_t start = 0; start < inputs[0].size(); start += length) {
    std::vector<Doubles> rows;
    for (const Doubles& input : exact) {
      rows.push_back(strided(input, start, 1, length));
    }
    const Doubles row = stockOf(rows);
    wanted.insert(wanted.end(), row.begin(), row.end());
  }
  const Values out = merged(settings, inputs);
  for (std::size_t i = 0; i < out.size(); ++i) {
    QVERIFY2(std::abs(out[i] - wanted[i]) <= 2e-7 + 2e-7 * std::abs(wanted[i]), std::to_string(i).c_str());
  }
}

void TestSphericalMethods::modelStockKeepsTheBaseWhereChangesCancel() {
  const std::vector<Values> inputs = {{1, 2, 3}, {1.5F, 2, 3}, {0.5F, 2, 3}};
  QVERIFY(sameBits(merged(settingsFor("model_stock", inputs), inputs), inputs[0]));
}

void TestSphericalMethods::loneTensorsAreCopied() {
  const std::vector<Values> inputs = {randomValues(1000, 80)};
  for (const char* method : {"slerp", "nuslerp", "multislerp", "karcher", "arcee_fusion"}) {
    MergeSettings settings = settingsFor(method, inputs);
    settings.base.reset();
    QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
  }
  for (const char* method : {"slerp", "nuslerp", "model_stock", "nearswap", "arcee_fusion", "sce", "ram", "ramplus_tl", "breadcrumbs"}) {
    MergeSettings settings = settingsFor(method, inputs);
    settings.base = 0;
    QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
  }
  for (const char* method : {"model_stock", "nearswap"}) {
    MergeSettings settings = settingsFor(method, inputs);
    settings.base.reset();
    QVERIFY(!makeTensorMerge(settings).has_value());
  }
}

void TestSphericalMethods::wrongCountsAreRefused() {
  const std::vector<Values> inputs = {{1}, {2}};
  for (const char* method : {"model_stock", "nearswap", "arcee_fusion", "sce", "ram", "della"}) {
    MergeSettings settings = settingsFor(method, inputs);
    settings.base.reset();
    QVERIFY2(!makeTensorMerge(settings).has_value(), method);
  }
  MergeSettings settings = settingsFor("nuslerp", inputs);
  settings.base = 0;
  const auto merge = makeTensorMerge(settings);
  QVERIFY(!merge.has_value());
  QVERIFY(merge.error().message.find("exactly two models") != std::string::npos);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestSphericalMethods)
#include "tst_spherical_methods.moc"
