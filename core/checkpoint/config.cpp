// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/config.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/checkpoint/strict_json.h"
#include "core/support/file.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxConfigBytes = 8'000'000;
constexpr std::int64_t kMaxLayers = 100'000;

std::string textOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<std::int64_t> countOf(const Json& json, std::span<const char* const> keys, std::int64_t limit, const std::string& fileName) {
  for (const char* key : keys) {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) {
      continue;
    }
    if (!found->is_number_integer() || found->get<double>() < 0 || found->get<double>() > static_cast<double>(limit)) {
      return refused(fmt::format("{}: \"{}\" is no whole number from 0 to {}", fileName, key, limit), "mend config.json");
    }
    return found->get<std::int64_t>();
  }
  return -1;
}

std::string quantisationOf(const Json& json) {
  const auto found = json.find("quantization_config");
  if (found == json.end() || !found->is_object()) {
    return {};
  }
  const std::string method = textOf(*found, "quant_method");
  return method.empty() ? "unknown method" : method;
}

Status readNumbers(const Json& json, const std::string& fileName, ModelConfig& config) {
  constexpr std::array kLayerKeys = {"num_hidden_layers", "n_layer", "num_layers", "n_layers", "encoder_layers"};
  constexpr std::array kVocabularyKeys = {"vocab_size", "n_vocab"};
  constexpr std::array kHiddenKeys = {"hidden_size", "n_embd", "d_model"};
  LAYERLOOM_TRY(const std::int64_t layers, countOf(json, kLayerKeys, kMaxLayers, fileName));
  LAYERLOOM_TRY(config.vocabulary, countOf(json, kVocabularyKeys, std::int64_t{1} << 40, fileName));
  LAYERLOOM_TRY(config.hidden, countOf(json, kHiddenKeys, std::int64_t{1} << 40, fileName));
  config.layers = static_cast<int>(layers);
  return {};
}

}  // namespace

Result<ModelConfig> readModelConfig(const std::filesystem::path& path) {
  const std::string fileName = escaped(path.string(), 1000);
  ModelConfig config;
  LAYERLOOM_TRY(config.text, readTextFile(path, kMaxConfigBytes));
  LAYERLOOM_TRY(const Json root, parseStrictJson(config.text, fileName));
  if (!root.is_object()) {
    return refused(fmt::format("{}: is not a JSON object", fileName), "fetch the file again");
  }
  const auto architectures = root.find("architectures");
  if (architectures != root.end() && architectures->is_array() && !architectures->empty() && architectures->front().is_string()) {
    config.architecture = architectures->front().get<std::string>();
  }
  config.modelType = textOf(root, "model_type");
  config.quantisation = quantisationOf(root);
  const auto inner = root.find("text_config");
  const bool nested = inner != root.end() && inner->is_object() && !root.contains("num_hidden_layers");
  const Json& language = nested ? *inner : root;
  LAYERLOOM_CHECK(readNumbers(language, fileName, config));
  const auto tied = language.find("tie_word_embeddings");
  if (tied != language.end() && tied->is_boolean()) {
    config.tiedEmbeddings = tied->get<bool>();
  }
  return config;
}

}  // namespace layerloom
