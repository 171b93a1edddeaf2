// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/plan/plan.h"
#include "tests/common/safetensors_data.h"

namespace layerloom {
namespace {

using test::RawTensors;
using test::writeBytes;
using Json = nlohmann::json;

class TestPlan : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void plansAllTensorsOfTheModels();
  void outerTensorsTakeTheFirstValue();
  void slicesNumberLayersAnew();
  void aSliceOfOneLayerReadsTheEndOfAGradient();
  void theBaseIsAppendedAsASource();
  void outputTypeFollowsTheRecipe_data();
  void outputTypeFollowsTheRecipe();
  void shardsKeepToTheirSize();
  void tiedHeadMeetsAHeadOfItsOwn();
  void configForgetsWhatWouldRunCode();
  void problemsNameTheirPlace_data();
  void problemsNameTheirPlace();
  void warningsDoNotStopAPlan_data();
  void warningsDoNotStopAPlan();

 private:
  std::string path(const char* name) const { return m_folder->path().toStdString() + "/" + name; }
  PlanResult planText(const std::string& text, std::uint64_t shardBytes = 5'000'000'000) const {
    const ParsedRecipe parsed = parseRecipe(text);
    if (!parsed.recipe) {
      return {std::nullopt, parsed.problems};
    }
    PlanOptions options;
    options.locator.recipeDir = m_folder->path().toStdString();
    options.shardBytes = shardBytes;
    return planMerge(*parsed.recipe, options);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
};

const TensorJob& jobOf(const MergePlan& plan, const std::string& name) {
  const auto found = std::find_if(plan.jobs.begin(), plan.jobs.end(), [&](const TensorJob& job) { return job.output.name == name; });
  if (found == plan.jobs.end()) {
    qFatal("no job for %s", name.c_str());
  }
  return *found;
}

void TestPlan::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  test::writeTinyLlama(path("one"), 5, 1);
  test::writeTinyLlama(path("two"), 5, 2);
  test::writeTinyLlama(path("half"), 5, 3, "BF16");
}

void TestPlan::plansAllTensorsOfTheModels() {
  const PlanResult result = planText("merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: two, parameters: {weight: 1}}\n");
  QVERIFY(result.plan.has_value());
  const RawTensors tensors = test::tinyLlamaTensors(5, 1);
  QCOMPARE(result.plan->jobs.size(), tensors.size());
  QCOMPARE(result.plan->layers, 5);
  std::uint64_t bytes = 0;
  for (const auto& [name, tensor] : tensors) {
    QCOMPARE(jobOf(*result.plan, name).settings.shape, tensor.shape);
    bytes += tensor.bytes.size();
  }
  QCOMPARE(result.plan->bytesToWrite, bytes);
  QCOMPARE(result.plan->bytesToRead, 2 * bytes);
}

void TestPlan::outerTensorsTakeTheFirstValue() {
  const PlanResult result = planText(
      "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: [0.25, 0.5, 0.75]}}\n- {model: two, parameters: {weight: 1}}\n");
  QVERIFY(result.plan.has_value());
  for (const char* outer : {"model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"}) {
    QCOMPARE(jobOf(*result.plan, outer).settings.value(0, "weight"), 0.25);
  }
  for (int layer = 0; layer < 5; ++layer) {
    const auto& job = jobOf(*result.plan, "model.layers." + std::to_string(layer) + ".mlp.up_proj.weight");
    QCOMPARE(job.settings.value(0, "weight"), 0.25 + 0.125 * layer);
  }
}

void TestPlan::slicesNumberLayersAnew() {
  const PlanResult result = planText(R"(merge_method: passthrough
slices:
- sources: [{model: one, layer_range: [0, 3]}]
- sources: [{model: two, layer_range: [1, 5]}]
)");
  QVERIFY(result.plan.has_value());
  QCOMPARE(result.plan->layers, 7);
  const TensorJob& moved = jobOf(*result.plan, "model.layers.3.mlp.up_proj.weight");
  QCOMPARE(moved.inputs[0].tensor->entry.name, std::string("model.layers.1.mlp.up_proj.weight"));
  QCOMPARE(result.plan->references[moved.inputs[0].model], std::string("two"));
  // Before the layers the first slice speaks, after them the last.
  QCOMPARE(result.plan->references[jobOf(*result.plan, "model.embed_tokens.weight").inputs[0].model], std::string("one"));
  QCOMPARE(result.plan->references[jobOf(*result.plan, "model.norm.weight").inputs[0].model], std::string("two"));
  QCOMPARE(Json::parse(result.plan->config).at("num_hidden_layers").get<int>(), 7);
}

void TestPlan::aSliceOfOneLayerReadsTheEndOfAGradient() {
  const PlanResult result = planText(
      "merge_method: passthrough\nslices:\n- sources: [{model: one, layer_range: [2, 3], parameters: {scale: [0.25, 0.75]}}]\n");
  QVERIFY(result.plan.has_value());
  QCOMPARE(jobOf(*result.plan, "model.layers.0.mlp.up_proj.weight").settings.value(0, "scale"), 0.75);
  QCOMPARE(jobOf(*result.plan, "model.norm.weight").settings.value(0, "scale"), 0.25);
}

void TestPlan::theBaseIsAppendedAsASource() {
  const PlanResult apart =
      planText("merge_method: task_arithmetic\nbase_model: one\nmodels:\n- {model: two, parameters: {weight: 0.5}}\n");
  QVERIFY(apart.plan.has_value());
  const MergeSettings& settings = jobOf(*apart.plan, "lm_head.weight").settings;
  QCOMPARE(settings.inputs.size(), std::size_t{2});
  QVERIFY(settings.base == std::size_t{1});
  // For a plain average it is one more input and needs a weight like the others.
  const PlanResult average = planText("merge_method: linear\nbase_model: one\nmodels:\n- {model: two, parameters: {weight: 0.5}}\n");
  QVERIFY(!average.plan.has_value());
  QVERIFY(average.problems.back().message.find("\"weight\" is missing") != std::string::npos);
}

void TestPlan::outputTypeFollowsTheRecipe_data() {
  QTest::addColumn<QString>("types");
  QTest::addColumn<QString>("models");
  QTest::addColumn<QString>("wanted");
  const QString mixed = "- {model: one, parameters: {weight: 1}}\n- {model: half, parameters: {weight: 1}}\n";
  const QString half = "- {model: half, parameters: {weight: 1}}\n";
  QTest::newRow("promoted") << "" << mixed << "F32";
  QTest::newRow("as stored") << "" << half << "BF16";
  QTest::newRow("dtype") << "dtype: float16\n" << mixed << "F16";
  QTest::newRow("out_dtype wins") << "dtype: float32\nout_dtype: bfloat16\n" << mixed << "BF16";
}

void TestPlan::outputTypeFollowsTheRecipe() {
  QFETCH(QString, types);
  QFETCH(QString, models);
  QFETCH(QString, wanted);
  const PlanResult result = planText("merge_method: linear\n" + types.toStdString() + "models:\n" + models.toStdString());
  QVERIFY(result.plan.has_value());
  for (const TensorJob& job : result.plan->jobs) {
    QCOMPARE(QString::fromLatin1(safetensorsName(job.output.dtype)), wanted);
  }
}

void TestPlan::shardsKeepToTheirSize() {
  const char* text = "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n";
  constexpr std::uint64_t kLimit = 1000;
  const PlanResult result = planText(text, kLimit);
  QVERIFY(result.plan.has_value());
  QVERIFY(result.plan->shards.size() > 2);
  std::vector<std::uint64_t> filled(result.plan->shards.size());
  std::vector<int> tensors(filled.size());
  for (const TensorJob& job : result.plan->jobs) {
    QCOMPARE(job.output.begin, filled[job.shard]);
    filled[job.shard] = job.output.end;
    ++tensors[job.shard];
  }
  for (std::size_t i = 0; i < filled.size(); ++i) {
    QVERIFY(filled[i] <= kLimit || tensors[i] == 1);
  }
  const Json index = Json::parse(result.plan->index);
  QCOMPARE(index.at("metadata").at("total_size").get<std::uint64_t>(), result.plan->bytesToWrite);
  QCOMPARE(index.at("weight_map").size(), result.plan->jobs.size());
  QCOMPARE(planText(text).plan->shards.front().fileName, std::string("model.safetensors"));
  QVERIFY(planText(text).plan->index.empty());
}

void TestPlan::tiedHeadMeetsAHeadOfItsOwn() {
  RawTensors tensors = test::tinyLlamaTensors(5, 4);
  std::erase_if(tensors, [](const auto& entry) { return entry.first == "lm_head.weight"; });
  Json config = Json::parse(test::tinyLlamaConfig(5));
  config["tie_word_embeddings"] = true;
  writeBytes(path("tied/model.safetensors"), test::safetensorsBytes(tensors));
  writeBytes(path("tied/config.json"), config.dump());
  const PlanResult result = planText("merge_method: linear\nmodels:\n- {model: tied, parameters: {weight: 1}}\n- {model: two, parameters: {weight: 1}}\n");
  QVERIFY(result.plan.has_value());
  const TensorJob& head = jobOf(*result.plan, "lm_head.weight");
  QCOMPARE(head.inputs[0].tensor->entry.name, std::string("model.embed_tokens.weight"));
  QCOMPARE(head.inputs[1].tensor->entry.name, std::string("lm_head.weight"));
  QVERIFY(!Json::parse(result.plan->config).at("tie_word_embeddings").get<bool>());
  const PlanResult alone = planText("merge_method: linear\nmodels:\n- {model: tied, parameters: {weight: 1}}\n");
  QVERIFY(alone.plan.has_value());
  QCOMPARE(alone.plan->jobs.size(), tensors.size());
  QVERIFY(Json::parse(alone.plan->config).at("tie_word_embeddings").get<bool>());
}

void TestPlan::configForgetsWhatWouldRunCode() {
  Json config = Json::parse(test::tinyLlamaConfig(5));
  config["auto_map"] = {{"AutoModel", "evil.Model"}};
  config["trust_remote_code"] = true;
  writeBytes(path("one/config.json"), config.dump());
  writeBytes(path("one/evil.py"), "raise SystemExit");
  const PlanResult result = planText("merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n");
  QVERIFY(result.plan.has_value());
  const Json out = Json::parse(result.plan->config);
  QVERIFY(!out.contains("auto_map") && !out.contains("trust_remote_code"));
  QVERIFY(result.plan->companions.empty());
}

void TestPlan::problemsNameTheirPlace_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("place");
  QTest::addColumn<int>("line");
  QTest::addColumn<QString>("message");
  QTest::addColumn<QString>("remedy");
  QTest::newRow("unknown method") << "merge_method: linaer\nmodels:\n- {model: one, parameters: {weight: 1}}\n" << "merge_method" << 1
                                  << "no merge method \"linaer\"" << "\"linear\"";
  QTest::newRow("missing weight") << "merge_method: linear\nmodels:\n- model: one\n" << "models[0]" << 3 << "\"weight\" is missing" << "add";
  QTest::newRow("no base") << "merge_method: ties\nmodels:\n- {model: one, parameters: {weight: 1}}\n" << "base_model" << 1
                           << "needs a base model" << "base_model";
  QTest::newRow("weight is text") << "merge_method: linear\nmodels:\n- model: one\n  parameters: {weight: much}\n"
                                  << "models[0].parameters.weight" << 4 << "\"much\" is no finite number" << "number";
  QTest::newRow("weight is NaN") << "merge_method: linear\nmodels:\n- model: one\n  parameters: {weight: .nan}\n"
                                 << "models[0].parameters.weight" << 4 << "no finite number" << "number";
  QTest::newRow("weights cancel") << "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: two, parameters: {weight: -1}}\n"
                                  << "models" << 3 << "sum to 0" << "weight";
  QTest::newRow("unknown dtype") << "merge_method: linear\ndtype: float12\nmodels:\n- {model: one, parameters: {weight: 1}}\n" << "dtype" << 2
                                 << "float12" << "float32";
  QTest::newRow("model absent") << "merge_method: linear\nmodels:\n- {model: nowhere, parameters: {weight: 1}}\n" << "models[0]" << 3
                                << "\"nowhere\" is not found" << "--model-dir";
  QTest::newRow("slerp of three")
      << "merge_method: slerp\nbase_model: one\nmodels:\n- model: one\n- model: two\n- model: half\nparameters: {t: 0.5}\n" << "models" << 4
      << "exactly 1 model beside the base" << "remove";
  QTest::newRow("past the end") << "merge_method: passthrough\nslices:\n- sources:\n  - {model: one, layer_range: [2, 6]}\n"
                                << "slices[0].sources[0].layer_range" << 4 << "has 5 layers" << "5";
  QTest::newRow("unequal lengths")
      << "merge_method: linear\nparameters: {weight: 1}\nslices:\n- sources:\n  - {model: one, layer_range: [0, 2]}\n  - {model: two, layer_range: [0, 3]}\n"
      << "slices[0].sources[1]" << 6 << "gives 3 layers" << "equally many";
}

