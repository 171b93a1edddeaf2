// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/tensor_map.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/recipe/gradient.h"

namespace layerloom {
namespace {

using Models = std::vector<std::shared_ptr<const Model>>;

class TensorMapper {
 public:
  TensorMapper(const std::vector<PlannedSlice>& slices, const std::vector<ModelLayout>& layouts, const Models& models)
      : m_slices(slices), m_layouts(layouts), m_models(models) {}

  std::vector<MappedTensor> map();

 private:
  void mapOuter(std::size_t slice, bool beforeLayers);
  void mapStack(std::size_t stack);
  void mapLayer(std::size_t slice, std::size_t stack, int index, int outputLayer);
  std::string outerInput(const PlannedSource& source, const OuterTensor& tensor) const;
  void add(MappedTensor tensor);

  const std::vector<PlannedSlice>& m_slices;
  const std::vector<ModelLayout>& m_layouts;
  const Models& m_models;
  std::vector<MappedTensor> m_tensors;
};

std::vector<MappedTensor> TensorMapper::map() {
  mapOuter(0, true);
  const ModelLayout& first = m_layouts[m_slices.front().sources.front().model];
  for (std::size_t stack = 0; stack < first.stacks.size(); ++stack) {
    mapStack(stack);
  }
  mapOuter(m_slices.size() - 1, false);
  return std::move(m_tensors);
}

void TensorMapper::add(MappedTensor tensor) {
  if (!tensor.lacking.empty() && isOptionalTensor(tensor.name)) {
    return;
  }
  m_tensors.push_back(std::move(tensor));
}

/// The tensor that plays the part of `tensor` in a model; empty when there is none.
std::string TensorMapper::outerInput(const PlannedSource& source, const OuterTensor& tensor) const {
  const Model& model = *m_models[source.model];
  if (model.find(tensor.name) != nullptr) {
    return tensor.name;
  }
  const OuterTensor* embedding = m_layouts[source.model].find(OuterRole::Embedding);
  const bool tied = model.config().tiedEmbeddings.value_or(true);
  return tensor.role == OuterRole::Head && tied && embedding != nullptr ? embedding->name : std::string();
}

void TensorMapper::mapOuter(std::size_t slice, bool beforeLayers) {
  const PlannedSlice& planned = m_slices[slice];
  std::set<std::string> done;
  for (const PlannedSource& owner : planned.sources) {
    for (const OuterTensor& tensor : m_layouts[owner.model].outer) {
      if (tensor.beforeLayers != beforeLayers || !done.insert(tensor.name).second) {
        continue;
      }
      MappedTensor mapped{tensor.name, slice, 0, {}, {}};
      for (std::size_t i = 0; i < planned.sources.size(); ++i) {
        std::string name = outerInput(planned.sources[i], tensor);
        if (name.empty()) {
          mapped.lacking.push_back(i);
        } else {
          mapped.inputs.push_back({i, std::move(name)});
        }
      }
      add(std::move(mapped));
    }
  }
}

void TensorMapper::mapStack(std::size_t stack) {
  int outputLayer = 0;
  for (std::size_t slice = 0; slice < m_slices.size(); ++slice) {
    const LayerRange& range = m_slices[slice].sources.front().layers;
    // Stacks of one model may differ in depth; a range over all layers means all layers of each.
    const int depth = m_layouts[m_slices[slice].sources.front().model].stacks[stack].layers;
    const int layers = std::min(range.end, depth) - range.begin;
    for (int index = 0; index < layers; ++index) {
      mapLayer(slice, stack, index, outputLayer++);
    }
  }
}

void TensorMapper::mapLayer(std::size_t slice, std::size_t stack, int index, int outputLayer) {
  const PlannedSlice& planned = m_slices[slice];
  const LayerRange& range = planned.sources.front().layers;
  const LayerStack& lead = m_layouts[m_slices.front().sources.front().model].stacks[stack];
  const int layers = std::min(range.end, m_layouts[planned.sources.front().model].stacks[stack].layers) - range.begin;
  std::set<std::string> suffixes;
  for (const PlannedSource& source : planned.sources) {
    const LayerStack& own = m_layouts[source.model].stacks[stack];
    const auto& names = own.suffixes[static_cast<std::size_t>(source.layers.begin + index)];
    suffixes.insert(names.begin(), names.end());
  }
  for (const std::string& suffix : suffixes) {
    MappedTensor mapped{layerTensorName(lead, outputLayer, suffix), slice, layerPosition(index, layers), {}, {}};
    for (std::size_t i = 0; i < planned.sources.size(); ++i) {
      const PlannedSource& source = planned.sources[i];
      std::string name = layerTensorName(m_layouts[source.model].stacks[stack], source.layers.begin + index, suffix);
      if (m_models[source.model]->find(name) == nullptr) {
        mapped.lacking.push_back(i);
      } else {
        mapped.inputs.push_back({i, std::move(name)});
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

std::vector<MappedTensor> mapTensors(const std::vector<PlannedSlice>& slices, const std::vector<ModelLayout>& layouts,
                                     const Models& models) {
  return TensorMapper(slices, layouts, models).map();
}

}  // namespace layerloom
