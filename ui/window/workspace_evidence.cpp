// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/analysis/compared_tensors.h"
#include "ui/document/references.h"
#include "ui/window/workspace.h"

namespace layerloom {
namespace {

std::vector<ExpectedTensor> expectedTensors(const StatisticsSources& sources) {
  std::vector<ExpectedTensor> expected;
  if (!sources.models.empty()) {
    for (const ComparedTensor& tensor : comparedTensors(sources).tensors) {
      expected.push_back({tensor.place.name, tensor.place.layer, tensor.place.module, tensor.place.kind});
    }
  }
  return expected;
}

/// How many tensors of the layers a filter takes.
std::size_t tensorsOf(const ModelLayout& layout, const std::string& filter) {
  std::size_t count = 0;
  for (const LayerStack& stack : layout.stacks) {
    for (const auto& suffixes : stack.suffixes) {
      count += static_cast<std::size_t>(std::count_if(suffixes.begin(), suffixes.end(),
                                                      [&](const std::string& suffix) { return suffix.find(filter) != std::string::npos; }));
    }
  }
  return count;
}

}  // namespace

void Workspace::connectStatistics() {
  connect(&m_statistics, &StatisticsStore::updated, this, &Workspace::onStatistics);
  const auto tellIdle = [this] { m_statistics.setIdle(!m_jobs.isBusy()); };
  connect(&m_jobs, &MergeQueue::jobChanged, this, tellIdle);
  connect(&m_jobs, &MergeQueue::jobFinished, this, tellIdle);
}

void Workspace::onStatistics() {
  requestPreview(m_document.recipe(), false);
  rebuildChart();
  emit evidenceChanged();
  emit adviceChanged();
}

/// Not before all headers are read: otherwise each model that arrives would begin the work anew.
void Workspace::requestStatistics() {
  if (!modelsPending()) {
    const auto& base = m_document.recipe().baseModel;
    const LoadedModel* loadedBase = base ? m_models.find(QString::fromStdString(base->text)) : nullptr;
    StatisticsSources sources;
    if (loadedBase != nullptr && loadedBase->model != nullptr) {
      sources.base = loadedBase->model;
      sources.baseName = nameOf(QString::fromStdString(base->text)).toStdString();
    }
    for (const QString& reference : m_document.models()) {
      const LoadedModel* loaded = m_models.find(reference);
      if (loaded->model != nullptr && loaded != loadedBase && sources.models.size() < kMostStatisticsModels) {
        sources.models.push_back(loaded->model);
        sources.names.push_back(nameOf(reference).toStdString());
      }
    }
    const bool others = sources.base != m_statistics.sources().base || sources.models != m_statistics.sources().models;
    m_expected = others ? expectedTensors(sources) : std::move(m_expected);
    m_statistics.setWanted(std::move(sources));
  }
  emit evidenceChanged();
}

int Workspace::measuredIndexOf(const QString& reference) const {
  const LoadedModel* loaded = m_models.find(reference);
  const auto& models = m_statistics.sources().models;
  const auto found = loaded == nullptr || loaded->model == nullptr ? models.end() : std::find(models.begin(), models.end(), loaded->model);
  return found == models.end() ? -1 : static_cast<int>(found - models.begin());
}

/// By the models of the statistics.
std::vector<bool> Workspace::mergedModels() const {
  std::vector<bool> merged(m_statistics.sources().models.size(), false);
  for (const QString& reference : referencesOf(m_document.recipe())) {
    if (const int index = measuredIndexOf(reference); index >= 0) {
      merged[static_cast<std::size_t>(index)] = true;
    }
  }
  return merged;
}

std::vector<Advice> Workspace::mergeAdvice() const {
  return withMergedFirst(advice(), mergedModels());
}

QStringList Workspace::modelsBeside() const {
  const std::vector<bool> merged = mergedModels();
  QStringList names;
  for (const QString& reference : m_document.models()) {
    if (const int index = measuredIndexOf(reference); index >= 0 && !merged[static_cast<std::size_t>(index)]) {
      names << nameOf(reference);
    }
  }
  return names;
}

EvidenceState Workspace::evidenceState() const {
  const StatisticsSources& sources = m_statistics.sources();
  if (sources.models.empty()) {
    return EvidenceState::NoModels;
  }
  if (sources.base == nullptr && sources.models.size() < 2) {
    return EvidenceState::NothingToCompare;
  }
  if (!m_statistics.failure().isEmpty()) {
    return EvidenceState::Failed;
  }
  return m_statistics.isBusy() ? EvidenceState::Measuring : EvidenceState::Ready;
}

EvidenceData Workspace::evidence() const {
  EvidenceData data;
  data.state = evidenceState();
  data.message = m_statistics.failure();
  data.statistics = m_statistics.statistics();
  data.expected = m_expected;
  data.ranksPending = m_statistics.ranksPending();
  data.base = QString::fromStdString(m_statistics.sources().baseName);
  data.activeModel = measuredIndexOf(m_active);
  data.models.resize(m_statistics.sources().models.size());
  for (const QString& reference : m_document.models()) {
    if (const int index = measuredIndexOf(reference); index >= 0) {
      data.models[static_cast<std::size_t>(index)] = {nameOf(reference), m_document.colourIndex(reference)};
    }
  }
  const LoadedModel* first = donor();
  data.tiedHead = first != nullptr && first->model->config().tiedEmbeddings.value_or(false);
  return data;
}

/// A slice shows the layers that it takes.
int Workspace::firstLayerOfChart() const {
  const Recipe& recipe = m_document.recipe();
  const bool slice = recipe.slices.size() == 1 && !recipe.slices.front().sources.empty();
  const auto range = slice ? recipe.slices.front().sources.front().layerRange : std::nullopt;
  return range ? range->begin : 0;
}

void Workspace::showPlace(int layer, const QString& tensor) {
  const LoadedModel* loaded = donor();
  if (loaded == nullptr) {
    return;
  }
  if (!tensor.isEmpty()) {
    const std::string name = tensor.toStdString();
    std::string narrowest;
    std::size_t fewest = tensorsOf(*loaded->layout, narrowest) + 1;
    for (const TensorGroup& group : tensorGroups(*loaded->layout, m_document.recipe())) {
      const std::size_t count = tensorsOf(*loaded->layout, group.filter);
      if (layer >= 0 && name.find(group.filter) != std::string::npos && count < fewest) {
        narrowest = group.filter;
        fewest = count;
      }
    }
    m_groupFilter = narrowest;
    rebuildChart();
  }
  const int shown = layer - firstLayerOfChart();
  if (layer >= 0 && shown >= 0 && shown < m_chart.data.layers) {
    emit layerShown(shown);
  }
}

}  // namespace layerloom
