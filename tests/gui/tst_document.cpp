// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/methods/spec.h"
#include "core/recipe/curve_edit.h"
#include "core/recipe/gradient.h"
#include "tests/common/safetensors_data.h"
#include "ui/document/document.h"
#include "ui/document/recipe_edits.h"

namespace layerloom {
namespace {

constexpr int kLayers = 8;

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

ModelReference model(const char* name) {
  return {name, {}};
}

const char* const kStarter =
    "# a note of the user's\n"
    "merge_method: task_arithmetic\n"
    "base_model: base\n"
    "models:\n"
    "  - model: prose  # first\n"
    "    parameters:\n"
    "      weight: [0.2, 0.4]\n"
    "  - model: code\n"
    "    parameters:\n"
    "      weight: 0.3\n"
    "dtype: float32\n";

Recipe recipeOf(const char* yaml) {
  const ParsedRecipe parsed = parseRecipe(yaml);
  return parsed.recipe ? *parsed.recipe : Recipe();
}

Recipe starter() {
  return recipeOf(kStarter);
}

/// A curve that its values alone do not bring back: the spline bends between its two points.
LayerCurve bent(double middle = 0.9) {
  return {CurveShape::Smooth, {{0, 0.1}, {3, middle}, {7, 0.2}}};
}

QStringList sourcesIn(const Recipe& recipe) {
  QStringList names;
  for (const RecipeSource& source : recipe.models) {
    names << QString::fromStdString(source.model.text);
  }
  return names;
}

QString baseIn(const Recipe& recipe) {
  return recipe.baseModel ? QString::fromStdString(recipe.baseModel->text) : QString();
}

/// The value of a source's or the method's setting without filter where it is one number; NaN otherwise.
double numberIn(const Settings& settings, const char* name) {
  const Setting* setting = findSetting(settings, name);
  const bool single =
      setting != nullptr && setting->size() == 1 && setting->front().filter.empty() && !setting->front().isGradient;
  return single ? asNumber(setting->front().values.front()).value_or(NAN) : NAN;
}

QStringList filtersOf(const Recipe& recipe, std::size_t source, const char* name) {
  QStringList filters;
  if (const Setting* setting = findSetting(sourcesOf(recipe)[source].parameters, name)) {
    for (const SettingRule& rule : *setting) {
      filters << QString::fromStdString(rule.filter);
    }
  }
  return filters;
}

bool near(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return std::abs(x - y) <= 1e-9; });
}

}  // namespace

class TestDocument : public QObject {
  Q_OBJECT

 private slots:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void coloursStayForLife();
  void colourOfAFormerBaseIsNew();
  void editsOfABurstAreOneStep();
  void burstThatComesBackLeavesNoStep();
  void burstEndsAtTheSavedState();
  void editWithoutChangeIsNoStep();
  void undoRestoresTheTypedText();
  void brokenTextKeepsTheRecipe();
  void typedTextIsKeptThroughSave();
  void projectKeepsControlPoints();
  void commentsAreKeptBesideControlPoints();
  void savedProjectIsReadableInAnyStyle_data();
  void savedProjectIsReadableInAnyStyle();
  void typingElsewhereKeepsControlPoints();
  void openingForgetsTheOldDocument();
  void failedSaveChangesNothing();

  void methodWithoutBase();
  void methodWithBaseTakesItFromTheSources();
  void methodChangeDropsItsParameters();
  void slerpStartsInTheMiddle();
  void unknownMethodIsKept();
  void requiredParametersAreCompleted_data();
  void requiredParametersAreCompleted();
  void newBaseSwapsPlaces();
  void baseFromOutsideLeavesTheSources();
  void sourceIsAddedWithItsStart();
  void removedModelTakesItsCurves();
  void parameterForAllSources();
  void booleanParameter();
  void noBaseIsNoOtherBase();
  void modelLeavesItsSlices();
  void parameterOfTheOnlySliceGivesWay();

  void curveIsWrittenAndRead();
  void curveWithFewPointsNeedsNoNote();
  void groupsStandBeforeTheGeneralRule();
  void removingTheGroupLeavesTheRest();
  void curveOfTheOnlySlice();
  void keptCurvesMustGiveTheValues();
  void referencesComeBaseFirst();
};

// Document
// ---------------------------------------------------------------------------------------------------------------------

