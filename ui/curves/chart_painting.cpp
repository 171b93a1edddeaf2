// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/chart_painting.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainterPath>

#include "ui/curves/preview_lane.h"
#include "ui/curves/read_out.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kDodge = 9;
constexpr double kOtherHandle = 7;
constexpr double kActiveHandle = 9;
constexpr double kSelectedHandle = 12;
constexpr double kHalo = 24;
constexpr double kRing = 1.5;
constexpr double kSelectedRing = 2;
constexpr double kGhostOpacity = 0.45;
constexpr double kLabelGap = 8;
constexpr std::size_t kManyHandles = 150;
constexpr double kLinkIcon = 12;

/// Context of the texts: a free function has none of its own.
struct ChartText {
  Q_DECLARE_TR_FUNCTIONS(layerloom::CurveView)
};

const ChartTrack& trackAt(const ChartState& state, int track) {
  return state.data.tracks[static_cast<std::size_t>(track)];
}

int trackCount(const ChartState& state) {
  return static_cast<int>(state.data.tracks.size());
}

bool isSelected(const ChartState& state, int point) {
  return std::ranges::binary_search(state.selection, point);
}

QPolygonF inPixels(const ChartGeometry& geometry, const std::vector<QPointF>& outline) {
  QPolygonF line;
  line.reserve(static_cast<qsizetype>(outline.size()));
  for (const QPointF point : outline) line << QPointF(geometry.layerToX(point.x()), geometry.valueToY(point.y()));
  return line;
}

/// Tracks in painting order: the active one last.
std::vector<int> paintingOrder(const ChartState& state) {
  std::vector<int> order;
  for (int track = 0; track < trackCount(state); ++track)
    if (trackAt(state, track).visible && track != state.data.activeTrack) order.push_back(track);
  const int active = state.data.activeTrack;
  if (active >= 0 && active < trackCount(state) && trackAt(state, active).visible) order.push_back(active);
  return order;
}

// ---- axes

/// Text with a rim of base, so that it can be read on curves and bars. Drawn from shifted copies: glyphs are cached,
/// the outline of a text path would be stroked anew each time.
void paintRimmedText(QPainter& painter, QPointF baseline, const QString& text, const QColor& colour) {
  painter.setPen(currentTheme().base);
  for (const QPointF shift : {QPointF(-1.5, 0), QPointF(1.5, 0), QPointF(0, -1.5), QPointF(0, 1.5), QPointF(-1, -1),
                              QPointF(1, -1), QPointF(-1, 1), QPointF(1, 1)})
    painter.drawText(baseline + shift, text);
  painter.setPen(colour);
  painter.drawText(baseline, text);
}

double valueFigureStep(const ChartGeometry& geometry, double lineHeight) {
  double step = 0.25;
  while (geometry.valueToY(0) - geometry.valueToY(step) < lineHeight * 1.4 && step < 1e6) step *= 2;
  return step;
}

void paintValueFigures(QPainter& painter, const ChartState& state) {
  const ChartGeometry& g = state.geometry;
  painter.setFont(smallFont());
  painter.setPen(currentTheme().text3);
  const QFontMetricsF metrics(painter.font());
  const double step = valueFigureStep(g, metrics.height());
  const double tab = state.gesture && state.gesture->value ? g.valueToY(*state.gesture->value) : -1000;
  for (double value = std::ceil(g.low / step) * step; value <= g.high + step / 100; value += step) {
    const double y = g.valueToY(value);
    if (std::abs(y - tab) < metrics.height() + 4) continue;  // the tab stands there
    paintFigures(painter, QPointF(44, y + metrics.capHeight() / 2), QLocale().toString(value, 'f', 2));
  }
}

void paintLayerFigures(QPainter& painter, const ChartState& state) {
  const ChartGeometry& g = state.geometry;
  const Theme& t = currentTheme();
  const QFontMetricsF metrics(smallFont());
  const double width = figuresWidth(metrics, QString::number(g.layers - 1));
  const double baseline = g.plot.bottom() + 6 + metrics.ascent();
  const int marked = state.crosshairLayer();
  const double hovered = marked >= 0 ? g.layerToX(marked) : -1000;
  painter.setFont(smallFont());
  painter.setPen(t.text3);
  for (const int layer : layerFigures(g.layers, g.pitch(), width)) {
    const QString figure = QString::number(layer);
    const double x = g.layerToX(layer);
    if (std::abs(x - hovered) < width + 12) continue;  // the chip stands there
    paintFigures(painter, QPointF(x + figuresWidth(metrics, figure) / 2, baseline), figure);
  }
  if (marked < 0) return;
  QFont strong = smallFont();
  strong.setBold(true);
  const QFontMetricsF strongMetrics(strong);
  const QString figure = QString::number(marked);
  const double chipWidth = std::max(20.0, figuresWidth(strongMetrics, figure) + 10);
  painter.setPen(Qt::NoPen);
  painter.setBrush(t.accentSoft);
  painter.drawRoundedRect(QRectF(hovered - chipWidth / 2, g.plot.bottom() + 4, chipWidth, strongMetrics.height() + 4),
                          4, 4);
  painter.setFont(strong);
  painter.setPen(t.onAccentSoft);
  paintFigures(painter, QPointF(hovered + figuresWidth(strongMetrics, figure) / 2, baseline), figure);
}

