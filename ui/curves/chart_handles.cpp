// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/chart_handles.h"

#include <algorithm>

#include <QPainterPath>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kDodge = 9;
constexpr double kOtherHandle = 7;
constexpr double kActiveHandle = 9;
constexpr double kHalo = 24;
constexpr double kRing = 1.5;
constexpr double kSelectedRing = 2;
constexpr std::size_t kManyHandles = 150;

bool isSelected(const ChartState& state, int point) {
  return std::ranges::binary_search(state.selection, point);
}

void paintHatch(QPainter& painter, const QRectF& rect) {
  const Theme& t = currentTheme();
  painter.save();
  QPainterPath clip;
  clip.addRoundedRect(rect, 4, 4);
  painter.setClipPath(clip);
  painter.fillRect(rect, t.panel);
  painter.setPen(QPen(t.border, 1));
  for (double x = rect.left() - rect.height(); x < rect.right(); x += 6)
    painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
  painter.restore();
}

void paintTiedText(QPainter& painter, const ChartState& state, const QRectF& rect) {
  const auto source = std::ranges::find(state.data.cells, false, &ChartCell::tied);
  const QString text =
      source == state.data.cells.end() ? ChartText::tr("tied") : ChartText::tr("tied to %1").arg(source->caption);
  const QFontMetricsF metrics(smallFont());
  const double width = metrics.horizontalAdvance(text);
  painter.save();
  painter.setFont(smallFont());
  painter.translate(rect.center());
  painter.rotate(-90);
  painter.fillRect(QRectF(-width / 2 - 4, -metrics.height() / 2, width + 8, metrics.height()), currentTheme().panel);
  painter.setPen(currentTheme().text2);
  painter.drawText(QPointF(-width / 2, metrics.capHeight() / 2), text);
  painter.restore();
}

bool anyOwnValue(const ChartState& state, int cell) {
  return std::ranges::any_of(state.data.tracks, [cell](const ChartTrack& track) {
    return track.visible && cell < static_cast<int>(track.cellValues.size()) &&
           track.cellValues[static_cast<std::size_t>(cell)].has_value();
  });
}