void TestDocument::coloursStayForLife() {
  Document document;
  document.open({}, text(kStarter));
  QCOMPARE(document.models(), QStringList({text("base"), text("prose"), text("code")}));
  QCOMPARE(document.colourIndex(text("base")), -1);
  QCOMPARE(document.colourIndex(text("prose")), 0);
  QCOMPARE(document.colourIndex(text("code")), 1);
  document.edit(text("remove"), withoutModel(document.recipe(), text("prose")), {text("base"), text("code")});
  QCOMPARE(document.models(), QStringList({text("base"), text("code")}));
  document.edit(text("add"), withSource(document.recipe(), model("far"), kLayers));
  QCOMPARE(document.colourIndex(text("far")), 2);  // prose's colour is not given away
  QCOMPARE(document.colourIndex(text("code")), 1);
  document.history().undo();
  document.history().undo();
  QCOMPARE(document.colourIndex(text("prose")), 0);
  document.history().redo();
  document.history().redo();
  QCOMPARE(document.colourIndex(text("far")), 2);
}

void TestDocument::colourOfAFormerBaseIsNew() {
  Document document;
  document.open({}, text(kStarter));
  document.edit(text("base"), withBaseModel(document.recipe(), model("prose"), kLayers));
  QCOMPARE(document.colourIndex(text("prose")), -1);
  QCOMPARE(document.colourIndex(text("base")), 2);
  QCOMPARE(document.colourIndex(text("code")), 1);
  document.history().undo();
  QCOMPARE(document.colourIndex(text("prose")), 0);
  QCOMPARE(document.colourIndex(text("base")), -1);
}

void TestDocument::editsOfABurstAreOneStep() {
  Document document;
  document.open({}, text(kStarter));
  const auto draw = [&](double value, int burst) {
    Recipe recipe = document.recipe();
    setCurve(recipe, {0, "weight", {}}, constantCurve(value), kLayers);
    document.edit(text("draw"), std::move(recipe), burst);
  };
  QSignalSpy changed(&document, &Document::changed);
  draw(0.5, 7);
  draw(0.6, 7);
  draw(0.7, 7);
  QCOMPARE(document.history().count(), 1);
  QCOMPARE(changed.count(), 3);
  draw(0.8, 8);
  QCOMPARE(document.history().count(), 2);
  draw(0.85, 0);
  draw(0.9, 0);
  QCOMPARE(document.history().count(), 4);
  for (const double expected : {0.85, 0.8, 0.7}) {
    document.history().undo();
    QCOMPARE(numberIn(document.recipe().models[0].parameters, "weight"), expected);
  }
  document.history().undo();
  QCOMPARE(document.text(), text(kStarter));
  document.history().redo();
  QCOMPARE(numberIn(document.recipe().models[0].parameters, "weight"), 0.7);
}

void TestDocument::burstThatComesBackLeavesNoStep() {
  Document document;
  document.open({}, QString::fromStdString(writeRecipe(starter())));
  const Recipe before = document.recipe();
  Recipe other = before;
  setCurve(other, {0, "weight", {}}, constantCurve(0.5), kLayers);
  document.edit(text("up"), other, 3);
  document.edit(text("down"), before, 3);
  QCOMPARE(document.history().count(), 0);
  QVERIFY(document.history().isClean());
  QVERIFY(sameRecipe(document.recipe(), before));
}

void TestDocument::burstEndsAtTheSavedState() {
  const QTemporaryDir folder;
  Document document;
  document.open({}, text(kStarter));
  document.edit(text("a"), withMethod(document.recipe(), text("ties"), kLayers), 5);
  QVERIFY(document.save(folder.filePath(text("a.yml"))));
  QVERIFY(document.history().isClean());
  document.edit(text("b"), withMethod(document.recipe(), text("dare_ties"), kLayers), 5);
  QCOMPARE(document.history().count(), 2);
  document.history().undo();
  QVERIFY(document.history().isClean());
  QCOMPARE(document.recipe().mergeMethod, std::string("ties"));
}

void TestDocument::editWithoutChangeIsNoStep() {
  Document document;
  document.open({}, text(kStarter));
  QSignalSpy changed(&document, &Document::changed);
  document.edit(text("nothing"), document.recipe());
  document.editText(document.text());
  QCOMPARE(document.history().count(), 0);
  QCOMPARE(changed.count(), 0);
}

