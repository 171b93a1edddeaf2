// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include <QTest>

#include "tests/common/model_data.h"
#include "tests/plan/plan_folder.h"

namespace layerloom {
namespace {

using test::findJob;
using test::jobOf;
using test::PlanFolder;
using Json = nlohmann::json;

/// Models that consist of several modules.
class TestPlanModules : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void modelsGiveAllModules();
  void modulesAreMergedInTheirOwnWay();
  void aModuleThatIsLeftOutIsLeftOut();
  void unknownModules_data();
  void unknownModules();
  void slicesAloneAreRefused();
  void slicesOfAModuleSetItsLayerCount();
  void rangesPastTheEndOfAModule();
  void aSecondStackOfOtherDepth();
  void modulesOfAPlainModel();

 private:
  std::unique_ptr<PlanFolder> m_folder;
};

std::string layerName(const char* stack, int layer) {
  return std::string(stack) + ".block." + std::to_string(layer) + ".layer.0.SelfAttention.q.weight";
}

void TestPlanModules::init() {
  m_folder = std::make_unique<PlanFolder>();
  test::writeTinyT5(m_folder->path("one"), 4, 2, 1);
  test::writeTinyT5(m_folder->path("two"), 4, 2, 2);
}

void TestPlanModules::modelsGiveAllModules() {
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: [0, 1]}}\n- {model: two, parameters: "
      "{weight: 1}}\n");
  VERIFY_PLANNED(result);
  QCOMPARE(result.plan->jobs.size(), test::tinyT5Tensors(4, 2, 1).size());
  QCOMPARE(result.plan->layers, 4);
  // A gradient runs over the depth of each module.
  QCOMPARE(jobOf(*result.plan, layerName("encoder", 1)).settings.value(0, "weight"), 1.0 / 3);
  QCOMPARE(jobOf(*result.plan, layerName("decoder", 1)).settings.value(0, "weight"), 1.0);
  QCOMPARE(jobOf(*result.plan, "lm_head.weight").settings.value(0, "weight"), 0.0);
  const Json config = Json::parse(result.plan->config);
  QCOMPARE(config.at("num_layers").get<int>(), 4);
  QCOMPARE(config.at("num_decoder_layers").get<int>(), 2);
}

void TestPlanModules::modulesAreMergedInTheirOwnWay() {
  const PlanResult result = m_folder->plan(R"(merge_method: linear
modules:
  encoder:
    models: [{model: one, parameters: {weight: 0.25}}, {model: two, parameters: {weight: 0.75}}]
  decoder:
    parameters: {weight: 0.5}
    models: [{model: two}, {model: one}]
  shared:
    models: [{model: two, parameters: {weight: 2}}]
)");
  VERIFY_PLANNED(result);
  QVERIFY2(result.problems.empty(), test::problemsText(result).c_str());
  const TensorJob& encoder = jobOf(*result.plan, "encoder.final_layer_norm.weight");
  QCOMPARE(encoder.settings.value(0, "weight"), 0.25);
  QCOMPARE(result.plan->references[encoder.inputs[0].model], std::string("one"));
  const TensorJob& decoder = jobOf(*result.plan, layerName("decoder", 0));
  QCOMPARE(decoder.settings.value(0, "weight"), 0.5);
  QCOMPARE(result.plan->references[decoder.inputs[0].model], std::string("two"));
  for (const char* shared : {"shared.weight", "lm_head.weight"}) {
    QCOMPARE(jobOf(*result.plan, shared).inputs.size(), std::size_t{1});
    QCOMPARE(jobOf(*result.plan, shared).settings.value(0, "weight"), 2.0);
  }
}

void TestPlanModules::aModuleThatIsLeftOutIsLeftOut() {
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodules:\n  encoder:\n    models: [{model: one, parameters: {weight: 1}}]\n");
  VERIFY_PLANNED(result);
  for (const char* module : {"\"decoder\"", "\"shared\""}) {
    FIND_PROBLEM(warning, result, Severity::Warning, "the module " + std::string(module) + " is not in the recipe");
    QCOMPARE(warning->path, std::string("modules"));
    QCOMPARE(warning->where.line, 4);
  }
  QCOMPARE(result.plan->jobs.size(), std::size_t{4 * 2 + 1});
  QVERIFY(findJob(*result.plan, layerName("decoder", 0)) == nullptr);
  QVERIFY(findJob(*result.plan, "lm_head.weight") == nullptr);
}

void TestPlanModules::unknownModules_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("remedy");
  QTest::newRow("mistyped") << "encodr"
                            << "did you mean \"encoder\"?";
  QTest::newRow("unlike any") << "vision_tower"
                              << "their modules are: decoder, encoder, shared";
}

