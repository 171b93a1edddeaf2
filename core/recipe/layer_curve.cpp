// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/layer_curve.h"

#include <algorithm>
#include <cmath>

namespace layerloom {
namespace {

double slopeBetween(const CurvePoint& a, const CurvePoint& b) {
  return (b.value - a.value) / (b.layer - a.layer);
}

/// Fritsch–Butland: the weighted harmonic mean of the two slopes at a point, 0 where they change sign; it never lets a piece overshoot.
double monotoneTangent(const CurvePoint& before, const CurvePoint& at, const CurvePoint& after) {
  const double left = slopeBetween(before, at);
  const double right = slopeBetween(at, after);
  if (left * right <= 0) {
    return 0;
  }
  const double leftWidth = at.layer - before.layer;
  const double rightWidth = after.layer - at.layer;
  const double weightLeft = 2 * rightWidth + leftWidth;
  const double weightRight = rightWidth + 2 * leftWidth;
  return (weightLeft + weightRight) / (weightLeft / left + weightRight / right);
}

double tangentAt(const std::vector<CurvePoint>& points, std::size_t i) {
  if (i == 0 || i + 1 == points.size()) {
    // The end slopes of the neighbouring piece keep the curve straight where two points are all there is.
    return i == 0 ? slopeBetween(points[0], points[1]) : slopeBetween(points[i - 1], points[i]);
  }
  return monotoneTangent(points[i - 1], points[i], points[i + 1]);
}

/// The tangent limited to three times the slope of the piece: the bound of Fritsch and Carlson for monotone pieces.
double limitedTangent(double tangent, double slope) {
  if (tangent * slope <= 0) {
    return 0;
  }
  return std::abs(tangent) > 3 * std::abs(slope) ? 3 * slope : tangent;
}

double smoothPiece(const std::vector<CurvePoint>& points, std::size_t i, double position) {
  const CurvePoint& a = points[i];
  const CurvePoint& b = points[i + 1];
  const double width = b.layer - a.layer;
  const double slope = slopeBetween(a, b);
  const double tangentA = limitedTangent(tangentAt(points, i), slope);
  const double tangentB = limitedTangent(tangentAt(points, i + 1), slope);
  const double s = (position - a.layer) / width;
  const double s2 = s * s;
  const double s3 = s2 * s;
  return (2 * s3 - 3 * s2 + 1) * a.value + (s3 - 2 * s2 + s) * width * tangentA + (3 * s2 - 2 * s3) * b.value +
         (s3 - s2) * width * tangentB;
}

/// Index of the last point of the longest straight piece that starts at `first`.
std::size_t straightUntil(std::span<const double> values, std::size_t first, double tolerance) {
  std::size_t last = first + 1;
  for (std::size_t end = first + 2; end < values.size(); ++end) {
    const double slope = (values[end] - values[first]) / static_cast<double>(end - first);
    for (std::size_t i = first + 1; i < end; ++i) {
      if (std::abs(values[first] + slope * static_cast<double>(i - first) - values[i]) > tolerance) {
        return last;
      }
    }
    last = end;
  }
  return last;
}

}  // namespace

LayerCurve constantCurve(double value) {
  return {CurveShape::Linear, {{0, value}}};
}

double curveValueAt(const LayerCurve& curve, double position) {
  const std::vector<CurvePoint>& points = curve.points;
  if (position <= points.front().layer) {
    return points.front().value;
  }
  if (position >= points.back().layer) {
    return points.back().value;
  }
  const auto after = std::upper_bound(points.begin(), points.end(), position,
                                      [](double at, const CurvePoint& point) { return at < point.layer; });
  const auto i = static_cast<std::size_t>(after - points.begin()) - 1;
  if (points[i].layer == position || curve.shape == CurveShape::Step) {
    return points[i].value;
  }
  if (curve.shape == CurveShape::Smooth) {
    return smoothPiece(points, i, position);
  }
  return points[i].value + slopeBetween(points[i], points[i + 1]) * (position - points[i].layer);
}

std::vector<double> evaluateCurve(const LayerCurve& curve, int layers) {
  std::vector<double> values(static_cast<std::size_t>(std::max(0, layers)));
  for (std::size_t layer = 0; layer < values.size(); ++layer) {
    values[layer] = curveValueAt(curve, static_cast<double>(layer));
  }
  return values;
}

LayerCurve curveThrough(std::span<const double> values, double tolerance) {
  if (values.empty()) {
    return constantCurve(0);
  }
  LayerCurve curve{CurveShape::Linear, {{0, values[0]}}};
  for (std::size_t at = 0; at + 1 < values.size();) {
    at = straightUntil(values, at, tolerance);
    curve.points.push_back({static_cast<int>(at), values[at]});
  }
  if (curve.points.size() == 2 && curve.points[0].value == curve.points[1].value) {
    curve.points.pop_back();
  }
  return curve;
}

std::size_t setPoint(LayerCurve& curve, CurvePoint point) {
  const auto at = std::lower_bound(curve.points.begin(), curve.points.end(), point.layer,
                                   [](const CurvePoint& existing, int layer) { return existing.layer < layer; });
  const auto index = static_cast<std::size_t>(at - curve.points.begin());
  if (at != curve.points.end() && at->layer == point.layer) {
    at->value = point.value;
  } else {
    curve.points.insert(at, point);
  }
  return index;
}

bool removePoint(LayerCurve& curve, std::size_t index) {
  if (curve.points.size() < 2 || index >= curve.points.size()) {
    return false;
  }
  curve.points.erase(curve.points.begin() + static_cast<std::ptrdiff_t>(index));
  return true;
}

}  // namespace layerloom
