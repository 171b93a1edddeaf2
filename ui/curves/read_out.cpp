// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/read_out.h"

#include <algorithm>
#include <cmath>


#include "ui/theme/fonts.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kPadding = 10;
constexpr double kColumnGap = 10;
constexpr double kMarker = 9;
constexpr double kFromPointer = 16;
constexpr std::size_t kMostRows = 8;

struct Row {
  int colourIndex = 0;
  bool active = false;
  QString name, value, effective, remark;
};

struct ReadOut {
  QString title, group, more, note;
  std::vector<Row> rows;
};

struct Columns {
  double line = 0;
  double name = 0, value = 0, effective = 0, remark = 0;
  double width = 0, height = 0;
};

QString threeDecimals(double value) {
  return QLocale().toString(value, 'f', 3);
}

/// Relative delta, or while the track is dragged the value it had.
QString remarkOf(const ChartState& state, int track, std::size_t layer) {
  if (state.gesture && state.gesture->track == track && layer < state.gesture->oldValues.size())
    return ChartText::tr("from %1").arg(threeDecimals(state.gesture->oldValues[layer]));
  const auto& deltas = state.data.tracks[static_cast<std::size_t>(track)].relativeDelta;
  if (!state.barsShown || layer >= deltas.size() || !std::isfinite(deltas[layer])) return {};
  return ChartText::tr("Δ %1").arg(threeDecimals(deltas[layer]));
}

Row rowOf(const ChartState& state, int index) {
  const ChartTrack& track = state.data.tracks[static_cast<std::size_t>(index)];
  const auto layer = static_cast<std::size_t>(state.hoveredLayer);
  Row row;
  row.colourIndex = track.colourIndex;
  row.active = index == state.data.activeTrack;
  row.name = track.name;
  row.value = threeDecimals(state.values[static_cast<std::size_t>(index)][layer]);
  if (layer < track.effective.size() && std::isfinite(track.effective[layer]))
    row.effective = ChartText::tr("eff. %1").arg(threeDecimals(track.effective[layer]));
  row.remark = remarkOf(state, index, layer);
  return row;
}

ReadOut readOutOf(const ChartState& state) {
  ReadOut out;
  out.title = ChartText::tr("layer %1").arg(state.hoveredLayer);
  out.group = state.data.group;
  std::size_t visible = 0;
  for (int track = 0; track < static_cast<int>(state.data.tracks.size()); ++track) {
    if (!state.data.tracks[static_cast<std::size_t>(track)].visible) continue;
    // The active track always has its row, even past the eighth.
    if (++visible <= kMostRows) {
      out.rows.push_back(rowOf(state, track));
    } else if (track == state.data.activeTrack) {
      out.rows.back() = rowOf(state, track);
    }
  }
  if (visible > kMostRows) out.more = ChartText::tr("+ %n more", nullptr, static_cast<int>(visible - kMostRows));
  if (state.hoveredLayer < state.data.notes.size()) out.note = state.data.notes[state.hoveredLayer];
  if (state.gesture && state.gesture->willDelete) out.note = ChartText::tr("Release to delete");
  return out;
}

double widest(const ReadOut& out, QString Row::*field, const QFontMetricsF& metrics, double most) {
  double width = 0;
  for (const Row& row : out.rows) width = std::max(width, figuresWidth(metrics, row.*field));
  return std::min(width, most);
}

Columns measure(const ReadOut& out) {
  const QFontMetricsF bold(boldFont());
  const QFontMetricsF small(smallFont());
  Columns c;
  c.line = std::ceil(std::max(bold.height(), QFontMetricsF(bodyFont()).height())) + 4;
  // Rounded up: hinted glyphs may be wider than the sum of their advances, and a name must not be cut for that.
  for (const Row& row : out.rows) c.name = std::max(c.name, std::ceil(bold.horizontalAdvance(row.name)) + 1);
  c.name = std::min(c.name, 140.0);
  c.value = widest(out, &Row::value, bold, 200);
  c.effective = widest(out, &Row::effective, small, 200);
  c.remark = widest(out, &Row::remark, small, 200);
  c.width = kMarker + kColumnGap + c.name + kColumnGap + c.value;
  for (const double column : {c.effective, c.remark})
    if (column > 0) c.width += kColumnGap + column;
  const double title = bold.horizontalAdvance(out.title) + 16 + small.horizontalAdvance(out.group);
  c.width = std::max({c.width, title, small.horizontalAdvance(out.note)}) + 2 * kPadding;
  c.height = c.line * static_cast<double>(1 + out.rows.size()) + 2 * (kPadding - 2);
  if (!out.more.isEmpty()) c.height += c.line;
  if (!out.note.isEmpty()) c.height += c.line + 5;
  return c;
}

/// How much of what must stay visible the box would cover.
double cost(const ChartState& state, const QRectF& box, const std::vector<QRectF>& keepFree) {
  double sum = 0;
  for (const QRectF& rect : keepFree)
    if (box.intersects(rect)) sum += 40;
  const int active = state.data.activeTrack;
  if (active < 0 || active >= static_cast<int>(state.outlines.size())) return sum;
  const auto& outline = state.outlines[static_cast<std::size_t>(active)];
  const QRectF near = box.adjusted(-6, -6, 6, 6);
  for (double x = near.left(); x <= near.right(); x += 4) {
    const double layer = std::clamp(state.geometry.xToLayer(x), 0.0, state.geometry.layers - 1.0);
    const double y = state.geometry.valueToY(outlineAt(outline, layer));
    if (y >= near.top() && y <= near.bottom()) sum += 4;
  }
  return sum;
}

