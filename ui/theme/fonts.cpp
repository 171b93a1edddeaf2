// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/fonts.h"

#include <algorithm>

#include <QApplication>
#include <QFontDatabase>
#include <QPainter>

namespace layerloom {
namespace {

constexpr double kLeastPoints = 7.5;  // 10 px at 96 dpi
constexpr int kLeastPixels = 10;

double widestFigure(const QFontMetricsF& metrics) {
  double widest = 0;
  for (char16_t figure = u'0'; figure <= u'9'; ++figure)
    widest = std::max(widest, metrics.horizontalAdvance(QChar(figure)));
  return widest;
}

bool isFigure(QChar c) {
  return c >= u'0' && c <= u'9';
}

QFont withWeight(QFont font, QFont::Weight weight) {
  font.setWeight(weight);
  return font;
}

}  // namespace

QFont scaledFont(QFont font, double factor) {
  // A font has a size in points or in pixels, never both.
  if (font.pointSizeF() > 0) {
    font.setPointSizeF(std::max(kLeastPoints, font.pointSizeF() * factor));
  } else {
    font.setPixelSize(std::max(kLeastPixels, qRound(font.pixelSize() * factor)));
  }
  return font;
}

QFont bodyFont() {
  return QApplication::font();
}

QFont smallFont() {
  return scaledFont(QApplication::font(), 0.88);
}

QFont strongFont() {
  return withWeight(QApplication::font(), QFont::DemiBold);
}

QFont boldFont() {
  return withWeight(QApplication::font(), QFont::Bold);
}

QFont dialogTitleFont() {
  return withWeight(scaledFont(QApplication::font(), 1.3), QFont::DemiBold);
}

QFont codeFont() {
  const QFont body = QApplication::font();
  QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  if (body.pointSizeF() > 0) {
    font.setPointSizeF(body.pointSizeF());
  } else {
    font.setPixelSize(body.pixelSize());
  }
  return scaledFont(font, 0.95);
}

double figuresWidth(const QFontMetricsF& metrics, const QString& text) {
  const double figure = widestFigure(metrics);
  double width = 0;
  for (const QChar c : text) width += isFigure(c) ? figure : metrics.horizontalAdvance(c);
  return width;
}

void paintFigures(QPainter& painter, QPointF rightBaseline, const QString& text) {
  const QFontMetricsF metrics(painter.font());
  const double figure = widestFigure(metrics);
  double x = rightBaseline.x() - figuresWidth(metrics, text);
  for (const QChar c : text) {
    const double own = metrics.horizontalAdvance(c);
    const double box = isFigure(c) ? figure : own;
    painter.drawText(QPointF(x + (box - own) / 2, rightBaseline.y()), QString(c));
    x += box;
  }
}

}  // namespace layerloom
