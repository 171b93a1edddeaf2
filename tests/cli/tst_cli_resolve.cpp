// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include <QTemporaryDir>
#include <QTest>

#include "core/methods/spec.h"
#include "tests/common/cli_run.h"
#include "tests/common/model_data.h"

namespace layerloom {
namespace {

using test::CliRun;
using test::runCliWith;
using test::writeBytes;
using Json = nlohmann::json;

constexpr int kLayers = 3;

const std::string kUp = "model.layers.1.mlp.up_proj.weight";

// The lines matter: the program names them.
const std::string kSlerp =
    "merge_method: slerp\n"
    "base_model: one\n"
    "models:\n"
    "  - model: one\n"
    "  - model: two\n"
    "parameters:\n"
    "  t:\n"
    "    - filter: mlp\n"
    "      value: [0.25, 0.5, 1]\n"
    "    - value: 0.125\n"
    "dtype: float32\n";

std::set<std::string> keysOf(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.insert(key);
  }
  return keys;
}

/// The element of a list whose "name" is this one.
Json named(const Json& list, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Json& entry) { return entry.at("name") == name; });
  return found == list.end() ? Json() : *found;
}

/// `layerloom-cli resolve`: which values hold for a tensor and which rule set them.
class TestCliResolve : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void oneTensorAsText_data();
  void oneTensorAsText();
  void formulasHoldTheNumbers_data();
  void formulasHoldTheNumbers();
  void allTensorsAsJson();
  void everyMethodHasAFormula_data();
  void everyMethodHasAFormula();
  void jsonNamesTheRules();
  void tablesAreCopied();
  void hostileNamesAreEscaped();
  void faultsAreRefused_data();
  void faultsAreRefused();

 private:
  std::string path(const std::string& name) const { return m_folder->path().toStdString() + "/" + name; }
  CliRun resolve(const std::string& recipe, std::vector<std::string> options) const {
    writeBytes(path("recipe.yml"), recipe);
    options.insert(options.begin(), {"resolve", path("recipe.yml")});
    return runCliWith(options);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCliResolve::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  test::writeTinyLlama(path("one"), kLayers, 1);
  test::writeTinyLlama(path("two"), kLayers, 2);
  test::writeTinyLlama(path("three"), kLayers, 3);
}

void TestCliResolve::oneTensorAsText_data() {
  QTest::addColumn<QString>("tensor");
  QTest::addColumn<QStringList>("parts");
  QTest::newRow("in a layer") << QString::fromStdString(kUp)
                              << QStringList{"layer 1, t = 0.5", "sin(0.5θ)/sin θ · one + sin(0.5θ)/sin θ · two",
                                             "filter \"mlp\", line 8, from [0.25, 0.5, 1] at t = 0.5", "one (base)"};
  QTest::newRow("in the last layer") << "model.layers.2.mlp.up_proj.weight"
                                     << QStringList{"layer 2, t = 1", "sin(0θ)/sin θ · one + sin(1θ)/sin θ · two"};
  QTest::newRow("by the other rule") << "model.layers.1.self_attn.q_proj.weight"
                                     << QStringList{"layer 1", "sin(0.875θ)/sin θ · one + sin(0.125θ)/sin θ · two",
                                                    "line 10"};
  QTest::newRow("outside the layers") << "model.norm.weight" << QStringList{"outside the layers", "0.125", "line 10"};
}

void TestCliResolve::oneTensorAsText() {
  QFETCH(QString, tensor);
  QFETCH(QStringList, parts);
  const CliRun run = resolve(kSlerp, {"--tensor", tensor.toStdString()});
  QCOMPARE(run.err, std::string());
  QCOMPARE(run.status, 0);
  const QString text = QString::fromStdString(run.out);
  QVERIFY2(text.startsWith(tensor + "\n"), run.out.c_str());
  for (const QString& part : parts) {
    QVERIFY2(text.contains(part), qPrintable(text + "lacks " + part));
  }
  QCOMPARE(text.count("model.layers."), tensor.startsWith("model.layers.") ? 3 : 0);
}