void TestPlanModules::unknownModules() {
  QFETCH(QString, name);
  QFETCH(QString, remedy);
  const PlanResult result = m_folder->plan("merge_method: linear\nmodules:\n  " + name.toStdString() +
                                           ":\n    models: [{model: one, parameters: {weight: 1}}]\n");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "have no module \"" + name.toStdString() + "\"");
  QCOMPARE(error->path, "modules." + name.toStdString());
  QCOMPARE(QString::fromStdString(error->remedy), remedy);
}

void TestPlanModules::slicesAloneAreRefused() {
  const PlanResult result =
      m_folder->plan("merge_method: passthrough\nslices:\n- sources: [{model: one, layer_range: [0, 2]}]\n");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "several modules (decoder, encoder, shared)");
  QCOMPARE(error->path, std::string("slices"));
  QCOMPARE(error->where.line, 3);
  QVERIFY2(error->remedy.find("modules: {NAME: {slices: …}}") != std::string::npos, error->remedy.c_str());
}

void TestPlanModules::slicesOfAModuleSetItsLayerCount() {
  const PlanResult result = m_folder->plan(R"(merge_method: passthrough
modules:
  encoder:
    slices:
    - sources: [{model: one, layer_range: [0, 3]}]
    - sources: [{model: two, layer_range: [1, 4]}]
  decoder:
    slices:
    - sources: [{model: two, layer_range: [1, 2]}]
  shared:
    models: [{model: one}]
)");
  VERIFY_PLANNED(result);
  const Json config = Json::parse(result.plan->config);
  QCOMPARE(config.at("num_layers").get<int>(), 6);
  QCOMPARE(config.at("num_decoder_layers").get<int>(), 1);
  QCOMPARE(result.plan->layers, 6);
  QCOMPARE(jobOf(*result.plan, layerName("encoder", 5)).inputs[0].tensor->entry.name, layerName("encoder", 3));
  QCOMPARE(jobOf(*result.plan, layerName("decoder", 0)).inputs[0].tensor->entry.name, layerName("decoder", 1));
  QVERIFY(findJob(*result.plan, layerName("decoder", 1)) == nullptr);
}

void TestPlanModules::rangesPastTheEndOfAModule() {
  const PlanResult result = m_folder->plan(
      "merge_method: passthrough\nmodules:\n  decoder:\n    slices:\n    - sources:\n      - {model: one, layer_range: "
      "[1, 3]}\n");
  QVERIFY(!result.plan.has_value());
  // The encoder is deep enough; the decoder is meant.
  FIND_PROBLEM(error, result, Severity::Error, "which has 2 layers");
  QCOMPARE(error->path, std::string("modules.decoder.slices[0].sources[0].layer_range"));
  QCOMPARE(error->where.line, 6);
}

// The module "text_decoder" takes every stack that belongs to no other module, so one module may hold two.
void TestPlanModules::aSecondStackOfOtherDepth() {
  const auto write = [&](const char* name, int layers, int extra) {
    test::RawTensors tensors;
    for (int layer = 0; layer < layers; ++layer) {
      tensors.emplace_back("model.layers." + std::to_string(layer) + ".w", test::f32Tensor({2}, {1, 2}));
    }
    for (int layer = 0; layer < extra; ++layer) {
      tensors.emplace_back("extra.layers." + std::to_string(layer) + ".w", test::f32Tensor({2}, {1, 2}));
    }
    test::writeModel(m_folder->path(name),
                     {{"architectures", {"Mistral3ForConditionalGeneration"}},
                      {"model_type", "mistral3"},
                      {"num_hidden_layers", layers}},
                     tensors);
  };
  write("deep", 3, 3);
  write("shallow", 3, 1);
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodels:\n- {model: deep, parameters: {weight: 1}}\n- {model: shallow, parameters: "
      "{weight: 1}}\n");
  QVERIFY(!result.plan.has_value());
  QVERIFY2(!result.problems.empty() && result.problems.front().severity == Severity::Error,
           test::problemsText(result).c_str());
}

void TestPlanModules::modulesOfAPlainModel() {
  test::writeTinyLlama(m_folder->path("plain"), 3, 1);
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodules:\n  default:\n    models: [{model: plain, parameters: {weight: 1}}]\n");
  VERIFY_PLANNED(result);
  QVERIFY2(result.problems.empty(), test::problemsText(result).c_str());
  QCOMPARE(result.plan->jobs.size(), test::tinyLlamaTensors(3, 1).size());
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlanModules)
#include "tst_plan_modules.moc"
