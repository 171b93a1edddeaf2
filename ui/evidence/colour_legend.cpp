// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/colour_legend.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kLength = 120;
constexpr double kLeastLength = 40;
constexpr int kLeastWidth = 120;
constexpr double kThickness = 10;
constexpr double kTriangle = 6;
constexpr double kGap = 6;

}  // namespace

ColourLegend::ColourLegend(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
}

void ColourLegend::setScale(const ColourScale& scale, Figure figure) {
  m_scale = scale;
  m_figure = figure;
  const QString ends = tr("Colours from %1 to %2").arg(lowText(), highText());
  setAccessibleName(ends);
  const bool clips = scale.clipsLow || scale.clipsHigh;
  setToolTip(plainToolTip(clips ? ends + QLatin1Char('\n') + tr("Values beyond the triangle have the colour of the end.") : ends));
  updateGeometry();
  update();
}

QString ColourLegend::lowText() const {
  return figureText(m_figure, m_scale.low);
}

QString ColourLegend::highText() const {
  return figureText(m_figure, m_scale.high);
}

/// All but the ramp.
double ColourLegend::figuresWidth() const {
  const QFontMetricsF metrics(smallFont());
  return metrics.horizontalAdvance(lowText()) + metrics.horizontalAdvance(highText()) + 2 * kTriangle + 2 * kGap + 2;
}

QSize ColourLegend::sizeHint() const {
  return {static_cast<int>(std::ceil(figuresWidth() + kLength)), 24};
}

QSize ColourLegend::minimumSizeHint() const {
  return {kLeastWidth, 24};
}

void ColourLegend::paintEvent(QPaintEvent*) {
  const Theme& theme = currentTheme();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(smallFont());
  painter.setPen(theme.text2);
  const QFontMetricsF metrics(painter.font());
  const double lowWidth = metrics.horizontalAdvance(lowText());
  const double length = std::clamp(width() - figuresWidth(), kLeastLength, kLength);
  painter.drawText(QRectF(0, 0, lowWidth + 1, height()), Qt::AlignLeft | Qt::AlignVCenter, lowText());
  const QRectF bar(lowWidth + kGap + kTriangle, (height() - kThickness) / 2, length, kThickness);
  painter.drawText(QRectF(bar.right() + kTriangle + kGap, 0, 100, height()), Qt::AlignLeft | Qt::AlignVCenter, highText());
  QLinearGradient gradient(bar.topLeft(), bar.topRight());
  for (int stop = 0; stop <= 16; ++stop) {
    gradient.setColorAt(stop / 16.0, rampColour(m_scale.ramp, stop / 16.0));
  }
  painter.setPen(QPen(theme.control, 1));
  painter.setBrush(gradient);
  painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5));
  const auto triangle = [&](double base, double tip, double share) {
    painter.setBrush(rampColour(m_scale.ramp, share));
    painter.drawPolygon(QPolygonF({{base, bar.top() + 0.5}, {tip, bar.center().y()}, {base, bar.bottom() - 0.5}}));
  };
  if (m_scale.clipsLow) {
    triangle(bar.left(), bar.left() - kTriangle, 0);
  }
  if (m_scale.clipsHigh) {
    triangle(bar.right(), bar.right() + kTriangle, 1);
  }
}

}  // namespace layerloom
