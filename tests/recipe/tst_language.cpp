// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/recipe/recipe.h"
#include "recipe_generator.h"

using layerloom::ParsedRecipe;
using layerloom::parseRecipe;
using layerloom::Recipe;
using layerloom::RecipeToken;
using layerloom::RecipeTokenizer;
using layerloom::writeRecipe;

/// What the recipe language has beyond models, slices and settings: modules, references, tokenizers, stages, YAML's own shorthands.
class TestLanguage : public QObject {
  Q_OBJECT

 private slots:
  void readsModules();
  void modulesAreChecked_data();
  void modulesAreChecked();
  void readsReferences_data();
  void readsReferences();
  void readsTokenizers();
  void tokenizersAreChecked_data();
  void tokenizersAreChecked();
  void numbersAreReadAsPyYamlReadsThem_data();
  void numbersAreReadAsPyYamlReadsThem();
  void mergeKeysAreExpanded();
  void stagesComeInOrder();
  void stagesAreChecked_data();
  void stagesAreChecked();
  void stagesRoundTrip();
  void draftsHoldWhatCouldBeRead();
  void everyReferenceIsVisited();
};

namespace {

std::string problemsOf(const ParsedRecipe& parsed) {
  std::string text;
  for (const auto& problem : parsed.problems) {
    text += describe(problem, "r.yml") + "\n";
  }
  return text;
}

Recipe mustParse(const std::string& text) {
  ParsedRecipe parsed = parseRecipe(text);
  if (!parsed.recipe) {
    qFatal("%s", problemsOf(parsed).c_str());
  }
  return *std::move(parsed.recipe);
}

void checkRefusal(const QString& text, const QString& path, const QString& message) {
  const ParsedRecipe parsed = parseRecipe(text.toStdString());
  QVERIFY(!parsed.recipe.has_value());
  const bool found = std::any_of(parsed.problems.begin(), parsed.problems.end(), [&](const layerloom::Problem& problem) {
    return problem.severity == layerloom::Severity::Error && problem.path == path.toStdString() &&
           QString::fromStdString(problem.message).contains(message) && problem.where.line > 0;
  });
  QVERIFY2(found, problemsOf(parsed).c_str());
}

}  // namespace

void TestLanguage::readsModules() {
  const Recipe recipe = mustParse(
      "merge_method: linear\n"
      "modules:\n"
      "  encoder:\n"
      "    models: [{model: a, parameters: {weight: 1}}, {model: b}]\n"
      "    parameters: {normalize: false}\n"
      "  decoder:\n"
      "    slices: [{sources: [{model: a, layer_range: [0, 2]}]}]\n");
  QCOMPARE(recipe.modules.size(), std::size_t{2});
  QCOMPARE(recipe.modules[0].name, std::string("encoder"));
  QCOMPARE(recipe.modules[0].models.size(), std::size_t{2});
  QVERIFY(layerloom::findSetting(recipe.modules[0].parameters, "normalize") != nullptr);
  QCOMPARE(recipe.modules[1].slices.at(0).sources.at(0).layerRange->end, 2);
  QVERIFY(sameRecipe(recipe, mustParse(writeRecipe(recipe))));
}

void TestLanguage::modulesAreChecked_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("path");
  QTest::addColumn<QString>("message");
  QTest::newRow("beside models") << "merge_method: linear\nmodels: [{model: a}]\nmodules: {encoder: {models: [{model: a}]}}\n"
                                 << "modules" << "not both";
  QTest::newRow("neither") << "merge_method: linear\nmodules: {encoder: {parameters: {weight: 1}}}\n" << "modules.encoder" << "either";
  QTest::newRow("a list") << "merge_method: linear\nmodules: [encoder]\n" << "modules" << "no mapping";
  QTest::newRow("inside") << "merge_method: linear\nmodules: {encoder: {models: [{parameters: {}}]}}\n" << "modules.encoder.models[0]"
                          << "names no model";
}

