// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/recipe/layer_curve.h"

namespace layerloom {

/// A column beside the layers that stands for one tensor outside them (embedding, final norm, head).
struct ChartCell {
  QString caption;  ///< short, for example "emb"
  QString tensor;   ///< full tensor name, for the tool tip
  bool afterLayers = false;
  bool tied = false;  ///< no tensor of its own (tied head): hatched, holds no handles
};

/// One curve of the chart: a model's value of the parameter in view, or the whole method's.
struct ChartTrack {
  QString name;
  int colourIndex = 0;  ///< order of arrival of the model, from 0; picks colour, dash and marker
  bool visible = true;
  LayerCurve curve;
  std::vector<std::optional<double>> cellValues;  ///< one per cell; nothing: linked, follows layer 0
  std::vector<double> effective;  ///< per layer, what the method makes of it (after normalising); empty: no such figure
  std::vector<double> relativeDelta;  ///< ‖ΔW‖/‖W‖ per layer, NaN where not measured yet; may be empty
};

/// A predicted figure with its 95 % interval; exact ones have low = value = high.
struct ChartFigure {
  double value = 0;
  double low = 0;
  double high = 0;

  bool operator==(const ChartFigure&) const = default;
};

/// What the merge will make of the models: ‖result − base‖/‖base‖.
struct ChartPreview {
  std::vector<std::optional<ChartFigure>> layers;
  std::vector<std::optional<ChartFigure>> cells;  ///< one per ChartData::cells
  bool sampled = false;                           ///< some figures are estimates

  bool operator==(const ChartPreview&) const = default;
};

/// All that the chart shows. A value: built by the owner, handed over whole.
struct ChartData {
  int layers = 0;               ///< 0: nothing to draw, the empty state is shown
  QString emptyText;            ///< what the empty state says; empty: that models are missing
  QString parameter;            ///< label, for example "weight"
  QString group;                ///< label of the tensor group, for example "all tensors"
  double neutral = 0;           ///< the eraser's and the reset's value
  std::optional<double> least;  ///< hard limits of a value
  std::optional<double> greatest;
  std::vector<ChartCell> cells;
  std::vector<ChartTrack> tracks;
  int activeTrack = -1;
  bool previewed = false;  ///< there is a lane for the preview, also before its figures are there
  ChartPreview preview;
  QStringList notes;  ///< per layer, preview figures for the foot of the read-out; may be empty
};

}  // namespace layerloom