void TestDocument::undoRestoresTheTypedText() {
  Document document;
  document.open({}, text(kStarter));
  QString typed = text(kStarter);
  typed.replace(text("0.3"), text("0.35  # more"));
  document.editText(typed);
  QCOMPARE(numberIn(document.recipe().models[1].parameters, "weight"), 0.35);
  document.edit(text("method"), withMethod(document.recipe(), text("ties"), kLayers));
  QVERIFY(!document.text().contains(text("# more")));
  document.history().undo();
  QCOMPARE(document.text(), typed);
  document.history().undo();
  QCOMPARE(document.text(), text(kStarter));
  QCOMPARE(numberIn(document.recipe().models[1].parameters, "weight"), 0.3);
}

void TestDocument::brokenTextKeepsTheRecipe() {
  Document document;
  document.open({}, text(kStarter));
  const QString broken = text(kStarter).replace(text("[0.2, 0.4]"), text("[0.2, 0.4"));
  document.editText(broken);
  QCOMPARE(document.text(), broken);
  QVERIFY(hasErrors(document.textProblems()));
  QVERIFY(document.textProblems().front().where.line >= 7);
  QVERIFY(sameRecipe(document.recipe(), starter()));
  document.editText(text(kStarter).replace(text("0.3"), text("0.25")));
  QVERIFY(document.textProblems().empty());
  QCOMPARE(numberIn(document.recipe().models[1].parameters, "weight"), 0.25);
}

void TestDocument::typedTextIsKeptThroughSave() {
  const QTemporaryDir folder;
  const QString path = folder.filePath(text("mine.layerloom.yml"));
  const QString typed = text(kStarter).replace(text("0.3"), text("0.35  # größer"));
  Document document;
  document.open({}, text(kStarter));
  document.editText(typed);
  QVERIFY(!document.history().isClean());
  QSignalSpy changed(&document, &Document::changed);
  QVERIFY(document.save(path));
  QCOMPARE(changed.count(), 1);
  QVERIFY(document.history().isClean());
  QCOMPARE(document.filePath(), path);
  QCOMPARE(document.name(), text("mine"));
  QCOMPARE(document.folder(), folder.path());
  const std::string written = test::readBytes(path.toStdString());
  QCOMPARE(QString::fromStdString(written), typed);
  Document again;
  again.open(path, QString::fromStdString(written));
  QCOMPARE(again.text(), typed);
  QVERIFY(sameRecipe(again.recipe(), document.recipe()));
}

void TestDocument::projectKeepsControlPoints() {
  const QTemporaryDir folder;
  const QString path = folder.filePath(text("curves.layerloom.yml"));
  Document document;
  document.open({}, text(kStarter));
  Recipe recipe = document.recipe();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  setCurve(recipe, {1, "weight", "self_attn"}, bent(0.6), kLayers);
  document.edit(text("draw"), recipe);
  QVERIFY(!document.text().contains(text("layerloom:")));
  QVERIFY(document.save(path));
  const QString written = QString::fromStdString(test::readBytes(path.toStdString()));
  QVERIFY(written.contains(text("layerloom:")));
  Document again;
  again.open(path, written);
  QCOMPARE(again.text(), document.text());
  QCOMPARE(again.recipe().curves.size(), std::size_t(2));
  QVERIFY(again.recipe().curves == document.recipe().curves);
  QVERIFY(curveOf(again.recipe(), {0, "weight", {}}, kLayers) == bent());
  QVERIFY(curveOf(again.recipe(), {1, "weight", "self_attn"}, kLayers) == bent(0.6));
  QVERIFY(again.history().isClean());
}

void TestDocument::commentsAreKeptBesideControlPoints() {
  const QTemporaryDir folder;
  const QString path = folder.filePath(text("noted.layerloom.yml"));
  Document document;
  document.open({}, text(kStarter));
  document.setLayers(kLayers);
  Recipe recipe = document.recipe();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  document.edit(text("draw"), recipe);
  const QString typed = text("# my own words\n") + document.text();
  document.editText(typed);
  QVERIFY(document.save(path));
  const QString written = QString::fromStdString(test::readBytes(path.toStdString()));
  QVERIFY(written.startsWith(typed) && written.contains(text("\nlayerloom:")));
  Document again;
  again.open(path, written);
  QCOMPARE(again.text(), typed);
  QVERIFY(curveOf(again.recipe(), {0, "weight", {}}, kLayers) == bent());
}

