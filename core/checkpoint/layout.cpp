// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "core/checkpoint/architectures.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// A name cut at its first number that stands alone between dots: "model.layers." 7 ".mlp.up_proj.weight".
struct NumberedName {
  std::string_view prefix;
  int number = 0;
  std::string_view suffix;
};

std::optional<int> wholeNumber(std::string_view text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc() && end == text.data() + text.size() && !text.empty() && text.front() != '-';
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<NumberedName> cutAtNumber(std::string_view name) {
  for (std::size_t start = 0; start < name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    if (const auto number = wholeNumber(name.substr(start, end - start))) {
      return NumberedName{name.substr(0, start), *number, name.substr(end)};
    }
    start = end + 1;
  }
  return std::nullopt;
}

using Group = std::map<int, std::vector<std::string>>;

bool isContiguous(const Group& group) {
  return group.begin()->first == 0 && group.rbegin()->first == static_cast<int>(group.size()) - 1;
}

/// "layers" of "model.layers."
std::string_view lastWord(std::string_view prefix) {
  if (!prefix.empty()) {
    prefix.remove_suffix(1);
  }
  return prefix.substr(prefix.rfind('.') + 1);
}

bool isLayerWord(std::string_view word) {
  constexpr std::array<std::string_view, 6> kWords = {"layers", "layer", "h", "block", "blocks", "decoder_layers"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool isStack(std::string_view prefix, const Group& group, int configLayers) {
  if (!isContiguous(group)) {
    return false;
  }
  return static_cast<int>(group.size()) == configLayers || isLayerWord(lastWord(prefix));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool hasAny(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return contains(name, word); });
}

bool isHead(std::string_view name) {
  return hasAny(name, {"lm_head", "embed_out", "output_projection", "output_layer", "proj_out", "vocab_projector", "cls.predictions.decoder"}) ||
         name == "output.weight" || name == "head.weight" || name == "cls.predictions.bias";
}

/// The part of a name before its last dot's word: "embed_tokens" of "model.embed_tokens.weight".
std::string_view ownerWord(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view owner = name.substr(0, dot == std::string_view::npos ? 0 : dot);
  return owner.substr(owner.rfind('.') + 1);
}

bool isTokenEmbedding(std::string_view name) {
  constexpr std::array<std::string_view, 7> kWords = {"embed_tokens", "wte",        "word_embeddings", "embed_in",
                                                      "tok_embeddings", "embeddings", "shared"};
  return name.ends_with(".weight") && std::find(kWords.begin(), kWords.end(), ownerWord(name)) != kWords.end();
}

OuterTensor describeOuter(const std::string& name) {
  OuterTensor tensor;
  tensor.name = name;
  if (isHead(name)) {
    tensor.role = OuterRole::Head;
    // A head of several layers has inner tensors that know nothing of tokens.
    tensor.vocabulary = !hasAny(name, {"dense", "norm", "transform", ".ln."});
    return tensor;
  }
  tensor.beforeLayers = hasAny(name, {"embed", "embd", "wte", "wpe", "shared.", "conv1.", "conv2.", "relative_pe"});
  if (hasAny(name, {"norm", "ln_f", "LayerNorm"})) {
    tensor.role = OuterRole::Norm;
  } else if (hasAny(name, {"embed", "embd", "wte", "wpe", "shared."})) {
    tensor.role = OuterRole::Embedding;
    tensor.vocabulary = isTokenEmbedding(name);
  }
  return tensor;
}

LayerStack makeStack(const std::string& prefix, Group& group) {
  LayerStack stack;
  stack.prefix = prefix;
  stack.layers = static_cast<int>(group.size());
  for (auto& [number, suffixes] : group) {
    std::sort(suffixes.begin(), suffixes.end());
    stack.suffixes.push_back(std::move(suffixes));
  }
  return stack;
}

/// The module whose prefix is the longest that the name begins with.
const FamilyModule& moduleOf(std::span<const FamilyModule> modules, std::string_view name) {
  const FamilyModule* best = nullptr;
  for (const FamilyModule& module : modules) {
    if (name.starts_with(module.prefix) && (best == nullptr || module.prefix.size() > best->prefix.size())) {
      best = &module;
    }
  }
  return best != nullptr ? *best : modules.front();
}

/// Gives each stack and each outer tensor its module, named as mergekit names them: by the family, where it knows the family to have
/// several; "default" where there is one stack; else the prefix of each stack, with "default" for what is outside of them.
void assignModules(ModelLayout& layout, const std::string& architecture) {
  const auto family = familyModules(architecture);
  const bool byPrefix = family.empty() && layout.stacks.size() > 1;
  std::set<std::string> present;
  for (LayerStack& stack : layout.stacks) {
    stack.module = !family.empty() ? std::string(moduleOf(family, stack.prefix).name)
                   : byPrefix      ? stack.prefix.substr(0, stack.prefix.size() - 1)
                                   : std::string("default");
    if (present.insert(stack.module).second) {
      layout.modules.push_back(stack.module);
    }
  }
  for (OuterTensor& tensor : layout.outer) {
    tensor.module = family.empty() ? std::string("default") : std::string(moduleOf(family, tensor.name).name);
    if (present.insert(tensor.module).second) {
      layout.modules.push_back(tensor.module);
    }
  }
}

void findTensors(const Model& model, LayerStack& stack) {
  for (int layer = 0; layer < stack.layers; ++layer) {
    std::vector<const ModelTensor*>& tensors = stack.tensors.emplace_back();
    for (const std::string& suffix : stack.suffixes[static_cast<std::size_t>(layer)]) {
      tensors.push_back(model.find(layerTensorName(stack, layer, suffix)));
    }
  }
}

void noteAssumptions(ModelLayout& layout, int configLayers) {
  for (const LayerStack& stack : layout.stacks) {
    // Of several stacks the config's count is that of one; for the others it says nothing.
    const bool counted = configLayers >= 0 && (layout.stacks.size() == 1 || stack.layers == configLayers);
    if (!counted) {
      layout.assumptions.push_back(fmt::format("{} layers under \"{}\", from the tensor names", stack.layers, escaped(stack.prefix)));
    } else if (stack.layers != configLayers) {
      layout.assumptions.push_back(fmt::format("{} layers under \"{}\", from the tensor names; config.json says {}", stack.layers,
                                               escaped(stack.prefix), configLayers));
    }
  }
  for (const OuterTensor& tensor : layout.outer) {
    if (tensor.role == OuterRole::Other) {
      layout.assumptions.push_back(fmt::format("\"{}\" comes {} the layers", escaped(tensor.name), tensor.beforeLayers ? "before" : "after"));
    }
  }
}

}  // namespace

int ModelLayout::layers() const {
  int most = 0;
  for (const LayerStack& stack : stacks) {
    most = std::max(most, stack.layers);
  }
  return most;
}

const OuterTensor* ModelLayout::find(OuterRole role) const {
  const auto found = std::find_if(outer.begin(), outer.end(), [&](const OuterTensor& tensor) { return tensor.role == role; });
  return found == outer.end() ? nullptr : &*found;
}

const LayerStack* ModelLayout::stackOf(std::string_view module) const {
  const auto found = std::find_if(stacks.begin(), stacks.end(), [&](const LayerStack& stack) { return stack.module == module; });
  return found == stacks.end() ? nullptr : &*found;
}

const ModelTensor* LayerStack::find(int layer, std::string_view suffix) const {
  const auto place = static_cast<std::size_t>(layer);
  const auto found = std::lower_bound(suffixes[place].begin(), suffixes[place].end(), suffix);
  return found != suffixes[place].end() && *found == suffix ? tensors[place][static_cast<std::size_t>(found - suffixes[place].begin())] : nullptr;
}

ModelLayout findLayout(const Model& model) {
  const std::string& architecture = model.config().architecture;
  const bool described = architecture.empty() || isDescribedInMergekit(architecture);
  std::map<std::string, Group, std::less<>> groups;
  for (const auto& [name, tensor] : model.tensors()) {
    if (const auto cut = cutAtNumber(name)) {
      groups[std::string(cut->prefix)][cut->number].emplace_back(cut->suffix);
    }
  }
  ModelLayout layout;
  std::set<std::string, std::less<>> stackPrefixes;
  for (auto& [prefix, group] : groups) {
    if (isStack(prefix, group, model.config().layers)) {
      stackPrefixes.insert(prefix);
      layout.stacks.push_back(makeStack(prefix, group));
      findTensors(model, layout.stacks.back());
    }
  }
  for (const auto& [name, tensor] : model.tensors()) {
    const auto cut = cutAtNumber(name);
    if (!cut || !stackPrefixes.contains(cut->prefix)) {
      layout.outer.push_back(describeOuter(name));
      // Where mergekit has no description of a family it takes all these tensors to come first.
      layout.outer.back().beforeLayers = layout.outer.back().beforeLayers || !described;
    }
  }
  std::stable_partition(layout.outer.begin(), layout.outer.end(), [](const OuterTensor& tensor) { return tensor.beforeLayers; });
  assignModules(layout, architecture);
  noteAssumptions(layout, model.config().layers);
  return layout;
}

std::string layerTensorName(const LayerStack& stack, int layer, std::string_view suffix) {
  // Not fmt::format: planning asks for every name of every model.
  std::string name = stack.prefix + std::to_string(layer);
  return name.append(suffix);
}

std::optional<LayerPlace> findPlace(const ModelLayout& layout, std::string_view tensor) {
  const auto cut = cutAtNumber(tensor);
  if (!cut) {
    return std::nullopt;
  }
  for (const LayerStack& stack : layout.stacks) {
    if (stack.prefix == cut->prefix && cut->number < stack.layers) {
      return LayerPlace{&stack, cut->number, cut->suffix};
    }
  }
  return std::nullopt;
}

}  // namespace layerloom