void TestCliResolve::formulasHoldTheNumbers_data() {
  QTest::addColumn<QString>("recipe");
  QTest::addColumn<QString>("formula");
  const QString two =
      "models:\n- {model: one, parameters: {weight: 0.25}}\n- {model: two, parameters: {weight: 0.5}}\n";
  const QString based =
      "base_model: one\nmodels:\n- {model: two, parameters: {weight: 0.25, density: 0.5}}\n"
      "- {model: three, parameters: {weight: 0.75, density: 0.6}}\n";
  QTest::newRow("linear") << "merge_method: linear\n" + two << "W = (0.25 · one + 0.5 · two) / 0.75";
  QTest::newRow("linear, not normalized")
      << "merge_method: linear\nparameters: {normalize: false}\n" + two << "W = 0.25 · one + 0.5 · two";
  QTest::newRow("slerp from the second")
      << "merge_method: slerp\nbase_model: two\nmodels: [{model: one}, {model: two}]\n"
         "parameters: {t: 0.25}\n"
      << "W = sin(0.75θ)/sin θ · two + sin(0.25θ)/sin θ · one";
  QTest::newRow("passthrough") << "merge_method: passthrough\nmodels: [{model: one, parameters: {scale: 0.5}}]\n"
                               << "W = 0.5 · one";
  QTest::newRow("task_arithmetic") << "merge_method: task_arithmetic\nparameters: {lambda: 0.5}\n" + based
                                   << "W = one + 0.5 · (0.25 · (two − one) + 0.75 · (three − one))";
  QTest::newRow("ties") << "merge_method: ties\n" + based
                        << "W = one + 1 · agree(0.25 · trim(two − one)[density 0.5] + "
                           "0.75 · trim(three − one)[density 0.6]) / Σ agreeing weights";
  QTest::newRow("dare_linear") << "merge_method: dare_linear\n" + based
                               << "W = one + 1 · (0.25 · dare(two − one)[density 0.5] + "
                                  "0.75 · dare(three − one)[density 0.6])";
  QTest::newRow("della") << "merge_method: della\n" + based
                         << "W = one + 1 · agree(0.25 · magprune(two − one)[density 0.5] + "
                            "0.75 · magprune(three − one)[density 0.6]) / Σ agreeing weights";
  QTest::newRow("karcher") << "merge_method: karcher\nmodels: [{model: one}, {model: two}]\n"
                           << "W = karcher(one, two; max_iter = 10, tol = 1e-05)";
  QTest::newRow("nuslerp") << "merge_method: nuslerp\n" + two
                           << "W = nuslerp(one: weight 0.25, two: weight 0.5; nuslerp_flatten = true, "
                              "nuslerp_row_wise = false)";
}

void TestCliResolve::formulasHoldTheNumbers() {
  QFETCH(QString, recipe);
  QFETCH(QString, formula);
  const CliRun run = resolve(recipe.toStdString(), {"--tensor", kUp});
  QVERIFY2(run.status == 0, run.err.c_str());
  QVERIFY2(QString::fromStdString(run.out).contains("  " + formula + "\n"), run.out.c_str());
}

void TestCliResolve::allTensorsAsJson() {
  const CliRun run = resolve(kSlerp, {"--all", "--json"});
  QCOMPARE(run.err, std::string());
  QCOMPARE(run.status, 0);
  const Json json = Json::parse(run.out);
  QCOMPARE(keysOf(json), (std::set<std::string>{"version", "tensors"}));
  QCOMPARE(json.at("version").get<int>(), 1);
  std::set<std::string> names;
  for (const Json& tensor : json.at("tensors")) {
    QCOMPARE(keysOf(tensor),
             (std::set<std::string>{"name", "layer", "t", "slice", "method", "formula", "parameters", "inputs"}));
    const std::string name = tensor.at("name").get<std::string>();
    QVERIFY2(names.insert(name).second, name.c_str());
    QCOMPARE(tensor.at("method").get<std::string>(), std::string("slerp"));
    QCOMPARE(tensor.at("layer").is_null(), name.find(".layers.") == std::string::npos);
    QCOMPARE(tensor.at("inputs").size(), std::size_t{2});
    for (const Json& input : tensor.at("inputs")) {
      QCOMPARE(keysOf(input), (std::set<std::string>{"model", "tensor", "base", "parameters"}));
      QCOMPARE(input.at("tensor").get<std::string>(), name);
      QCOMPARE(input.at("base").get<bool>(), input.at("model") == "one");
    }
  }
  std::set<std::string> wanted;
  for (const auto& [name, tensor] : test::tinyLlamaTensors(kLayers, 1)) {
    wanted.insert(name);
  }
  QCOMPARE(names, wanted);
}

