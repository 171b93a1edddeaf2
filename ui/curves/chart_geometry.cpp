// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/chart_geometry.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace layerloom {
namespace {

constexpr double kCellWidth = 30;
constexpr double kCellGap = 14;  // between cells and layers
constexpr double kBetweenCells = 6;
constexpr double kRangeStep = 0.25;
constexpr double kUntouched = 1e-9;  // what rounding may add to a value on the edge
constexpr double kSamplePixels = 3;
constexpr int kMostSamples = 16;

double widthOfCells(std::size_t count) {
  return count == 0
             ? 0
             : static_cast<double>(count) * kCellWidth + static_cast<double>(count - 1) * kBetweenCells + kCellGap;
}

void placeCells(ChartGeometry& geometry, const ChartData& data, double leftStart) {
  double before = leftStart;
  double after = geometry.plot.right() + kCellGap;
  for (const ChartCell& cell : data.cells) {
    double& x = cell.afterLayers ? after : before;
    geometry.cells.emplace_back(x, geometry.plot.top(), kCellWidth, geometry.plot.height());
    x += kCellWidth + kBetweenCells;
  }
}

void widen(ValueRange& range, double value) {
  if (!std::isfinite(value)) return;
  if (value < range.low - kUntouched) range.low = std::floor(value / kRangeStep + kUntouched) * kRangeStep;
  if (value > range.high + kUntouched) range.high = std::ceil(value / kRangeStep - kUntouched) * kRangeStep;
}

double distance(QPointF a, QPointF b) {
  return std::hypot(a.x() - b.x(), a.y() - b.y());
}

std::vector<QPointF> stepOutline(const LayerCurve& curve, int layers) {
  const std::vector<double> values = evaluateCurve(curve, layers);
  std::vector<QPointF> outline{{0, values.front()}};
  for (int layer = 1; layer < layers; ++layer) {
    const double before = values[layer - 1];
    if (values[layer] == before) continue;
    outline.emplace_back(layer - 0.5, before);
    outline.emplace_back(layer - 0.5, values[layer]);
  }
  outline.emplace_back(layers - 1, values.back());
  return outline;
}

/// Control points inside the layers and the two ends: enough for straight pieces.
std::vector<QPointF> linearOutline(const LayerCurve& curve, int layers) {
  const std::vector<double> values = evaluateCurve(curve, layers);
  std::vector<QPointF> outline{{0, values.front()}};
  for (const CurvePoint& point : curve.points)
    if (point.layer > 0 && point.layer < layers - 1) outline.emplace_back(point.layer, point.value);
  outline.emplace_back(layers - 1, values.back());
  return outline;
}

}  // namespace

double ChartGeometry::pitch() const {
  return layers > 0 ? plot.width() / layers : 0;
}

double ChartGeometry::layerToX(double layer) const {
  return plot.left() + (layer + 0.5) * pitch();
}

double ChartGeometry::xToLayer(double x) const {
  return pitch() > 0 ? (x - plot.left()) / pitch() - 0.5 : 0;
}

double ChartGeometry::valueToY(double value) const {
  const double top = plot.top() + kPlotPadTop;
  const double bottom = plot.bottom() - kPlotPadBottom;
  return bottom - (value - low) / (high - low) * (bottom - top);
}

double ChartGeometry::yToValue(double y) const {
  const double top = plot.top() + kPlotPadTop;
  const double bottom = plot.bottom() - kPlotPadBottom;
  return low + (bottom - y) / (bottom - top) * (high - low);
}

int ChartGeometry::nearestLayer(double x) const {
  return std::clamp(static_cast<int>(std::lround(xToLayer(x))), 0, std::max(0, layers - 1));
}

int ChartGeometry::cellAt(QPointF point) const {
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i].contains(point)) return static_cast<int>(i);
  return -1;
}

ChartGeometry layOutChart(QSizeF size, const ChartData& data, ValueRange range, const ChartMargins& margins) {
  const auto after = static_cast<std::size_t>(std::ranges::count_if(data.cells, &ChartCell::afterLayers));
  const double left = margins.left + widthOfCells(data.cells.size() - after);
  const double right = size.width() - margins.right - widthOfCells(after);
  ChartGeometry geometry;
  geometry.layers = data.layers;
  geometry.low = range.low;
  geometry.high = range.high;
  // Whole pixels: Qt Charts clips the series at the plot area, and half a pixel would blur the edges of cells and grid.
  geometry.plot = QRectF(QPointF(std::round(left), std::round(margins.top)),
                         QPointF(std::round(std::max(left + 10, right)),
                                 std::round(std::max(margins.top + 40, size.height() - margins.bottom))));
  if (margins.lane > 0) {
    geometry.lane = QRectF(geometry.plot.left(), std::round(size.height() - margins.lane), geometry.plot.width(), kLaneHeight);
  }
  placeCells(geometry, data, margins.left);
  return geometry;
}

ValueRange valueRangeOf(const ChartData& data) {
  ValueRange range;
  for (const ChartTrack& track : data.tracks) {
    // No shape leaves the range of its points, so the points tell the curve's range.
    for (const CurvePoint& point : track.curve.points) widen(range, point.value);
    for (const std::optional<double>& value : track.cellValues)
      if (value) widen(range, *value);
  }
  return range;
}

