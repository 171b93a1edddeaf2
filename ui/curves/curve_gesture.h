// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "ui/curves/chart_data.h"
#include "ui/curves/chart_geometry.h"

namespace layerloom {

// What gestures do to curves, without a widget: each function takes the curve the gesture began with and says what
// comes of it, so that a gesture can be taken back at any moment by forgetting it.

/// Hard limits of a value; nothing: none on that side.
struct ValueLimits {
  std::optional<double> least;
  std::optional<double> greatest;
  double clamped(double value) const;
};

/// `start` with the points at `indices` (ascending) moved together. The move is cut short, as a whole, where one of
/// them would pass a point that stays, leave the layers or the limits: the shape of the group is kept.
LayerCurve movedPoints(const LayerCurve& start, const std::vector<int>& indices, int layersBy, double valueBy,
                       int layers, const ValueLimits& limits);

/// `start` without the points at `indices`; of a curve that would lose all, the first of them stays.
LayerCurve withoutPoints(const LayerCurve& start, const std::vector<int>& indices);

/// Freehand over dense values, one per layer. A pointer skips layers when it is fast; those between are filled in
/// straight.
class FreehandStroke {
 public:
  FreehandStroke(std::vector<double> values, int layer, double value);
  void drawTo(int layer, double value);
  const std::vector<double>& values() const { return m_values; }

 private:
  std::vector<double> m_values;
  int m_layer;
  double m_value;
};

/// `values` with a straight line from one layer to the other, both included.
std::vector<double> withLine(std::vector<double> values, CurvePoint from, CurvePoint to);

/// `values` raised by `by` at `centre` (in layers) and softly less up to `radius` away.
std::vector<double> withBrush(std::vector<double> values, double centre, double radius, double by,
                              const ValueLimits& limits);

/// Few straight pieces through drawn values; what freehand cannot mean (±0.004) is evened out.
LayerCurve drawnCurve(const std::vector<double>& values);

/// The same to the thousandth, for what was computed or typed.
LayerCurve exactCurve(const std::vector<double>& values);

}  // namespace layerloom