void TestCliResolve::everyMethodHasAFormula_data() {
  QTest::addColumn<std::string>("method");
  QTest::addColumn<bool>("withBase");
  for (const MethodSpec& spec : methodSpecs()) {
    QTest::newRow(spec.name.c_str()) << spec.name << (spec.baseModel == BaseModelUse::Required);
    if (spec.baseModel == BaseModelUse::Optional) {
      QTest::addRow("%s with base", spec.name.c_str()) << spec.name << true;
    }
  }
}

// Every model and, where they have an effect, the weights and densities stand in it. A method's name stands where its
// formula is no sum.
void TestCliResolve::everyMethodHasAFormula() {
  QFETCH(std::string, method);
  QFETCH(bool, withBase);
  const MethodSpec& spec = *findMethod(method);
  std::vector<std::string> models = {"one", "two", "three"};
  models.resize(spec.maxInputs > 0 ? static_cast<std::size_t>(spec.maxInputs + (withBase ? 1 : 0)) : 3);
  std::string recipe = "merge_method: " + method + "\n" + (withBase ? "base_model: one\n" : "") +
                       "parameters: {weight: 0.375, t: 0.25}\nmodels:\n";
  for (const std::string& model : models) {
    recipe += "- model: " + model + "\n";
  }
  const CliRun run = resolve(recipe, {"--tensor", kUp, "--json"});
  QVERIFY2(run.status == 0, run.err.c_str());
  const Json tensor = Json::parse(run.out).at("tensors").at(0);
  const std::string formula = tensor.at("formula").get<std::string>();
  QVERIFY2(formula.starts_with("W = "), formula.c_str());
  for (const std::string& model : models) {
    QVERIFY2(formula.find(model) != std::string::npos, formula.c_str());
  }
  if (spec.parameter("weight") != nullptr) {
    QVERIFY2(formula.find("0.375") != std::string::npos, formula.c_str());
  }
  const bool isSum =
      spec.parameter("lambda") != nullptr || method == "linear" || method == "slerp" || method == "passthrough";
  QVERIFY2(isSum || formula.find(method + "(") != std::string::npos, formula.c_str());
}

void TestCliResolve::jsonNamesTheRules() {
  const Json json = Json::parse(resolve(kSlerp, {"--all", "--json"}).out);
  const Json inner = named(json.at("tensors"), kUp);
  QCOMPARE(inner.at("layer").get<int>(), 1);
  QCOMPARE(inner.at("t").get<double>(), 0.5);
  const Json t = named(inner.at("parameters"), "t");
  QCOMPARE(keysOf(t), (std::set<std::string>{"name", "value", "path", "filter", "line", "column"}));
  QCOMPARE(t.at("value").get<double>(), 0.5);
  QCOMPARE(t.at("filter").get<std::string>(), std::string("mlp"));
  QCOMPARE(t.at("line").get<int>(), 8);
  QVERIFY2(t.at("path").get<std::string>().starts_with("parameters.t[0]"), t.dump().c_str());
  const Json outer = named(named(json.at("tensors"), "lm_head.weight").at("parameters"), "t");
  QCOMPARE(outer.at("value").get<double>(), 0.125);
  QCOMPARE(outer.at("filter").get<std::string>(), std::string());
  QCOMPARE(outer.at("line").get<int>(), 10);

  // A standard value comes from no line; a flag is a boolean.
  const CliRun plain =
      resolve("merge_method: linear\nmodels: [{model: one, parameters: {weight: 1}}]\n", {"--tensor", kUp, "--json"});
  const Json normalize = named(Json::parse(plain.out).at("tensors").at(0).at("parameters"), "normalize");
  QVERIFY(normalize.at("value") == Json(true));
  QCOMPARE(normalize.at("path").get<std::string>(), std::string());
  QCOMPARE(normalize.at("line").get<int>(), 0);
}

