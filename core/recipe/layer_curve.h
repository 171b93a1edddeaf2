// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace layerloom {

/// How a layer curve runs between its control points.
enum class CurveShape {
  Step,    ///< keeps a point's value up to the layer before the next point
  Linear,  ///< straight between points
  Smooth,  ///< monotone cubic: never leaves the range of the two neighbouring points
};

/// A control point. Layers are whole numbers counted from 0.
struct CurvePoint {
  int layer = 0;
  double value = 0;

  bool operator==(const CurvePoint&) const = default;
};

/// A parameter drawn over the layers (mergekit: gradient). Invariant: at least one point, layers strictly ascending and not
/// negative, values finite. Left of the first and right of the last point the curve is constant.
struct LayerCurve {
  CurveShape shape = CurveShape::Linear;
  std::vector<CurvePoint> points{{0, 0.0}};

  bool operator==(const LayerCurve&) const = default;
};

/// The same value in every layer.
LayerCurve constantCurve(double value);

/// The curve's value at any position on the axis of layers; between whole layers it is what the eye sees, not what a merge uses.
double curveValueAt(const LayerCurve& curve, double position);

/// The curve's value at each of the layers 0 … layers − 1. Points past the last layer shape the curve but are not seen.
/// Smooth uses the cubic Hermite spline with Fritsch–Carlson slopes ("Monotone Piecewise Cubic Interpolation", SIAM J. Numer.
/// Anal. 17, 1980, in the weighted harmonic form of Fritsch and Butland, 1984).
std::vector<double> evaluateCurve(const LayerCurve& curve, int layers);

/// The piecewise linear curve with few points that passes within `tolerance` of each value; values[i] belongs to layer i.
LayerCurve curveThrough(std::span<const double> values, double tolerance = 1e-9);

/// Adds a point or, where the layer has one already, gives it the value. Returns the point's index.
std::size_t setPoint(LayerCurve& curve, CurvePoint point);

/// Removes the point at `index` unless it is the only one; false when nothing was removed.
bool removePoint(LayerCurve& curve, std::size_t index);

}  // namespace layerloom