void TestDocument::savedProjectIsReadableInAnyStyle_data() {
  Recipe recipe = starter();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  const QString plain = QString::fromStdString(writeRecipe(recipe));
  QString indented = text("  ") + plain.trimmed().replace(text("\n"), text("\n  ")) + text("\n");
  const QString values = plain.section(text("weight: "), 1).section(text("\n"), 0, 0);
  const QString flow =
      text(
          "{merge_method: task_arithmetic, base_model: base, dtype: float32, models: [{model: prose, parameters: "
          "{weight: %1}}, {model: code, parameters: {weight: 0.3}}]}\n")
          .arg(values);
  QTest::addColumn<QString>("typed");
  QTest::newRow("as written") << plain;
  QTest::newRow("without a last line break") << plain.trimmed();
  QTest::newRow("indented") << indented;
  QTest::newRow("in braces") << flow;
  QTest::newRow("with an end of document") << plain + text("...\n");
  QTest::newRow("a project pasted whole") << QString::fromStdString(writeRecipe(recipe, YamlDetail::Project));
}

void TestDocument::savedProjectIsReadableInAnyStyle() {
  QFETCH(QString, typed);
  const QTemporaryDir folder;
  const QString path = folder.filePath(text("style.layerloom.yml"));
  Document document;
  document.open({}, text(kStarter));
  document.setLayers(kLayers);
  Recipe recipe = document.recipe();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  document.edit(text("draw"), recipe);
  document.editText(typed);
  QVERIFY(document.textProblems().empty());
  QVERIFY(sameRecipe(document.recipe(), recipe));
  QVERIFY(document.save(path));
  const std::string written = test::readBytes(path.toStdString());
  const ParsedRecipe parsed = parseRecipe(written);
  QVERIFY2(parsed.recipe.has_value(), written.c_str());
  Document again;
  again.open(path, QString::fromStdString(written));
  QVERIFY(sameRecipe(again.recipe(), recipe));
  QVERIFY(again.textProblems().empty());
  QVERIFY(curveOf(again.recipe(), {0, "weight", {}}, kLayers) == bent());
}

void TestDocument::typingElsewhereKeepsControlPoints() {
  Document document;
  document.open({}, text(kStarter));
  document.setLayers(kLayers);
  Recipe recipe = document.recipe();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  document.edit(text("draw"), recipe);
  document.editText(QString(document.text()).replace(text("0.3"), text("0.35")));
  QCOMPARE(numberIn(document.recipe().models[1].parameters, "weight"), 0.35);
  QVERIFY(curveOf(document.recipe(), {0, "weight", {}}, kLayers) == bent());
  // Another value in the curve's own list: the points do not hold any more.
  const SettingRule* rule = findRule(document.recipe(), {0, "weight", {}});
  QVERIFY(rule != nullptr && rule->isGradient);
  QString typed = document.text();
  typed.replace(text("weight: [0.1,"), text("weight: [0.15,"));
  QVERIFY(typed != document.text());
  document.editText(typed);
  QVERIFY(document.recipe().curves.empty());
  QCOMPARE(evaluateCurve(*curveOf(document.recipe(), {0, "weight", {}}, kLayers), kLayers).front(), 0.15);
}

void TestDocument::openingForgetsTheOldDocument() {
  Document document;
  document.open({}, text(kStarter));
  document.edit(text("method"), withMethod(document.recipe(), text("ties"), kLayers));
  document.setSample(true);
  document.open(text("/somewhere/other.yml"),
                text("merge_method: linear\nmodels:\n  - model: x\n    parameters: {weight: 1}\n"), {text("beside")});
  QCOMPARE(document.history().count(), 0);
  QVERIFY(!document.isSample());
  QCOMPARE(document.models(), QStringList({text("x"), text("beside")}));
  QCOMPARE(document.colourIndex(text("x")), 0);
  QCOMPARE(document.colourIndex(text("prose")), -1);
  QCOMPARE(document.folder(), text("/somewhere"));
}

void TestDocument::failedSaveChangesNothing() {
  const QTemporaryDir folder;
  Document document;
  document.open({}, text(kStarter));
  document.editText(text(kStarter) + text("# more\n"));
  const Status saved = document.save(folder.filePath(text("missing/folder/a.yml")));
  QVERIFY(!saved);
  QVERIFY(QString::fromStdString(saved.error().message).contains(text("missing")));
  QVERIFY(!document.history().isClean());
  QVERIFY(document.filePath().isEmpty());
}

// Edits of the window's controls
// ---------------------------------------------------------------------------------------------------------------------

