// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "tests/common/cli_run.h"
#include "tests/common/float_bits.h"
#include "tests/common/safetensors_data.h"

using layerloom::test::CliRun;
using layerloom::test::RawTensor;
using layerloom::test::readBytes;
using layerloom::test::readModelFolder;
using layerloom::test::runCliWith;
using layerloom::test::valuesOf;
using Json = nlohmann::json;
using Tensors = std::map<std::string, RawTensor>;

/// The recipes of conformance/cases, with the models of conformance/models, against the tensors that mergekit 0.1.5
/// made of them.
class TestConformance : public QObject {
  Q_OBJECT

 private slots:
  void exactCases_data();
  void exactCases();
  void dareKeepsEntriesOfOneModel_data();
  void dareKeepsEntriesOfOneModel();
  void dareTiesElectsSigns();
  void randomCasesDependOnTheSeedAlone_data();
  void randomCasesDependOnTheSeedAlone();
  void errorCases_data();
  void errorCases();
};

namespace {

const std::string kRoot = LAYERLOOM_TEST_DATA "/conformance";

std::string casePath(const QString& name) {
  return kRoot + "/cases/" + name.toStdString();
}

Json caseOf(const QString& name) {
  return Json::parse(readBytes(casePath(name) + "/case.json"));
}

/// One row per case of that kind.
void addCases(const std::string& kind) {
  QTest::addColumn<QString>("name");
  const QDir cases(QString::fromStdString(kRoot + "/cases"));
  for (const QString& name : cases.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    if (caseOf(name).at("kind") == kind) {
      QTest::newRow(qPrintable(name)) << name;
    }
  }
}

CliRun mergeCase(const QString& name, const std::string& output,
                 const std::vector<std::string>& more = {"--seed", "1"}) {
  std::vector<std::string> args = {"merge", casePath(name) + "/recipe.yml", output, "--model-dir", kRoot + "/models"};
  args.insert(args.end(), more.begin(), more.end());
  return runCliWith(args);
}

std::string outputIn(const QTemporaryDir& folder, const char* name = "out") {
  return folder.filePath(QString::fromLatin1(name)).toStdString();
}

/// Empty when `got` is what mergekit made within the tolerance of its type; else the first difference.
std::string differenceOf(const RawTensor& got, const RawTensor& want) {
  if (got.dtype != want.dtype || got.shape != want.shape) {
    return "type or shape differs: " + got.dtype + " instead of " + want.dtype;
  }
  const std::vector<double> gotValues = valuesOf(got);
  const std::vector<double> wantValues = valuesOf(want);
  const bool isF32 = want.dtype == "F32";
  const std::vector<std::uint16_t> gotBits = isF32 ? std::vector<std::uint16_t>() : bitsOf16(got);
  const std::vector<std::uint16_t> wantBits = isF32 ? std::vector<std::uint16_t>() : bitsOf16(want);
  for (std::size_t i = 0; i < wantValues.size(); ++i) {
    const bool close =
        isF32 ? std::fabs(gotValues[i] - wantValues[i]) <= 2e-7 + 2e-6 * std::fabs(wantValues[i])
              : std::abs(layerloom::test::orderOf16(gotBits[i]) - layerloom::test::orderOf16(wantBits[i])) <= 1;
    if (!close) {
      return "entry " + std::to_string(i) + " is " + std::to_string(gotValues[i]) + " instead of " +
             std::to_string(wantValues[i]);
    }
  }
  return {};
}

std::string differenceOf(const Tensors& got, const Tensors& want) {
  for (const auto& [name, tensor] : want) {
    if (!got.contains(name)) {
      return name + " is missing";
    }
    if (const std::string difference = differenceOf(got.at(name), tensor); !difference.empty()) {
      return name + ": " + difference;
    }
  }
  return got.size() == want.size() ? std::string() : std::to_string(got.size() - want.size()) + " tensors too many";
}

/// Names, types and shapes alone, one line per tensor.
std::string structureOf(const Tensors& tensors) {
  std::string text;
  for (const auto& [name, tensor] : tensors) {
    text += name + " " + tensor.dtype + " " + Json(tensor.shape).dump() + "\n";
  }
  return text;
}

std::set<std::string> filesIn(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

/// Whether the base model of a family in the conformance set came with tokenizer files.
bool hasTokenizer(const std::string& family) {
  const std::string model = family == "t5" ? "t5-math" : family + "-base";
  return std::filesystem::exists(kRoot + "/models/" + model + "/tokenizer.json");
}

/// Empty when the folder has the files and the config that mergekit would have written.
std::string folderDifference(const QString& name, const std::string& folder) {
  const Json expected = caseOf(name);
  auto files = expected.at("files").get<std::set<std::string>>();
  files.insert({"README.md", "mergekit_config.yml"});
  if (!hasTokenizer(expected.at("config").at("model_type"))) {
    // mergekit lets transformers make up a tokenizer for these families; there is none to copy.
    files.erase("tokenizer.json");
    files.erase("tokenizer_config.json");
  }
  if (const std::set<std::string> found = filesIn(folder); found != files) {
    return "files are " + Json(found).dump() + " instead of " + Json(files).dump();
  }
  if (readBytes(folder + "/mergekit_config.yml") != readBytes(casePath(name) + "/recipe.yml")) {
    return "mergekit_config.yml is not the recipe byte for byte";
  }
  const Json config = Json::parse(readBytes(folder + "/config.json"));
  for (const auto& [key, value] : expected.at("config").items()) {
    if (config.value(key, Json()) != value && !(key == "dtype" && !config.contains("dtype"))) {
      return key + " in config.json is " + config.value(key, Json()).dump() + " instead of " + value.dump();
    }
  }
  return config.value("torch_dtype", Json()) == expected["config"]["dtype"] ? std::string()
                                                                            : "torch_dtype in config.json differs";
}

/// Reads a model of the conformance set.
Tensors modelTensors(const std::string& name) {
  return readModelFolder(kRoot + "/models/" + name);
}

std::vector<double> deltasOf(const RawTensor& tensor, const RawTensor& base) {
  std::vector<double> deltas = valuesOf(tensor);
  const std::vector<double> from = valuesOf(base);
  for (std::size_t i = 0; i < deltas.size(); ++i) {
    // The program subtracts in float32.
    deltas[i] = static_cast<float>(deltas[i]) - static_cast<float>(from[i]);
  }
  return deltas;
}

/// How often something came out against its probability, over many trials.
struct Tally {
  double trials = 0;
  double hits = 0;

  void add(bool hit) {
    trials += 1;
    hits += hit ? 1 : 0;
  }
  bool agreesWith(double probability) const {
    return std::fabs(hits - probability * trials) <= 5 * std::sqrt(trials * probability * (1 - probability)) + 1e-9;
  }
};

/// Where a difference is too small beside the base for float32, one cannot tell a kept entry from a dropped one.
bool isTellable(double delta, double base) {
  return std::fabs(delta) > 1e-4 * std::fabs(base) + 1e-9;
}

bool isNear(double got, double want, double base) {
  return std::fabs(got - want) <= 1e-5 * std::fabs(want) + 3e-7 * (1 + std::fabs(base));
}

/// A tensor of a dare_ties merge of two models with weight one half each, and what must hold of it.
struct ElectedTensor {
  std::vector<double> got;
  std::vector<double> base;
  std::vector<double> deltas[2];

  /// The factors by which a model's entries came out where the models disagree in sign, so that it is clear whose entry
  /// it is.
  std::vector<double> factorsOf(int model) const {
    std::vector<double> factors;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double change = got[i] - base[i];
      // Large against the base's last digits, so that the factor comes out with four digits.
      const bool opposite = deltas[0][i] * deltas[1][i] <= 0 && std::fabs(change) > 1e-3 * (0.1 + std::fabs(base[i]));
      if (opposite && change * deltas[model][i] > 0) {
        factors.push_back(change / (0.5 * deltas[model][i]));
      }
    }
    return factors;
  }

  /// Counts what was kept of either model where both agree in sign; says what is wrong, or nothing.
  std::string check(Tally& firstKept, Tally& secondKept) const {
    double factor[2] = {};
    for (int model = 0; model < 2; ++model) {
      const std::vector<double> factors = factorsOf(model);
      if (factors.empty()) {
        return {};  // too small a tensor to tell
      }
      const auto [least, most] = std::minmax_element(factors.begin(), factors.end());
      factor[model] = (*most + *least) / 2;
      const bool plausible = got.size() < 256 || (factor[model] > 1.5 && factor[model] < 2.8);
      if (*most - *least > 2e-3 * *most || !plausible) {
        return "entries of one model do not share one factor near 2";
      }
    }
    for (std::size_t i = 0; i < got.size(); ++i) {
      const bool agree = deltas[0][i] * deltas[1][i] > 0;
      if (agree && isTellable(deltas[0][i], base[i]) && isTellable(deltas[1][i], base[i]) &&
          !countKept(i, factor, firstKept, secondKept)) {
        return "entry " + std::to_string(i) + " is no sum of kept entries";
      }
    }
    return {};
  }

  bool countKept(std::size_t i, const double (&factor)[2], Tally& firstKept, Tally& secondKept) const {
    const double a = 0.5 * factor[0] * deltas[0][i];
    const double b = 0.5 * factor[1] * deltas[1][i];
    const double change = got[i] - base[i];
    const double room = 2e-3 * (std::fabs(a) + std::fabs(b)) + 3e-7 * (1 + std::fabs(base[i]));
    const bool both = std::fabs(change - a - b) <= room;
    const bool onlyFirst = std::fabs(change - a) <= room;
    const bool onlySecond = std::fabs(change - b) <= room;
    const bool none = change == 0;
    // Where two readings fit, neither is counted.
    if (both + onlyFirst + onlySecond + none == 1) {
      firstKept.add(both || onlyFirst);
      secondKept.add(both || onlySecond);
    }
    return both || onlyFirst || onlySecond || none;
  }
};

}  // namespace

