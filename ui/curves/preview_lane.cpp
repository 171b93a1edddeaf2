// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/preview_lane.h"

#include <QLocale>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

using Figures = std::vector<std::optional<ChartFigure>>;

constexpr double kAreaOpacity = 0.14;
constexpr double kBandOpacity = 0.10;
/// Of the lane's height, so that the title stands free.
constexpr double kUsedHeight = 0.72;

QColor faint(QColor colour, double opacity) {
  colour.setAlphaF(static_cast<float>(opacity));
  return colour;
}

double greatestOf(const Figures& figures) {
  double greatest = 0;
  for (const auto& figure : figures) greatest = std::max(greatest, figure ? figure->high : 0.0);
  return greatest;
}

/// Places of the lane, for one scale.
struct LaneScale {
  QRectF lane;
  double greatest = 1;

  /// Never above the lane: a head may move further than all layers, which are what the scale is for.
  double y(double value) const { return std::max(lane.top(), lane.bottom() - value / greatest * lane.height() * kUsedHeight); }
  bool isCut(double value) const { return lane.bottom() - value / greatest * lane.height() * kUsedHeight < lane.top(); }
};

/// A column of an area from one height to another, and a line on its upper end.
void paintColumn(QPainter& painter, const LaneScale& scale, double left, double right, const ChartFigure& figure) {
  const Theme& t = currentTheme();
  painter.fillRect(QRectF(QPointF(left, scale.y(figure.value)), QPointF(right, scale.lane.bottom())), faint(t.text3, kAreaOpacity));
  if (figure.low < figure.high) {
    painter.fillRect(QRectF(QPointF(left, scale.y(figure.high)), QPointF(right, scale.y(figure.low))), faint(t.text2, kBandOpacity));
  }
}

/// The line over the columns: steps from layer to layer, broken where a figure is missing.
void paintSteps(QPainter& painter, const ChartGeometry& g, const LaneScale& scale, const Figures& layers) {
  std::optional<double> before;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const double left = g.layerToX(static_cast<double>(layer) - 0.5);
    const double right = g.layerToX(static_cast<double>(layer) + 0.5);
    if (!layers[layer]) {
      before.reset();
      continue;
    }
    const double y = scale.y(layers[layer]->value);
    if (before) painter.drawLine(QPointF(left, *before), QPointF(left, y));
    painter.drawLine(QPointF(left, y), QPointF(right, y));
    before = y;
  }
}

/// The mark of a column that is higher than the lane.
void paintCut(QPainter& painter, const QRectF& column) {
  const QPointF tip(column.center().x(), column.top() + 2);
  painter.setPen(Qt::NoPen);
  painter.setBrush(currentTheme().text2);
  painter.drawPolygon(QPolygonF({tip, tip + QPointF(-4, 6), tip + QPointF(4, 6)}));
}

void paintScale(QPainter& painter, const ChartState& state, const LaneScale& scale) {
  painter.setFont(smallFont());
  painter.setPen(currentTheme().text3);
  const QFontMetricsF metrics(painter.font());
  if (scale.greatest > 0 && !state.data.preview.layers.empty()) {
    const QString figure = QLocale().toString(scale.greatest, 'g', 2);
    paintFigures(painter, QPointF(44, scale.y(scale.greatest) + metrics.capHeight() / 2), figure);
    paintFigures(painter, QPointF(44, scale.lane.bottom()), QStringLiteral("0"));
  }
}

}  // namespace

void paintPreviewLane(QPainter& painter, const ChartState& state) {
  const ChartGeometry& g = state.geometry;
  if (g.lane.isEmpty()) return;
  const Theme& t = currentTheme();
  const ChartPreview& now = state.data.preview;
  const Figures before = state.gesture ? state.gesture->preview.layers : Figures();
  const double ofLayers = std::max(greatestOf(now.layers), greatestOf(before));
  const double greatest = ofLayers > 0 ? ofLayers : greatestOf(now.cells);
  const LaneScale scale{g.lane, greatest > 0 ? niceCeiling(greatest) : 1};
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.fillRect(g.lane, t.base);
  for (std::size_t layer = 0; layer < now.layers.size(); ++layer) {
    const double at = static_cast<double>(layer);
    if (now.layers[layer]) paintColumn(painter, scale, g.layerToX(at - 0.5), g.layerToX(at + 0.5), *now.layers[layer]);
  }
  for (std::size_t cell = 0; cell < std::min(now.cells.size(), g.cells.size()); ++cell) {
    const QRectF column(g.cells[cell].left(), g.lane.top(), g.cells[cell].width(), g.lane.height());
    painter.fillRect(column, t.base);
    if (!now.cells[cell]) continue;
    paintColumn(painter, scale, column.left(), column.right(), *now.cells[cell]);
    painter.setPen(QPen(t.text2, 1.5));
    painter.drawLine(QPointF(column.left(), scale.y(now.cells[cell]->value)), QPointF(column.right(), scale.y(now.cells[cell]->value)));
    if (scale.isCut(now.cells[cell]->value)) paintCut(painter, column);
  }
  painter.setRenderHint(QPainter::Antialiasing);
  if (!before.empty()) {
    QPen dotted(t.text3, 1.5, Qt::CustomDashLine);
    dotted.setDashPattern({1, 2});
    painter.setPen(dotted);
    paintSteps(painter, g, scale, before);
  }
  painter.setPen(QPen(t.text2, 1.5));
  paintSteps(painter, g, scale, now.layers);
  painter.setPen(QPen(t.gridStrong, 1));
  painter.drawLine(QPointF(g.lane.left(), g.lane.bottom() + 0.5), QPointF(g.lane.right(), g.lane.bottom() + 0.5));
  paintScale(painter, state, scale);
  painter.restore();
}

void paintLaneTitle(QPainter& painter, const ChartState& state) {
  const QRectF& lane = state.geometry.lane;
  if (lane.isEmpty()) return;
  const Theme& t = currentTheme();
  painter.setFont(smallFont());
  const QFontMetricsF metrics(painter.font());
  const QString title = state.data.preview.sampled ? ChartText::tr("preview: result from base · sampled") : ChartText::tr("preview: result from base");
  const QRectF text(lane.left() + 4, lane.top(), metrics.horizontalAdvance(title), metrics.height());
  painter.fillRect(text.adjusted(-4, 0, 4, 0), t.base);
  painter.setPen(t.text3);
  painter.drawText(QPointF(text.left(), text.top() + metrics.ascent()), title);
}

}  // namespace layerloom
