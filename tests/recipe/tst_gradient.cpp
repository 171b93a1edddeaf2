// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <random>

#include <QTest>

#include "core/recipe/gradient.h"
#include "core/recipe/resolve.h"

using layerloom::layerPosition;
using layerloom::SettingRule;
using layerloom::SettingScalar;

/// Gradients and filters as mergekit evaluates them.
class TestGradient : public QObject {
  Q_OBJECT

 private slots:
  void positions();
  void gradients_data();
  void gradients();
  void booleansAndWordsArePicked();
  void layerValuesFollowTheRule();
  void numbersOutOfScalars_data();
  void numbersOutOfScalars();
  void booleansOutOfScalars();
  void firstMatchingFilterWins();
  void higherLevelWins();
  void constantsBecomeScalars();
  void anyValuesComeBack();
  void shortestList_data();
  void shortestList();
};

namespace {

SettingRule gradient(std::vector<SettingScalar> values) {
  SettingRule rule;
  rule.values = std::move(values);
  rule.isGradient = true;
  return rule;
}

SettingRule filtered(std::string filter, double value) {
  SettingRule rule;
  rule.filter = std::move(filter);
  rule.values = {value};
  return rule;
}

std::vector<double> random(std::size_t count, std::mt19937& generator) {
  std::uniform_real_distribution<double> value(-2, 2);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(value(generator));
  }
  return values;
}

double greatestDifference(const std::vector<double>& a, const std::vector<double>& b) {
  double greatest = a.size() == b.size() ? 0 : 1e9;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    greatest = std::max(greatest, std::fabs(a[i] - b[i]));
  }
  return greatest;
}

}  // namespace

void TestGradient::positions() {
  QCOMPARE(layerPosition(0, 6), 0.0);
  QCOMPARE(layerPosition(5, 6), 1.0);
  QCOMPARE(layerPosition(1, 3), 0.5);
  QCOMPARE(layerPosition(0, 1), 1.0);  // a slice of one layer
}

void TestGradient::gradients_data() {
  QTest::addColumn<QVector<double>>("list");
  QTest::addColumn<double>("t");
  QTest::addColumn<double>("value");
  QTest::newRow("start") << QVector<double>{1, 2, 4} << 0.0 << 1.0;
  QTest::newRow("end") << QVector<double>{1, 2, 4} << 1.0 << 4.0;
  QTest::newRow("on a knot") << QVector<double>{1, 2, 4} << 0.5 << 2.0;
  QTest::newRow("between") << QVector<double>{1, 2, 4} << 0.75 << 3.0;
  QTest::newRow("two values") << QVector<double>{0, 1} << 0.2 << 0.2;
  QTest::newRow("one value") << QVector<double>{7} << 0.3 << 7.0;
}

void TestGradient::gradients() {
  QFETCH(QVector<double>, list);
  QFETCH(double, t);
  QFETCH(double, value);
  std::vector<SettingScalar> values(list.begin(), list.end());
  const auto number = layerloom::evaluateNumber(gradient(values), t);
  QVERIFY(number.has_value());
  QVERIFY(std::fabs(*number - value) <= 1e-15);
}

void TestGradient::booleansAndWordsArePicked() {
  const SettingRule booleans = gradient({true, false, true});
  QVERIFY(layerloom::evaluateBoolean(booleans, 0.49) == std::optional(true));
  QVERIFY(layerloom::evaluateBoolean(booleans, 0.5) == std::optional(false));
  QVERIFY(layerloom::evaluateBoolean(booleans, 0.99) == std::optional(false));
  QVERIFY(layerloom::evaluateBoolean(booleans, 1.0) == std::optional(true));
  const SettingRule words = gradient({std::string("low"), std::string("high")});
  QVERIFY(!layerloom::evaluateNumber(words, 0.9).has_value());
  QVERIFY(!layerloom::evaluateBoolean(words, 0.9).has_value());
  QVERIFY(!layerloom::layerValues(words, 3).has_value());
}

void TestGradient::layerValuesFollowTheRule() {
  const auto values = layerloom::layerValues(gradient({0.0, 1.0, 0.2}), 6);
  QVERIFY(values.has_value());
  // i/5 · 2 → 0, 0.4, 0.8, 1.2, 1.6, 2
  QVERIFY(greatestDifference(*values, {0, 0.4, 0.8, 0.84, 0.52, 0.2}) <= 1e-12);
  const auto single = layerloom::layerValues(gradient({0.0, 1.0}), 1);
  QVERIFY(greatestDifference(single.value(), {1.0}) == 0);
}

void TestGradient::numbersOutOfScalars_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<bool>("isNumber");
  QTest::newRow("1e-5") << "1e-5" << true;
  QTest::newRow("0.5") << "0.5" << true;
  QTest::newRow("heavy") << "heavy" << false;
  QTest::newRow("empty") << "" << false;
}

void TestGradient::numbersOutOfScalars() {
  QFETCH(QString, text);
  QFETCH(bool, isNumber);
  QCOMPARE(layerloom::asNumber(SettingScalar(text.toStdString())).has_value(), isNumber);
}