void TestConformance::exactCases_data() {
  addCases("exact");
}

void TestConformance::exactCases() {
  QFETCH(QString, name);
  QTemporaryDir folder;
  const std::string output = outputIn(folder);

  const CliRun run = mergeCase(name, output);

  QVERIFY2(run.status == 0, run.err.c_str());
  const std::string difference =
      differenceOf(readModelFolder(output), layerloom::test::readSafetensors(casePath(name) + "/expected.safetensors"));
  QVERIFY2(difference.empty(), difference.c_str());
  const std::string oddity = folderDifference(name, output);
  QVERIFY2(oddity.empty(), oddity.c_str());
}

void TestConformance::dareKeepsEntriesOfOneModel_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<double>("density");
  QTest::addColumn<bool>("rescale");
  QTest::newRow("half, rescaled") << "dare-linear" << 0.5 << true;
  QTest::newRow("a quarter, as it is") << "dare-linear-no-rescale" << 0.25 << false;
}

// The recipes give llama-math the weight 1 and llama-code the weight 0: the result is base + factor · kept δ of
// llama-math.
void TestConformance::dareKeepsEntriesOfOneModel() {
  QFETCH(QString, name);
  QFETCH(double, density);
  QFETCH(bool, rescale);
  QTemporaryDir folder;
  const CliRun run = mergeCase(name, outputIn(folder));
  QVERIFY2(run.status == 0, run.err.c_str());
  const Tensors result = readModelFolder(outputIn(folder));
  const Tensors base = modelTensors("llama-base");
  const Tensors math = modelTensors("llama-math");
  QCOMPARE(structureOf(result), structureOf(base));

  Tally all;
  for (const auto& [tensor, raw] : result) {
    const std::vector<double> got = valuesOf(raw);
    const std::vector<double> from = valuesOf(base.at(tensor));
    const std::vector<double> deltas = deltasOf(math.at(tensor), base.at(tensor));
    Tally here;
    double sum = 0;
    double keptSum = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const bool kept = got[i] != from[i];
      sum += std::fabs(deltas[i]);
      keptSum += kept ? std::fabs(deltas[i]) : 0;
      if (isTellable(deltas[i], from[i])) {
        here.add(kept);
        all.add(kept);
      }
    }
    QVERIFY2(here.agreesWith(density), qPrintable(QString::fromStdString(tensor)));
    const double factor = rescale && sum >= 1e-7 && keptSum >= 1e-7 ? sum / keptSum : 1.0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (got[i] != from[i]) {
        QVERIFY2(isNear(got[i], from[i] + factor * deltas[i], from[i]), qPrintable(QString::fromStdString(tensor)));
      }
    }
  }
  QVERIFY(all.trials > 10000);
  QVERIFY(all.agreesWith(density));
}