void TestCliResolve::tablesAreCopied() {
  for (const char* name : {"one", "two"}) {
    test::writeModel(path(name), Json::parse(test::tinyLlamaConfig(kLayers)),
                     test::with(test::tinyLlamaTensors(kLayers, 1), "model.table", test::i64Tensor({2}, {7, 8})));
  }
  const CliRun text = resolve(kSlerp, {"--tensor", "model.table"});
  QVERIFY2(text.out.find("whole numbers: copied as they are") != std::string::npos, text.out.c_str());
  const CliRun json = resolve(kSlerp, {"--tensor", "model.table", "--json"});
  QCOMPARE(Json::parse(json.out).at("tensors").at(0).at("formula").get<std::string>(), std::string());
}

void TestCliResolve::hostileNamesAreEscaped() {
  const std::string evil = "model.\x1b[31m\u202E.weight";
  for (const char* name : {"one", "two"}) {
    test::writeModel(path(name), Json::parse(test::tinyLlamaConfig(kLayers)),
                     test::with(test::tinyLlamaTensors(kLayers, 1), evil, test::f32Tensor({2}, {7, 8})));
  }
  const CliRun all = resolve(kSlerp, {"--all"});
  QVERIFY2(all.status == 0, all.err.c_str());
  const CliRun wrong = resolve(kSlerp, {"--tensor", evil + "s"});
  QCOMPARE(wrong.status, 2);
  for (const std::string& text : {all.out, wrong.err}) {
    QVERIFY2(text.find('\x1b') == std::string::npos && text.find("\u202E") == std::string::npos, text.c_str());
    QVERIFY2(text.find("[31m") != std::string::npos, text.c_str());
  }
}

void TestCliResolve::faultsAreRefused_data() {
  QTest::addColumn<QString>("recipe");
  QTest::addColumn<QStringList>("options");
  QTest::addColumn<QString>("message");
  const QString slerp = QString::fromStdString(kSlerp);
  QTest::newRow("no tensor") << slerp << QStringList{} << "add --tensor NAME, or --all";
  QTest::newRow("unknown tensor") << slerp << QStringList{"--tensor", "model.layers.1.mlp.up_proj.weigth"}
                                  << "did you mean \"model.layers.1.mlp.up_proj.weight\"?";
  QTest::newRow("one of two unknown") << slerp << QStringList{"--tensor", "model.norm.weight", "--tensor", "zzz"}
                                      << "the result has no tensor \"zzz\"";
  QTest::newRow("both") << slerp << QStringList{"--all", "--tensor", "model.norm.weight"} << "--tensor";
  QTest::newRow("bad recipe") << "merge_method: linear\nmodels: [{model: one}]\n"
                              << QStringList{"--all"} << "\"weight\" is missing";
}

void TestCliResolve::faultsAreRefused() {
  QFETCH(QString, recipe);
  QFETCH(QStringList, options);
  QFETCH(QString, message);
  std::vector<std::string> list;
  std::transform(options.begin(), options.end(), std::back_inserter(list),
                 [](const QString& text) { return text.toStdString(); });
  const CliRun run = resolve(recipe.toStdString(), list);
  QCOMPARE(run.status, 2);
  QCOMPARE(run.out, std::string());
  QVERIFY2(QString::fromStdString(run.err).contains(message), run.err.c_str());
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestCliResolve)
#include "tst_cli_resolve.moc"
