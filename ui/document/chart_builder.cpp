// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/chart_builder.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/recipe/gradient.h"
#include "ui/document/references.h"

namespace layerloom {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("ChartBuilder", text);
}

QString captionOf(OuterRole role) {
  switch (role) {
    case OuterRole::Embedding:
      return translated(QT_TRANSLATE_NOOP("ChartBuilder", "emb"));
    case OuterRole::Norm:
      return translated(QT_TRANSLATE_NOOP("ChartBuilder", "norm"));
    case OuterRole::Head:
      return translated(QT_TRANSLATE_NOOP("ChartBuilder", "head"));
    case OuterRole::Other:
      break;
  }
  return {};
}

/// One cell for the embedding, the last norm and the head; a tied head has a cell without handles.
void addCells(const ChartContext& context, BuiltChart& chart) {
  for (const OuterRole role : {OuterRole::Embedding, OuterRole::Norm, OuterRole::Head}) {
    const OuterTensor* tensor = context.layout->find(role);
    const bool tied = role == OuterRole::Head && tensor == nullptr && context.tiedHead;
    if (tensor == nullptr && !tied) {
      continue;
    }
    const std::string name = tensor == nullptr ? std::string() : tensor->name;
    chart.data.cells.push_back({captionOf(role), QString::fromStdString(name), role != OuterRole::Embedding, tied});
    chart.cellTensors.push_back(name);
  }
}

