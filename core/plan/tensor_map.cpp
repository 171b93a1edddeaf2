// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/tensor_map.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "core/checkpoint/architectures.h"
#include "core/recipe/gradient.h"

namespace layerloom {
namespace {

using Models = std::vector<std::shared_ptr<const Model>>;

class TensorMapper {
 public:
  TensorMapper(const std::vector<PlannedModule>& modules, const Models& models) : m_modules(modules), m_models(models) {}

  std::vector<MappedTensor> map();

 private:
  void mapOuter(const PlannedModule& module, bool beforeLayers);
  void mapStack(const PlannedModule& module, std::size_t stack);
  void mapLayer(const PlannedSlice& slice, const LayerStack& lead, std::size_t stack, int index, int layers, int outputLayer);
  const ModelTensor* outerInput(const PlannedSource& source, const OuterTensor& tensor) const;
  const ModelLayout& layoutOf(const PlannedSource& source) const { return *m_models[source.model]->layout(); }
  void add(MappedTensor tensor);

  const std::vector<PlannedModule>& m_modules;
  const Models& m_models;
  std::vector<MappedTensor> m_tensors;
};

std::vector<MappedTensor> TensorMapper::map() {
  for (const PlannedModule& module : m_modules) {
    mapOuter(module, true);
    const ModelLayout& first = layoutOf(module.slices.front().sources.front());
    for (std::size_t stack = 0; stack < first.stacks.size(); ++stack) {
      if (first.stacks[stack].module == module.name) {
        mapStack(module, stack);
      }
    }
    mapOuter(module, false);
  }
  return std::move(m_tensors);
}

void TensorMapper::add(MappedTensor tensor) {
  if (!tensor.lacking.empty() && isOptionalTensor(tensor.name)) {
    return;
  }
  m_tensors.push_back(std::move(tensor));
}

/// The tensor that plays the part of `tensor` in a model; null when there is none.
const ModelTensor* TensorMapper::outerInput(const PlannedSource& source, const OuterTensor& tensor) const {
  const Model& model = *m_models[source.model];
  if (const ModelTensor* own = model.find(tensor.name)) {
    return own;
  }
  const bool tied = model.config().tiedEmbeddings.value_or(true) && readsSharedHead(model.config().architecture);
  if (tensor.role != OuterRole::Head || !tensor.vocabulary || !tied || !tensor.name.ends_with(".weight")) {
    return nullptr;
  }
  const auto& outer = layoutOf(source).outer;
  const auto embedding = std::find_if(outer.begin(), outer.end(), [](const OuterTensor& other) {
    return other.role == OuterRole::Embedding && other.vocabulary;
  });
  return embedding != outer.end() ? model.find(embedding->name) : nullptr;
}

void TensorMapper::mapOuter(const PlannedModule& module, bool beforeLayers) {
  const PlannedSlice& slice = beforeLayers ? module.slices.front() : module.slices.back();
  std::set<std::string> done;
  for (const PlannedSource& owner : slice.sources) {
    for (const OuterTensor& tensor : layoutOf(owner).outer) {
      if (tensor.module != module.name || tensor.beforeLayers != beforeLayers || !done.insert(tensor.name).second) {
        continue;
      }
      MappedTensor mapped;
      mapped.name = tensor.name;
      mapped.slice = &slice;
      mapped.vocabulary = tensor.vocabulary;
      for (std::size_t i = 0; i < slice.sources.size(); ++i) {
        if (const ModelTensor* own = outerInput(slice.sources[i], tensor)) {
          mapped.inputs.push_back({i, own});
        } else {
          mapped.lacking.push_back(i);
        }
      }
      add(std::move(mapped));
    }
  }
}

void TensorMapper::mapStack(const PlannedModule& module, std::size_t stack) {
  const LayerStack& lead = layoutOf(module.slices.front().sources.front()).stacks[stack];
  int outputLayer = 0;
  for (const PlannedSlice& slice : module.slices) {
    // A module may hold a second, shorter stack; a range over all layers means all layers of each.
    const PlannedSource& first = slice.sources.front();
    const int layers = std::min(first.layers.end, layoutOf(first).stacks[stack].layers) - first.layers.begin;
    for (int index = 0; index < layers; ++index) {
      mapLayer(slice, lead, stack, index, layers, outputLayer++);
    }
  }
}

void TensorMapper::mapLayer(const PlannedSlice& slice, const LayerStack& lead, std::size_t stack, int index, int layers, int outputLayer) {
  using Names = std::vector<std::string>;
  const auto namesOf = [&](const PlannedSource& source) -> const Names& {
    return layoutOf(source).stacks[stack].suffixes[static_cast<std::size_t>(source.layers.begin + index)];
  };
  Names all = namesOf(slice.sources.front());
  for (const PlannedSource& source : slice.sources) {
    // As a rule all models have the same ones.
    if (const Names& own = namesOf(source); own != all) {
      const Names before = std::exchange(all, {});
      std::set_union(before.begin(), before.end(), own.begin(), own.end(), std::back_inserter(all));
    }
  }
  for (const std::string& suffix : all) {
    MappedTensor mapped;
    mapped.name = layerTensorName(lead, outputLayer, suffix);
    mapped.slice = &slice;
    mapped.layer = outputLayer;
    mapped.position = layerPosition(index, layers);
    for (std::size_t i = 0; i < slice.sources.size(); ++i) {
      const PlannedSource& source = slice.sources[i];
      if (const ModelTensor* own = layoutOf(source).stacks[stack].find(source.layers.begin + index, suffix)) {
        mapped.inputs.push_back({i, own});
      } else {
        mapped.lacking.push_back(i);
      }
    }
    add(std::move(mapped));
  }
}

}  // namespace

bool isOptionalTensor(std::string_view name) {
  constexpr std::array<std::string_view, 3> kCaches = {"rotary_emb.inv_freq", "masked_bias", "position_ids"};
  return std::any_of(kCaches.begin(), kCaches.end(),
                     [&](std::string_view cache) { return name.find(cache) != std::string_view::npos; });
}

std::vector<MappedTensor> mapTensors(const std::vector<PlannedModule>& modules, const Models& models) {
  return TensorMapper(modules, models).map();
}

}  // namespace layerloom
