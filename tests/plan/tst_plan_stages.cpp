// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include <QTest>

#include "tests/common/model_data.h"
#include "tests/plan/plan_folder.h"

namespace layerloom {
namespace {

using test::jobOf;
using test::PlanFolder;
using Json = nlohmann::json;

/// Recipes of several documents.
class TestPlanStages : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void theLastStageIsPlanned();
  void announcedModelsHaveTheirFinalShape();
  void faultsInAnEarlyStageAreReported();
  void unknownNamesAreReported();
  void circlesAreRefused_data();
  void circlesAreRefused();
  void adaptersOnStagesAreRefused();

 private:
  std::unique_ptr<PlanFolder> m_folder;
};

void TestPlanStages::init() {
  m_folder = std::make_unique<PlanFolder>();
  test::writeTinyLlama(m_folder->path("one"), 3, 1);
  test::writeTinyLlama(m_folder->path("two"), 3, 2);
}

constexpr const char* kTwoStages = R"(merge_method: slerp
base_model: blend
models: [{model: two}]
parameters: {t: 0.5}
---
name: blend
merge_method: linear
dtype: float32
out_dtype: bfloat16
models:
- {model: one, parameters: {weight: 1}}
- {model: two, parameters: {weight: 1}}
)";

void TestPlanStages::theLastStageIsPlanned() {
  const PlanResult result = m_folder->plan(kTwoStages);
  VERIFY_PLANNED(result);
  const MergePlan& plan = *result.plan;
  QCOMPARE(plan.method->name, std::string("slerp"));
  QCOMPARE(plan.references, (std::vector<std::string>{"blend", "two"}));
  QVERIFY(plan.models[0]->isAnnounced());
  QVERIFY(!plan.models[1]->isAnnounced());
  // The stage writes two bytes per value, the last one promotes to four.
  const std::uint64_t bytes = plan.models[1]->bytes();
  QCOMPARE(plan.models[0]->bytes(), bytes / 2);
  QCOMPARE(plan.bytesToWrite, bytes);
  QCOMPARE(plan.stageBytes, 2 * bytes + bytes / 2);
}

void TestPlanStages::announcedModelsHaveTheirFinalShape() {
  const PlanResult result = m_folder->plan(R"(name: tall
merge_method: passthrough
slices:
- sources: [{model: one, layer_range: [0, 3]}]
- sources: [{model: two, layer_range: [1, 3]}]
---
merge_method: passthrough
slices:
- sources: [{model: tall, layer_range: [2, 5]}]
- sources: [{model: tall, layer_range: [0, 5]}]
)");
  VERIFY_PLANNED(result);
  QCOMPARE(result.plan->layers, 8);
  QCOMPARE(Json::parse(result.plan->config).at("num_hidden_layers").get<int>(), 8);
  QCOMPARE(jobOf(*result.plan, "model.layers.2.mlp.up_proj.weight").inputs[0].tensor->entry.name,
           std::string("model.layers.4.mlp.up_proj.weight"));
}

void TestPlanStages::faultsInAnEarlyStageAreReported() {
  const PlanResult result = m_folder->plan(R"(name: blend
merge_method: linear
models:
- {model: one, parameters: {weight: heavy}}
---
merge_method: passthrough
models: [{model: blend}]
)");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "\"heavy\"");
  QCOMPARE(error->where.line, 4);
  QVERIFY2(error->path.ends_with("models[0].parameters.weight"), error->path.c_str());
  // A consequence is no fault of its own.
  QCOMPARE(std::count_if(result.problems.begin(), result.problems.end(),
                         [](const Problem& problem) { return problem.severity == Severity::Error; }),
           1);
}

void TestPlanStages::unknownNamesAreReported() {
  const PlanResult result = m_folder->plan(
      "name: blend\nmerge_method: passthrough\nmodels: [{model: one}]\n---\nmerge_method: linear\n"
      "models:\n- {model: blend, parameters: {weight: 1}}\n- {model: blnd, parameters: {weight: 1}}\n");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "\"blnd\" is not found");
  QCOMPARE(error->where.line, 8);
}

void TestPlanStages::circlesAreRefused_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("message");
  const QString stage = "name: %1\nmerge_method: passthrough\nmodels: [{model: %2}]\n";
  QTest::newRow("two") << stage.arg("a", "b") + "---\n" + stage.arg("b", "a") << "circle";
  QTest::newRow("two and a final one") << stage.arg("a", "b") + "---\n" + stage.arg("b", "a") +
                                              "---\nmerge_method: passthrough\nmodels: [{model: a}]\n"
                                       << "circle";
  QTest::newRow("itself") << stage.arg("a", "a") + "---\nmerge_method: passthrough\nmodels: [{model: a}]\n"
                          << "circle";
  QTest::newRow("two of one name") << stage.arg("a", "one") + "---\n" + stage.arg("a", "two") +
                                          "---\nmerge_method: passthrough\nmodels: [{model: a}]\n"
                                   << "the name \"a\"";
  QTest::newRow("two without a name")
      << "merge_method: passthrough\nmodels: [{model: one}]\n---\nmerge_method: passthrough\nmodels: [{model: one}]\n"
      << "two documents have no name";
}

void TestPlanStages::circlesAreRefused() {
  QFETCH(QString, text);
  QFETCH(QString, message);
  const PlanResult result = m_folder->plan(text.toStdString());
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, message.toStdString());
  QVERIFY(!error->remedy.empty());
}

void TestPlanStages::adaptersOnStagesAreRefused() {
  const PlanResult result = m_folder->plan(
      "name: blend\nmerge_method: passthrough\nmodels: [{model: one}]\n---\nmerge_method: passthrough\nmodels: "
      "[{model: blend+lora}]\n");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "puts an adapter on the result of a stage");
  QCOMPARE(error->where.line, 6);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlanStages)
#include "tst_plan_stages.moc"
