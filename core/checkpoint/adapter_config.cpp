// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/adapter_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/checkpoint/strict_json.h"
#include "core/support/file.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxConfigBytes = 8'000'000;
constexpr std::size_t kMaxPatterns = 20'000;
constexpr auto kMergeElsewhere = "merge the adapter into its model with the program that made it, then name the merged model";

/// Options that make of an adapter something else than W + s·B·A, with their name for people.
struct Variant {
  const char* key;
  const char* name;
};
constexpr std::array kVariants = {
    Variant{"use_dora", "DoRA"},
    Variant{"use_qalora", "QALoRA"},
    Variant{"use_bdlora", "block-diagonal LoRA"},
    Variant{"lora_bias", "LoRA with a bias in its factors (lora_bias)"},
    Variant{"alora_invocation_tokens", "activated LoRA"},
    Variant{"arrow_config", "Arrow routing"},
    Variant{"kasa_config", "KaSA"},
    Variant{"monteclora_config", "MonteCLoRA"},
    Variant{"layer_replication", "LoRA with replicated layers"},
    Variant{"target_parameters", "LoRA on bare parameters (target_parameters)"},
    Variant{"trainable_token_indices", "LoRA with trainable tokens"},
};

/// Ways to start training that take a part out of the base's weights; the adapter belongs to what is left of them.
constexpr std::array kChangingStarts = {Variant{"pissa", "PiSSA"}, Variant{"olora", "OLoRA"}, Variant{"corda", "CorDA"},
                                        Variant{"loftq", "LoftQ"}, Variant{"lora_ga", "LoRA-GA"}};

/// Whether an option is in use: neither absent, null, false nor empty.
bool isSet(const Json& root, const char* key) {
  const auto found = root.find(key);
  if (found == root.end() || found->is_null()) {
    return false;
  }
  return found->is_boolean() ? found->get<bool>() : !found->is_structured() || !found->empty();
}

class AdapterConfigReader {
 public:
  AdapterConfigReader(const Json& root, std::string fileName) : m_root(root), m_fileName(std::move(fileName)) {}

  Result<AdapterConfig> read();

 private:
  tl::unexpected<Error> bad(const std::string& what, const char* remedy = "mend adapter_config.json") const {
    return refused(fmt::format("{}: {}", m_fileName, what), remedy);
  }
  Status checkKind() const;
  Status checkStart() const;
  Result<std::int64_t> rankFrom(const Json& value, const std::string& key) const;
  Result<double> alphaFrom(const Json& value, const std::string& key) const;
  Result<bool> flag(const char* key) const;
  Status readModulesToSave();
  template <typename Value, typename Read>
  Status readPatterns(const char* key, std::vector<std::pair<ModulePattern, Value>>& patterns, Read read) const;

  const Json& m_root;
  const std::string m_fileName;
  AdapterConfig m_config;
};

Result<AdapterConfig> AdapterConfigReader::read() {
  LAYERLOOM_CHECK(checkKind());
  LAYERLOOM_CHECK(checkStart());
  if (const auto found = m_root.find("r"); found != m_root.end()) {
    LAYERLOOM_TRY(m_config.rank, rankFrom(*found, "r"));
  }
  if (const auto found = m_root.find("lora_alpha"); found != m_root.end()) {
    LAYERLOOM_TRY(m_config.alpha, alphaFrom(*found, "lora_alpha"));
  }
  LAYERLOOM_TRY(m_config.useRslora, flag("use_rslora"));
  LAYERLOOM_TRY(m_config.fanInFanOut, flag("fan_in_fan_out"));
  LAYERLOOM_CHECK(readModulesToSave());
  LAYERLOOM_CHECK(readPatterns("rank_pattern", m_config.ranks, [this](const Json& value, const std::string& key) {
    return rankFrom(value, key);
  }));
  LAYERLOOM_CHECK(readPatterns("alpha_pattern", m_config.alphas, [this](const Json& value, const std::string& key) {
    return alphaFrom(value, key);
  }));
  return std::move(m_config);
}

Status AdapterConfigReader::checkKind() const {
  const auto kind = m_root.find("peft_type");
  if (kind == m_root.end() || !kind->is_string()) {
    return bad("does not say what kind of adapter it is (\"peft_type\")", "fetch the adapter again");
  }
  if (kind->get<std::string>() != "LORA") {
    return bad(fmt::format("is an adapter of the kind {}; only LoRA adapters can be applied", escaped(kind->get<std::string>())),
               kMergeElsewhere);
  }
  for (const Variant& variant : kVariants) {
    if (isSet(m_root, variant.key)) {
      return bad(fmt::format("is an adapter of the kind {}, which is more than plain LoRA", variant.name), kMergeElsewhere);
    }
  }
  return {};
}