/// ‖Δ‖/‖W‖ over the tensors of each layer that belong to the group. `first`: the model's layer that stands at the left end of the chart.
std::vector<double> relativeDeltas(const Statistics& statistics, std::size_t model, const std::string& filter, int first, int layers) {
  std::vector<DeltaStatistics> sums(static_cast<std::size_t>(layers));
  for (const TensorStatistics& tensor : statistics.tensors) {
    const int column = tensor.layer - first;
    const bool counts = tensor.layer >= 0 && column >= 0 && column < layers && tensor.name.find(filter) != std::string::npos;
    if (counts && tensor.figures.models[model]) {
      sums[static_cast<std::size_t>(column)].squared += tensor.figures.models[model]->squared;
      sums[static_cast<std::size_t>(column)].baseSquared += tensor.figures.models[model]->baseSquared;
    }
  }
  std::vector<double> values;
  for (const DeltaStatistics& sum : sums) {
    values.push_back(sum.baseSquared > 0 ? sum.relative() : std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

/// The curve that holds for the group: its own, else that of all tensors, else the standard value.
LayerCurve effectiveCurve(const Recipe& recipe, CurveKey key, const ParameterSpec& parameter, int layers) {
  if (auto own = curveOf(recipe, key, layers)) {
    return *std::move(own);
  }
  key.filter.clear();
  if (auto general = curveOf(recipe, key, layers)) {
    return *std::move(general);
  }
  return constantCurve(parameter.standard.value_or(0));
}

std::vector<double> barsOf(const RecipeSource& source, const ChartContext& context, int layers) {
  const int model = context.statistics == nullptr ? -1 : context.measuredIndexOf(source.model.text);
  if (model < 0) {
    return {};
  }
  const int first = source.layerRange ? source.layerRange->begin : 0;
  return relativeDeltas(*context.statistics, static_cast<std::size_t>(model), context.group.filter, first, layers);
}

ChartTrack makeTrack(const Recipe& recipe, const ChartContext& context, const CurveKey& key, const BuiltChart& chart) {
  ChartTrack track;
  track.curve = effectiveCurve(recipe, key, *context.parameter, chart.data.layers);
  for (const std::string& tensor : chart.cellTensors) {
    const SettingRule* rule = tensor.empty() ? nullptr : findRule(recipe, {key.source, key.parameter, tensor});
    track.cellValues.push_back(rule == nullptr ? std::nullopt : asNumber(rule->values.front()));
  }
  return track;
}

bool isApartBase(const Recipe& recipe, const RecipeSource& source) {
  const MethodSpec* method = findMethod(recipe.mergeMethod);
  return method != nullptr && method->baseModel != BaseModelUse::None && recipe.baseModel && *recipe.baseModel == source.model;
}

void addSourceTracks(const Recipe& recipe, const ChartContext& context, BuiltChart& chart) {
  const auto& sources = sourcesOf(recipe);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string& reference = sources[i].model.text;
    if (isApartBase(recipe, sources[i])) {
      continue;
    }
    const CurveKey key{i, context.parameter->name, context.group.filter};
    ChartTrack track = makeTrack(recipe, context, key, chart);
    track.name = context.nameOf(reference);
    track.colourIndex = context.colourOf(reference);
    track.visible = context.isVisible(reference);
    track.relativeDelta = barsOf(sources[i], context, chart.data.layers);
    chart.data.tracks.push_back(std::move(track));
    chart.keys.push_back(key);
  }
}

/// A parameter of the whole method has one curve, drawn in the colour of the model that it leads to; the bars of that model stand behind.
void addMethodTrack(const Recipe& recipe, const ChartContext& context, BuiltChart& chart) {
  const CurveKey key{std::nullopt, context.parameter->name, context.group.filter};
  ChartTrack track = makeTrack(recipe, context, key, chart);
  track.name = QString::fromStdString(context.parameter->name);
  for (const RecipeSource& source : sourcesOf(recipe)) {
    if (!isApartBase(recipe, source)) {
      track.name = context.nameOf(source.model.text);
      track.colourIndex = context.colourOf(source.model.text);
      track.relativeDelta = barsOf(source, context, chart.data.layers);
    }
  }
  chart.data.tracks.push_back(std::move(track));
  chart.keys.push_back(key);
}

/// Shares after normalising, for the methods whose divisor is one figure per tensor.
void addEffective(const Recipe& recipe, const MethodSpec& method, BuiltChart& chart) {
  const bool oneDivisor = method.name == "linear" || method.name == "task_arithmetic" || method.name == "dare_linear";
  const ParameterSpec* normalize = method.parameter("normalize");
  if (!oneDivisor || normalize == nullptr || chart.data.tracks.empty() || chart.keys.front().parameter != "weight") {
    return;
  }
  const SettingRule* rule = findRule(recipe, {std::nullopt, "normalize", {}});
  const bool normalized = rule == nullptr ? *normalize->standard != 0 : asBoolean(rule->values.front()).value_or(false);
  if (!normalized) {
    return;
  }
  std::vector<double> sums(static_cast<std::size_t>(chart.data.layers), 0.0);
  std::vector<std::vector<double>> values;
  for (const ChartTrack& track : chart.data.tracks) {
    values.push_back(evaluateCurve(track.curve, chart.data.layers));
    std::transform(sums.begin(), sums.end(), values.back().begin(), sums.begin(), std::plus<>());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::transform(values[i].begin(), values[i].end(), sums.begin(), values[i].begin(),
                   [](double value, double sum) { return std::abs(sum) < 1e-8 ? value : value / sum; });
    chart.data.tracks[i].effective = std::move(values[i]);
  }
}

/// The result of an earlier document has as many layers as that document makes of it, which its models do not show.
bool startsFromResults(const Recipe& recipe) {
  const auto& sources = sourcesOf(recipe);
  return (recipe.baseModel && isStageResult(recipe, *recipe.baseModel)) ||
         (!recipe.baseModel && !sources.empty() && isStageResult(recipe, sources.front().model));
}

/// Why there are no curves, where it is not for want of models.
QString whyEmpty(const Recipe& recipe, const MethodSpec* method) {
  if (!recipe.modules.empty()) {
    return translated(QT_TRANSLATE_NOOP("ChartBuilder", "The modules of this recipe are merged each on its own. Their curves are not drawn here; "
                                                        "edit them in the text."));
  }
  if (recipe.slices.size() > 1) {
    return translated(QT_TRANSLATE_NOOP("ChartBuilder", "This recipe stacks several slices, and each has curves of its own. They are not drawn "
                                                        "here; edit them in the text."));
  }
  if (startsFromResults(recipe)) {
    return translated(QT_TRANSLATE_NOOP("ChartBuilder", "The last document merges results of the others. Its curves are not drawn here; edit them "
                                                        "in the text."));
  }
  const bool draws = method != nullptr && method->mainParameter() != nullptr;
  if (method != nullptr && !draws && !sourcesOf(recipe).empty()) {
    return translated(QT_TRANSLATE_NOOP("ChartBuilder", "%1 has no parameter that changes over the layers."))
        .arg(QCoreApplication::translate("Methods", method->label.c_str()));
  }
  return {};
}

}  // namespace

int curveLayers(const Recipe& recipe, const ModelLayout* layout) {
  if (isStructured(recipe) || layout == nullptr) {
    return 0;
  }
  if (recipe.slices.size() == 1) {
    if (recipe.slices.front().sources.empty()) {
      return 0;
    }
    const auto& range = recipe.slices.front().sources.front().layerRange;
    return range ? range->end - range->begin : 0;
  }
  return layout->layers();
}

BuiltChart buildChart(const Recipe& recipe, const ChartContext& context) {
  BuiltChart chart;
  const MethodSpec* method = findMethod(recipe.mergeMethod);
  chart.data.emptyText = whyEmpty(recipe, method);
  if (context.layout == nullptr || context.parameter == nullptr || method == nullptr) {
    return chart;
  }
  chart.data.layers = startsFromResults(recipe) ? 0 : curveLayers(recipe, context.layout);
  chart.data.parameter = QString::fromStdString(context.parameter->name);
  chart.data.group = context.group.label;
  chart.data.neutral = context.parameter->standard.value_or(0);
  chart.data.least = context.parameter->least;
  chart.data.greatest = context.parameter->greatest;
  if (chart.data.layers == 0) {
    return chart;
  }
  if (context.group.filter.empty()) {
    addCells(context, chart);
  }
  if (context.parameter->scope == ParameterScope::Input) {
    addSourceTracks(recipe, context, chart);
  } else {
    addMethodTrack(recipe, context, chart);
  }
  addEffective(recipe, *method, chart);
  chart.data.activeTrack = chart.data.tracks.empty() ? -1 : 0;
  return chart;
}

}  // namespace layerloom