void TestDocument::methodWithoutBase() {
  const Recipe apart = withMethod(starter(), text("linear"), kLayers);
  QCOMPARE(apart.mergeMethod, std::string("linear"));
  QCOMPARE(sourcesIn(apart), QStringList({text("prose"), text("code")}));  // the base was no source and is none now
  QVERIFY(baseIn(apart).isEmpty());
  QVERIFY(findRule(apart, {0, "weight", {}})->isGradient);

  Recipe listed = starter();
  listed.models.push_back({});
  listed.models.back().model.text = "base";
  listed = withMethod(std::move(listed), text("linear"), kLayers);
  QCOMPARE(sourcesIn(listed), QStringList({text("prose"), text("code"), text("base")}));
  QVERIFY(!std::isnan(numberIn(listed.models[2].parameters, "weight")));  // linear needs one of every source
}

void TestDocument::methodWithBaseTakesItFromTheSources() {
  const Recipe linear = recipeOf(
      "merge_method: linear\nmodels:\n  - model: a\n    parameters: {weight: 0.6}\n  - model: b\n    parameters: "
      "{weight: 0.4}\n");
  const Recipe ties = withMethod(linear, text("ties"), kLayers);
  QCOMPARE(baseIn(ties), text("a"));
  QCOMPARE(sourcesIn(ties), QStringList({text("b")}));
  QCOMPARE(numberIn(ties.models[0].parameters, "weight"), 0.4);
}

void TestDocument::methodChangeDropsItsParameters() {
  Recipe recipe = recipeOf(
      "merge_method: ties\nbase_model: base\nparameters: {lambda: 0.7, normalize: false}\nmodels:\n"
      "  - model: a\n    parameters: {weight: 0.6, density: 0.5}\n");
  setCurve(recipe, {0, "density", {}}, bent(), kLayers);
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  QCOMPARE(recipe.curves.size(), std::size_t(2));
  const Recipe arithmetic = withMethod(recipe, text("task_arithmetic"), kLayers);
  QVERIFY(findSetting(arithmetic.models[0].parameters, "density") == nullptr);
  QCOMPARE(numberIn(arithmetic.parameters, "lambda"), 0.7);
  QVERIFY(findSetting(arithmetic.parameters, "normalize") != nullptr);
  const Recipe linear = withMethod(recipe, text("linear"), kLayers);
  QVERIFY(findSetting(linear.parameters, "lambda") == nullptr);
  QCOMPARE(linear.curves.size(), std::size_t(1));
  QCOMPARE(linear.curves[0].parameter, std::string("weight"));
  QVERIFY(curveOf(linear, {0, "weight", {}}, kLayers) == bent());
}

void TestDocument::slerpStartsInTheMiddle() {
  Recipe recipe = withMethod(withoutModel(starter(), text("code")), text("slerp"), kLayers);
  QCOMPARE(baseIn(recipe), text("base"));
  QCOMPARE(sourcesIn(recipe), QStringList({text("prose")}));
  QCOMPARE(numberIn(recipe.parameters, "t"), 0.5);
  QVERIFY(findSetting(recipe.models[0].parameters, "weight") == nullptr);
  recipe = withParameter(std::move(recipe), *findMethod("slerp")->parameter("t"), 0.25);
  QCOMPARE(numberIn(withMethod(recipe, text("slerp"), kLayers).parameters, "t"), 0.25);  // what is there stays
}

void TestDocument::unknownMethodIsKept() {
  const Recipe recipe = withMethod(starter(), text("della"), kLayers);
  QCOMPARE(recipe.mergeMethod, std::string("della"));
  QCOMPARE(sourcesIn(recipe), sourcesIn(starter()));
  QVERIFY(findSetting(recipe.models[0].parameters, "weight") != nullptr);
}

void TestDocument::requiredParametersAreCompleted_data() {
  QTest::addColumn<QString>("method");
  for (const MethodSpec& method : methodSpecs()) {
    QTest::newRow(method.name.c_str()) << QString::fromStdString(method.name);
  }
}

