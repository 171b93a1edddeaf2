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
using test::RawTensors;
using test::tinyLlamaTensors;
using test::with;
using test::without;
using Json = nlohmann::json;

constexpr int kLayers = 3;
const std::string kExtra = "model.layers.1.extra.weight";

/// Which tensors the result has when the models differ in theirs.
class TestPlanTensors : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void optionalTensors_data();
  void optionalTensors();
  void requiredTensorsAreRefused_data();
  void requiredTensorsAreRefused();
  void cachesAreLeftOut();
  void tiedHeads_data();
  void tiedHeads();
  void aSharedHeadThatTheFamilyDoesNotRead();
  void tablesOfWholeNumbersAreCopied();
  void tablesAmongNumbersAreRefused();
  void theSameModelTwice();
  void otherVocabulariesNeedATokenizer();
  void quantisedModelsAreNamed();
  void differentArchitectures();
  void overriddenArchitectures();

 private:
  /// A model of a family that mergekit does not know, in which everything is optional.
  void writeOdd(const std::string& name, std::uint32_t seed, bool extra) const;
  void writeLlama(const std::string& name, const RawTensors& tensors, const Json& changes = Json::object()) const;

  std::unique_ptr<PlanFolder> m_folder;
};

void TestPlanTensors::init() {
  m_folder = std::make_unique<PlanFolder>();
  test::writeTinyLlama(m_folder->path("one"), kLayers, 1);
  test::writeTinyLlama(m_folder->path("two"), kLayers, 2);
}

void TestPlanTensors::writeLlama(const std::string& name, const RawTensors& tensors, const Json& changes) const {
  Json config = Json::parse(test::tinyLlamaConfig(kLayers));
  config.update(changes);
  test::writeModel(m_folder->path(name), config, tensors);
}

void TestPlanTensors::writeOdd(const std::string& name, std::uint32_t seed, bool extra) const {
  RawTensors tensors = tinyLlamaTensors(kLayers, seed);
  if (extra) {
    tensors = with(std::move(tensors), kExtra, test::f32Tensor({4}, test::randomValues(4, seed)));
  }
  writeLlama(name, tensors, {{"architectures", {"OddForCausalLM"}}, {"model_type", "odd"}});
}

void TestPlanTensors::optionalTensors_data() {
  QTest::addColumn<QString>("method");
  QTest::addColumn<QString>("having");   // the models that have the tensor: b(ase), x, y
  QTest::addColumn<QString>("outcome");  // number of inputs; "out": left out in silence; "error"
  const auto row = [](const char* method, const char* having, const char* outcome) {
    QTest::newRow(qPrintable(QString("%1, only in %2").arg(method, having))) << method << having << outcome;
  };
  row("linear", "x", "1");
  row("linear", "xy", "2");
  row("slerp", "b", "1");
  row("slerp", "x", "1");
  row("arcee_fusion", "x", "1");
  row("nearswap", "b", "1");
  row("nearswap", "x", "error");
  row("model_stock", "b", "1");
  row("model_stock", "bx", "out");
  row("model_stock", "x", "out");
  row("ties", "bx", "2");
  row("ties", "xy", "error");
  row("ties", "", "out");
}

void TestPlanTensors::optionalTensors() {
  QFETCH(QString, method);
  QFETCH(QString, having);
  QFETCH(QString, outcome);
  for (const auto& [name, seed] : {std::pair{"b", 1}, std::pair{"x", 2}, std::pair{"y", 3}}) {
    writeOdd(name, static_cast<std::uint32_t>(seed), having.contains(name));
  }
  const bool pair = method == "slerp" || method == "arcee_fusion" || method == "nearswap";
  const std::string text = "merge_method: " + method.toStdString() +
                           "\nbase_model: b\nparameters: {t: 0.5, weight: 0.5}\nmodels:\n- model: b\n- model: x\n" +
                           (pair ? "" : "- model: y\n");
  const PlanResult result = m_folder->plan(text);
  const auto isAboutIt = [](const Problem& problem) { return problem.message.find(kExtra) != std::string::npos; };
  if (outcome == "error") {
    QVERIFY(!result.plan.has_value());
    FIND_PROBLEM(error, result, Severity::Error, "has no tensor \"" + kExtra + "\"");
    return;
  }
  VERIFY_PLANNED(result);
  const TensorJob* job = findJob(*result.plan, kExtra);
  QCOMPARE(job == nullptr ? QString("out") : QString::number(job->inputs.size()), outcome);
  QCOMPARE(result.plan->jobs.size(), tinyLlamaTensors(kLayers, 1).size() + (job != nullptr ? 1 : 0));
  if (job == nullptr) {
    QVERIFY2(std::none_of(result.problems.begin(), result.problems.end(), isAboutIt),
             test::problemsText(result).c_str());
  }
}

void TestPlanTensors::requiredTensorsAreRefused_data() {
  QTest::addColumn<QString>("tensor");
  QTest::newRow("in a layer") << "model.layers.1.mlp.up_proj.weight";
  QTest::newRow("outside the layers") << "model.norm.weight";
}

