// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/chart_painting.h"

#include <algorithm>
#include <cmath>

#include "ui/curves/chart_axes.h"
#include "ui/curves/chart_handles.h"
#include "ui/curves/preview_lane.h"
#include "ui/curves/read_out.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kGhostOpacity = 0.45;
constexpr double kLabelGap = 8;

QPolygonF inPixels(const ChartGeometry& geometry, const std::vector<QPointF>& outline) {
  QPolygonF line;
  line.reserve(static_cast<qsizetype>(outline.size()));
  for (const QPointF point : outline) line << QPointF(geometry.layerToX(point.x()), geometry.valueToY(point.y()));
  return line;
}

/// Segments, not a polyline: a wide polyline goes through the path stroker, which takes several times as long. A dash
/// must run on from segment to segment and has no choice.
void paintCurveInHand(QPainter& painter, const ChartState& state) {
  if (!state.gesture || !state.gesture->drawsCurve) return;
  const int track = state.gesture->track;
  const QPolygonF line = inPixels(state.geometry, state.outlines[static_cast<std::size_t>(track)]);
  const QPen pen = modelPen(state.trackAt(track).colourIndex, 2.5);
  QColor casing = currentTheme().base;
  casing.setAlphaF(0.85F);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(casing, 5.1, Qt::SolidLine, Qt::FlatCap));
  for (qsizetype i = 1; i < line.size(); ++i) painter.drawLine(line[i - 1], line[i]);
  painter.setPen(pen.style() == Qt::SolidLine ? QPen(pen.color(), 2.5, Qt::SolidLine, Qt::RoundCap) : pen);
  if (pen.style() != Qt::SolidLine) return painter.drawPolyline(line);
  for (qsizetype i = 1; i < line.size(); ++i) painter.drawLine(line[i - 1], line[i]);
}

void paintGhost(QPainter& painter, const ChartState& state) {
  if (!state.gesture || state.gesture->ghost.empty()) return;
  painter.save();
  painter.setOpacity(kGhostOpacity);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(modelPen(state.trackAt(state.gesture->track).colourIndex, 1.5));
  painter.drawPolyline(inPixels(state.geometry, state.gesture->ghost));
  painter.restore();
}

// ---- labels

struct Label {
  QString text;
  QRectF rect;
};

/// The highest point of the curve under x0 … x1, in pixels.
double highestUnder(const ChartState& state, int track, double x0, double x1) {
  const auto& outline = state.outlines[static_cast<std::size_t>(track)];
  const ChartGeometry& g = state.geometry;
  double y = std::min(g.valueToY(outlineAt(outline, g.xToLayer(x0))), g.valueToY(outlineAt(outline, g.xToLayer(x1))));
  for (const QPointF point : outline)
    if (const double x = g.layerToX(point.x()); x >= x0 && x <= x1) y = std::min(y, g.valueToY(point.y()));
  return y;
}

/// From the lowest up each label makes room for the one below; what would leave the plot at the top is then pushed
/// down.
void spreadLabels(std::vector<Label>& labels, double top) {
  std::ranges::stable_sort(labels, {}, [](const Label& label) { return -label.rect.bottom(); });
  for (std::size_t i = 1; i < labels.size(); ++i) {
    const double limit = labels[i - 1].rect.top() - 1;
    if (labels[i].rect.bottom() > limit) labels[i].rect.moveBottom(limit);
  }
  double edge = top;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    if (label->rect.top() < edge) label->rect.moveTop(edge);
    edge = label->rect.bottom() + 1;
  }
}

std::vector<Label> curveLabels(const ChartState& state, const QFont& font) {
  std::vector<Label> labels;
  const QFontMetricsF metrics(font);
  const double longest = state.geometry.plot.width() / 4;
  const double right = state.geometry.layerToX(state.geometry.layers - 1) + kSelectedHandle / 2;
  for (const int track : paintingOrder(state)) {
    const QString text = metrics.elidedText(state.trackAt(track).name, Qt::ElideMiddle, longest);
    const double width = metrics.horizontalAdvance(text);
    const double bottom = highestUnder(state, track, right - width, right) - kLabelGap;
    labels.push_back({text, QRectF(right - width, bottom - metrics.height(), width, metrics.height())});
  }
  spreadLabels(labels, state.geometry.plot.top());
  return labels;
}

void paintLabels(QPainter& painter, const std::vector<Label>& labels, const QFont& font) {
  const double ascent = QFontMetricsF(font).ascent();
  painter.setFont(font);
  for (const Label& label : labels)
    paintRimmedText(painter, QPointF(label.rect.left(), label.rect.top() + ascent), label.text, currentTheme().text2);
}

// ---- pointer

