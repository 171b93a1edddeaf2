// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
};

/// One input of an output tensor before its parameters are resolved.
struct MappedInput {
  std::size_t source = 0;  ///< index into the slice's sources
  std::string name;        ///< the tensor in that model
};

/// An output tensor and where its inputs are.
struct MappedTensor {
  std::string name;
  std::size_t slice = 0;
  double position = 0;  ///< t of its layer in the slice; 0 outside the layers
  std::vector<MappedInput> inputs;
  std::vector<std::size_t> lacking;  ///< sources of the slice that have no such tensor
};

/// Which output tensors a merge has: those before the layers under the first slice, the layers of all slices numbered anew, those after
/// the layers under the last slice; for every stack of the models. A head that a model shares with its embedding is read there, where
/// another model has a head of its own.
std::vector<MappedTensor> mapTensors(const std::vector<PlannedSlice>& slices, const std::vector<ModelLayout>& layouts,
                                     const std::vector<std::shared_ptr<const Model>>& models);

/// Tensors that are no weights but caches; a merge does without them where a model lacks them.
bool isOptionalTensor(std::string_view name);

}  // namespace layerloom
