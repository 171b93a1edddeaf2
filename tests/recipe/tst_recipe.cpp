// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QTest>

#include "core/recipe/recipe.h"
#include "recipe_generator.h"

using layerloom::ParsedRecipe;
using layerloom::parseRecipe;
using layerloom::Recipe;
using layerloom::SettingRule;
using layerloom::SettingScalar;
using layerloom::writeRecipe;
using layerloom::YamlDetail;

/// Recipes as text and as values.
class TestRecipe : public QObject {
  Q_OBJECT

 private slots:
  void readsModels();
  void readsSlices();
  void readsFiltersAndGradients();
  void numbersKeepTheirMeaning_data();
  void numbersKeepTheirMeaning();
  void problemsAreFound_data();
  void problemsAreFound();
  void allProblemsAreFoundAtOnce();
  void unknownKeysAreKept();
  void conformanceRecipesRoundTrip_data();
  void conformanceRecipesRoundTrip();
  void generatedRecipesRoundTrip();
  void curvesAreKeptInProjectsOnly();
  void lookAlikesStayText_data();
  void lookAlikesStayText();
  void settingsAreEdited();
  void problemsAreDescribed();
};

namespace {

std::string describeAll(const ParsedRecipe& parsed) {
  std::string text;
  for (const auto& problem : parsed.problems) {
    text += describe(problem, "r.yml") + "\n";
  }
  return text;
}

}  // namespace

void TestRecipe::readsModels() {
  const ParsedRecipe parsed = parseRecipe(
      "merge_method: ties\n"
      "base_model: base\n"
      "models:\n"
      "  - model: one\n"
      "    parameters: {weight: 0.5, density: [1, 0.5]}\n"
      "  - model: two\n"
      "parameters:\n"
      "  normalize: true\n"
      "  lambda: 1e-1\n"
      "dtype: float32\n"
      "out_dtype: bfloat16\n");
  QVERIFY2(parsed.recipe.has_value(), describeAll(parsed).c_str());
  const Recipe& recipe = *parsed.recipe;
  QCOMPARE(recipe.mergeMethod, std::string("ties"));
  QCOMPARE(recipe.mergeMethodWhere.line, 1);
  QCOMPARE(recipe.baseModel->text, std::string("base"));
  QCOMPARE(recipe.models.size(), std::size_t{2});
  QCOMPARE(recipe.models[1].model.text, std::string("two"));
  QCOMPARE(recipe.models[1].model.where.line, 6);
  const layerloom::Setting* density = layerloom::findSetting(recipe.models[0].parameters, "density");
  QVERIFY(density != nullptr && density->front().isGradient);
  QVERIFY(density->front().values == (std::vector<SettingScalar>{1.0, 0.5}));
  QVERIFY(layerloom::findSetting(recipe.parameters, "normalize")->front().values.front() == SettingScalar(true));
  QCOMPARE(recipe.dtype, std::string("float32"));
  QCOMPARE(recipe.outDtype, std::string("bfloat16"));
  QVERIFY(parsed.problems.empty());
}

void TestRecipe::readsSlices() {
  const ParsedRecipe parsed = parseRecipe(
      "slices:\n"
      "  - sources:\n"
      "      - {model: one, layer_range: [0, 4]}\n"
      "      - {model: two, layer_range: [2, 6], parameters: {weight: 1}}\n"
      "    base_model: one\n"
      "    parameters: {t: 0.5}\n"
      "merge_method: slerp\n");
  QVERIFY2(parsed.recipe.has_value(), describeAll(parsed).c_str());
  const auto& slice = parsed.recipe->slices.at(0);
  QCOMPARE(slice.sources.size(), std::size_t{2});
  QVERIFY(slice.sources[1].layerRange == (layerloom::LayerRange{2, 6}));
  QCOMPARE(slice.baseModel->text, std::string("one"));
  QVERIFY(layerloom::findSetting(slice.parameters, "t") != nullptr);
}

