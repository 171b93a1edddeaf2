// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/curve_gesture.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace layerloom {
namespace {

constexpr double kFreehandTolerance = 0.004;
constexpr double kExactTolerance = 1e-6;

bool moves(const std::vector<int>& indices, int index) {
  return std::ranges::binary_search(indices, index);
}

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

/// How far, towards both sides, the group's layers may go.
std::pair<int, int> layerRoom(const LayerCurve& start, const std::vector<int>& indices, int layers) {
  int least = -1 << 20;
  int most = 1 << 20;
  const int count = static_cast<int>(start.points.size());
  for (const int index : indices) {
    const int layer = start.points[static_cast<std::size_t>(index)].layer;
    const bool staysBefore = index > 0 && !moves(indices, index - 1);
    const bool staysAfter = index + 1 < count && !moves(indices, index + 1);
    const int low = staysBefore ? start.points[static_cast<std::size_t>(index - 1)].layer + 1 : 0;
    const int high = staysAfter ? start.points[static_cast<std::size_t>(index + 1)].layer - 1 : layers - 1;
    least = std::max(least, low - layer);
    most = std::min(most, std::min(high, layers - 1) - layer);
  }
  return {std::min(least, 0), std::max(most, 0)};
}

double cutValueMove(const LayerCurve& start, const std::vector<int>& indices, double by, const ValueLimits& limits) {
  for (const int index : indices) {
    const double value = start.points[static_cast<std::size_t>(index)].value;
    const double reached = limits.clamped(value + by) - value;
    if (std::abs(reached) < std::abs(by)) by = reached;
  }
  return by;
}

}  // namespace

double ValueLimits::clamped(double value) const {
  if (least) value = std::max(value, *least);
  if (greatest) value = std::min(value, *greatest);
  return value;
}

LayerCurve movedPoints(const LayerCurve& start, const std::vector<int>& indices, int layersBy, double valueBy,
                       int layers, const ValueLimits& limits) {
  const auto [least, most] = layerRoom(start, indices, layers);
  const int shift = std::clamp(layersBy, least, most);
  const double rise = cutValueMove(start, indices, valueBy, limits);
  LayerCurve curve = start;
  for (const int index : indices) {
    CurvePoint& point = curve.points[static_cast<std::size_t>(index)];
    point = {point.layer + shift, rounded(point.value + rise)};
  }
  return curve;
}

LayerCurve withoutPoints(const LayerCurve& start, const std::vector<int>& indices) {
  LayerCurve curve = start;
  for (auto index = indices.rbegin(); index != indices.rend(); ++index)
    removePoint(curve, static_cast<std::size_t>(*index));
  return curve;
}

FreehandStroke::FreehandStroke(std::vector<double> values, int layer, double value)
    : m_values(std::move(values)), m_layer(layer), m_value(value) {
  m_values[static_cast<std::size_t>(layer)] = value;
}

void FreehandStroke::drawTo(int layer, double value) {
  m_values = withLine(std::move(m_values), {m_layer, m_value}, {layer, value});
  m_layer = layer;
  m_value = value;
}

std::vector<double> withLine(std::vector<double> values, CurvePoint from, CurvePoint to) {
  const int steps = std::abs(to.layer - from.layer);
  const int direction = to.layer < from.layer ? -1 : 1;
  for (int i = 0; i <= steps; ++i) {
    const double t = steps > 0 ? static_cast<double>(i) / steps : 1;
    values[static_cast<std::size_t>(from.layer + direction * i)] = from.value + (to.value - from.value) * t;
  }
  return values;
}

std::vector<double> withBrush(std::vector<double> values, double centre, double radius, double by,
                              const ValueLimits& limits) {
  for (std::size_t layer = 0; layer < values.size(); ++layer) {
    const double away = std::abs(static_cast<double>(layer) - centre);
    if (away >= radius) continue;
    const double weight = 0.5 + 0.5 * std::cos(std::numbers::pi * away / radius);
    values[layer] = rounded(limits.clamped(values[layer] + by * weight));
  }
  return values;
}

LayerCurve drawnCurve(const std::vector<double>& values) {
  return curveThrough(values, kFreehandTolerance);
}

LayerCurve exactCurve(const std::vector<double>& values) {
  return curveThrough(values, kExactTolerance);
}

}  // namespace layerloom
