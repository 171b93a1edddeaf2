// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/checkpoint/layout.h"
#include "core/recipe/recipe.h"
#include "core/recipe/resolve.h"

namespace layerloom {

/// A model in a slice of the plan, with the levels of settings that hold for it, highest first.
struct PlannedSource {
  std::size_t model = 0;  ///< index into the plan's models
  LayerRange layers;
  std::vector<SettingLevel> levels;
  std::string path;  ///< of the source in the recipe
  TextPosition where;
};

struct PlannedSlice {
  std::vector<PlannedSource> sources;
  std::vector<SettingLevel> levels;  ///< of the whole method's parameters
  std::optional<std::size_t> base;   ///< index into `sources`
  std::string path;
  TextPosition where;

  /// How many layers it gives.
  int layers() const { return sources.front().layers.end - sources.front().layers.begin; }
};

/// A module of the result: "default" for most families.
struct PlannedModule {
  std::string name;
  std::vector<PlannedSlice> slices;
};

/// One input of an output tensor before its parameters are resolved.
struct MappedInput {
  std::size_t source = 0;  ///< index into the slice's sources
  const ModelTensor* tensor = nullptr;  ///< in that model
};

/// An output tensor and where its inputs are.
struct MappedTensor {
  std::string name;
  const PlannedSlice* slice = nullptr;
  std::optional<int> layer;  ///< of the result; nothing outside the layers
  double position = 0;       ///< t of its layer in the slice; 0 outside the layers
  bool vocabulary = false;   ///< its first axis counts the tokens
  std::vector<MappedInput> inputs;
  std::vector<std::size_t> lacking;  ///< sources of the slice that have no such tensor
};

/// Which output tensors a merge has: for every module those before the layers under its first slice, the layers of all slices numbered
/// anew, those after the layers under its last slice. A head that a model shares with its embedding is read there, where another model
/// has a head of its own. The slices must outlive the result.
std::vector<MappedTensor> mapTensors(const std::vector<PlannedModule>& modules, const std::vector<std::shared_ptr<const Model>>& models);

/// Tensors that are no weights but caches; a merge does without them where a model lacks them.
bool isOptionalTensor(std::string_view name);

}  // namespace layerloom