void TestLanguage::modulesAreChecked() {
  QFETCH(QString, text);
  QFETCH(QString, path);
  QFETCH(QString, message);
  checkRefusal(text, path, message);
}

void TestLanguage::readsReferences_data() {
  QTest::addColumn<QString>("yaml");
  QTest::addColumn<QString>("path");
  QTest::addColumn<QString>("revision");
  QTest::addColumn<QString>("adapter");
  QTest::addColumn<QString>("architecture");
  QTest::newRow("text") << "org/model@v1+lora@v2" << "org/model" << "v1" << "lora" << "";
  QTest::newRow("mapping") << "{model: {path: org/model, revision: v1}, lora: {path: lora}}" << "org/model" << "v1" << "lora" << "";
  QTest::newRow("half a mapping") << "{model: org/model@v1, lora: null}" << "org/model" << "v1" << "" << "";
  QTest::newRow("plus in a path") << "{model: {path: a+b}}" << "a+b" << "" << "" << "";
  QTest::newRow("architecture") << "{model: {path: a}, override_architecture: LlamaForCausalLM}" << "a" << "" << "" << "LlamaForCausalLM";
}

void TestLanguage::readsReferences() {
  QFETCH(QString, yaml);
  QFETCH(QString, path);
  QFETCH(QString, revision);
  QFETCH(QString, adapter);
  QFETCH(QString, architecture);
  const Recipe recipe = mustParse("merge_method: passthrough\nmodels:\n- model: " + yaml.toStdString() + "\n");
  const Recipe again = mustParse(writeRecipe(recipe));
  for (const Recipe* read : {&recipe, &again}) {
    const layerloom::ModelReference& reference = read->models.at(0).model;
    const layerloom::ModelAddress address = addressOf(reference).value();
    QCOMPARE(QString::fromStdString(address.path), path);
    QCOMPARE(QString::fromStdString(address.revision), revision);
    QCOMPARE(QString::fromStdString(address.adapter), adapter);
    QCOMPARE(QString::fromStdString(reference.architecture), architecture);
  }
}

void TestLanguage::readsTokenizers() {
  const Recipe recipe = mustParse(
      "merge_method: linear\nmodels: [{model: a}]\n"
      "tokenizer:\n"
      "  tokens:\n"
      "    \"<a>\": {source: a}\n"
      "    \"<b>\": {source: {kind: zero}, force: true}\n"
      "    \"<c>\": {source: {kind: model_token, model: b, token_id: 7}}\n"
      "    \"<d>\": {source: {kind: model_token, model: b, token: \"1.0\"}}\n"
      "  pad_to_multiple_of: 64\n");
  const RecipeTokenizer& tokenizer = *recipe.tokenizer;
  QVERIFY(tokenizer.source == RecipeTokenizer::Source::Union);
  QCOMPARE(tokenizer.padToMultipleOf, std::uint64_t{64});
  QCOMPARE(tokenizer.tokens.size(), std::size_t{4});
  QVERIFY(tokenizer.tokens[0].source == RecipeToken::Source::Model && tokenizer.tokens[0].model.text == "a");
  QVERIFY(tokenizer.tokens[1].source == RecipeToken::Source::Zero && tokenizer.tokens[1].force);
  QVERIFY(tokenizer.tokens[2].sourceTokenId == std::int64_t{7});
  QVERIFY(tokenizer.tokens[3].sourceToken == std::string("1.0"));
  QVERIFY(sameRecipe(recipe, mustParse(writeRecipe(recipe))));
  const Recipe brief = mustParse("merge_method: linear\nmodels: [{model: a}]\ntokenizer_source: org/other\n");
  QVERIFY(brief.tokenizer->source == RecipeTokenizer::Source::Model && brief.tokenizer->brief);
  QVERIFY(writeRecipe(brief).find("tokenizer_source: org/other") != std::string::npos);
}

