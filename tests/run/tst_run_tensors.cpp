// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <map>
#include <memory>

#include <QTest>

#include "tests/common/float_bits.h"
#include "tests/common/model_data.h"
#include "tests/run/run_folder.h"

namespace layerloom {
namespace {

using test::RawTensor;
using test::RawTensors;
using test::RunFolder;
using test::valuesOf;
using Json = nlohmann::json;

/// A whole merge of tensors that are more than plain numbers side by side.
class TestRunTensors : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<RunFolder>(); }

  void rowsFollowTheUnion();
  void tablesOfWholeNumbersAreCopied();
  void differingTablesAreRefused();
  void tensorsWithoutElements_data();
  void tensorsWithoutElements();
  void adaptersAreAdded();
  void bfloat16InAndOut();
  void threadsDoNotMatter_data();
  void threadsDoNotMatter();

 private:
  void writeVocabularyModel(const std::string& name, const std::vector<std::string>& tokens, std::uint32_t seed) const;
  void writeVocabularyModels() const;
  void writeTables(std::int64_t last) const;
  void writeAdapterModel() const;
  std::map<std::string, RawTensor> result(const std::string& name) const {
    return test::readModelFolder(m_folder->path(name));
  }

  std::unique_ptr<RunFolder> m_folder;
};

// Rows of a length that no chunk is a multiple of, and enough of them for several chunks.
constexpr std::size_t kRow = 100;
constexpr int kShared = 3000;

/// The tokens of three models: "a" has all shared ones, "b" has them backwards and two more, "c" has every second one
/// and two more.
std::vector<std::string> tokensOf(char model) {
  std::vector<std::string> tokens;
  for (int i = 0; i < kShared; ++i) {
    const int number = model == 'b' ? kShared - 1 - i : i;
    if (model != 'c' || number % 2 == 0) {
      tokens.push_back("t" + std::to_string(number));
    }
  }
  if (model != 'a') {
    tokens.insert(tokens.begin() + 700, "both");
    tokens.push_back(std::string("only-") + model);
  }
  return tokens;
}

void TestRunTensors::writeVocabularyModel(const std::string& name, const std::vector<std::string>& tokens,
                                          std::uint32_t seed) const {
  const auto rows = static_cast<std::uint64_t>(tokens.size());
  RawTensors tensors;
  tensors.emplace_back("lm_head.weight", test::f32Tensor({rows, kRow}, test::randomValues(rows * kRow, seed)));
  tensors.emplace_back("model.embed_tokens.weight",
                       test::bf16Tensor({rows, kRow}, test::randomValues(rows * kRow, seed + 50)));
  tensors.emplace_back("model.layers.0.mlp.up_proj.weight",
                       test::f32Tensor({4, kRow}, test::randomValues(4 * kRow, seed + 60)));
  Json config = Json::parse(test::tinyLlamaConfig(1));
  config["vocab_size"] = rows;
  test::writeModel(m_folder->path(name), config, tensors);
  test::writeBytes(m_folder->path(name) + "/tokenizer.json", test::tinyTokenizer(tokens));
}

void TestRunTensors::writeVocabularyModels() const {
  for (const char model : {'a', 'b', 'c'}) {
    writeVocabularyModel(std::string(1, model), tokensOf(model), static_cast<std::uint32_t>(model));
  }
}

const std::string kUnion =
    "merge_method: linear\nbase_model: a\nmodels:\n- {model: a, parameters: {weight: 0.5}}\n- {model: b, parameters: "
    "{weight: 0.375}}\n"
    "- {model: c, parameters: {weight: 0.125}}\ndtype: float32\ntokenizer: {source: union, pad_to_multiple_of: 64}\n";

/// Row numbers by token.
std::map<std::string, std::size_t> rowsByToken(const std::vector<std::string>& tokens) {
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    rows[tokens[i]] = i;
  }
  return rows;
}

/// One tensor of the three models and the rule that fills the rows that a model lacks, written down once more.
struct VocabularyTensors {
  std::vector<double> values[3];
  std::map<std::string, std::size_t> rows[3];

