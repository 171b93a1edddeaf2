// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/chart_axes.h"

#include <algorithm>
#include <cmath>

#include "ui/curves/chart_handles.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kStep = 9;  // pixels between the places that are looked at

double valueFigureStep(const ChartGeometry& geometry, double lineHeight) {
  double step = 0.25;
  while (geometry.valueToY(0) - geometry.valueToY(step) < lineHeight * 1.4 && step < 1e6) step *= 2;
  return step;
}

bool anyCurveIn(const ChartState& state, const QRectF& rect) {
  const ChartGeometry& g = state.geometry;
  return std::ranges::any_of(paintingOrder(state), [&](int track) {
    const auto& outline = state.outlines[static_cast<std::size_t>(track)];
    const auto isIn = [&](double x) {
      const double y = g.valueToY(outlineAt(outline, g.xToLayer(x)));
      return y >= rect.top() && y <= rect.bottom();
    };
    for (double x = rect.left(); x <= rect.right(); x += kStep)
      if (isIn(x)) return true;
    return isIn(rect.right());
  });
}

}  // namespace

/// Drawn from shifted copies: glyphs are cached, the outline of a text path would be stroked anew each time.
void paintRimmedText(QPainter& painter, QPointF baseline, const QString& text, const QColor& colour) {
  painter.setPen(currentTheme().base);
  for (const QPointF shift : {QPointF(-1.5, 0), QPointF(1.5, 0), QPointF(0, -1.5), QPointF(0, 1.5), QPointF(-1, -1),
                              QPointF(1, -1), QPointF(-1, 1), QPointF(1, 1)})
    painter.drawText(baseline + shift, text);
  painter.setPen(colour);
  painter.drawText(baseline, text);
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

}  // namespace layerloom
