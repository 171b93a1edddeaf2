// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/checkpoint/model.h"

namespace layerloom {

/// What part of a network a tensor outside the layers belongs to, judged by its name.
enum class OuterRole { Embedding, Norm, Head, Other };

/// A tensor outside the layers.
struct OuterTensor {
  std::string name;
  OuterRole role = OuterRole::Other;
  bool beforeLayers = false;  ///< takes the parameters of the first slice, else of the last
  bool vocabulary = false;    ///< its first axis counts the tokens: token embedding, head, bias of the head
  std::string module;
};

/// A stack of layers, for example all tensors "model.layers.N.…".
struct LayerStack {
  std::string prefix;  ///< "model.layers."
  int layers = 0;
  /// Per layer, the names after "prefix + N", sorted ("", ".mlp.up_proj.weight").
  std::vector<std::vector<std::string>> suffixes;
  std::vector<std::vector<const ModelTensor*>> tensors;  ///< those of the suffixes; they live as long as the model
  std::string module;

  /// Null where the layer has none.
  const ModelTensor* find(int layer, std::string_view suffix) const;
};

/// Where a model's layers are, found from the tensor names and checked against the config's layer count: layers are the tensors that
/// share a name up to a number, for numbers 0 … n − 1. An encoder-decoder model has two stacks, each a module of its own.
struct ModelLayout {
  std::vector<LayerStack> stacks;
  std::vector<OuterTensor> outer;  ///< those before the layers first, then by name
  /// The parts that mergekit merges one by one: "default" alone for most families, "encoder", "decoder" and "shared" for T5.
  std::vector<std::string> modules;
  std::vector<std::string> assumptions;  ///< what was decided by the names alone

  /// The layers of the longest stack.
  int layers() const;
  const OuterTensor* find(OuterRole role) const;
  /// The stack of a module, or null.
  const LayerStack* stackOf(std::string_view module) const;
};

ModelLayout findLayout(const Model& model);

/// "model.layers." + 7 + ".mlp.up_proj.weight"
std::string layerTensorName(const LayerStack& stack, int layer, std::string_view suffix);

/// A tensor's place in a stack of its model, if it lies in one.
struct LayerPlace {
  const LayerStack* stack = nullptr;
  int layer = 0;
  std::string_view suffix;
};
std::optional<LayerPlace> findPlace(const ModelLayout& layout, std::string_view tensor);

}  // namespace layerloom