  double at(int model, const std::string& token, std::size_t column) const {
    const auto own = [&](int other) { return values[other][rows[other].at(token) * kRow + column]; };
    if (rows[model].contains(token)) {
      return own(model);
    }
    std::vector<int> having;
    for (int other = 0; other < 3; ++other) {
      if (rows[other].contains(token)) {
        having.push_back(other);
      }
    }
    if (having.size() == 1 || having.front() == 0) {
      return own(having.front());  // the only one, or the base
    }
    double sum = 0;
    for (const int other : having) {
      sum += own(other);
    }
    return sum / static_cast<double>(having.size());
  }
};

void TestRunTensors::rowsFollowTheUnion() {
  writeVocabularyModels();
  VERIFY_RUN(m_folder->run(kUnion, "out"));
  const Json tokenizer = Json::parse(test::readBytes(m_folder->path("out/tokenizer.json")));
  auto ids = tokenizer.at("model").at("vocab").get<std::map<std::string, std::size_t>>();
  for (const Json& token : tokenizer.at("added_tokens")) {
    ids[token.at("content").get<std::string>()] = token.at("id").get<std::size_t>();
  }
  constexpr std::size_t kTokens = kShared + 3;
  constexpr std::size_t kRows = (kTokens + 63) / 64 * 64;
  QCOMPARE(ids.size(), kTokens);
  QCOMPARE(ids.at("t17"), std::size_t{17});
  QCOMPARE(Json::parse(test::readBytes(m_folder->path("out/config.json"))).at("vocab_size").get<std::size_t>(), kRows);
  const auto merged = result("out");
  for (const char* tensor : {"lm_head.weight", "model.embed_tokens.weight"}) {
    VocabularyTensors inputs;
    for (int model = 0; model < 3; ++model) {
      const char name = static_cast<char>('a' + model);
      inputs.values[model] = valuesOf(result(std::string(1, name)).at(tensor));
      inputs.rows[model] = rowsByToken(tokensOf(name));
    }
    QCOMPARE(merged.at(tensor).shape, (std::vector<std::uint64_t>{kRows, kRow}));
    const std::vector<double> got = valuesOf(merged.at(tensor));
    std::vector<double> mean(kRow);
    for (const auto& [token, id] : ids) {
      for (std::size_t column = 0; column < kRow; ++column) {
        const double want = 0.5 * inputs.at(0, token, column) + 0.375 * inputs.at(1, token, column) +
                            0.125 * inputs.at(2, token, column);
        mean[column] += want / static_cast<double>(kTokens);
        QVERIFY2(std::fabs(got[id * kRow + column] - want) <= 1e-6, (tensor + (" " + token)).c_str());
      }
    }
    for (std::size_t i = kTokens * kRow; i < got.size(); ++i) {
      QVERIFY2(std::fabs(got[i] - mean[i % kRow]) <= 1e-6, tensor);
    }
  }
}

// More than the megabyte that is copied at once.
constexpr std::size_t kTable = 150'000;

void TestRunTensors::writeTables(std::int64_t last) const {
  for (const auto& [name, seed] : {std::pair{"one", 1U}, std::pair{"two", 2U}}) {
    std::vector<std::int64_t> table(kTable);
    for (std::size_t i = 0; i < kTable; ++i) {
      table[i] = static_cast<std::int64_t>(i) * 0x123456789;
    }
    table.back() = seed == 2 ? last : 42;
    test::writeModel(m_folder->path(name), Json::parse(test::tinyLlamaConfig(2)),
                     test::with(test::tinyLlamaTensors(2, seed), "model.table", test::i64Tensor({kTable}, table)));
  }
}

const std::string kTables =
    "merge_method: linear\nparameters: {weight: 1}\nout_dtype: bfloat16\nmodels: [{model: one}, {model: two}]\n";

void TestRunTensors::tablesOfWholeNumbersAreCopied() {
  writeTables(42);
  VERIFY_RUN(m_folder->run(kTables, "out"));
  const auto merged = result("out");
  QVERIFY(merged.at("model.table") == result("one").at("model.table"));
  QCOMPARE(merged.at("lm_head.weight").dtype, std::string("BF16"));
}