void TestPlanTensors::requiredTensorsAreRefused() {
  QFETCH(QString, tensor);
  const std::string name = tensor.toStdString();
  writeLlama("lacking", without(tinyLlamaTensors(kLayers, 3), name));
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: lacking, parameters: {weight: "
      "1}}\n");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "model \"lacking\" has no tensor \"" + name + "\"");
  QCOMPARE(error->path, std::string("models[1]"));
  QCOMPARE(error->where.line, 4);
  QVERIFY(!error->remedy.empty());
}

void TestPlanTensors::cachesAreLeftOut() {
  const std::string cache = "model.layers.0.self_attn.rotary_emb.inv_freq";
  writeLlama("cached", with(tinyLlamaTensors(kLayers, 3), cache, test::f32Tensor({4}, {1, 2, 3, 4})));
  const auto text = [](const char* other) {
    return std::string("merge_method: linear\nparameters: {weight: 1}\nmodels:\n- model: cached\n- model: ") + other +
           "\n";
  };
  const PlanResult some = m_folder->plan(text("one"));
  VERIFY_PLANNED(some);
  QVERIFY(findJob(*some.plan, cache) == nullptr);
  QVERIFY2(some.problems.empty(), test::problemsText(some).c_str());
}

void TestPlanTensors::tiedHeads_data() {
  QTest::addColumn<bool>("firstHead");
  QTest::addColumn<bool>("secondHead");
  QTest::newRow("both have one") << true << true;
  QTest::newRow("the first has one") << true << false;
  QTest::newRow("the second has one") << false << true;
  QTest::newRow("none has one") << false << false;
}

void TestPlanTensors::tiedHeads() {
  QFETCH(bool, firstHead);
  QFETCH(bool, secondHead);
  const auto write = [&](const char* name, std::uint32_t seed, bool head) {
    const RawTensors tensors = tinyLlamaTensors(kLayers, seed);
    writeLlama(name, head ? tensors : without(tensors, "lm_head.weight"), {{"tie_word_embeddings", !head}});
  };
  write("first", 5, firstHead);
  write("second", 6, secondHead);
  const PlanResult result =
      m_folder->plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: first}, {model: second}]\n");
  VERIFY_PLANNED(result);
  const TensorJob* head = findJob(*result.plan, "lm_head.weight");
  QCOMPARE(head != nullptr, firstHead || secondHead);
  QCOMPARE(Json::parse(result.plan->config).at("tie_word_embeddings").get<bool>(), !firstHead && !secondHead);
  if (head != nullptr) {
    const auto input = [&](std::size_t i) { return head->inputs.at(i).tensor->entry.name; };
    QCOMPARE(input(0), std::string(firstHead ? "lm_head.weight" : "model.embed_tokens.weight"));
    QCOMPARE(input(1), std::string(secondHead ? "lm_head.weight" : "model.embed_tokens.weight"));
  }
}

// Cohere's head is read where a model stores one, and nowhere else.
void TestPlanTensors::aSharedHeadThatTheFamilyDoesNotRead() {
  const Json cohere = {
      {"architectures", {"CohereForCausalLM"}}, {"model_type", "cohere"}, {"tie_word_embeddings", true}};
  writeLlama("own", tinyLlamaTensors(kLayers, 5), cohere);
  writeLlama("shared", without(tinyLlamaTensors(kLayers, 6), "lm_head.weight"), cohere);
  const PlanResult result =
      m_folder->plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: own}, {model: shared}]\n");
  VERIFY_PLANNED(result);
  QCOMPARE(jobOf(*result.plan, "lm_head.weight").inputs.size(), std::size_t{1});
}

void TestPlanTensors::tablesOfWholeNumbersAreCopied() {
  // By its name the table comes first of all tensors.
  const std::string table = "a.embed_table";
  for (const auto& [name, seed] : {std::pair{"with-one", 5U}, std::pair{"with-two", 6U}}) {
    writeLlama(name, with(tinyLlamaTensors(kLayers, seed), table, test::i64Tensor({3}, {7, 8, 9})));
  }
  const PlanResult result = m_folder->plan(
      "merge_method: linear\ndtype: float32\nout_dtype: bfloat16\nparameters: {weight: 1}\nmodels: [{model: with-one}, "
      "{model: with-two}]\n");
  VERIFY_PLANNED(result);
  QCOMPARE(result.plan->jobs.front().output.name, table);
  const TensorJob& job = jobOf(*result.plan, table);
  QVERIFY(job.copies);
  QVERIFY(job.output.dtype == DType::I64);
  QCOMPARE(job.output.bytes(), std::uint64_t{24});
  QVERIFY(!jobOf(*result.plan, "lm_head.weight").copies);
  // The config names the type of the weights.
  QCOMPARE(Json::parse(result.plan->config).at("torch_dtype").get<std::string>(), std::string("bfloat16"));
}