void TestGradient::booleansOutOfScalars() {
  QVERIFY(layerloom::asBoolean(SettingScalar(true)) == true);
  QVERIFY(layerloom::asBoolean(SettingScalar(0.0)) == false);
  QVERIFY(layerloom::asBoolean(SettingScalar(1.0)) == true);
  QVERIFY(!layerloom::asBoolean(SettingScalar(2.0)).has_value());
  QVERIFY(layerloom::asBoolean(SettingScalar(std::string("Yes"))) == true);
  QVERIFY(layerloom::asBoolean(SettingScalar(std::string("off"))) == false);
  QVERIFY(!layerloom::asBoolean(SettingScalar(std::string("maybe"))).has_value());
  // Where a number is wanted, true and false count as 1 and 0.
  QVERIFY(layerloom::asNumber(SettingScalar(true)) == 1.0);
}

void TestGradient::firstMatchingFilterWins() {
  const layerloom::Setting setting = {filtered("self_attn", 1), filtered("attn", 2), filtered("mlp", 3),
                                      filtered("*", 4)};
  const auto value = [&](const char* tensor) {
    const SettingRule* rule = layerloom::matchRule(setting, tensor);
    return rule == nullptr ? -1.0 : std::get<double>(rule->values[0]);
  };
  QCOMPARE(value("model.layers.0.self_attn.q_proj.weight"), 1.0);
  QCOMPARE(value("model.layers.0.cross_attn.weight"), 2.0);
  QCOMPARE(value("model.layers.0.mlp.up_proj.weight"), 3.0);
  QCOMPARE(value("lm_head.weight"), 4.0);
  QVERIFY(layerloom::matchRule({filtered("mlp", 1)}, "lm_head.weight") == nullptr);
  // Plain text, no pattern.
  QVERIFY(layerloom::matchRule({filtered("m.p", 1)}, "model.layers.0.mlp.weight") == nullptr);
}

void TestGradient::higherLevelWins() {
  layerloom::Settings source = {{"weight", {filtered("mlp", 0.1)}}};
  layerloom::Settings top = {{"weight", {filtered("", 0.9)}}, {"density", {gradient({0.0, 1.0})}}};
  const std::vector<layerloom::SettingLevel> levels = {{&source, "models[0].parameters"}, {&top, "parameters"}};

  const auto mlp = layerloom::findEffectiveRule(levels, "weight", "a.mlp.w");
  QVERIFY(mlp.has_value() && layerloom::evaluateNumber(*mlp->rule, 0) == std::optional(0.1));
  QCOMPARE(mlp->path, std::string("models[0].parameters.weight"));
  QCOMPARE(mlp->level, std::size_t{0});
  // No rule of the first level matches: the search goes on below it.
  const auto attention = layerloom::findEffectiveRule(levels, "weight", "a.attn.w");
  QVERIFY(attention.has_value() && layerloom::evaluateNumber(*attention->rule, 0) == std::optional(0.9));
  QCOMPARE(attention->level, std::size_t{1});
  const auto density = layerloom::findEffectiveRule(levels, "density", "a.attn.w");
  QVERIFY(density.has_value() && layerloom::evaluateNumber(*density->rule, 0.25) == std::optional(0.25));
  QVERIFY(!layerloom::findEffectiveRule(levels, "lambda", "a.attn.w").has_value());
}

void TestGradient::constantsBecomeScalars() {
  const SettingRule rule = layerloom::ruleForLayers(std::vector<double>(8, 0.25), "mlp");
  QVERIFY(!rule.isGradient);
  QCOMPARE(rule.values.size(), std::size_t{1});
  QCOMPARE(rule.filter, std::string("mlp"));
  QCOMPARE(layerloom::ruleForLayers(std::vector<double>{0.5}).values.size(), std::size_t{1});
}

void TestGradient::anyValuesComeBack() {
  std::mt19937 generator(1);
  for (std::size_t layers = 1; layers <= 60; ++layers) {
    const std::vector<double> values = random(layers, generator);
    const SettingRule rule = layerloom::ruleForLayers(values);
    QVERIFY(rule.values.size() <= layers);
    QVERIFY(greatestDifference(layerloom::layerValues(rule, static_cast<int>(layers)).value(), values) <= 1e-9);
  }
}

void TestGradient::shortestList_data() {
  QTest::addColumn<int>("knots");
  QTest::addColumn<int>("layers");
  for (const int layers : {3, 4, 6, 8, 24, 32, 33}) {
    for (const int knots : {2, 3, 4, 5, 9}) {
      if (knots < layers) {
        QTest::newRow(qPrintable(QStringLiteral("%1 knots over %2 layers").arg(knots).arg(layers))) << knots << layers;
      }
    }
  }
}

// Values that a list of so many knots makes need no longer list.
void TestGradient::shortestList() {
  QFETCH(int, knots);
  QFETCH(int, layers);
  std::mt19937 generator(7);
  const std::vector<double> drawn = random(static_cast<std::size_t>(knots), generator);
  const auto values = layerloom::layerValues(gradient({drawn.begin(), drawn.end()}), layers);
  const SettingRule rule = layerloom::ruleForLayers(values.value());
  QVERIFY(greatestDifference(layerloom::layerValues(rule, layers).value(), *values) <= 1e-9);
  QCOMPARE(static_cast<int>(rule.values.size()), knots);
}

QTEST_APPLESS_MAIN(TestGradient)
#include "tst_gradient.moc"