void TestRecipe::readsFiltersAndGradients() {
  const ParsedRecipe parsed = parseRecipe(
      "merge_method: slerp\n"
      "models: [{model: a}, {model: b}]\n"
      "base_model: a\n"
      "parameters:\n"
      "  t:\n"
      "    - {filter: self_attn, value: [0, 0.5, 1]}\n"
      "    - filter: \"*\"\n"
      "      value: 0.25\n");
  QVERIFY2(parsed.recipe.has_value(), describeAll(parsed).c_str());
  const layerloom::Setting& t = *layerloom::findSetting(parsed.recipe->parameters, "t");
  QCOMPARE(t.size(), std::size_t{2});
  QCOMPARE(t[0].filter, std::string("self_attn"));
  QCOMPARE(t[0].values.size(), std::size_t{3});
  QCOMPARE(t[0].where.line, 6);
  QVERIFY(!t[1].isGradient);
}

void TestRecipe::numbersKeepTheirMeaning_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<double>("value");
  QTest::newRow("whole") << "1" << 1.0;
  QTest::newRow("fraction") << "0.1" << 0.1;
  QTest::newRow("exponent without a point") << "1e-3" << 1e-3;
  QTest::newRow("exponent") << "1.0e-3" << 1e-3;
  QTest::newRow("in quotes") << "\"0.5\"" << 0.5;
  QTest::newRow("negative") << "-0.25" << -0.25;
}

void TestRecipe::numbersKeepTheirMeaning() {
  QFETCH(QString, text);
  QFETCH(double, value);
  const ParsedRecipe parsed =
      parseRecipe("merge_method: linear\nmodels: [{model: a, parameters: {weight: " + text.toStdString() + "}}]\n");
  QVERIFY2(parsed.recipe.has_value(), describeAll(parsed).c_str());
  const SettingScalar& scalar =
      layerloom::findSetting(parsed.recipe->models[0].parameters, "weight")->front().values.front();
  const double number =
      std::holds_alternative<double>(scalar) ? std::get<double>(scalar) : std::stod(std::get<std::string>(scalar));
  QCOMPARE(number, value);
}

void TestRecipe::problemsAreFound_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<int>("line");
  QTest::addColumn<QString>("named");
  const auto row = [](const char* name, const char* text, int line, const char* named) {
    QTest::newRow(name) << text << line << named;
  };
  row("no mapping", "- a\n- b\n", 1, "");
  row("a word", "hello\n", 1, "");
  row("models and slices",
      "merge_method: linear\nmodels: [{model: a}]\nslices: [{sources: [{model: a, layer_range: [0, 1]}]}]\n", 3,
      "slices");
  row("neither", "merge_method: linear\n", 1, "models");
  row("no method", "models: [{model: a}]\n", 1, "merge_method");
  row("models no list", "merge_method: linear\nmodels: a\n", 2, "models");
  row("model missing", "merge_method: linear\nmodels:\n  - {model: a}\n  - {parameters: {weight: 1}}\n", 4,
      "models[1]");
  row("range reversed", "merge_method: passthrough\nslices:\n  - sources:\n      - {model: a, layer_range: [4, 2]}\n",
      4, "layer_range");
  row("range negative", "merge_method: passthrough\nslices:\n  - sources:\n      - {model: a, layer_range: [-1, 2]}\n",
      4, "layer_range");
  row("range of words", "merge_method: passthrough\nslices:\n  - sources:\n      - {model: a, layer_range: [a, b]}\n",
      4, "layer_range");
  row("range of one", "merge_method: passthrough\nslices:\n  - sources:\n      - {model: a, layer_range: [3]}\n", 4,
      "layer_range");
  row("range huge",
      "merge_method: passthrough\nslices:\n  - sources:\n      - {model: a, layer_range: [0, 99999999999999999999]}\n",
      4, "layer_range");
  row("parameters a list", "merge_method: linear\nmodels:\n  - model: a\n    parameters: [1]\n", 4, "parameters");
  row("rule without value", "merge_method: linear\nmodels:\n  - model: a\n    parameters: {weight: [{filter: mlp}]}\n",
      4, "weight");
  row("mapping as value", "merge_method: linear\nmodels:\n  - model: a\n    parameters: {weight: [[1, 2]]}\n", 4,
      "weight");
  row("both tokenizers",
      "merge_method: linear\nmodels: [{model: a}]\ntokenizer_source: base\ntokenizer: {source: base}\n", 4,
      "tokenizer");
  row("syntax", "merge_method: [linear\nmodels: {\n", 2, "");
}