// Both models have weight and density one half. Where their δ point the same way every combination of kept entries
// shows; where they do not, the sign says whose entry won.
void TestConformance::dareTiesElectsSigns() {
  QTemporaryDir folder;
  const CliRun run = mergeCase(QStringLiteral("dare-ties-half"), outputIn(folder));
  QVERIFY2(run.status == 0, run.err.c_str());
  const Tensors result = readModelFolder(outputIn(folder));
  const Tensors base = modelTensors("llama-base");
  const Tensors math = modelTensors("llama-math");
  const Tensors code = modelTensors("llama-code");
  QCOMPARE(structureOf(result), structureOf(base));

  Tally mathKept;
  Tally codeKept;
  for (const auto& [tensor, raw] : result) {
    const ElectedTensor elected{
        valuesOf(raw),
        valuesOf(base.at(tensor)),
        {deltasOf(math.at(tensor), base.at(tensor)), deltasOf(code.at(tensor), base.at(tensor))}};
    const std::string fault = elected.check(mathKept, codeKept);
    QVERIFY2(fault.empty(), (tensor + ": " + fault).c_str());
  }
  QVERIFY(mathKept.trials > 4000);
  QVERIFY2(mathKept.agreesWith(0.5), qPrintable(QString::number(mathKept.hits / mathKept.trials)));
  QVERIFY2(codeKept.agreesWith(0.5), qPrintable(QString::number(codeKept.hits / codeKept.trials)));
}

