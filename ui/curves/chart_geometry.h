// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include "ui/curves/chart_data.h"

namespace layerloom {

/// Where everything of the chart stands: a value without a widget. Lengths are logical pixels. Layer n is centred on
/// layerToX(n); the plot reaches half a pitch past the first and the last layer, and a few pixels past the least and
/// greatest value so that a line on the edge is not cut in half.
struct ChartGeometry {
  int layers = 0;
  double low = 0;  ///< values at the lower and upper end of the scale
  double high = 1;
  QRectF plot;                ///< the area of the layers, what Qt Charts calls plot area
  std::vector<QRectF> cells;  ///< one per ChartData::cells, in that order
  QRectF lane;                ///< of the preview, below the layers' figures; empty: there is none

  double pitch() const;
  double layerToX(double layer) const;
  double xToLayer(double x) const;  ///< not rounded, not clamped
  double valueToY(double value) const;
  double yToValue(double y) const;  ///< not clamped
  /// The layer under x, clamped to 0 … layers − 1.
  int nearestLayer(double x) const;
  /// The cell under the point, -1 when none.
  int cellAt(QPointF point) const;

  bool operator==(const ChartGeometry&) const = default;
};

/// Space round the plot. Heights come from the font, hence no constants.
struct ChartMargins {
  double left = 52;
  double top = 12;
  double right = 12;
  double bottom = 22;
  double lane = 0;  ///< height of the preview's lane with the space below it; part of `bottom`
};

/// The preview's lane, without the space below it.
inline constexpr double kLaneHeight = 44;
/// A chart that is lower has none.
inline constexpr double kLeastHeightWithLane = 260;

/// Pixels of the plot above the greatest and below the least value.
inline constexpr double kPlotPadTop = 8;
inline constexpr double kPlotPadBottom = 4;

struct ValueRange {
  double low = 0;
  double high = 1;
  bool operator==(const ValueRange&) const = default;
};

ChartGeometry layOutChart(QSizeF size, const ChartData& data, ValueRange range, const ChartMargins& margins);

/// 0 … 1, widened by steps of 0.25 until every point, cell value and visible curve is inside.
ValueRange valueRangeOf(const ChartData& data);

/// Every 1st, 2nd, 4th, 8th … layer such that figures `figureWidth` wide stay apart at this pitch.
int layerFigureStep(double pitch, double figureWidth);

/// The layers that get a figure: the multiples of the step, the first and the last; a multiple too near the last gives
/// way.
std::vector<int> layerFigures(int layers, double pitch, double figureWidth);

/// The least "nice" number (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × a power of ten) ≥ value; 1 when value is not positive.
double niceCeiling(double value);

// ---- hitting

struct HitCandidate {
  QPointF centre;
  int track = 0;
  int point = 0;  ///< index of the control point or, for a cell's handle, of the cell
  bool cell = false;
};

inline constexpr double kHitRadius = 12;

/// The candidate a press at `at` means: among those within kHitRadius the active track's, then the nearest.
std::optional<HitCandidate> hitHandle(std::span<const HitCandidate> candidates, QPointF at, int activeTrack);

/// Shifts that keep handles at equal heights apart: `spread` pixels between neighbours, centred on 0. ys[i] belongs to
/// shift i.
std::vector<double> dodgeShifts(std::span<const double> ys, double spread, double near);

// ---- snapping and dragging

struct SnapRules {
  bool enabled = true;
  double grid = 0.05;
  double magnetPixels = 5;
  std::vector<double> magnets{0, 1};
};

struct Snapped {
  double value = 0;
  bool snapped = false;
};

/// The value meant by y: a magnet within reach, else the nearest grid line; without snapping, rounded to a thousandth.
Snapped snapValue(const ChartGeometry& geometry, double y, const SnapRules& rules);

/// How a drag turns pointer moves into the place that is meant.
struct DragTrack {
  QPointF press;
  QPointF last;       ///< the pointer's real place
  QPointF virtualAt;  ///< the place that is meant, without axis lock
  enum class Lock { None, Horizontal, Vertical } lock = Lock::None;

  explicit DragTrack(QPointF at = {}) : press(at), last(at), virtualAt(at) {}

  /// Takes the pointer's new place. `fine` counts the move a tenth; the pointer itself is never moved. `lockAxis` binds
  /// to the axis that was dragged along first once 4 px are passed, and releases when it is let go. Returns the place
  /// that is meant.
  QPointF moveTo(QPointF to, bool fine, bool lockAxis);
};

inline constexpr double kFineFactor = 0.1;
inline constexpr double kAxisLockPixels = 4;
inline constexpr double kDeleteMargin = 40;

// ---- curves in pixels

/// The curve's values between the layers: entry i belongs to layer i / perLayer. At whole layers it is
/// evaluateCurve()'s value.
std::vector<double> evaluateBetween(const LayerCurve& curve, int layers, int perLayer);

/// The curve as points (layer, value): a Step curve changes half way between two layers, at the border of their
/// columns; the others are sampled only as densely as `pitch` pixels per layer need.
std::vector<QPointF> curveOutline(const LayerCurve& curve, int layers, double pitch);

/// Height of the outline at x, in the outline's own coordinates; it must not be empty.
double outlineAt(std::span<const QPointF> outline, double x);

}  // namespace layerloom