void TestRecipe::problemsAreFound() {
  QFETCH(QString, text);
  QFETCH(int, line);
  QFETCH(QString, named);
  const ParsedRecipe parsed = parseRecipe(text.toStdString());
  QVERIFY(!parsed.recipe.has_value());
  QVERIFY(hasErrors(parsed.problems));
  const auto error = std::find_if(parsed.problems.begin(), parsed.problems.end(),
                                  [](const auto& problem) { return problem.severity == layerloom::Severity::Error; });
  QVERIFY2(QString::fromStdString(describe(*error, "r.yml")).contains(named), describeAll(parsed).c_str());
  QVERIFY2(error->where.line == line, describeAll(parsed).c_str());
  QVERIFY(error->where.column >= 1);
  QVERIFY2(!error->remedy.empty(), describeAll(parsed).c_str());
}

void TestRecipe::allProblemsAreFoundAtOnce() {
  const ParsedRecipe parsed = parseRecipe(
      "models:\n"
      "  - {parameters: {weight: []}}\n"
      "  - 3\n"
      "speed: high\n");
  QVERIFY(!parsed.recipe.has_value());
  // Method missing, model missing, list empty, no entry, and one warning.
  QVERIFY2(parsed.problems.size() >= 5, describeAll(parsed).c_str());
}

void TestRecipe::unknownKeysAreKept() {
  const ParsedRecipe parsed =
      parseRecipe("merge_method: linear\nspeed: {high: [1, 'no']}\nmodels: [{model: a, note: mine}]\n");
  QVERIFY(parsed.recipe.has_value());
  QVERIFY(std::any_of(parsed.problems.begin(), parsed.problems.end(), [](const auto& problem) {
    return problem.severity == layerloom::Severity::Warning && problem.where.line == 2;
  }));
  const std::string written = writeRecipe(*parsed.recipe);
  const ParsedRecipe again = parseRecipe(written);
  QVERIFY(again.recipe.has_value());
  QVERIFY2(layerloom::sameRecipe(*parsed.recipe, *again.recipe), written.c_str());
  QVERIFY2(written.find("speed") != std::string::npos && written.find("note: mine") != std::string::npos,
           written.c_str());
}

void TestRecipe::conformanceRecipesRoundTrip_data() {
  QTest::addColumn<QString>("file");
  QDir cases(QStringLiteral(LAYERLOOM_TEST_DATA "/conformance/cases"));
  for (const QString& name : cases.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    if (!name.startsWith(QStringLiteral("error-"))) {
      QTest::newRow(qPrintable(name)) << cases.filePath(name + QStringLiteral("/recipe.yml"));
    }
  }
}

void TestRecipe::conformanceRecipesRoundTrip() {
  QFETCH(QString, file);
  QFile source(file);
  QVERIFY(source.open(QIODevice::ReadOnly));
  const ParsedRecipe parsed = parseRecipe(source.readAll().toStdString());
  QVERIFY2(parsed.recipe.has_value(), describeAll(parsed).c_str());
  const std::string written = writeRecipe(*parsed.recipe);
  const ParsedRecipe again = parseRecipe(written);
  QVERIFY2(again.recipe.has_value(), (describeAll(again) + written).c_str());
  QVERIFY2(layerloom::sameRecipe(*parsed.recipe, *again.recipe), written.c_str());
  QCOMPARE(writeRecipe(*again.recipe), written);
}