void TestRunTensors::differingTablesAreRefused() {
  writeTables(43);
  const auto report = m_folder->run(kTables, "out");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  for (const char* part : {"\"model.table\"", "\"one\"", "\"two\""}) {
    QVERIFY2(report.error().message.find(part) != std::string::npos, report.error().message.c_str());
  }
  QCOMPARE(m_folder->names(), (QStringList{"one", "two"}));
}

void TestRunTensors::tensorsWithoutElements_data() {
  QTest::addColumn<QString>("recipe");
  QTest::newRow("one pass") << "merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: one}, {model: two}]\n";
  QTest::newRow("two passes") << "merge_method: slerp\nbase_model: one\nparameters: {t: 0.3}\nmodels: [{model: one}, {model: two}]\n";
  QTest::newRow("copied") << "merge_method: passthrough\nmodels: [{model: one}]\n";
}

/// They have a place in the file and no bytes, at its end as well as amid others.
void TestRunTensors::tensorsWithoutElements() {
  QFETCH(QString, recipe);
  for (const auto& [name, seed] : {std::pair{"one", 1U}, std::pair{"two", 2U}}) {
    RawTensors tensors = test::with(test::tinyLlamaTensors(2, seed), "model.layers.0.extra", test::f32Tensor({0, 4}, {}));
    tensors = test::with(std::move(tensors), "zero.extra", test::f32Tensor({0}, {}));
    tensors = test::with(std::move(tensors), "zero.table", test::i64Tensor({0}, {}));
    test::writeModel(m_folder->path(name), Json::parse(test::tinyLlamaConfig(2)), tensors);
  }
  VERIFY_RUN(m_folder->run(recipe.toStdString(), "out"));
  const auto merged = result("out");
  QCOMPARE(merged.size(), result("one").size());
  QCOMPARE(merged.at("model.layers.0.extra").shape, (std::vector<std::uint64_t>{0, 4}));
  QVERIFY(merged.at("zero.extra").bytes.empty());
  QVERIFY(merged.at("zero.table").bytes.empty());
}

constexpr std::size_t kWide = 700;
constexpr std::size_t kRank = 3;
const std::string kProjection = "model.layers.0.mlp.up_proj.weight";

/// A matrix of several chunks with an adapter: scale 2 · B·A.
void TestRunTensors::writeAdapterModel() const {
  for (const auto& [name, seed] : {std::pair{"one", 1U}, std::pair{"two", 2U}}) {
    RawTensors tensors;
    tensors.emplace_back(kProjection,
                         test::f32Tensor({kWide + 1, kWide}, test::randomValues((kWide + 1) * kWide, seed)));
    tensors.emplace_back("model.norm.weight", test::f32Tensor({kWide}, test::randomValues(kWide, seed + 10)));
    test::writeModel(m_folder->path(name), Json::parse(test::tinyLlamaConfig(1)), tensors);
  }
  const std::string module = "base_model.model.model.layers.0.mlp.up_proj.";
  const RawTensors factors = {
      {module + "lora_A.weight", test::f32Tensor({kRank, kWide}, test::randomValues(kRank * kWide, 21))},
      {module + "lora_B.weight", test::f32Tensor({kWide + 1, kRank}, test::randomValues(kRank * (kWide + 1), 22))}};
  test::writeBytes(m_folder->path("lora/adapter_model.safetensors"), test::safetensorsBytes(factors));
  test::writeBytes(m_folder->path("lora/adapter_config.json"),
                   R"({"peft_type":"LORA","r":3,"lora_alpha":6,"target_modules":["up_proj"]})");
}

const std::string kAdapter =
    "merge_method: linear\nmodels:\n- {model: one+lora, parameters: {weight: 0.25}}\n- {model: two, parameters: "
    "{weight: 0.75}}\n";