bool anyCurveIn(const ChartState& state, const QRectF& rect) {
  const ChartGeometry& g = state.geometry;
  return std::ranges::any_of(paintingOrder(state), [&](int track) {
    const auto& outline = state.outlines[static_cast<std::size_t>(track)];
    const auto isIn = [&](double x) {
      const double y = g.valueToY(outlineAt(outline, g.xToLayer(x)));
      return y >= rect.top() && y <= rect.bottom();
    };
    for (double x = rect.left(); x <= rect.right(); x += kDodge)
      if (isIn(x)) return true;
    return isIn(rect.right());
  });
}

void paintBarScale(QPainter& painter, const ChartState& state) {
  if (!state.barsShown || state.barMaximum <= 0) return;
  const ChartGeometry& g = state.geometry;
  const double y = std::round(g.valueToY(g.low + 0.38 * (g.high - g.low))) + 0.5;
  QPen pen(currentTheme().axis, 1, Qt::CustomDashLine);
  pen.setDashPattern({1, 3});
  painter.setPen(pen);
  painter.drawLine(QPointF(g.plot.left(), y), QPointF(g.plot.right(), y));
  painter.setFont(smallFont());
  const QString text = ChartText::tr("relative delta %1").arg(QLocale().toString(state.barMaximum, 'g', 3));
  // Above its line, or below where a curve would cross it.
  const QFontMetricsF metrics(painter.font());
  const QRectF above(g.plot.left() + 4, y - 4 - metrics.ascent(), metrics.horizontalAdvance(text), metrics.height());
  const double baseline = anyCurveIn(state, above) ? y + 3 + metrics.ascent() : y - 4;
  paintRimmedText(painter, QPointF(above.left(), baseline), text, currentTheme().text3);
}

// ---- cells

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
  for (int track = 0; track < trackCount(state); ++track) {
    if (!trackAt(state, track).visible) continue;
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

// ---- handles

bool hasOwnCellValue(const ChartState& state, const HitCandidate& handle) {
  const auto& own = trackAt(state, handle.track).cellValues;
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
  QColor colour = modelColour(trackAt(state, handle.track).colourIndex);
  colour.setAlphaF(0.25F);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(handle.centre, kHalo / 2, kHalo / 2);
  if (!state.focusRing) return;
  painter.setPen(QPen(currentTheme().focus, 2));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(handle.centre, kHalo / 2, kHalo / 2);
}

void paintDeleteMark(QPainter& painter, QPointF centre) {
  painter.setPen(QPen(currentTheme().error, 2.5, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(centre - QPointF(6, 6), centre + QPointF(6, 6));
  painter.drawLine(centre - QPointF(6, -6), centre + QPointF(6, -6));
}

/// Pixels between the closest two points of a curve.
double closestPoints(const ChartState& state, int track) {
  const auto& points = trackAt(state, track).curve.points;
  int closest = state.geometry.layers;
  for (std::size_t i = 1; i < points.size(); ++i) closest = std::min(closest, points[i].layer - points[i - 1].layer);
  return closest * state.geometry.pitch();
}

void paintHandle(QPainter& painter, const ChartState& state, const HitCandidate& handle, double most, bool stamp) {
  HandleStyle style = handleStyle(state, handle);
  const int colour = trackAt(state, handle.track).colourIndex;
  if (!style.selected && !handle.cell) style.size = std::min(style.size, most);
  if (style.selected) paintHalo(painter, state, handle);
  const double ring = style.size < kOtherHandle ? 1 : style.ring;
  if (stamp && !style.selected) {
    stampMarker(painter, handle.centre, style.size, colour, style.filled, ring);
  } else {
    paintMarker(painter, handle.centre, style.size, colour, style.filled, ring);
  }
}

/// Handles of the active curve and all cells, or of the other curves. Where points crowd, handles shrink, and those of
/// other curves give way to their lines.
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

/// Segments, not a polyline: a wide polyline goes through the path stroker, which takes several times as long. A dash
/// must run on from segment to segment and has no choice.
void paintCurveInHand(QPainter& painter, const ChartState& state) {
  if (!state.gesture || !state.gesture->drawsCurve) return;
  const int track = state.gesture->track;
  const QPolygonF line = inPixels(state.geometry, state.outlines[static_cast<std::size_t>(track)]);
  const QPen pen = modelPen(trackAt(state, track).colourIndex, 2.5);
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
  painter.setPen(modelPen(trackAt(state, state.gesture->track).colourIndex, 1.5));
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
    const QString text = metrics.elidedText(trackAt(state, track).name, Qt::ElideMiddle, longest);
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

double cellValueOf(const ChartState& state, int track, int cell) {
  const auto& own = trackAt(state, track).cellValues;
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

ChartMargins chartMargins(bool withCells, bool withLane) {
  ChartMargins margins;
  const double line = QFontMetricsF(smallFont()).height();
  margins.bottom = std::max(22.0, line + 10) + (withCells ? kLinkIcon + 2 : 0);
  margins.lane = withLane ? kLaneHeight + 6 : 0;
  margins.bottom += withLane ? margins.lane + 4 : 0;
  return margins;
}

std::vector<HitCandidate> handlesOf(const ChartState& state) {
  std::vector<HitCandidate> handles;
  if (state.data.layers <= 0) return handles;
  std::vector<std::vector<HitCandidate>> cells;
  for (int cell = 0; cell < static_cast<int>(state.data.cells.size()); ++cell)
    cells.push_back(cellHandles(state, cell));
  for (const int track : paintingOrder(state)) {
    const auto& points = trackAt(state, track).curve.points;
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

void paintChartFrame(QPainter& painter, const ChartState& state) {
  painter.setRenderHint(QPainter::Antialiasing);
  paintBarScale(painter, state);
  for (int cell = 0; cell < static_cast<int>(state.data.cells.size()); ++cell) paintCell(painter, state, cell);
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