void TestRecipe::generatedRecipesRoundTrip() {
  RecipeGenerator generator(1);
  for (int i = 0; i < 1000; ++i) {
    const Recipe recipe = generator.recipe();
    const std::string written = writeRecipe(recipe, YamlDetail::Project);
    const ParsedRecipe parsed = parseRecipe(written);
    QVERIFY2(parsed.recipe.has_value(), (describeAll(parsed) + written).c_str());
    QVERIFY2(layerloom::sameRecipe(recipe, *parsed.recipe), written.c_str());
    QCOMPARE(parsed.recipe->curves, recipe.curves);
  }
}

void TestRecipe::curvesAreKeptInProjectsOnly() {
  ParsedRecipe parsed = parseRecipe("merge_method: linear\nmodels: [{model: a, parameters: {weight: 0.5}}]\n");
  QVERIFY(parsed.recipe.has_value());
  parsed.recipe->curves = {{0, false, "weight", "", {layerloom::CurveShape::Smooth, {{0, 0.25}, {5, 1.0}}}}};
  QVERIFY(writeRecipe(*parsed.recipe).find("layerloom") == std::string::npos);
  const std::string project = writeRecipe(*parsed.recipe, YamlDetail::Project);
  QVERIFY(project.find("layerloom:") != std::string::npos);
  QCOMPARE(parseRecipe(project).recipe->curves, parsed.recipe->curves);
}

void TestRecipe::lookAlikesStayText_data() {
  QTest::addColumn<QString>("name");
  for (const char* name :
       {"no", "1.0", "2024-01-01", "1e3", "0x10", "null", "~", ".nan", "yes", "010", "1_000", "1:30"}) {
    QTest::newRow(name) << name;
  }
}

void TestRecipe::lookAlikesStayText() {
  QFETCH(QString, name);
  const ParsedRecipe parsed = parseRecipe("merge_method: linear\nmodels: [{model: '" + name.toStdString() + "'}]\n");
  QVERIFY(parsed.recipe.has_value());
  const std::string written = writeRecipe(*parsed.recipe);
  // PyYAML takes it for text only in quotes.
  QVERIFY2(written.find("\"" + name.toStdString() + "\"") != std::string::npos, written.c_str());
  QCOMPARE(parseRecipe(written).recipe->models[0].model.text, name.toStdString());
}

void TestRecipe::settingsAreEdited() {
  layerloom::Settings settings;
  QVERIFY(layerloom::findSetting(settings, "weight") == nullptr);
  layerloom::obtainSetting(settings, "weight").push_back({});
  layerloom::obtainSetting(settings, "density");
  QCOMPARE(layerloom::obtainSetting(settings, "weight").size(), std::size_t{1});
  QCOMPARE(settings.size(), std::size_t{2});
  layerloom::removeSetting(settings, "weight");
  layerloom::removeSetting(settings, "weight");
  QCOMPARE(settings.size(), std::size_t{1});
  QVERIFY(layerloom::findSetting(settings, "density") != nullptr);
}

void TestRecipe::problemsAreDescribed() {
  const layerloom::Problem placed{layerloom::Severity::Error, "", {3, 12}, "message", "remedy"};
  QCOMPARE(describe(placed, "recipe.yml"), std::string("recipe.yml:3:12: error: message (remedy)"));
  const layerloom::Problem whole{layerloom::Severity::Warning, "", {}, "message", ""};
  QCOMPARE(describe(whole, "recipe.yml"), std::string("recipe.yml: warning: message"));
  QVERIFY(layerloom::hasErrors({whole, placed}));
  QVERIFY(!layerloom::hasErrors({whole}));
}

QTEST_APPLESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
