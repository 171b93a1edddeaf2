// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include <QTest>

#include "tests/common/model_data.h"
#include "tests/plan/plan_folder.h"

namespace layerloom {
namespace {

using test::PlanFolder;
using Json = nlohmann::json;

/// The config.json of the result.
class TestPlanConfig : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<PlanFolder>(); }

  void listsPerLayerAreRebuilt();
  void listsOfTheSameLengthByChanceStay();
  void theLanguagePartIsMeant();
  void countsByOtherNames_data();
  void countsByOtherNames();
  void wholeModelsKeepTheirConfig();
  void dtypeKeepsItsSpelling_data();
  void dtypeKeepsItsSpelling();

 private:
  void write(const std::string& name, int layers, const Json& config) const {
    test::writeModel(m_folder->path(name), config, test::tinyLlamaTensors(layers, static_cast<std::uint32_t>(layers)));
  }
  Json configOf(const std::string& text) const {
    const PlanResult result = m_folder->plan(text);
    if (!result.plan) {
      qFatal("%s", test::problemsText(result).c_str());
    }
    return Json::parse(result.plan->config);
  }

  std::unique_ptr<PlanFolder> m_folder;
};

Json llamaConfig(int layers) {
  return Json::parse(test::tinyLlamaConfig(layers));
}

constexpr const char* kStack =
    "merge_method: passthrough\nslices:\n- sources: [{model: one, layer_range: [0, 2]}]\n- sources: [{model: two, "
    "layer_range: [1, 5]}]\n";

void TestPlanConfig::listsPerLayerAreRebuilt() {
  Json one = llamaConfig(3);
  one["layer_types"] = {"full", "sliding", "full"};
  Json two = llamaConfig(5);
  two["layer_types"] = {"a", "b", "c", "d", "e"};
  write("one", 3, one);
  write("two", 5, two);
  const Json config = configOf(kStack);
  QCOMPARE(config.at("num_hidden_layers").get<int>(), 6);
  QVERIFY2(config.at("layer_types") == Json({"full", "sliding", "b", "c", "d", "e"}), config.dump(2).c_str());
}

// A list whose length is no number of layers is about something else.
void TestPlanConfig::listsOfTheSameLengthByChanceStay() {
  Json one = llamaConfig(3);
  one["rope_factors"] = {1, 2, 3, 4};
  one["eos_token_id"] = {1, 2};
  write("one", 3, one);
  write("two", 5, llamaConfig(5));
  const Json config = configOf(kStack);
  QVERIFY(config.at("rope_factors") == one["rope_factors"]);
  QVERIFY(config.at("eos_token_id") == one["eos_token_id"]);
  QVERIFY(config.at("architectures") == one["architectures"]);
}

void TestPlanConfig::theLanguagePartIsMeant() {
  const auto nested = [](int layers) {
    Json text = llamaConfig(layers);
    text.erase("architectures");
    text["layer_types"] = std::vector<int>(static_cast<std::size_t>(layers), layers);
    return Json{{"architectures", {"OddForConditionalGeneration"}},
                {"model_type", "odd"},
                {"text_config", text},
                {"vision_config", {{"num_hidden_layers", 7}}}};
  };
  write("one", 3, nested(3));
  write("two", 5, nested(5));
  const Json config = configOf(kStack);
  QCOMPARE(config.at("text_config").at("num_hidden_layers").get<int>(), 6);
  QVERIFY2(config.at("text_config").at("layer_types") == Json({3, 3, 5, 5, 5, 5}), config.dump(2).c_str());
  QCOMPARE(config.at("vision_config").at("num_hidden_layers").get<int>(), 7);
  QVERIFY(!config.contains("num_hidden_layers"));
}

void TestPlanConfig::countsByOtherNames_data() {
  QTest::addColumn<QString>("key");
  for (const char* key : {"num_hidden_layers", "n_layer", "num_layers", "n_layers"}) {
    QTest::newRow(key) << key;
  }
}

void TestPlanConfig::countsByOtherNames() {
  QFETCH(QString, key);
  const auto renamed = [&](int layers) {
    Json config = llamaConfig(layers);
    config.erase("num_hidden_layers");
    config[key.toStdString()] = layers;
    return config;
  };
  write("one", 3, renamed(3));
  write("two", 5, renamed(5));
  const Json config = configOf(kStack);
  QCOMPARE(config.at(key.toStdString()).get<int>(), 6);
}

void TestPlanConfig::wholeModelsKeepTheirConfig() {
  Json one = llamaConfig(3);
  one["layer_types"] = {"full", "sliding", "full"};
  write("one", 3, one);
  write("two", 3, llamaConfig(3));
  const std::string models = "models: [{model: two}, {model: one}]\n";
  // The base model's config is taken, wherever it stands.
  const Json config = configOf("merge_method: task_arithmetic\nbase_model: one\nparameters: {weight: 1}\n" + models);
  QVERIFY2(config == one, config.dump(2).c_str());
  QVERIFY(!configOf("merge_method: linear\nparameters: {weight: 1}\n" + models).contains("layer_types"));
}

void TestPlanConfig::dtypeKeepsItsSpelling_data() {
  QTest::addColumn<QString>("key");
  QTest::newRow("old") << "torch_dtype";
  QTest::newRow("new") << "dtype";
}

void TestPlanConfig::dtypeKeepsItsSpelling() {
  QFETCH(QString, key);
  Json config = llamaConfig(3);
  config.erase("torch_dtype");
  config[key.toStdString()] = "float32";
  write("one", 3, config);
  config[key.toStdString()] = "bfloat16";
  const Json made =
      configOf("merge_method: linear\nparameters: {weight: 1}\nout_dtype: bfloat16\nmodels: [{model: one}]\n");
  QVERIFY2(made == config, made.dump(2).c_str());
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlanConfig)
#include "tst_plan_config.moc"
