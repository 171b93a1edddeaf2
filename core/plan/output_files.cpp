// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/output_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/checkpoint/architectures.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

/// "model-00001-of-00003.safetensors"
std::string shardName(std::size_t index, std::size_t count) {
  return count == 1 ? "model.safetensors" : fmt::format("model-{:05}-of-{:05}.safetensors", index + 1, count);
}

/// Assigns jobs to shards; returns the number of shards.
std::size_t assignShards(std::vector<TensorJob>& jobs, std::uint64_t shardBytes) {
  std::size_t shard = 0;
  std::uint64_t filled = 0;
  for (TensorJob& job : jobs) {
    const std::uint64_t bytes = job.output.bytes();
    if (filled > 0 && filled + bytes > shardBytes) {
      ++shard;
      filled = 0;
    }
    job.shard = shard;
    job.output.begin = filled;
    job.output.end = filled + bytes;
    filled += bytes;
  }
  return shard + 1;
}

std::string makeIndex(const MergePlan& plan) {
  Json map = Json::object();
  for (const TensorJob& job : plan.jobs) {
    map[job.output.name] = plan.shards[job.shard].fileName;
  }
  Json index;
  index["metadata"]["total_size"] = plan.bytesToWrite;
  index["weight_map"] = std::move(map);
  return index.dump(2) + "\n";
}

constexpr std::array kLayerCountKeys = {"num_hidden_layers", "n_layer", "num_layers", "n_layers"};

/// The value at "a.b" or "a", or null.
Json* findKey(Json& config, std::string_view path) {
  Json* at = &config;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    const auto found = at->is_object() ? at->find(path.substr(start, dot - start)) : at->end();
    if (!at->is_object() || found == at->end()) {
      return nullptr;
    }
    at = &*found;
    start = dot + 1;
  }
  return at;
}

/// Where a model's config keeps what concerns its language part: at the top, or inside "text_config".
Json& languagePart(Json& config) {
  const auto inner = config.find("text_config");
  const bool nested = inner != config.end() && inner->is_object() && !config.contains("num_hidden_layers");
  return nested ? *inner : config;
}

/// A list of the config with one entry per layer, put together from the models that the layers come from.
Json stackedList(const std::string& key, const Json& own, const ConfigChanges::Stack& stack) {
  Json list = Json::array();
  for (const auto& [model, layer] : stack.layers) {
    Json source = Json::parse(model->config().text, nullptr, false);
    const Json* found = source.is_object() ? findKey(languagePart(source), key) : nullptr;
    const auto index = static_cast<std::size_t>(layer);
    const bool usable = found != nullptr && found->is_array() && index < found->size();
    list.push_back(usable ? (*found)[index] : own[std::min(index, own.size() - 1)]);
  }
  return list;
}

/// The count and the lists of a model that is one stack of layers.
void restackWhole(Json& config, int donorLayers, const ConfigChanges::Stack& stack) {
  for (auto& [key, value] : languagePart(config).items()) {
    const bool isCount = std::find(kLayerCountKeys.begin(), kLayerCountKeys.end(), key) != kLayerCountKeys.end();
    if (isCount && value.is_number_integer()) {
      value = stack.layers.size();
    } else if (value.is_array() && donorLayers > 1 && value.size() == static_cast<std::size_t>(donorLayers)) {
      value = stackedList(key, value, stack);
    }
  }
}

/// The key of a module's layer count: by the family, else by what the module's name says.
std::string countKeyOf(const Model& donor, const std::string& module) {
  for (const FamilyModule& known : familyModules(donor.config().architecture)) {
    if (known.name == module) {
      return std::string(known.countKey);
    }
  }
  for (const char* part : {"encoder", "decoder"}) {
    if (module.find(part) != std::string::npos) {
      return std::string(part) + "_layers";
    }
  }
  return {};
}

void restack(Json& config, const Model& donor, const ConfigChanges& changes) {
  for (const ConfigChanges::Stack& stack : changes.stacks) {
    if (stack.module == "default") {
      restackWhole(config, donor.config().layers, stack);
    } else if (Json* count = findKey(config, countKeyOf(donor, stack.module)); count != nullptr && count->is_number_integer()) {
      *count = stack.layers.size();
    }
  }
}

void setVocabulary(Json& config, std::uint64_t rows) {
  for (Json* part : {&config, &languagePart(config)}) {
    for (const char* key : {"vocab_size", "n_vocab"}) {
      if (part->contains(key)) {
        (*part)[key] = rows;
      }
    }
  }
}

void setDtype(Json& config, DType dtype) {
  const bool newSpelling = config.contains("dtype");
  if (newSpelling) {
    config["dtype"] = torchName(dtype);
  }
  if (!newSpelling || config.contains("torch_dtype")) {
    config["torch_dtype"] = torchName(dtype);
  }
}

}  // namespace

void layOutShards(MergePlan& plan, std::uint64_t shardBytes) {
  const std::size_t count = assignShards(plan.jobs, shardBytes);
  std::vector<std::vector<TensorEntry>> entries(count);
  for (const TensorJob& job : plan.jobs) {
    entries[job.shard].push_back(job.output);
    plan.bytesToWrite += job.output.bytes();
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t dataBytes = entries[i].empty() ? 0 : entries[i].back().end;
    std::string header = formatSafetensorsHeader(entries[i]);
    const std::uint64_t bytes = header.size() + dataBytes;
    plan.shards.push_back({shardName(i, count), std::move(header), bytes});
  }
  if (count > 1) {
    plan.index = makeIndex(plan);
  }
}

std::string makeConfig(const Model& donor, const ConfigChanges& changes) {
  Json config = Json::parse(donor.config().text, nullptr, false);
  if (!config.is_object()) {
    return {};
  }
  for (const char* key : {"auto_map", "trust_remote_code", "custom_pipelines"}) {
    config.erase(key);
  }
  setDtype(config, changes.dtype);
  if (changes.untie && config.contains("tie_word_embeddings")) {
    config["tie_word_embeddings"] = false;
  }
  restack(config, donor, changes);
  if (changes.vocabulary) {
    setVocabulary(config, *changes.vocabulary);
  }
  return config.dump(2) + "\n";
}

std::vector<std::filesystem::path> companionFiles(const Model& donor) {
  constexpr std::array kNames = {"tokenizer.json",   "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
                                 "tokenizer.model",  "vocab.json",            "merges.txt",              "vocab.txt",
                                 "spiece.model",     "chat_template.jinja",   "generation_config.json"};
  std::vector<std::filesystem::path> found;
  std::error_code code;
  if (!std::filesystem::is_directory(donor.path(), code)) {
    return found;
  }
  for (const char* name : kNames) {
    const std::filesystem::path path = donor.path() / name;
    if (std::filesystem::is_regular_file(path, code)) {
      found.push_back(path);
    }
  }
  return found;
}

}  // namespace layerloom
