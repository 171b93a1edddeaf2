// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_report.h"

#include <fmt/format.h>
#include <map>

#include "core/checkpoint/quantisation.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestPath = 4096;

const char* nameOf(OuterRole role) {
  switch (role) {
    case OuterRole::Embedding:
      return "embedding";
    case OuterRole::Norm:
      return "norm";
    case OuterRole::Head:
      return "head";
    case OuterRole::Other:
      return "other";
  }
  return "other";
}

/// True when the model has no head of its own and uses the embedding, as far as the config and the tensors say.
bool hasTiedHead(const Model& model, const ModelLayout& layout) {
  return layout.find(OuterRole::Head) == nullptr && model.config().tiedEmbeddings.value_or(false);
}

std::string describeHead(const Model& model, const ModelLayout& layout) {
  if (layout.find(OuterRole::Head) != nullptr) {
    return "own";
  }
  return hasTiedHead(model, layout) ? "tied to the embedding" : "none";
}

std::string line(const char* label, const std::string& text) {
  return fmt::format("  {:<14}{}\n", label, text);
}

std::string describeIdentity(const Model& model, const ModelLayout& layout) {
  const ModelConfig& config = model.config();
  const std::string architecture =
      config.architecture.empty() ? "unknown (no config.json)" : escaped(config.architecture);
  std::string text = line("architecture", architecture);
  text += line("parameters", formatCount(model.parameters()));
  text += line("layers", std::to_string(layout.layers()));
  text += line("dtype", std::string(torchName(model.mainDtype())));
  text += line("size", fmt::format("{} in {} file{}", formatBytes(model.bytes()), model.fileCount(),
                                   model.fileCount() == 1 ? "" : "s"));
  if (config.vocabulary >= 0) {
    text += line("vocabulary", formatCount(static_cast<std::uint64_t>(config.vocabulary)));
  }
  if (config.hidden >= 0) {
    text += line("hidden", formatCount(static_cast<std::uint64_t>(config.hidden)));
  }
  text += line("head", describeHead(model, layout));
  const std::string scheme = quantisationOf(model);
  return scheme.empty() ? text : text + line("quantised", escaped(scheme) + "; cannot be merged");
}

std::string describeLayout(const ModelLayout& layout) {
  std::string text;
  for (const LayerStack& stack : layout.stacks) {
    const std::size_t perLayer = stack.suffixes.empty() ? 0 : stack.suffixes.front().size();
    text += line("stack", fmt::format("{}0 to {}, {} tensors in the first layer", escaped(stack.prefix),
                                      stack.layers - 1, perLayer));
  }
  for (const OuterTensor& tensor : layout.outer) {
    text += line("outside", fmt::format("{} ({}, {} the layers)", escaped(tensor.name), nameOf(tensor.role),
                                        tensor.beforeLayers ? "before" : "after"));
  }
  for (const std::string& assumption : layout.assumptions) {
    text += line("assumed", assumption);
  }
  return text;
}

Json layoutToJson(const ModelLayout& layout) {
  Json stacks = Json::array();
  for (const LayerStack& stack : layout.stacks) {
    stacks.push_back({{"prefix", stack.prefix}, {"layers", stack.layers}});
  }
  Json outer = Json::array();
  for (const OuterTensor& tensor : layout.outer) {
    outer.push_back({{"name", tensor.name}, {"role", nameOf(tensor.role)}, {"before_layers", tensor.beforeLayers}});
  }
  return {{"stacks", stacks}, {"outer_tensors", outer}, {"assumptions", layout.assumptions}};
}

Json tensorsToJson(const Model& model) {
  Json tensors = Json::array();
  for (const auto& [name, tensor] : model.tensors()) {
    tensors.push_back({{"name", name},
                       {"dtype", std::string(safetensorsName(tensor.entry.dtype))},
                       {"shape", tensor.entry.shape},
                       {"bytes", tensor.entry.bytes()}});
  }
  return tensors;
}

Json textOrNull(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json countOrNull(std::int64_t count) {
  return count < 0 ? Json(nullptr) : Json(count);
}

}  // namespace

std::string describeModel(const Model& model, const ModelLayout& layout, ModelDetail detail) {
  std::string text = escaped(model.path().string(), kLongestPath) + "\n";
  text += describeIdentity(model, layout) + describeLayout(layout);
  for (const std::string& warning : model.warnings()) {
    text += line("warning", warning);
  }
  if (detail == ModelDetail::Tensors) {
    for (const auto& [name, tensor] : model.tensors()) {
      text += fmt::format("  {:<5}{:<16} {}\n", safetensorsName(tensor.entry.dtype), formatShape(tensor.entry.shape),
                          escaped(name));
    }
  }
  return text;
}

Json modelToJson(const Model& model, const ModelLayout& layout, ModelDetail detail) {
  const ModelConfig& config = model.config();
  Json json = {{"path", model.path().string()},
               {"architecture", textOrNull(config.architecture)},
               {"model_type", textOrNull(config.modelType)},
               {"parameters", model.parameters()},
               {"bytes", model.bytes()},
               {"dtype", std::string(torchName(model.mainDtype()))},
               {"layers", layout.layers()},
               {"vocabulary", countOrNull(config.vocabulary)},
               {"hidden", countOrNull(config.hidden)},
               {"tied_head", hasTiedHead(model, layout)},
               {"files", model.fileCount()},
               {"quantisation", textOrNull(quantisationOf(model))}};
  json.update(layoutToJson(layout));
  json["warnings"] = model.warnings();
  if (detail == ModelDetail::Tensors) {
    json["tensors"] = tensorsToJson(model);
  }
  return json;
}

}  // namespace layerloom