void TestPlanTensors::tablesAmongNumbersAreRefused() {
  const std::string table = "model.table";
  writeLlama("whole", with(tinyLlamaTensors(kLayers, 5), table, test::i64Tensor({2}, {7, 8})));
  writeLlama("broken", with(tinyLlamaTensors(kLayers, 6), table, test::f32Tensor({2}, {7, 8})));
  for (const char* models : {"[{model: whole}, {model: broken}]", "[{model: broken}, {model: whole}]"}) {
    const PlanResult result =
        m_folder->plan(std::string("merge_method: linear\nparameters: {weight: 1}\nmodels: ") + models + "\n");
    QVERIFY(!result.plan.has_value());
    FIND_PROBLEM(error, result, Severity::Error, "the tensor \"model.table\" is of type");
    QVERIFY(!error->remedy.empty());
  }
}

void TestPlanTensors::theSameModelTwice() {
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: two, parameters: {weight: "
      "1}}\n"
      "- {model: one, parameters: {weight: 2}}\n");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "\"one\" is listed twice");
  QCOMPARE(error->path, std::string("models[2]"));
  QCOMPARE(error->where.line, 5);
  // In different slices it may well stand twice.
  VERIFY_PLANNED(
      m_folder->plan("merge_method: passthrough\nslices:\n- sources: [{model: one, layer_range: [0, 2]}]\n"
                     "- sources: [{model: one, layer_range: [1, 3]}]\n"));
}

void TestPlanTensors::otherVocabulariesNeedATokenizer() {
  RawTensors tensors = tinyLlamaTensors(kLayers, 3);
  for (auto& [name, tensor] : tensors) {
    if (name == "lm_head.weight" || name == "model.embed_tokens.weight") {
      tensor = test::f32Tensor({18, 8}, test::randomValues(18 * 8, 9));
    }
  }
  writeLlama("more", tensors, {{"vocab_size", 18}});
  const std::string text = "merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: one}, {model: more}]\n";
  const PlanResult result = m_folder->plan(text);
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "is [16, 8] in \"one\" but [18, 8] in \"more\"");
  QVERIFY2(error->remedy.find("tokenizer: {source: base}") != std::string::npos, error->remedy.c_str());
  QCOMPARE(result.problems.size(), std::size_t{1});

  test::writeBytes(m_folder->path("one/tokenizer.json"), test::tinyTokenizer({"a", "b", "c"}));
  test::writeBytes(m_folder->path("more/tokenizer.json"), test::tinyTokenizer({"c", "d", "b"}));
  const PlanResult aligned = m_folder->plan(text + "tokenizer: {source: union, pad_to_multiple_of: 6}\n");
  VERIFY_PLANNED(aligned);
  const TensorJob& head = jobOf(*aligned.plan, "lm_head.weight");
  QVERIFY(head.rows != nullptr);
  QCOMPARE(head.rows->tokens, std::uint64_t{4});
  QCOMPARE(head.output.shape, (std::vector<std::uint64_t>{6, 8}));
  QVERIFY(jobOf(*aligned.plan, "model.norm.weight").rows == nullptr);
  QCOMPARE(Json::parse(aligned.plan->config).at("vocab_size").get<int>(), 6);
}

void TestPlanTensors::quantisedModelsAreNamed() {
  writeLlama("packed", tinyLlamaTensors(kLayers, 3), {{"quantization_config", {{"quant_method", "gptq"}}}});
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: packed, parameters: {weight: "
      "1}}\n");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "model \"packed\" is quantised (GPTQ)");
  QCOMPARE(error->path, std::string("models[1]"));
  QCOMPARE(error->where.line, 4);
  QVERIFY(!error->remedy.empty());
}

void TestPlanTensors::differentArchitectures() {
  writeLlama("mistral", tinyLlamaTensors(kLayers, 3),
             {{"architectures", {"MistralForCausalLM"}}, {"model_type", "mistral"}});
  const std::string text =
      "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: mistral, parameters: {weight: "
      "1}}\n";
  const PlanResult result = m_folder->plan(text);
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(error, result, Severity::Error, "\"one\" is llama, \"mistral\" is mistral");
  QCOMPARE(error->where.line, 4);
  QVERIFY(error->remedy.find("--allow-crimes") != std::string::npos);
  PlanOptions options;
  options.allowDifferentArchitectures = true;
  const PlanResult tried = m_folder->plan(text, options);
  VERIFY_PLANNED(tried);
  FIND_PROBLEM(warning, tried, Severity::Warning, "\"one\" is llama, \"mistral\" is mistral");
}

void TestPlanTensors::overriddenArchitectures() {
  writeLlama("mistral", tinyLlamaTensors(kLayers, 3),
             {{"architectures", {"MistralForCausalLM"}}, {"model_type", "mistral"}});
  const auto plan = [&](const std::string& architecture) {
    return m_folder->plan(
        "merge_method: linear\nparameters: {weight: 1}\nmodels:\n- model: one\n- model:\n    model: mistral\n    "
        "override_architecture: " +
        architecture + "\n");
  };
  VERIFY_PLANNED(plan("LlamaForCausalLM"));
  QVERIFY(!plan("PhiForCausalLM").plan.has_value());
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlanTensors)
#include "tst_plan_tensors.moc"