Status AdapterConfigReader::checkStart() const {
  const auto found = m_root.find("init_lora_weights");
  if (found == m_root.end() || !found->is_string()) {
    return {};
  }
  const std::string start = found->get<std::string>();
  for (const Variant& variant : kChangingStarts) {
    if (start.starts_with(variant.key)) {
      return bad(fmt::format("was started from {}, which changes the base's weights: the adapter does not fit the base as published",
                             variant.name),
                 "convert it to plain LoRA with peft (path_initial_model_for_weight_conversion)");
    }
  }
  return {};
}

Result<std::int64_t> AdapterConfigReader::rankFrom(const Json& value, const std::string& key) const {
  // A number past the range of int64 is unsigned or a fraction here; as a double it is compared safely.
  if (!value.is_number_integer() || value.get<double>() < 1 || value.get<double>() > static_cast<double>(kMaxAdapterRank)) {
    return bad(fmt::format("the rank \"{}\" is no whole number from 1 to {}", escaped(key), kMaxAdapterRank));
  }
  return value.get<std::int64_t>();
}

Result<double> AdapterConfigReader::alphaFrom(const Json& value, const std::string& key) const {
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    return bad(fmt::format("the scale \"{}\" is no finite number", escaped(key)));
  }
  return value.get<double>();
}

Result<bool> AdapterConfigReader::flag(const char* key) const {
  const auto found = m_root.find(key);
  if (found == m_root.end() || found->is_null()) {
    return false;
  }
  if (!found->is_boolean()) {
    return bad(fmt::format("\"{}\" is neither true nor false", key));
  }
  return found->get<bool>();
}

Status AdapterConfigReader::readModulesToSave() {
  const auto found = m_root.find("modules_to_save");
  if (found == m_root.end() || found->is_null()) {
    return {};
  }
  const bool isList = found->is_array() && std::all_of(found->begin(), found->end(), [](const Json& name) { return name.is_string(); });
  if (!isList) {
    return bad("\"modules_to_save\" is no list of names");
  }
  m_config.modulesToSave = found->get<std::vector<std::string>>();
  return {};
}

template <typename Value, typename Read>
Status AdapterConfigReader::readPatterns(const char* key, std::vector<std::pair<ModulePattern, Value>>& patterns, Read read) const {
  const auto found = m_root.find(key);
  if (found == m_root.end() || found->is_null()) {
    return {};
  }
  if (!found->is_object() || found->size() > kMaxPatterns) {
    return bad(fmt::format("\"{}\" is no object of at most {} entries", key, kMaxPatterns));
  }
  for (const auto& [module, value] : found->items()) {
    auto pattern = ModulePattern::parse(module);
    if (!pattern) {
      return refused(fmt::format("{}: in \"{}\", {}", m_fileName, key, pattern.error().message), pattern.error().remedy);
    }
    LAYERLOOM_TRY(const Value number, read(value, fmt::format("{} of {}", module, key)));
    patterns.emplace_back(*std::move(pattern), number);
  }
  return {};
}

template <typename Value>
Value firstMatch(const std::vector<std::pair<ModulePattern, Value>>& patterns, std::string_view module, Value otherwise) {
  const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const auto& entry) { return entry.first.matches(module); });
  return found == patterns.end() ? otherwise : found->second;
}

}  // namespace

std::int64_t AdapterConfig::rankOf(std::string_view module) const {
  return firstMatch(ranks, module, rank);
}

double AdapterConfig::scaleOf(std::string_view module) const {
  const auto r = static_cast<double>(rankOf(module));
  return firstMatch(alphas, module, alpha) / (useRslora ? std::sqrt(r) : r);
}

Result<AdapterConfig> readAdapterConfig(const std::filesystem::path& path) {
  LAYERLOOM_TRY(const std::string text, readTextFile(path, kMaxConfigBytes));
  return parseAdapterConfig(text, escaped(path.string(), 1000));
}

Result<AdapterConfig> parseAdapterConfig(std::string_view text, const std::string& fileName) {
  LAYERLOOM_TRY(const Json root, parseStrictObject(text, fileName));
  return AdapterConfigReader(root, fileName).read();
}

}  // namespace layerloom