void TestDocument::requiredParametersAreCompleted() {
  QFETCH(QString, method);
  const Recipe bare = recipeOf("merge_method: passthrough\nbase_model: base\nmodels:\n  - model: a\n  - model: b\n");
  QCOMPARE(bare.models.size(), std::size_t(2));
  const Recipe recipe = withMethod(bare, method, kLayers);
  const MethodSpec& spec = *findMethod(method.toStdString());
  for (const ParameterSpec& parameter : spec.parameters) {
    const bool ofMethod = parameter.scope == ParameterScope::Method;
    for (std::size_t i = 0; i < (ofMethod ? 1 : recipe.models.size()); ++i) {
      const CurveKey key{ofMethod ? std::nullopt : std::optional(i), parameter.name, {}};
      QCOMPARE(findRule(recipe, key) != nullptr, !parameter.standard.has_value());
    }
  }
  QCOMPARE(baseIn(recipe).isEmpty(), spec.baseModel == BaseModelUse::None);
  // What the program writes, it reads.
  const ParsedRecipe parsed = parseRecipe(writeRecipe(recipe));
  QVERIFY(parsed.recipe && sameRecipe(*parsed.recipe, recipe));
}

void TestDocument::newBaseSwapsPlaces() {
  const Recipe swapped = withBaseModel(starter(), model("prose"), kLayers);
  QCOMPARE(baseIn(swapped), text("prose"));
  QCOMPARE(sourcesIn(swapped), QStringList({text("code"), text("base")}));
  QCOMPARE(numberIn(swapped.models[0].parameters, "weight"), 0.3);
  QVERIFY(!std::isnan(numberIn(swapped.models[1].parameters, "weight")));
  const Recipe same = withBaseModel(starter(), model("base"), kLayers);
  QVERIFY(sameRecipe(same, starter()));
}

void TestDocument::baseFromOutsideLeavesTheSources() {
  const Recipe other = withBaseModel(starter(), model("/models/other"), kLayers);
  QCOMPARE(baseIn(other), text("/models/other"));
  QCOMPARE(sourcesIn(other), QStringList({text("prose"), text("code")}));
  const Recipe linear = withBaseModel(withMethod(starter(), text("linear"), kLayers), std::nullopt, kLayers);
  QVERIFY(baseIn(linear).isEmpty());
  QCOMPARE(sourcesIn(linear), QStringList({text("prose"), text("code")}));
}

void TestDocument::sourceIsAddedWithItsStart() {
  const Recipe recipe = withSource(starter(), model("far"), kLayers);
  QCOMPARE(sourcesIn(recipe), QStringList({text("prose"), text("code"), text("far")}));
  const double weight = numberIn(recipe.models[2].parameters, "weight");
  QVERIFY(weight > 0 && weight <= 1);
  QCOMPARE(numberIn(recipe.models[1].parameters, "weight"), 0.3);
  Recipe common = starter();
  obtainSetting(common.parameters, "weight") = {SettingRule{{}, {0.4}, false, {}}};
  // A weight for all holds for the new one as well.
  QVERIFY(findSetting(withSource(common, model("far"), kLayers).models[2].parameters, "weight") == nullptr);
}

void TestDocument::removedModelTakesItsCurves() {
  Recipe recipe = starter();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  setCurve(recipe, {1, "weight", {}}, bent(0.5), kLayers);
  const Recipe without = withoutModel(recipe, text("prose"));
  QCOMPARE(sourcesIn(without), QStringList({text("code")}));
  QCOMPARE(without.curves.size(), std::size_t(1));
  QVERIFY(curveOf(without, {0, "weight", {}}, kLayers) == bent(0.5));  // re-numbered
  QVERIFY(baseIn(withoutModel(recipe, text("base"))).isEmpty());
  QVERIFY(sameRecipe(withoutModel(recipe, text("nobody")), recipe));
}

void TestDocument::parameterForAllSources() {
  const ParameterSpec& weight = *findMethod("task_arithmetic")->parameter("weight");
  Recipe recipe = starter();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  const Recipe all = withParameter(recipe, weight, 0.45);
  QCOMPARE(numberIn(all.parameters, "weight"), 0.45);
  QVERIFY(all.models[0].parameters.empty() && all.models[1].parameters.empty());
  QVERIFY(all.curves.empty());
  const ParameterSpec& density = *findMethod("ties")->parameter("density");
  Recipe ties = withParameter(withMethod(starter(), text("ties"), kLayers), density, 0.5);
  QCOMPARE(numberIn(ties.parameters, "density"), 0.5);
  ties = withParameter(std::move(ties), density, 1.0);  // the standard needs no line
  QVERIFY(findSetting(ties.parameters, "density") == nullptr);
}