int layerFigureStep(double pitch, double figureWidth) {
  constexpr double kGap = 6;
  int step = 1;
  while (step * pitch < figureWidth + kGap && step < 1 << 20) step *= 2;
  return step;
}

std::vector<int> layerFigures(int layers, double pitch, double figureWidth) {
  std::vector<int> figures;
  if (layers <= 0 || pitch <= 0) return figures;
  const int step = layerFigureStep(pitch, figureWidth);
  const int last = layers - 1;
  for (int layer = 0; layer <= last - step; layer += step) figures.push_back(layer);
  if (figures.empty() && last > 0) figures.push_back(0);
  figures.push_back(last);
  return figures;
}

double niceCeiling(double value) {
  if (!(value > 0) || !std::isfinite(value)) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double nice : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
    if (nice * power >= value * (1 - kUntouched)) return nice * power;
  return 10 * power;
}

std::optional<HitCandidate> hitHandle(std::span<const HitCandidate> candidates, QPointF at, int activeTrack) {
  std::optional<HitCandidate> best;
  double bestDistance = 0;
  for (const HitCandidate& candidate : candidates) {
    const double away = distance(candidate.centre, at);
    if (away > kHitRadius) continue;
    const bool active = candidate.track == activeTrack;
    const bool bestActive = best && best->track == activeTrack;
    if (best && (bestActive != active ? bestActive : bestDistance <= away)) continue;
    best = candidate;
    bestDistance = away;
  }
  return best;
}

std::vector<double> dodgeShifts(std::span<const double> ys, double spread, double near) {
  std::vector<double> shifts(ys.size(), 0);
  std::vector<std::size_t> order(ys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&ys](std::size_t i) { return ys[i]; });
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && ys[order[to]] - ys[order[to - 1]] < near) ++to;
    // Within a group the order of arrival decides, so that dragging past a neighbour does not swap sides.
    std::sort(order.begin() + static_cast<long>(from), order.begin() + static_cast<long>(to));
    for (std::size_t i = from; i < to; ++i)
      shifts[order[i]] = (static_cast<double>(i - from) - static_cast<double>(to - from - 1) / 2) * spread;
    from = to;
  }
  return shifts;
}

Snapped snapValue(const ChartGeometry& geometry, double y, const SnapRules& rules) {
  const double value = geometry.yToValue(y);
  if (!rules.enabled) return {std::round(value * 1000) / 1000, false};
  for (const double magnet : rules.magnets)
    if (std::abs(geometry.valueToY(magnet) - y) <= rules.magnetPixels) return {magnet, true};
  // Division by the whole number of steps gives 0.15, where multiplication by 0.05 gives 0.15000000000000002.
  const double perUnit = std::round(1 / rules.grid);
  return {std::round(value * perUnit) / perUnit, true};
}

QPointF DragTrack::moveTo(QPointF to, bool fine, bool lockAxis) {
  virtualAt += (to - last) * (fine ? kFineFactor : 1.0);
  last = to;
  const QPointF away = virtualAt - press;
  if (!lockAxis) {
    lock = Lock::None;
  } else if (lock == Lock::None && std::max(std::abs(away.x()), std::abs(away.y())) > kAxisLockPixels) {
    lock = std::abs(away.x()) > std::abs(away.y()) ? Lock::Horizontal : Lock::Vertical;
  }
  if (lock == Lock::Horizontal) return {virtualAt.x(), press.y()};
  if (lock == Lock::Vertical) return {press.x(), virtualAt.y()};
  return virtualAt;
}

std::vector<double> evaluateBetween(const LayerCurve& curve, int layers, int perLayer) {
  std::vector<double> values(static_cast<std::size_t>((layers - 1) * perLayer + 1));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = curveValueAt(curve, static_cast<double>(i) / perLayer);
  return values;
}

std::vector<QPointF> curveOutline(const LayerCurve& curve, int layers, double pitch) {
  if (layers <= 0) return {};
  if (curve.shape == CurveShape::Step) return stepOutline(curve, layers);
  if (curve.shape == CurveShape::Linear || curve.points.size() < 2) return linearOutline(curve, layers);
  const int perLayer = std::clamp(static_cast<int>(std::ceil(pitch / kSamplePixels)), 1, kMostSamples);
  const std::vector<double> values = evaluateBetween(curve, layers, perLayer);
  std::vector<QPointF> outline;
  outline.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) outline.emplace_back(static_cast<double>(i) / perLayer, values[i]);
  return outline;
}

double outlineAt(std::span<const QPointF> outline, double x) {
  const auto after = std::ranges::upper_bound(outline, x, {}, &QPointF::x);
  if (after == outline.begin()) return outline.front().y();
  if (after == outline.end()) return outline.back().y();
  const QPointF a = *(after - 1);
  const QPointF b = *after;
  return b.x() > a.x() ? a.y() + (b.y() - a.y()) * (x - a.x()) / (b.x() - a.x()) : b.y();
}

}  // namespace layerloom