void paintCell(QPainter& painter, const ChartState& state, int cell) {
  const Theme& t = currentTheme();
  const ChartCell& what = state.data.cells[static_cast<std::size_t>(cell)];
  const QRectF rect = state.geometry.cells[static_cast<std::size_t>(cell)];
  if (what.tied) paintHatch(painter, rect);
  painter.setPen(QPen(t.gridStrong, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  if (what.tied) paintTiedText(painter, state, rect);
  painter.setFont(smallFont());
  painter.setPen(t.text2);
  const QFontMetricsF metrics(painter.font());
  const QRectF caption(rect.left() - 3, rect.bottom() + 6, rect.width() + 6, metrics.height());
  painter.drawText(caption, Qt::AlignHCenter | Qt::AlignTop | Qt::TextDontClip, what.caption);
  if (what.tied) return;
  const QString icon = anyOwnValue(state, cell) ? QStringLiteral("unlink") : QStringLiteral("link");
  themedIcon(icon).paint(&painter, linkRect(state, cell).toRect());
}

std::vector<HitCandidate> cellHandles(const ChartState& state, int cell) {
  std::vector<HitCandidate> handles;
  if (state.data.cells[static_cast<std::size_t>(cell)].tied) return handles;
  std::vector<double> ys;
  for (int track = 0; track < state.trackCount(); ++track) {
    if (!state.trackAt(track).visible) continue;
    ys.push_back(state.geometry.valueToY(cellValueOf(state, track, cell)));
    handles.push_back({{}, track, cell, true});
  }
  const QRectF rect = state.geometry.cells[static_cast<std::size_t>(cell)];
  const double room = rect.width() - kActiveHandle;
  const double spread = ys.size() > 1 ? std::min(kDodge, room / static_cast<double>(ys.size() - 1)) : 0;
  const std::vector<double> shifts = dodgeShifts(ys, spread, kDodge + 2);
  for (std::size_t i = 0; i < handles.size(); ++i) handles[i].centre = {rect.center().x() + shifts[i], ys[i]};
  return handles;
}

bool hasOwnCellValue(const ChartState& state, const HitCandidate& handle) {
  const auto& own = state.trackAt(handle.track).cellValues;
  return handle.point < static_cast<int>(own.size()) && own[static_cast<std::size_t>(handle.point)].has_value();
}

struct HandleStyle {
  double size = kOtherHandle;
  double ring = kRing;
  bool filled = true;
  bool selected = false;
};

HandleStyle handleStyle(const ChartState& state, const HitCandidate& handle) {
  HandleStyle style;
  const bool active = handle.track == state.data.activeTrack;
  if (active) style.size = kActiveHandle;
  style.filled = !handle.cell || hasOwnCellValue(state, handle);
  style.selected = active && (handle.cell ? state.selectedCell == handle.point
                                          : state.selectedCell < 0 && isSelected(state, handle.point));
  if (style.selected) style.size = kSelectedHandle, style.ring = kSelectedRing;
  return style;
}

void paintHalo(QPainter& painter, const ChartState& state, const HitCandidate& handle) {
  QColor colour = modelColour(state.trackAt(handle.track).colourIndex);
  colour.setAlphaF(0.25F);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(handle.centre, kHalo / 2, kHalo / 2);
  if (!state.focusRing) return;
  painter.setPen(QPen(currentTheme().focus, 2));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(handle.centre, kHalo / 2, kHalo / 2);
}

/// Pixels between the closest two points of a curve.
double closestPoints(const ChartState& state, int track) {
  const auto& points = state.trackAt(track).curve.points;
  int closest = state.geometry.layers;
  for (std::size_t i = 1; i < points.size(); ++i) closest = std::min(closest, points[i].layer - points[i - 1].layer);
  return closest * state.geometry.pitch();
}

void paintHandle(QPainter& painter, const ChartState& state, const HitCandidate& handle, double most, bool stamp) {
  HandleStyle style = handleStyle(state, handle);
  const int colour = state.trackAt(handle.track).colourIndex;
  if (!style.selected && !handle.cell) style.size = std::min(style.size, most);
  if (style.selected) paintHalo(painter, state, handle);
  const double ring = style.size < kOtherHandle ? 1 : style.ring;
  if (stamp && !style.selected) {
    stampMarker(painter, handle.centre, style.size, colour, style.filled, ring);
  } else {
    paintMarker(painter, handle.centre, style.size, colour, style.filled, ring);
  }
}

}  // namespace

std::vector<int> paintingOrder(const ChartState& state) {
  std::vector<int> order;
  for (int track = 0; track < state.trackCount(); ++track)
    if (state.trackAt(track).visible && track != state.data.activeTrack) order.push_back(track);
  const int active = state.data.activeTrack;
  if (active >= 0 && active < state.trackCount() && state.trackAt(active).visible) order.push_back(active);
  return order;
}

double cellValueOf(const ChartState& state, int track, int cell) {
  const auto& own = state.trackAt(track).cellValues;
  const auto index = static_cast<std::size_t>(cell);
  if (index < own.size() && own[index]) return *own[index];
  return state.values[static_cast<std::size_t>(track)].front();
}

QRectF linkRect(const ChartState& state, int cell) {
  const auto index = static_cast<std::size_t>(cell);
  if (state.data.cells[index].tied) return {};
  const QRectF rect = state.geometry.cells[index];
  const double y = rect.bottom() + 8 + QFontMetricsF(smallFont()).height();
  return {rect.center().x() - kLinkIcon / 2, y, kLinkIcon, kLinkIcon};
}

std::vector<HitCandidate> handlesOf(const ChartState& state) {
  std::vector<HitCandidate> handles;
  if (state.data.layers <= 0) return handles;
  std::vector<std::vector<HitCandidate>> cells;
  for (int cell = 0; cell < static_cast<int>(state.data.cells.size()); ++cell)
    cells.push_back(cellHandles(state, cell));
  for (const int track : paintingOrder(state)) {
    const auto& points = state.trackAt(track).curve.points;
    for (std::size_t i = 0; i < points.size() && points[i].layer < state.data.layers; ++i)
      handles.push_back({{state.geometry.layerToX(points[i].layer), state.geometry.valueToY(points[i].value)},
                         track,
                         static_cast<int>(i),
                         false});
    for (const auto& cell : cells)
      std::ranges::copy_if(cell, std::back_inserter(handles), [track](const auto& h) { return h.track == track; });
  }
  return handles;
}

void paintCells(QPainter& painter, const ChartState& state) {
  for (int cell = 0; cell < static_cast<int>(state.data.cells.size()); ++cell) paintCell(painter, state, cell);
}

void paintHandles(QPainter& painter, const ChartState& state, bool ofActive) {
  const std::vector<HitCandidate> handles = handlesOf(state);
  const bool many = handles.size() > kManyHandles;
  int track = -1;
  double room = 0;
  for (const HitCandidate& handle : handles) {
    const bool moving = handle.cell || handle.track == state.data.activeTrack;
    if (moving != ofActive) continue;
    if (handle.track != track) track = handle.track, room = closestPoints(state, track);
    if (!ofActive && room < kOtherHandle + 1) continue;
    paintHandle(painter, state, handle, std::max(4.0, room), many);
  }
}

}  // namespace layerloom
