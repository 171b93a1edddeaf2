// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include <QCoreApplication>

#include "ui/curves/chart_geometry.h"

namespace layerloom {

/// Context of the texts on a chart: a free function has none of its own.
struct ChartText {
  Q_DECLARE_TR_FUNCTIONS(layerloom::CurveView)
};

/// The state of a running gesture as far as it is seen.
struct GestureLook {
  int track = -1;
  std::vector<QPointF> ghost;     ///< outline before the gesture; empty: none
  std::vector<double> oldValues;  ///< per layer, before the gesture
  std::optional<double> value;    ///< for the value tab
  bool snapped = false;
  bool willDelete = false;
  bool drawsCurve = false;     ///< the curve is painted here, not by Qt Charts
  std::optional<QLineF> line;  ///< of the line tool, in pixels
  ChartPreview preview;        ///< before the gesture
  QRectF rubberBand;
};

/// All that is painted over Qt Charts' part, as a value: painting depends on this and the theme only.
struct ChartState {
  ChartData data;
  ChartGeometry geometry;
  std::vector<std::vector<QPointF>> outlines;  ///< per track, (layer, value)
  std::vector<std::vector<double>> values;     ///< per track and layer
  std::vector<int> selection;                  ///< indices of the active curve's selected points, ascending
  int selectedCell = -1;
  int highlightedTrack = -1;
  int hoveredLayer = -1;
  int markedLayer = -1;  ///< pointed at elsewhere; may be outside the chart
  std::optional<QPointF> pointer;  ///< no read-out without one
  bool barsShown = true;
  double barMaximum = 0;
  bool focusRing = false;
  double brushRadius = 0;  ///< pixels; 0: no brush
  std::optional<GestureLook> gesture;

  /// Where the crosshair stands; −1: nowhere.
  int crosshairLayer() const { return hoveredLayer >= 0 || markedLayer >= data.layers ? hoveredLayer : std::max(-1, markedLayer); }
  const ChartTrack& trackAt(int track) const { return data.tracks[static_cast<std::size_t>(track)]; }
  int trackCount() const { return static_cast<int>(data.tracks.size()); }
};

}  // namespace layerloom