QRectF placeBox(const ChartState& state, QSizeF size, const std::vector<QRectF>& keepFree) {
  const QRectF& plot = state.geometry.plot;
  const QRectF room(QPointF(4, plot.top()), QPointF(plot.right() + 80, plot.bottom() - 4));
  const QPointF at = *state.pointer;
  QRectF best(room.topLeft(), size);
  double bestPrice = 1e9;
  for (const double x : {at.x() + kFromPointer, at.x() - kFromPointer - size.width()}) {
    if (x < room.left() || x + size.width() > room.right()) continue;
    for (double y = room.top(); y <= std::max(room.top(), room.bottom() - size.height()); y += 6) {
      const QRectF box(QPointF(std::round(x), std::round(y)), size);
      // Beside the pointer rather than far from it, the right side and below before the others when all is equal.
      const double gap =
          std::min(std::abs(box.top() - at.y() - kFromPointer), std::abs(at.y() - kFromPointer - box.bottom()));
      const double price = cost(state, box, keepFree) + gap / 5 + (x < at.x() ? 6 : 0) + (box.top() < at.y() ? 1 : 0);
      if (price < bestPrice) bestPrice = price, best = box;
    }
  }
  return best;
}

void paintBox(QPainter& painter, const QRectF& box) {
  const Theme& t = currentTheme();
  painter.setPen(Qt::NoPen);
  // A soft shadow from a few faint layers; QGraphicsDropShadowEffect would render the box to a pixmap on every move.
  for (int i = 4; i >= 1; --i) {
    painter.setBrush(QColor(0, 0, 0, t.highContrast ? 0 : 8));
    painter.drawRoundedRect(box.adjusted(-i, -i + 2, i, i + 2), 6 + i, 6 + i);
  }
  painter.setPen(QPen(t.border, 1));
  painter.setBrush(t.raised);
  painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

void paintRow(QPainter& painter, const Row& row, const Columns& c, double left, double y) {
  const Theme& t = currentTheme();
  const QFontMetricsF metrics(boldFont());
  const double baseline = y + (c.line + metrics.capHeight()) / 2;
  paintMarker(painter, QPointF(left + kMarker / 2, y + c.line / 2), kMarker, row.colourIndex);
  double x = left + kMarker + kColumnGap;
  painter.setPen(t.text);
  painter.setFont(row.active ? boldFont() : bodyFont());
  painter.drawText(QPointF(x, baseline), QFontMetricsF(painter.font()).elidedText(row.name, Qt::ElideMiddle, c.name));
  x += c.name + kColumnGap + c.value;
  painter.setFont(boldFont());
  paintFigures(painter, QPointF(x, baseline), row.value);
  painter.setFont(smallFont());
  painter.setPen(t.text2);
  for (const auto& [column, text] : {std::pair{c.effective, row.effective}, std::pair{c.remark, row.remark}}) {
    if (column <= 0) continue;
    x += kColumnGap + column;
    paintFigures(painter, QPointF(x, baseline), text);
  }
}

void paintTitle(QPainter& painter, const ReadOut& out, const Columns& c, const QRectF& box) {
  const Theme& t = currentTheme();
  const QRectF line(box.left() + kPadding, box.top() + kPadding - 3, box.width() - 2 * kPadding, c.line);
  painter.setPen(t.text);
  painter.setFont(boldFont());
  painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, out.title);
  painter.setPen(t.text2);
  painter.setFont(smallFont());
  painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, out.group);
}

void paintFoot(QPainter& painter, const ReadOut& out, const Columns& c, const QRectF& box, double y) {
  const Theme& t = currentTheme();
  painter.setFont(smallFont());
  painter.setPen(t.text2);
  const double width = box.width() - 2 * kPadding;
  if (!out.more.isEmpty()) {
    painter.drawText(QRectF(box.left() + kPadding, y, width, c.line), Qt::AlignLeft | Qt::AlignVCenter, out.more);
    y += c.line;
  }
  if (out.note.isEmpty()) return;
  painter.setPen(QPen(t.border, 1));
  const double rule = std::floor(y + 2) + 0.5;
  painter.drawLine(QPointF(box.left() + kPadding, rule), QPointF(box.right() - kPadding, rule));
  painter.setPen(t.text2);
  painter.drawText(QRectF(box.left() + kPadding, y + 4, width, c.line), Qt::AlignLeft | Qt::AlignVCenter, out.note);
}

}  // namespace

void paintReadOut(QPainter& painter, const ChartState& state, const std::vector<QRectF>& keepFree) {
  const ReadOut out = readOutOf(state);
  const Columns columns = measure(out);
  const QRectF box = placeBox(state, QSizeF(std::ceil(columns.width), std::ceil(columns.height)), keepFree);
  paintBox(painter, box);
  paintTitle(painter, out, columns, box);
  double y = box.top() + kPadding - 2 + columns.line;
  for (const Row& row : out.rows) {
    paintRow(painter, row, columns, box.left() + kPadding, y);
    y += columns.line;
  }
  paintFoot(painter, out, columns, box, y);
}

}  // namespace layerloom