void TestLanguage::tokenizersAreChecked_data() {
  QTest::addColumn<QString>("tokenizer");
  QTest::addColumn<QString>("path");
  QTest::addColumn<QString>("message");
  QTest::newRow("a word") << "tokenizer: base" << "tokenizer" << "no mapping";
  QTest::newRow("padding") << "tokenizer: {pad_to_multiple_of: -3}" << "tokenizer.pad_to_multiple_of" << "whole number";
  QTest::newRow("kind") << "tokenizer: {tokens: {x: {source: {kind: one}}}}" << "tokenizer.tokens.x.source.kind" << "\"one\"";
  QTest::newRow("two names") << "tokenizer: {tokens: {x: {source: {kind: model_token, model: a, token: y, token_id: 1}}}}"
                             << "tokenizer.tokens.x.source" << "either";
  QTest::newRow("force") << "tokenizer: {tokens: {x: {force: perhaps}}}" << "tokenizer.tokens.x.force" << "neither";
  QTest::newRow("both") << "tokenizer: {source: base}\ntokenizer_source: base" << "tokenizer" << "not both";
}

void TestLanguage::tokenizersAreChecked() {
  QFETCH(QString, tokenizer);
  QFETCH(QString, path);
  QFETCH(QString, message);
  checkRefusal("merge_method: linear\nmodels: [{model: a}]\n" + tokenizer + "\n", path, message);
}

void TestLanguage::numbersAreReadAsPyYamlReadsThem_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<double>("value");
  QTest::newRow("octal") << "010" << 8.0;
  QTest::newRow("no octal after all") << "08" << 8.0;
  QTest::newRow("hexadecimal") << "0x10" << 16.0;
  QTest::newRow("binary") << "0b11" << 3.0;
  QTest::newRow("underscores") << "1_000.5" << 1000.5;
  QTest::newRow("sexagesimal") << "1:30" << 90.0;
  QTest::newRow("negative") << "-0.25" << -0.25;
  QTest::newRow("a string for PyYAML") << "1e-5" << 1e-5;
  QTest::newRow("written as a string") << "\"0.5\"" << 0.5;
  QTest::newRow("point first") << ".5" << 0.5;
  QTest::newRow("exponent") << "1.5e+2" << 150.0;
}

void TestLanguage::numbersAreReadAsPyYamlReadsThem() {
  QFETCH(QString, text);
  QFETCH(double, value);
  const Recipe recipe = mustParse("merge_method: linear\nmodels: [{model: a, parameters: {weight: " + text.toStdString() + "}}]\n");
  const Recipe again = mustParse(writeRecipe(recipe));
  for (const Recipe* read : {&recipe, &again}) {
    const auto& rule = findSetting(read->models.at(0).parameters, "weight")->front();
    const auto* number = std::get_if<double>(&rule.values.front());
    const double held = number != nullptr ? *number : std::stod(std::get<std::string>(rule.values.front()));
    QCOMPARE(held, value);
  }
}

void TestLanguage::mergeKeysAreExpanded() {
  const Recipe recipe = mustParse(
      "merge_method: linear\n"
      "models:\n"
      "- &first {model: a, parameters: {weight: 0.3}}\n"
      "- {<<: *first, model: b}\n");
  QCOMPARE(recipe.models[1].model.text, std::string("b"));
  QVERIFY(findSetting(recipe.models[1].parameters, "weight") != nullptr);
}

void TestLanguage::stagesComeInOrder() {
  const Recipe recipe = mustParse(
      "name: second\nmerge_method: linear\nmodels: [{model: first+lora}, {model: c}]\n"
      "---\n"
      "merge_method: slerp\nbase_model: second\nmodels: [{model: first}]\nparameters: {t: 0.5}\n"
      "---\n"
      "name: first\nmerge_method: linear\nmodels: [{model: a}, {model: b}]\n");
  QCOMPARE(recipe.mergeMethod, std::string("slerp"));
  QCOMPARE(recipe.stages.size(), std::size_t{2});
  QCOMPARE(recipe.stages[0].name, std::string("first"));
  QCOMPARE(recipe.stages[1].name, std::string("second"));
}

