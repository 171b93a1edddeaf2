// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/conformance_case.h"

#include <cmath>
#include <filesystem>

#include <QDir>
#include <QTest>

#include "tests/common/float_bits.h"

namespace layerloom::test {
namespace {

using Json = nlohmann::json;
using TokenIds = std::map<std::string, std::int64_t>;

const std::string kRoot = LAYERLOOM_TEST_DATA "/conformance";

std::string differenceOf(const RawTensor& got, const RawTensor& want) {
  if (got.dtype != want.dtype || got.shape != want.shape) {
    return "type or shape differs: " + got.dtype + " " + Json(got.shape).dump() + " instead of " + want.dtype + " " +
           Json(want.shape).dump();
  }
  const std::vector<double> gotValues = valuesOf(got);
  const std::vector<double> wantValues = valuesOf(want);
  const bool isF32 = want.dtype == "F32";
  const std::vector<std::uint16_t> gotBits = isF32 ? std::vector<std::uint16_t>() : bitsOf16(got);
  const std::vector<std::uint16_t> wantBits = isF32 ? std::vector<std::uint16_t>() : bitsOf16(want);
  for (std::size_t i = 0; i < wantValues.size(); ++i) {
    const bool close = isF32 ? std::fabs(gotValues[i] - wantValues[i]) <= 2e-7 + 2e-6 * std::fabs(wantValues[i])
                             : std::abs(orderOf16(gotBits[i]) - orderOf16(wantBits[i])) <= 1;
    if (!close) {
      return "entry " + std::to_string(i) + " is " + std::to_string(gotValues[i]) + " instead of " +
             std::to_string(wantValues[i]);
    }
  }
  return {};
}

/// Whether the model that gives a family's cases their config came with tokenizer files.
bool hasTokenizer(const std::string& family) {
  const std::string model = family == "t5" ? "t5-math" : family + "-base";
  return std::filesystem::exists(kRoot + "/models/" + model + "/tokenizer.json");
}

/// Token → id, of the vocabulary and the added tokens together.
TokenIds tokenIds(const std::string& file) {
  const Json json = Json::parse(readBytes(file));
  TokenIds ids = json.at("model").at("vocab").get<TokenIds>();
  for (const Json& token : json.at("added_tokens")) {
    ids[token.at("content").get<std::string>()] = token.at("id").get<std::int64_t>();
  }
  return ids;
}

/// The rows of a tensor in another order: row i of the result is row order[i].
RawTensor reordered(const RawTensor& tensor, const std::vector<std::int64_t>& order) {
  const std::size_t length = tensor.bytes.size() / order.size();
  RawTensor result{tensor.dtype, tensor.shape, {}};
  for (const std::int64_t row : order) {
    result.bytes += tensor.bytes.substr(static_cast<std::size_t>(row) * length, length);
  }
  return result;
}

}  // namespace

std::vector<QString> caseNames() {
  const QStringList names =
      QDir(QString::fromStdString(kRoot + "/cases")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
  return {names.begin(), names.end()};
}

std::string casePath(const QString& name) {
  return kRoot + "/cases/" + name.toStdString();
}

Json caseOf(const QString& name) {
  return Json::parse(readBytes(casePath(name) + "/case.json"));
}

void addCases(const std::string& kind) {
  QTest::addColumn<QString>("name");
  for (const QString& name : caseNames()) {
    if (caseOf(name).at("kind") == kind) {
      QTest::newRow(qPrintable(name)) << name;
    }
  }
}

Tensors modelTensors(const std::string& name) {
  return readModelFolder(kRoot + "/models/" + name);
}

Tensors expectedTensors(const QString& name) {
  return readSafetensors(casePath(name) + "/expected.safetensors");
}

CliRun mergeCase(const QString& name, const std::string& output, const std::vector<std::string>& more) {
  std::vector<std::string> args = {"merge", casePath(name) + "/recipe.yml", output, "--model-dir", kRoot + "/models"};
  args.insert(args.end(), more.begin(), more.end());
  return runCliWith(args);
}

std::string outputIn(const QTemporaryDir& folder, const char* name) {
  return folder.filePath(QString::fromLatin1(name)).toStdString();
}

std::set<std::string> filesIn(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

std::string folderDifference(const QString& name, const std::string& folder) {
  const Json expected = caseOf(name);
  auto files = expected.at("files").get<std::set<std::string>>();
  files.insert({"README.md", "mergekit_config.yml", "layerloom_manifest.json"});  // the last is this program's own
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

std::string structureOf(const Tensors& tensors) {
  std::string text;
  for (const auto& [name, tensor] : tensors) {
    text += name + " " + tensor.dtype + " " + Json(tensor.shape).dump() + "\n";
  }
  return text;
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

std::string tokenizerDifference(const QString& name, const std::string& folder) {
  const TokenIds got = tokenIds(folder + "/tokenizer.json");
  const TokenIds want = tokenIds(casePath(name) + "/expected_tokenizer.json");
  const TokenIds base = tokenIds(kRoot + "/models/llama-base/tokenizer.json");
  Tensors expected = expectedTensors(name);
  const std::uint64_t rows = expected.at("lm_head.weight").shape.front();
  std::vector<std::int64_t> order(rows);
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<std::int64_t>(i);
  }
  for (const auto& [token, id] : want) {
    if (!got.contains(token)) {
      return "the token " + token + " is missing";
    }
    // mergekit numbers the tokens that only some models have in an order of its own.
    if (base.contains(token) && got.at(token) != id) {
      return "the token " + token + " has the id " + std::to_string(got.at(token)) + " instead of " + std::to_string(id);
    }
    order.at(static_cast<std::size_t>(got.at(token))) = id;
  }
  if (got.size() != want.size()) {
    return "there are " + std::to_string(got.size()) + " tokens instead of " + std::to_string(want.size());
  }
  for (const char* tensor : {"model.embed_tokens.weight", "lm_head.weight"}) {
    expected.at(tensor) = reordered(expected.at(tensor), order);
  }
  return differenceOf(readModelFolder(folder), expected);
}

}  // namespace layerloom::test