void TestPlan::problemsNameTheirPlace() {
  QFETCH(QString, text);
  QFETCH(QString, place);
  QFETCH(int, line);
  QFETCH(QString, message);
  QFETCH(QString, remedy);
  const PlanResult result = planText(text.toStdString());
  QVERIFY(!result.plan.has_value());
  const auto found = std::find_if(result.problems.begin(), result.problems.end(), [&](const Problem& problem) {
    return problem.severity == Severity::Error && QString::fromStdString(problem.message).contains(message);
  });
  QVERIFY2(found != result.problems.end(), result.problems.empty() ? "no problem" : result.problems.front().message.c_str());
  QCOMPARE(QString::fromStdString(found->path), place);
  QCOMPARE(found->where.line, line);
  QVERIFY2(QString::fromStdString(found->remedy).contains(remedy), found->remedy.c_str());
}

void TestPlan::warningsDoNotStopAPlan_data() {
  QTest::addColumn<QString>("parameters");
  QTest::addColumn<QString>("message");
  QTest::newRow("unknown parameter") << "{weight: 1, densty: 0.5}" << "no parameter \"densty\"";
  QTest::newRow("out of range") << "{weight: 1, density: 1.5}" << "1.5 lies outside";
  QTest::newRow("shadowed rule") << "{weight: [{filter: mlp, value: 1}, {filter: mlp.up, value: 0}, {value: 1}]}" << "never reached";
  QTest::newRow("method's own") << "{weight: 1, lambda: 2}" << "whole method";
}

void TestPlan::warningsDoNotStopAPlan() {
  QFETCH(QString, parameters);
  QFETCH(QString, message);
  const PlanResult result =
      planText("merge_method: ties\nbase_model: one\nmodels:\n- {model: two, parameters: " + parameters.toStdString() + "}\n");
  QVERIFY(result.plan.has_value());
  QVERIFY(std::any_of(result.problems.begin(), result.problems.end(), [&](const Problem& problem) {
    return problem.severity == Severity::Warning && QString::fromStdString(problem.message).contains(message) && problem.where.line == 4;
  }));
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlan)
#include "tst_plan.moc"