void paintDeleteMark(QPainter& painter, QPointF centre) {
  painter.setPen(QPen(currentTheme().error, 2.5, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(centre - QPointF(6, 6), centre + QPointF(6, 6));
  painter.drawLine(centre - QPointF(6, -6), centre + QPointF(6, -6));
}

void paintCrosshair(QPainter& painter, const ChartState& state) {
  const int layer = state.crosshairLayer();
  if (layer < 0) return;
  const ChartGeometry& g = state.geometry;
  const Theme& t = currentTheme();
  const double x = std::floor(g.layerToX(layer)) + 0.5;
  painter.setPen(QPen(t.axis, 1));
  painter.drawLine(QPointF(x, g.plot.top()), QPointF(x, g.plot.bottom() + 4));
  if (!g.lane.isEmpty()) painter.drawLine(QPointF(x, g.lane.top()), QPointF(x, g.lane.bottom()));
  if (!state.gesture || !state.gesture->value) return;
  const bool snapped = state.gesture->snapped;
  const double y = std::floor(g.valueToY(*state.gesture->value)) + 0.5;
  painter.setPen(snapped ? QPen(t.accent, 1.5) : QPen(t.axis, 1));
  painter.drawLine(QPointF(g.plot.left(), y), QPointF(g.plot.right(), y));
}

void paintValueTab(QPainter& painter, const ChartState& state) {
  if (!state.gesture || !state.gesture->value) return;
  const Theme& t = currentTheme();
  QFont font = smallFont();
  font.setBold(true);
  const QFontMetricsF metrics(font);
  const QString text = valueText(*state.gesture->value);
  const double icon = state.gesture->snapped ? 14 : 0;
  const double width = figuresWidth(metrics, text) + icon + 8;
  const double height = metrics.height() + 6;
  const double y = state.geometry.valueToY(*state.gesture->value);
  QRectF tab(48 - width, y - height / 2, width, height);
  if (tab.left() < 1) tab.moveLeft(1);  // rather over the first cell than cut off
  painter.setPen(QPen(t.accent, 1.5));
  painter.setBrush(t.raised);
  painter.drawRoundedRect(tab, 4, 4);
  if (icon > 0)
    themedIcon(QStringLiteral("magnet"), IconTone::Accent)
        .paint(&painter, QRect(qRound(tab.left() + 3), qRound(y - 6), 12, 12));
  painter.setFont(font);
  painter.setPen(t.text);
  paintFigures(painter, QPointF(tab.right() - 4, y + metrics.capHeight() / 2), text);
}

void paintGestureMarks(QPainter& painter, const ChartState& state) {
  const Theme& t = currentTheme();
  if (state.brushRadius > 0 && state.pointer) {
    painter.setPen(QPen(t.accent, 1, Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(*state.pointer, state.brushRadius, state.brushRadius);
  }
  if (!state.gesture) return;
  if (state.gesture->line) {
    painter.setPen(QPen(t.accent, 1.5, Qt::DashLine));
    painter.drawLine(*state.gesture->line);
  }
  if (!state.gesture->rubberBand.isEmpty()) {
    QColor fill = t.accent;
    fill.setAlphaF(0.12F);
    painter.setPen(QPen(t.accent, 1));
    painter.setBrush(fill);
    painter.drawRect(state.gesture->rubberBand.adjusted(0.5, 0.5, -0.5, -0.5));
  }
  if (!state.gesture->willDelete || !state.pointer) return;
  // The pointer is outside; the mark stays where it left the plot.
  const QRectF& plot = state.geometry.plot;
  paintDeleteMark(painter, {std::clamp(state.pointer->x(), plot.left(), plot.right()),
                            std::clamp(state.pointer->y(), plot.top() + 10, plot.bottom() - 10)});
}

}  // namespace

QString valueText(double value) {
  const bool fine = std::abs(value * 100 - std::round(value * 100)) > 1e-6;
  return QLocale().toString(value, 'f', fine ? 3 : 2);
}

ChartMargins chartMargins(bool withCells, bool withLane) {
  ChartMargins margins;
  const double line = QFontMetricsF(smallFont()).height();
  margins.bottom = std::max(22.0, line + 10) + (withCells ? kLinkIcon + 2 : 0);
  margins.lane = withLane ? kLaneHeight + 6 : 0;
  margins.bottom += withLane ? margins.lane + 4 : 0;
  return margins;
}

void paintChartFrame(QPainter& painter, const ChartState& state) {
  painter.setRenderHint(QPainter::Antialiasing);
  paintBarScale(painter, state);
  paintCells(painter, state);
  paintGhost(painter, state);
  paintHandles(painter, state, false);
}

void paintChartPointer(QPainter& painter, const ChartState& state) {
  painter.setRenderHint(QPainter::Antialiasing);
  QFont labelFont = smallFont();
  labelFont.setWeight(QFont::DemiBold);
  const std::vector<Label> labels = curveLabels(state, labelFont);
  paintValueFigures(painter, state);
  paintLayerFigures(painter, state);
  paintPreviewLane(painter, state);
  paintCrosshair(painter, state);
  paintLaneTitle(painter, state);
  paintCurveInHand(painter, state);
  paintHandles(painter, state, true);
  paintLabels(painter, labels, labelFont);
  paintValueTab(painter, state);
  paintGestureMarks(painter, state);
  if (!state.pointer || state.hoveredLayer < 0) return;
  std::vector<QRectF> keepFree;
  for (const Label& label : labels) keepFree.push_back(label.rect);
  paintReadOut(painter, state, keepFree);
}

void paintEmptyChart(QPainter& painter, const QRectF& area, const QString& sentence) {
  constexpr int kDrawing = 48;
  constexpr double kSentence = 420;  // wider than that, lines are hard to read
  const QPointF middle = area.center();
  themedIcon(QStringLiteral("curve"), IconTone::Quiet)
      .paint(&painter, QRect(qRound(middle.x()) - kDrawing / 2, qRound(middle.y()) - kDrawing, kDrawing, kDrawing));
  painter.setFont(bodyFont());
  painter.setPen(currentTheme().text2);
  const double width = std::min(area.width() - 32, kSentence);
  const QRectF text(middle.x() - width / 2, middle.y() + 12, width, area.height() / 2 - 12);
  painter.drawText(text, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, sentence);
}

}  // namespace layerloom