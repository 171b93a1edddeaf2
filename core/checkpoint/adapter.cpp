// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/adapter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>

#include "core/support/text.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

constexpr auto kFetchAgain = "fetch the adapter again";
constexpr auto kMergeElsewhere = "merge the adapter into its model with the program that made it, then name the merged model";

bool isThere(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code);
}

/// The module before an ending, when the name has that ending.
std::optional<std::string> moduleBefore(std::string_view name, std::string_view ending) {
  if (!name.ends_with(ending) || name.size() == ending.size()) {
    return std::nullopt;
  }
  return std::string(name.substr(0, name.size() - ending.size()));
}

class AdapterOpener {
 public:
  explicit AdapterOpener(const fs::path& folder) : m_shown(escaped(folder.string(), 1000)) { m_adapter.path = folder; }

  Result<Adapter> open();

 private:
  /// The halves of a pair as they turn up.
  struct Halves {
    std::optional<TensorEntry> a;
    std::optional<TensorEntry> b;
    bool isEmbedding = false;
  };

  tl::unexpected<Error> bad(const std::string& what, const char* remedy) const {
    return refused(fmt::format("adapter {}: {}", m_shown, what), remedy);
  }
  Status checkFolder() const;
  Status readTensor(TensorEntry entry);
  Status readFactor(const std::string& name, TensorEntry entry);
  Status addHalf(const std::string& module, bool isEmbedding, bool isA, TensorEntry entry);
  Status pairFactors();
  void noteUnsavedModules();

  const std::string m_shown;
  Adapter m_adapter;
  std::map<std::string, Halves> m_halves;
};

Status AdapterOpener::checkFolder() const {
  const fs::path& folder = m_adapter.path;
  std::error_code code;
  if (!fs::is_directory(folder, code)) {
    return bad("is no folder", "name the folder that holds adapter_config.json and adapter_model.safetensors");
  }
  if (!isThere(folder / "adapter_config.json")) {
    return bad("holds no adapter_config.json", "after \"+\", name the folder of a LoRA adapter");
  }
  if (isThere(folder / "adapter_model.safetensors")) {
    return {};
  }
  for (const char* pickle : {"adapter_model.bin", "adapter_model.pt"}) {
    if (isThere(folder / pickle)) {
      return bad(fmt::format("holds a PyTorch pickle only ({}), which is never read because it can run code", pickle),
                 "convert the adapter to safetensors with a trusted tool");
    }
  }
  if (isThere(folder / "adapter_model.safetensors.index.json")) {
    return bad("is saved in several shards, which this program does not read", "save the adapter in one file");
  }
  return bad("holds no adapter_model.safetensors", "finish the download of the adapter");
}

Result<Adapter> AdapterOpener::open() {
  LAYERLOOM_CHECK(checkFolder());
  LAYERLOOM_TRY(m_adapter.config, readAdapterConfig(m_adapter.path / "adapter_config.json"));
  LAYERLOOM_TRY(m_adapter.file, openTensorFile(m_adapter.path / "adapter_model.safetensors"));
  for (TensorEntry& entry : std::exchange(m_adapter.file.tensors, {})) {
    LAYERLOOM_CHECK(readTensor(std::move(entry)));
  }
  LAYERLOOM_CHECK(pairFactors());
  noteUnsavedModules();
  if (m_adapter.factors.empty() && m_adapter.replacements.empty()) {
    return bad("holds no tensors", kFetchAgain);
  }
  return std::move(m_adapter);
}

Status AdapterOpener::readTensor(TensorEntry entry) {
  constexpr std::string_view kPrefix = "base_model.model.";
  constexpr std::array<std::pair<std::string_view, const char*>, 4> kVariants = {{
      {".lora_magnitude_vector", "DoRA"},
      {".lora_B.bias", "LoRA with a bias in its factors"},
      {".trainable_tokens_", "LoRA with trainable tokens"},
      {".lora_E", "AdaLoRA"},
  }};
  for (const auto& [part, variant] : kVariants) {
    if (entry.name.find(part) != std::string::npos) {
      return bad(fmt::format("the tensor \"{}\" is of {}, which is more than plain LoRA", escaped(entry.name), variant), kMergeElsewhere);
    }
  }
  if (!isMergeable(entry.dtype)) {
    return bad(fmt::format("the tensor \"{}\" is of type {}", escaped(entry.name), safetensorsName(entry.dtype)),
               "use an adapter in float32, bfloat16 or float16");
  }
  std::string name = entry.name;
  if (name.starts_with(kPrefix)) {
    name.erase(0, kPrefix.size());
  }
  if (name.find(".lora_") != std::string::npos) {
    return readFactor(name, std::move(entry));
  }
  for (const std::string_view part : {".weight", ".bias"}) {
    if (const auto module = moduleBefore(name, fmt::format(".base_layer{}", part))) {
      name = *module + std::string(part);
    }
  }
  m_adapter.replacements.push_back({std::move(name), std::move(entry)});
  return {};
}

Status AdapterOpener::readFactor(const std::string& name, TensorEntry entry) {
  if (const auto module = moduleBefore(name, ".lora_A.weight")) {
    return addHalf(*module, false, true, std::move(entry));
  }
  if (const auto module = moduleBefore(name, ".lora_B.weight")) {
    return addHalf(*module, false, false, std::move(entry));
  }
  if (const auto module = moduleBefore(name, ".lora_embedding_A")) {
    return addHalf(*module, true, true, std::move(entry));
  }
  if (const auto module = moduleBefore(name, ".lora_embedding_B")) {
    return addHalf(*module, true, false, std::move(entry));
  }
  return bad(fmt::format("the tensor \"{}\" is no factor that this program knows", escaped(entry.name)), kMergeElsewhere);
}

Status AdapterOpener::addHalf(const std::string& module, bool isEmbedding, bool isA, TensorEntry entry) {
  const auto [place, added] = m_halves.try_emplace(module);
  Halves& halves = place->second;
  std::optional<TensorEntry>& half = isA ? halves.a : halves.b;
  if (half || (!added && halves.isEmbedding != isEmbedding)) {
    return bad(fmt::format("the module \"{}\" has more than one pair of factors (\"{}\")", escaped(module), escaped(entry.name)),
               kFetchAgain);
  }
  halves.isEmbedding = isEmbedding;
  half = std::move(entry);
  return {};
}

Status AdapterOpener::pairFactors() {
  for (auto& [module, halves] : m_halves) {
    if (!halves.a || !halves.b) {
      const TensorEntry& lone = halves.a ? *halves.a : *halves.b;
      return bad(fmt::format("the factor \"{}\" has no other half", escaped(lone.name)), kFetchAgain);
    }
    m_adapter.factors.push_back({module, halves.isEmbedding, *std::move(halves.a), *std::move(halves.b)});
  }
  return {};
}

/// peft lists modules that a model may not have ("score", "classifier"), so that a missing one is no fault.
void AdapterOpener::noteUnsavedModules() {
  for (const std::string& module : m_adapter.config.modulesToSave) {
    const bool isSaved = std::any_of(m_adapter.replacements.begin(), m_adapter.replacements.end(), [&](const AdapterReplacement& held) {
      return ("." + held.tensor).find("." + module + ".") != std::string::npos;
    });
    if (!isSaved) {
      m_adapter.file.warnings.push_back(
          fmt::format("the adapter lists \"{}\" in \"modules_to_save\" but holds no such tensor", escaped(module)));
    }
  }
}

}  // namespace

Result<Adapter> openAdapter(const fs::path& folder) {
  return AdapterOpener(folder).open();
}

}  // namespace layerloom