void TestLanguage::stagesAreChecked_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<int>("document");
  QTest::addColumn<QString>("message");
  const QString body = "merge_method: linear\nmodels: [{model: %1}]\n";
  QTest::newRow("two without a name") << body.arg("a") + "---\n" + body.arg("b") << 1 << "two documents have no name";
  QTest::newRow("a name twice") << "name: x\n" + body.arg("a") + "---\nname: x\n" + body.arg("b") + "---\n" + body.arg("x") << 1 << "the name \"x\"";
  QTest::newRow("circle") << "name: x\n" + body.arg("y") + "---\nname: y\n" + body.arg("x") + "---\n" + body.arg("x") << 0 << "in a circle";
  QTest::newRow("itself") << "name: x\n" + body.arg("x") + "---\n" + body.arg("x") << 0 << "in a circle";
  QTest::newRow("no end") << "name: x\n" + body.arg("y") + "---\nname: y\n" + body.arg("x") << 0 << "in a circle";
  QTest::newRow("two ends") << "name: x\n" + body.arg("a") + "---\nname: y\n" + body.arg("b") << 1 << "which document is the final one";
}

void TestLanguage::stagesAreChecked() {
  QFETCH(QString, text);
  QFETCH(int, document);
  QFETCH(QString, message);
  checkRefusal(text, QStringLiteral("document[%1].name").arg(document), message);
}

void TestLanguage::stagesRoundTrip() {
  RecipeGenerator generator(7);
  for (int i = 0; i < 100; ++i) {
    Recipe whole = generator.recipe();
    whole.baseModel = layerloom::ModelReference{"stage-1", {}};
    Recipe stage = generator.recipe();
    stage.name = "stage-1";
    stage.curves.clear();
    whole.stages = {stage};
    const std::string written = writeRecipe(whole, layerloom::YamlDetail::Project);
    const ParsedRecipe parsed = parseRecipe(written);
    QVERIFY2(parsed.recipe.has_value(), (problemsOf(parsed) + written).c_str());
    QVERIFY2(sameRecipe(whole, *parsed.recipe), written.c_str());
    // The notes on curves can be cut off and the rest stays.
    QVERIFY(sameRecipe(mustParse(layerloom::withoutCurveNotes(written)), mustParse(writeRecipe(whole))));
  }
}

void TestLanguage::draftsHoldWhatCouldBeRead() {
  const ParsedRecipe parsed = parseRecipe("merge_method: linear\nmodels: [{model: a, parameters: {weight: [[1]]}}, {model: b}]\n");
  QVERIFY(!parsed.recipe.has_value());
  QCOMPARE(parsed.draft.models.size(), std::size_t{2});
  QCOMPARE(parsed.draft.mergeMethod, std::string("linear"));
}

void TestLanguage::everyReferenceIsVisited() {
  const Recipe recipe = mustParse(
      "merge_method: linear\nbase_model: base\n"
      "modules:\n"
      "  encoder: {models: [{model: a}]}\n"
      "  decoder: {slices: [{base_model: own, sources: [{model: b, layer_range: [0, 1]}]}]}\n"
      "tokenizer: {source: t, tokens: {x: {source: u}}}\n");
  std::vector<std::pair<std::string, std::string>> visited;
  forEachReference(recipe, [&](const layerloom::ModelReference& reference, const std::string& path) { visited.emplace_back(reference.text, path); });
  const std::vector<std::pair<std::string, std::string>> expected = {{"base", "base_model"},
                                                                     {"a", "modules.encoder.models[0]"},
                                                                     {"own", "modules.decoder.slices[0].base_model"},
                                                                     {"b", "modules.decoder.slices[0].sources[0]"},
                                                                     {"t", "tokenizer.source"},
                                                                     {"u", "tokenizer.tokens.x.source"}};
  QVERIFY(visited == expected);
}

QTEST_GUILESS_MAIN(TestLanguage)
#include "tst_language.moc"