void TestDocument::booleanParameter() {
  const ParameterSpec& normalize = *findMethod("task_arithmetic")->parameter("normalize");
  const Recipe on = withParameter(starter(), normalize, true);
  const Setting* setting = findSetting(on.parameters, "normalize");
  QVERIFY(setting != nullptr && setting->front().values.front() == SettingScalar(true));
  QVERIFY(writeRecipe(on).find("normalize: true") != std::string::npos);
  QVERIFY(findSetting(withParameter(on, normalize, false).parameters, "normalize") == nullptr);
}

void TestDocument::noBaseIsNoOtherBase() {
  const Recipe none = withBaseModel(starter(), std::nullopt, kLayers);
  QVERIFY(baseIn(none).isEmpty());
  QCOMPARE(sourcesIn(none), QStringList({text("prose"), text("code")}));
}

void TestDocument::modelLeavesItsSlices() {
  const Recipe stack = recipeOf(
      "merge_method: passthrough\nslices:\n  - sources: [{model: a, layer_range: [0, 4]}]\n"
      "  - sources: [{model: b, layer_range: [2, 8]}]\n");
  QCOMPARE(stack.slices.size(), std::size_t(2));
  const Recipe without = withoutModel(stack, text("a"));
  QCOMPARE(without.slices.size(), std::size_t(1));
  QCOMPARE(without.slices[0].sources[0].model.text, std::string("b"));
}

void TestDocument::parameterOfTheOnlySliceGivesWay() {
  const Recipe recipe = recipeOf(
      "merge_method: task_arithmetic\nbase_model: base\nslices:\n  - sources:\n      - {model: base, layer_range: [0, "
      "4]}\n"
      "      - {model: a, layer_range: [0, 4]}\n    parameters: {weight: 0.2}\n");
  QCOMPARE(recipe.slices.size(), std::size_t(1));
  const Recipe changed = withParameter(recipe, *findMethod("task_arithmetic")->parameter("weight"), 0.6);
  QVERIFY(curveOf(changed, {1, "weight", {}}, 4) == constantCurve(0.6));  // what the merge takes
}

// Curves in a recipe
// ---------------------------------------------------------------------------------------------------------------------

void TestDocument::curveIsWrittenAndRead() {
  Recipe recipe = starter();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  QVERIFY(curveOf(recipe, {0, "weight", {}}, kLayers) == bent());
  const SettingRule* rule = findRule(recipe, {0, "weight", {}});
  QVERIFY(rule != nullptr);
  // mergekit reads the text: its interpolation must give the curve's values.
  const ParsedRecipe parsed = parseRecipe(writeRecipe(recipe));
  QVERIFY(parsed.recipe);
  const auto values = layerValues(*findRule(*parsed.recipe, {0, "weight", {}}), kLayers);
  QVERIFY(values && near(*values, evaluateCurve(bent(), kLayers)));
  QVERIFY(findSetting(recipe.parameters, "weight") == nullptr);
  QVERIFY(!curveOf(recipe, {0, "density", {}}, kLayers));
  QVERIFY(!curveOf(recipe, {0, "weight", "mlp"}, kLayers));
}

void TestDocument::curveWithFewPointsNeedsNoNote() {
  Recipe recipe = starter();
  setCurve(recipe, {0, "weight", {}}, bent(), kLayers);
  setCurve(recipe, {0, "weight", {}}, constantCurve(0.25), kLayers);
  QVERIFY(recipe.curves.empty());  // the earlier note is gone as well
  QCOMPARE(numberIn(recipe.models[0].parameters, "weight"), 0.25);
  const LayerCurve straight{CurveShape::Linear, {{0, 0.0}, {7, 0.7}}};
  setCurve(recipe, {0, "weight", {}}, straight, kLayers);
  QVERIFY(recipe.curves.empty());
  QCOMPARE(findRule(recipe, {0, "weight", {}})->values.size(), std::size_t(2));
  QVERIFY(curveOf(recipe, {0, "weight", {}}, kLayers) == straight);
}

