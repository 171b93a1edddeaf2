// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <memory>

#include <QTest>

#include "tests/common/model_data.h"
#include "tests/plan/plan_folder.h"

namespace layerloom {
namespace {

using test::jobOf;
using test::PlanFolder;

/// Which value holds for a tensor, and what is said about settings.
class TestPlanSettings : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void sixteenBitsAskForPrecision_data();
  void sixteenBitsAskForPrecision();
  void theHighestLevelWins_data();
  void theHighestLevelWins();
  void aFilterThatMissesLeavesItToTheNextLevel();
  void methodValuesReadTheOutputsName();
  void originsAreKeptOnRequest();
  void aListInASliceOfOneLayerIsOdd();
  void filtersThatMatchNothing();
  void parametersOfTheBaseHaveNoEffect();
  void allFaultsAreReported();
  void faultsOfTheTextDoNotHideOthers();
  void hopelessTextsAreRefused_data();
  void hopelessTextsAreRefused();

 private:
  std::unique_ptr<PlanFolder> m_folder;
};

void TestPlanSettings::init() {
  m_folder = std::make_unique<PlanFolder>();
  test::writeTinyLlama(m_folder->path("base"), 4, 1);
  test::writeTinyLlama(m_folder->path("tuned"), 4, 2);
}

void TestPlanSettings::sixteenBitsAskForPrecision_data() {
  QTest::addColumn<QString>("stored");
  QTest::addColumn<QString>("types");
  QTest::addColumn<Narrowing>("narrowing");
  QTest::addColumn<bool>("precisely");
  QTest::newRow("float32") << "F32" << "" << Narrowing::ToNearest << false;
  QTest::newRow("computed in bfloat16") << "F32" << "dtype: bfloat16" << Narrowing::ToBf16 << true;
  QTest::newRow("written as float16") << "F32" << "out_dtype: float16" << Narrowing::ToOdd << true;
  QTest::newRow("computed in float16, written as float32") << "F32" << "dtype: float16\nout_dtype: float32" << Narrowing::ToNearest << true;
  QTest::newRow("stored as bfloat16") << "BF16" << "" << Narrowing::ToBf16 << true;
  QTest::newRow("stored as bfloat16, computed in float32") << "BF16" << "dtype: float32" << Narrowing::ToNearest << true;
}

void TestPlanSettings::sixteenBitsAskForPrecision() {
  QFETCH(QString, stored);
  QFETCH(QString, types);
  QFETCH(Narrowing, narrowing);
  QFETCH(bool, precisely);
  for (const char* model : {"base", "tuned"}) {
    test::writeTinyLlama(m_folder->path(model), 4, 1, stored.toStdString());
  }
  const PlanResult result =
      m_folder->plan("merge_method: arcee_fusion\nbase_model: base\nmodels:\n- {model: tuned}\n" + types.toStdString() + "\n");
  VERIFY_PLANNED(result);
  for (const TensorJob& job : result.plan->jobs) {
    QCOMPARE(job.settings.narrowing, narrowing);
    QCOMPARE(job.settings.choosesPrecisely, precisely);
  }
}

constexpr std::array<const char*, 4> kLevels = {"source", "slice", "module", "top"};

void TestPlanSettings::theHighestLevelWins_data() {
  QTest::addColumn<int>("given");  // one bit per level
  for (int given = 1; given < 16; ++given) {
    QString name;
    for (int level = 0; level < 4; ++level) {
      name += (given >> level) & 1 ? QString(" ") + kLevels[static_cast<std::size_t>(level)] : QString();
    }
    QTest::newRow(qPrintable(name.trimmed())) << given;
  }
}

// Source, slice, module and top give the weights 1, 2, 3, 4 and the lambdas 10, 20, 30, 40.
void TestPlanSettings::theHighestLevelWins() {
  QFETCH(int, given);
  const auto parameters = [&](int level, const std::string& indent) {
    const std::string number = std::to_string(level + 1);
    return (given >> level) & 1 ? indent + "parameters: {weight: " + number + ", lambda: " + number + "0}\n"
                                : std::string();
  };
  const std::string text =
      "merge_method: task_arithmetic\nbase_model: base\n" + parameters(3, "") + "modules:\n  default:\n" +
      parameters(2, "    ") + "    slices:\n    - sources:\n      - {model: base, layer_range: [0, 4]}\n" +
      "      - model: tuned\n        layer_range: [0, 4]\n" + parameters(0, "        ") + parameters(1, "      ");
  const PlanResult result = m_folder->plan(text);
  const auto first = [&](int from) {
    int level = from;
    while (level < 4 && ((given >> level) & 1) == 0) {
      ++level;
    }
    return level + 1;
  };
  VERIFY_PLANNED(result);
  for (const char* tensor : {"model.embed_tokens.weight", "model.layers.2.mlp.up_proj.weight", "lm_head.weight"}) {
    const MergeSettings& settings = jobOf(*result.plan, tensor).settings;
    QCOMPARE(settings.value(1, "weight"), static_cast<double>(first(0)));
    // A parameter of the whole method is not looked up at a source.
    QCOMPARE(settings.value("lambda"), first(1) == 5 ? 1.0 : 10.0 * first(1));
  }
}

void TestPlanSettings::aFilterThatMissesLeavesItToTheNextLevel() {
  const PlanResult result = m_folder->plan(R"(merge_method: linear
slices:
- sources:
  - model: tuned
    layer_range: [0, 4]
    parameters: {weight: [{filter: self_attn, value: 1}]}
  parameters: {weight: {filter: mlp, value: 2}}
parameters: {weight: 3}
)");
  VERIFY_PLANNED(result);
  QCOMPARE(jobOf(*result.plan, "model.layers.0.self_attn.q_proj.weight").settings.value(0, "weight"), 1.0);
  QCOMPARE(jobOf(*result.plan, "model.layers.0.mlp.up_proj.weight").settings.value(0, "weight"), 2.0);
  QCOMPARE(jobOf(*result.plan, "model.layers.0.input_layernorm.weight").settings.value(0, "weight"), 3.0);
}

// Layer 2 of the result is layer 0 of its source: the weight is looked up under the source's name, lambda under the
// result's.
void TestPlanSettings::methodValuesReadTheOutputsName() {
  const PlanResult result = m_folder->plan(R"(merge_method: task_arithmetic
base_model: base
slices:
- sources: [{model: base, layer_range: [0, 2]}, {model: tuned, layer_range: [0, 2]}]
- sources: [{model: base, layer_range: [0, 2]}, {model: tuned, layer_range: [0, 2]}]
parameters:
  weight: [{filter: layers.0., value: 5}, {filter: layers.2., value: 6}, {value: 7}]
  lambda: [{filter: layers.0., value: 8}, {filter: layers.2., value: 9}, {value: 2}]
)");
  VERIFY_PLANNED(result);
  const MergeSettings& settings = jobOf(*result.plan, "model.layers.2.mlp.up_proj.weight").settings;
  QCOMPARE(settings.value(1, "weight"), 5.0);
  QCOMPARE(settings.value("lambda"), 9.0);
}

void TestPlanSettings::originsAreKeptOnRequest() {
  const std::string text =
      "merge_method: linear\nmodels:\n- model: base\n  parameters:\n    weight:\n    - {filter: mlp, value: [0.25, "
      "1]}\n    - {value: 0.5}\n";
  const PlanResult plain = m_folder->plan(text);
  VERIFY_PLANNED(plain);
  QVERIFY(jobOf(*plain.plan, "lm_head.weight").origin == nullptr);
  PlanOptions options;
  options.keepOrigins = true;
  const PlanResult result = m_folder->plan(text, options);
  VERIFY_PLANNED(result);
  const JobOrigin& layer = *jobOf(*result.plan, "model.layers.1.mlp.up_proj.weight").origin;
  QCOMPARE(layer.slice, std::string("models"));
  QCOMPARE(*layer.layer, 1);
  QCOMPARE(layer.position, 1.0 / 3);
  const ResolvedParameter& weight = layer.inputs.at(0).at(0);
  QCOMPARE(weight.spec->name, std::string("weight"));
  QCOMPARE(weight.value, 0.5);
  QVERIFY2(weight.path.starts_with("models[0].parameters.weight"), weight.path.c_str());
  QCOMPARE(weight.filter, std::string("mlp"));
  QCOMPARE(weight.where.line, 6);
  QCOMPARE(weight.gradient.size(), std::size_t{2});
  const JobOrigin& head = *jobOf(*result.plan, "lm_head.weight").origin;
  QVERIFY(!head.layer.has_value());
  QCOMPARE(head.inputs[0][0].where.line, 7);
  QVERIFY(head.inputs[0][0].gradient.empty());
  // The method's own `normalize` has its standard value.
  QCOMPARE(head.method.at(0).path, std::string());
  QCOMPARE(head.method.at(0).value, 1.0);
}

void TestPlanSettings::aListInASliceOfOneLayerIsOdd() {
  const PlanResult result = m_folder->plan(
      "merge_method: passthrough\nslices:\n- sources:\n  - {model: base, layer_range: [2, 3], parameters: {scale: "
      "[0.25, 0.75]}}\n");
  VERIFY_PLANNED(result);
  FIND_PROBLEM(warning, result, Severity::Warning, "a list of values in a slice of one layer");
  QCOMPARE(warning->path, std::string("slices[0].sources[0].parameters.scale"));
  QCOMPARE(warning->where.line, 4);
  const PlanResult two = m_folder->plan(
      "merge_method: passthrough\nslices:\n- sources: [{model: base, layer_range: [2, 4], parameters: {scale: [0.25, "
      "0.75]}}]\n");
  QVERIFY2(two.problems.empty(), test::problemsText(two).c_str());
}

void TestPlanSettings::filtersThatMatchNothing() {
  const PlanResult result = m_folder->plan(
      "merge_method: linear\nmodels:\n- model: base\n  parameters:\n    weight:\n    - {filter: mpl, value: 1}\n    - "
      "{filter: mlp, value: 1}\n    - {value: 1}\n");
  VERIFY_PLANNED(result);
  FIND_PROBLEM(warning, result, Severity::Warning, "the filter \"mpl\" occurs in no tensor's name");
  QCOMPARE(warning->path, std::string("models[0].parameters.weight[0]"));
  QCOMPARE(warning->where.line, 6);
  QCOMPARE(result.problems.size(), std::size_t{1});
}

void TestPlanSettings::parametersOfTheBaseHaveNoEffect() {
  const auto text = [](const std::string& base) {
    return "merge_method: ties\nbase_model: base\nmodels:\n- " + base + "\n- {model: tuned, parameters: {weight: 1}}\n";
  };
  const PlanResult odd = m_folder->plan(text("{model: base, parameters: {weight: 0.5}}"));
  VERIFY_PLANNED(odd);
  FIND_PROBLEM(warning, odd, Severity::Warning, "\"base\" is the base model");
  QCOMPARE(warning->path, std::string("models[0]"));
  QCOMPARE(warning->where.line, 4);
  const PlanResult plain = m_folder->plan(text("model: base"));
  QVERIFY2(plain.plan.has_value() && plain.problems.empty(), test::problemsText(plain).c_str());
  // Listed or not, it is one input.
  QCOMPARE(jobOf(*plain.plan, "lm_head.weight").inputs.size(), std::size_t{2});
}

void TestPlanSettings::allFaultsAreReported() {
  const PlanResult result = m_folder->plan(R"(merge_method: linear
dtype: float12
models:
- {model: base, parameters: {weight: heavy}}
- {model: nowhere, parameters: {weight: 1}}
- {model: tuned, parameters: {normalise: true}}
parameters: {normalize: perhaps}
)");
  QVERIFY(!result.plan.has_value());
  struct Wanted {
    const char* message;
    const char* path;
    int line;
    int column;
  };
  for (const Wanted& wanted :
       {Wanted{"float12", "dtype", 2, 8}, Wanted{"\"heavy\"", "models[0].parameters.weight", 4, 38},
        Wanted{"\"nowhere\" is not found", "models[1]", 5, 11}, Wanted{"\"perhaps\"", "parameters.normalize", 7, 25}}) {
    FIND_PROBLEM(error, result, Severity::Error, wanted.message);
    QCOMPARE(error->path, std::string(wanted.path));
    QCOMPARE(error->where.line, wanted.line);
    QCOMPARE(error->where.column, wanted.column);
  }
  FIND_PROBLEM(warning, result, Severity::Warning, "\"normalise\"");
  QVERIFY2(warning->remedy.find("\"normalize\"") != std::string::npos, warning->remedy.c_str());
}

// The text breaks the language (two bodies, an unreadable range), yet what can be read of it is checked against the
// models.
void TestPlanSettings::faultsOfTheTextDoNotHideOthers() {
  const PlanResult result = m_folder->plan(R"(merge_method: linear
models:
- {model: base, parameters: {weight: heavy}}
- {model: nowhere}
slices:
- sources: [{model: tuned, layer_range: [3, 1]}]
)");
  QVERIFY(!result.plan.has_value());
  FIND_PROBLEM(both, result, Severity::Error, "either \"models\" or \"slices\"");
  QCOMPARE(both->where.line, 6);
  FIND_PROBLEM(range, result, Severity::Error, "no range of layers");
  QCOMPARE(range->path, std::string("slices[0].sources[0].layer_range"));
  FIND_PROBLEM(weight, result, Severity::Error, "\"heavy\"");
  QCOMPARE(weight->where.line, 3);
  FIND_PROBLEM(absent, result, Severity::Error, "\"nowhere\" is not found");
  QCOMPARE(absent->path, std::string("models[1]"));
}

void TestPlanSettings::hopelessTextsAreRefused_data() {
  QTest::addColumn<QString>("text");
  QTest::newRow("nothing but a base") << "merge_method: linear\nbase_model: base\n";
  QTest::newRow("no models in the list") << "merge_method: linear\nbase_model: base\nmodels: []\n";
  QTest::newRow("no slices in the list") << "merge_method: linear\nbase_model: base\nslices: []\n";
  QTest::newRow("slice without sources")
      << "merge_method: linear\nbase_model: base\nslices:\n- parameters: {weight: 1}\n";
  QTest::newRow("sources is a word") << "merge_method: linear\nbase_model: base\nslices:\n- sources: all\n";
  QTest::newRow("source without a range") << "merge_method: linear\nslices:\n- sources: [{model: base}]\n";
  QTest::newRow("empty module") << "merge_method: linear\nbase_model: base\nmodules: {default: {}}\n";
  QTest::newRow("module is a word") << "merge_method: linear\nbase_model: base\nmodules: {default: all}\n";
  QTest::newRow("modules is a list") << "merge_method: linear\nbase_model: base\nmodules: [default]\n";
  QTest::newRow("empty entry") << "merge_method: linear\nmodels:\n- model: base\n-\n";
  QTest::newRow("only documents with one name")
      << "name: a\nmerge_method: linear\nbase_model: base\n---\nname: a\nmerge_method: linear\n";
  QTest::newRow("empty") << "";
}

void TestPlanSettings::hopelessTextsAreRefused() {
  QFETCH(QString, text);
  const PlanResult result = m_folder->plan(text.toStdString());
  QVERIFY(!result.plan.has_value());
  QVERIFY2(hasErrors(result.problems), test::problemsText(result).c_str());
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlanSettings)
#include "tst_plan_settings.moc"