void TestRunTensors::adaptersAreAdded() {
  writeAdapterModel();
  VERIFY_RUN(m_folder->run(kAdapter, "out"));
  const std::vector<double> one = valuesOf(result("one").at(kProjection));
  const std::vector<double> two = valuesOf(result("two").at(kProjection));
  const std::vector<double> got = valuesOf(result("out").at(kProjection));
  const std::vector<float> a = test::randomValues(kRank * kWide, 21);
  const std::vector<float> b = test::randomValues(kRank * (kWide + 1), 22);
  for (std::size_t i = 0; i < got.size(); ++i) {
    double product = 0;
    for (std::size_t k = 0; k < kRank; ++k) {
      product += static_cast<double>(b[i / kWide * kRank + k]) * static_cast<double>(a[k * kWide + i % kWide]);
    }
    QVERIFY(std::fabs(got[i] - (0.25 * (one[i] + 2 * product) + 0.75 * two[i])) <= 2e-6);
  }
  const std::vector<double> norm = valuesOf(result("out").at("model.norm.weight"));
  QVERIFY(std::fabs(norm[5] - 0.25 * valuesOf(result("one").at("model.norm.weight"))[5] -
                    0.75 * valuesOf(result("two").at("model.norm.weight"))[5]) <= 1e-6);
}

void TestRunTensors::bfloat16InAndOut() {
  test::writeTinyLlama(m_folder->path("one"), 2, 1, "BF16");
  test::writeTinyLlama(m_folder->path("two"), 2, 2, "BF16");
  VERIFY_RUN(
      m_folder->run("merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 0.3}}\n- {model: two, "
                    "parameters: {weight: 0.7}}\n",
                    "out"));
  const auto one = result("one");
  const auto two = result("two");
  for (const auto& [name, tensor] : result("out")) {
    QCOMPARE(tensor.dtype, std::string("BF16"));
    const std::vector<double> a = valuesOf(one.at(name));
    const std::vector<double> b = valuesOf(two.at(name));
    const std::vector<std::uint16_t> bits = test::bitsOf16(tensor);
    for (std::size_t i = 0; i < bits.size(); ++i) {
      // Computed in float32 and rounded once.
      const int want = test::orderOf16(test::toBf16(static_cast<float>(0.3 * a[i] + 0.7 * b[i])));
      QVERIFY2(std::abs(test::orderOf16(bits[i]) - want) <= 1, name.c_str());
    }
  }
  const Json config = Json::parse(test::readBytes(m_folder->path("out/config.json")));
  QCOMPARE(config.at("torch_dtype").get<std::string>(), std::string("bfloat16"));
}

void TestRunTensors::threadsDoNotMatter_data() {
  QTest::addColumn<QString>("recipe");
  const auto row = [](const char* name, const std::string& recipe) {
    QTest::newRow(name) << QString::fromStdString(recipe);
  };
  row("aligned rows", kUnion);
  row("aligned rows, two passes",
      "merge_method: ties\nbase_model: a\nmodels:\n- {model: b, parameters: {weight: 0.5, density: 0.3}}\n"
      "- {model: c, parameters: {weight: 0.5, density: 0.6}}\ntokenizer: {source: union, pad_to_multiple_of: 64}\n");
  row("aligned rows, drawn",
      "merge_method: dare_ties\nbase_model: a\nmodels:\n- {model: b, parameters: {weight: 0.5, density: 0.3}}\n"
      "- {model: c, parameters: {weight: 0.5, density: 0.6}}\nout_dtype: bfloat16\ntokenizer_source: union\n");
  row("tables", kTables);
  row("adapter", kAdapter);
  row("adapter, two passes",
      "merge_method: slerp\nbase_model: two\nmodels: [{model: one+lora}]\nparameters: {t: 0.4}\nout_dtype: bfloat16\n");
}

void TestRunTensors::threadsDoNotMatter() {
  QFETCH(QString, recipe);
  if (recipe.contains("lora")) {
    writeAdapterModel();
  } else if (recipe.contains("tokenizer")) {
    writeVocabularyModels();
  } else {
    writeTables(42);
  }
  for (const int threads : {1, 2, 3, 16}) {
    RunOptions options;
    options.threads = threads;
    VERIFY_RUN(m_folder->run(recipe.toStdString(), "out" + std::to_string(threads), options));
    QVERIFY(m_folder->weights("out" + std::to_string(threads)) == m_folder->weights("out1"));
  }
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestRunTensors)
#include "tst_run_tensors.moc"