void TestConformance::randomCasesDependOnTheSeedAlone_data() {
  addCases("random");
}

void TestConformance::randomCasesDependOnTheSeedAlone() {
  QFETCH(QString, name);
  QTemporaryDir folder;
  std::vector<std::string> bytes;
  for (const std::string threads : {"1", "2", "3"}) {
    const std::string output = outputIn(folder, ("threads" + threads).c_str());
    const CliRun run = mergeCase(name, output, {"--seed", "1", "--threads", threads});
    QVERIFY2(run.status == 0, run.err.c_str());
    bytes.push_back(readBytes(output + "/model.safetensors"));
  }
  QVERIFY(bytes[0] == bytes[1]);
  QVERIFY(bytes[0] == bytes[2]);

  const CliRun other = mergeCase(name, outputIn(folder, "other"), {"--seed", "2"});
  QVERIFY2(other.status == 0, other.err.c_str());
  QVERIFY(readBytes(outputIn(folder, "other") + "/model.safetensors") != bytes[0]);
  const std::string oddity = folderDifference(name, outputIn(folder, "other"));
  QVERIFY2(oddity.empty(), oddity.c_str());
  QCOMPARE(structureOf(readModelFolder(outputIn(folder, "other"))),
           structureOf(layerloom::test::readSafetensors(casePath(name) + "/expected.safetensors")));
}

void TestConformance::errorCases_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QStringList>("named");  // what the message has to hold
  const auto row = [](const char* name, const QStringList& named) { QTest::newRow(name) << name << named; };
  row("error-both-tokenizers", {"tokenizer"});
  row("error-dtype", {"recipe.yml:5:", "float12", "float32"});
  row("error-layer-out-of-range", {"recipe.yml:4:", "llama-math", "6"});
  row("error-list-at-top", {"recipe.yml:1:"});
  row("error-missing-weight", {"recipe.yml:3:", "weight", "llama-math"});
  row("error-mixed-architectures", {"llama-math", "gpt2-math", "--allow-crimes"});
  row("error-model-absent", {"recipe.yml:3:", "llama-nowhere"});
  row("error-models-and-slices", {"models", "slices"});
  row("error-no-base", {"ties", "base_model"});
  row("error-not-yaml", {"recipe.yml:"});
  row("error-slerp-three", {"slerp"});
  row("error-unequal-slices", {"recipe.yml:", "6", "5"});
  row("error-unknown-method", {"recipe.yml:1:", "dare-ties", "dare_ties"});
  row("error-vocab-mismatch", {".weight", "[160, 16]", "[162, 16]", "tokenizer"});
  row("error-weight-not-number", {"recipe.yml:3:", "weight", "heavy"});
}

void TestConformance::errorCases() {
  QFETCH(QString, name);
  QFETCH(QStringList, named);
  QTemporaryDir folder;
  QCOMPARE(caseOf(name).at("kind").get<std::string>(), std::string("error"));

  const CliRun run = mergeCase(name, outputIn(folder));

  QCOMPARE(run.status, 2);
  QCOMPARE(run.out, std::string());
  for (const QString& part : named) {
    QVERIFY2(QString::fromStdString(run.err).contains(part), (run.err + "lacks " + part.toStdString()).c_str());
  }
  QVERIFY2(QString::fromStdString(run.err).contains(QStringLiteral("recipe.yml")), run.err.c_str());
  QVERIFY2(filesIn(folder.path().toStdString()).empty(), "something was left behind");
}

QTEST_GUILESS_MAIN(TestConformance)
#include "tst_conformance.moc"
