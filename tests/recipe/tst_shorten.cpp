// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>

#include "core/recipe/gradient.h"
#include "core/recipe/shorten.h"

namespace layerloom {
namespace {

/// Lists over the layers in their shortest form.
class TestShorten : public QObject {
  Q_OBJECT

 private slots:
  void lists_data();
  void lists();
  void everyLayerKeepsItsValue_data();
  void everyLayerKeepsItsValue();
  void aLevelServesSlicesOfAllLengths();
};

/// Parses, shortens with models of so many layers (0: not known), and gives the text.
Recipe shortened(const std::string& text, int layers) {
  ParsedRecipe parsed = parseRecipe(text);
  shortenGradients(parsed.draft, {[](const std::string& name) { return name == "weight"; },
                                  [layers](const ModelReference&, const std::string&) {
                                    return layers == 0 ? std::vector<int>() : std::vector<int>{layers};
                                  }});
  return parsed.draft;
}

std::string recipeWith(const std::string& parameters) {
  return "merge_method: linear\nmodels:\n- {model: a, parameters: {" + parameters + "}}\n";
}

void TestShorten::lists_data() {
  QTest::addColumn<QString>("before");
  QTest::addColumn<int>("layers");
  QTest::addColumn<QString>("after");
  const QString seven = "weight: [0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6, 0.7]";
  QTest::newRow("a straight line") << seven << 7 << "weight: [0.1, 0.7]";
  QTest::newRow("a straight line over unknown layers") << seven << 0 << "weight: [0.1, 0.7]";
  QTest::newRow("equal values") << "weight: [0.25, 0.25, 0.25]" << 0 << "weight: 0.25";
  QTest::newRow("a single value") << "weight: [0.25]" << 5 << "weight: 0.25";
  QTest::newRow("bends between layers, layers known") << "weight: [0, 1, 1, 1, 1, 1, 1, 0]" << 3 << "weight: [0.0, 1.0, 0.0]";
  QTest::newRow("bends between layers, layers unknown")
      << "weight: [0, 1, 1, 1, 1, 1, 1, 0]" << 0 << "weight: [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]";
  QTest::newRow("within a filter") << "weight: [{filter: mlp, value: [1, 2, 3]}, {value: [0, 1, 0]}]" << 0
                                   << "- filter: mlp\n          value: [1.0, 3.0]\n        - value: [0.0, 1.0, 0.0]";
  QTest::newRow("longer than the layers") << "weight: [1, 5, 2, 5, 3]" << 3 << "weight: [1.0, 3.0]";
  QTest::newRow("one layer") << "weight: [1, 5, 3]" << 1 << "weight: [1.0, 3.0]";
  QTest::newRow("just too far") << "weight: [0, 0.500000002, 1]" << 3 << "weight: [0.0, 0.500000002, 1.0]";
  QTest::newRow("near enough") << "weight: [0, 0.5000000005, 1]" << 3 << "weight: [0.0, 1.0]";
  QTest::newRow("booleans") << "weight: [true, true]" << 3 << "weight: [true, true]";
  QTest::newRow("texts") << "weight: [\"1\", \"1\"]" << 3 << "weight: [\"1\", \"1\"]";
  QTest::newRow("no numbers to go between") << "normalize: [1, 1, 1]" << 3 << "normalize: [1.0, 1.0, 1.0]";
}

void TestShorten::lists() {
  QFETCH(QString, before);
  QFETCH(int, layers);
  QFETCH(QString, after);
  const QString text = QString::fromStdString(writeRecipe(shortened(recipeWith(before.toStdString()), layers)));
  QVERIFY2(text.contains(after + "\n"), qPrintable(text));
  // Once more changes nothing.
  QCOMPARE(QString::fromStdString(writeRecipe(shortened(text.toStdString(), layers))), text);
}

void TestShorten::everyLayerKeepsItsValue_data() {
  QTest::addColumn<int>("layers");
  QTest::addColumn<int>("knots");
  for (const int layers : {2, 7, 24, 44}) {
    for (const int knots : {2, 3, 5}) {
      QTest::addRow("%d knots over %d layers", knots, layers) << layers << knots;
    }
  }
}

void TestShorten::everyLayerKeepsItsValue() {
  QFETCH(int, layers);
  QFETCH(int, knots);
  SettingRule drawn;
  drawn.isGradient = true;
  for (int i = 0; i < knots; ++i) {
    drawn.values.emplace_back(std::sin(i * 1.7));
  }
  // One value per layer, as a program would write them.
  const std::vector<double> values = layerValues(drawn, layers).value();
  Recipe recipe = parseRecipe(recipeWith("weight: 0")).draft;
  SettingRule& rule = recipe.models[0].parameters[0].second[0];
  rule.isGradient = true;
  rule.values.assign(values.begin(), values.end());
  recipe = shortened(writeRecipe(recipe), layers);
  const SettingRule& result = recipe.models[0].parameters[0].second[0];
  QCOMPARE(static_cast<int>(result.values.size()), std::min(knots, layers));
  const std::vector<double> again = layerValues(result, layers).value();
  for (std::size_t i = 0; i < values.size(); ++i) {
    QVERIFY(std::abs(again[i] - values[i]) <= 1e-9);
  }
}

void TestShorten::aLevelServesSlicesOfAllLengths() {
  const std::string text =
      "merge_method: linear\nparameters: {weight: [0, 5, 2, 9, 4]}\nslices:\n"
      "- sources: [{model: a, layer_range: [0, 3]}]\n";
  // Three layers read every second value, which lie on a line; a slice of five reads all.
  const std::string five = "- sources: [{model: a, layer_range: [0, 5]}]\n";
  QCOMPARE(shortened(text, 0).parameters[0].second[0].values.size(), std::size_t{2});
  QCOMPARE(shortened(text + five, 0).parameters[0].second[0].values.size(), std::size_t{5});
}

}  // namespace
}  // namespace layerloom

QTEST_APPLESS_MAIN(layerloom::TestShorten)
#include "tst_shorten.moc"
