// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <functional>
#include <memory>
#include <vector>

#include "core/analysis/statistics.h"
#include "core/checkpoint/layout.h"
#include "core/methods/spec.h"
#include "core/recipe/curve_edit.h"
#include "core/recipe/recipe.h"
#include "ui/curves/chart_data.h"
#include "ui/document/tensor_groups.h"

namespace layerloom {

/// What the chart is made from, besides the recipe.
struct ChartContext {
  const ModelLayout* layout = nullptr;  ///< of the base or first model; null while it is not read
  bool tiedHead = false;
  const ParameterSpec* parameter = nullptr;
  TensorGroup group;
  std::function<QString(const std::string& reference)> nameOf;
  std::function<int(const std::string& reference)> colourOf;
  std::function<bool(const std::string& reference)> isVisible;
  std::shared_ptr<const Statistics> statistics;  ///< how the models differ, as far as it is measured; may be null
  /// Index of a model in the statistics; −1: it is not in them.
  std::function<int(const std::string& reference)> measuredIndexOf;
};

/// A chart and what its tracks stand for.
struct BuiltChart {
  ChartData data;
  std::vector<CurveKey> keys;            ///< one per track
  std::vector<std::string> cellTensors;  ///< one per cell
};

/// The curves of one parameter and tensor group: one per source, or one for a parameter of the whole method. `activeTrack` is left at the
/// first track.
BuiltChart buildChart(const Recipe& recipe, const ChartContext& context);

/// The number of layers that curves run over: of the only slice, or of the whole model.
int curveLayers(const Recipe& recipe, const ModelLayout* layout);

}  // namespace layerloom