void TestDocument::groupsStandBeforeTheGeneralRule() {
  Recipe recipe = starter();
  setCurve(recipe, {0, "weight", "mlp"}, constantCurve(0.1), kLayers);
  setCurve(recipe, {0, "weight", "self_attn"}, constantCurve(0.6), kLayers);
  setCurve(recipe, {0, "weight", "model.embed_tokens.weight"}, constantCurve(0.7), kLayers);
  const QStringList expected{text("model.embed_tokens.weight"), text("self_attn"), text("mlp"), QString()};
  QCOMPARE(filtersOf(recipe, 0, "weight"), expected);
  setCurve(recipe, {0, "weight", "mlp"}, constantCurve(0.2), kLayers);  // in its place
  setCurve(recipe, {0, "weight", {}}, constantCurve(0.3), kLayers);
  QCOMPARE(filtersOf(recipe, 0, "weight"), expected);
  const Setting& setting = *findSetting(recipe.models[0].parameters, "weight");
  const auto valueFor = [&](const char* tensor) { return asNumber(matchRule(setting, tensor)->values.front()); };
  QCOMPARE(valueFor("model.layers.3.mlp.up_proj.weight"), std::optional(0.2));
  QCOMPARE(valueFor("model.layers.3.self_attn.q_proj.weight"), std::optional(0.6));
  QCOMPARE(valueFor("model.embed_tokens.weight"), std::optional(0.7));
  QCOMPARE(valueFor("model.norm.weight"), std::optional(0.3));
  const ParsedRecipe parsed = parseRecipe(writeRecipe(recipe));
  QVERIFY(parsed.recipe && sameRecipe(*parsed.recipe, recipe));
}

void TestDocument::removingTheGroupLeavesTheRest() {
  Recipe recipe = starter();
  setCurve(recipe, {0, "weight", "self_attn"}, bent(), kLayers);
  removeCurve(recipe, {0, "weight", "self_attn"});
  QVERIFY(sameRecipe(recipe, starter()));
  QVERIFY(recipe.curves.empty());
  removeCurve(recipe, {1, "weight", {}});
  QVERIFY(findSetting(recipe.models[1].parameters, "weight") == nullptr);
  removeCurve(recipe, {1, "weight", {}});  // nothing there: nothing appears
  QVERIFY(recipe.models[1].parameters.empty());
}

void TestDocument::curveOfTheOnlySlice() {
  Recipe recipe = recipeOf(
      "merge_method: task_arithmetic\nbase_model: base\nparameters: {weight: 0.2}\nslices:\n  - sources:\n"
      "      - {model: a, layer_range: [0, 4]}\n      - {model: b, layer_range: [0, 4], parameters: {weight: 0.7}}\n");
  QCOMPARE(sourcesOf(recipe).size(), std::size_t(2));
  QVERIFY(curveOf(recipe, {0, "weight", {}}, 4) == constantCurve(0.2));  // the level below speaks
  QVERIFY(curveOf(recipe, {1, "weight", {}}, 4) == constantCurve(0.7));
  setCurve(recipe, {0, "weight", {}}, constantCurve(0.9), 4);
  QCOMPARE(numberIn(recipe.slices[0].sources[0].parameters, "weight"), 0.9);
  QCOMPARE(numberIn(recipe.parameters, "weight"), 0.2);
  removeCurve(recipe, {0, "weight", {}});
  QVERIFY(curveOf(recipe, {0, "weight", {}}, 4) == constantCurve(0.2));
}

void TestDocument::keptCurvesMustGiveTheValues() {
  Recipe earlier = starter();
  setCurve(earlier, {0, "weight", {}}, bent(), kLayers);
  setCurve(earlier, {1, "weight", {}}, bent(0.5), kLayers);
  Recipe typed = earlier;
  typed.curves.clear();
  keepCurves(typed, earlier, kLayers);
  QVERIFY(typed.curves == earlier.curves);
  keepCurves(typed, earlier, kLayers);  // once is enough
  QCOMPARE(typed.curves.size(), std::size_t(2));

  typed.curves.clear();
  obtainSetting(typed.models[0].parameters, "weight") = {SettingRule{{}, {0.5}, false, {}}};
  typed.models.pop_back();
  keepCurves(typed, earlier, kLayers);
  QVERIFY(typed.curves.empty());
}

void TestDocument::referencesComeBaseFirst() {
  const Recipe recipe = recipeOf(
      "merge_method: linear\nbase_model: c\nmodels:\n  - {model: a, parameters: {weight: 1}}\n"
      "  - {model: c, parameters: {weight: 1}}\n  - {model: a, parameters: {weight: 1}}\n");
  QCOMPARE(referencesOf(recipe), QStringList({text("c"), text("a")}));
  QVERIFY(referencesOf({}).isEmpty());
}

}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestDocument)
#include "tst_document.moc"
