// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/parts/painting.h"

#include <algorithm>

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>
#include <QPainterPath>
#include <QTextDocument>

#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kPillPadding = 8;

}  // namespace

void paintFocusRing(QPainter& painter, const QRectF& rect, double radius) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(currentTheme().focus, 2));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
  painter.restore();
}

void paintLine(QPainter& painter, const QRectF& rect, const QFont& font, const QColor& colour, const QString& text,
               Qt::TextElideMode elide, Qt::Alignment alignment) {
  painter.setFont(font);
  painter.setPen(colour);
  // A line break in a file's text would otherwise spill over the next row.
  const QString line = QString(text).replace(u'\n', u' ');
  const int flags = static_cast<int>(QGuiApplication::layoutDirection() == Qt::RightToLeft
                                         ? QStyle::visualAlignment(Qt::RightToLeft, alignment)
                                         : alignment) |
                    Qt::AlignVCenter | Qt::TextSingleLine;
  painter.drawText(rect, flags, QFontMetricsF(font).elidedText(line, elide, rect.width()));
}

double pillWidth(const QString& text) {
  return QFontMetricsF(smallFont()).horizontalAdvance(text) + 2 * kPillPadding;
}

QRectF paintPill(QPainter& painter, QPointF rightMiddle, const QString& text, const QColor& ground,
                 const QColor& colour) {
  const double height = QFontMetricsF(smallFont()).height() + 4;
  const double width = pillWidth(text);
  const bool rightToLeft = QGuiApplication::layoutDirection() == Qt::RightToLeft;
  const QRectF rect(rightToLeft ? rightMiddle.x() : rightMiddle.x() - width, rightMiddle.y() - height / 2, width,
                    height);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(ground);
  painter.drawRoundedRect(rect, height / 2, height / 2);
  paintLine(painter, rect, smallFont(), colour, text, Qt::ElideNone, Qt::AlignHCenter);
  painter.restore();
  return rect;
}

void paintBar(QPainter& painter, const QRectF& rect, double share, const QColor& colour) {
  const double radius = rect.height() / 2;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(currentTheme().gridStrong);
  painter.drawRoundedRect(rect, radius, radius);
  QRectF filled = rect;
  filled.setWidth(rect.width() * std::clamp(share, 0.0, 1.0));
  // A sliver of progress narrower than its own round ends is cut by the groove instead of drawn as an egg.
  QPainterPath groove;
  groove.addRoundedRect(rect, radius, radius);
  painter.setClipPath(groove, Qt::IntersectClip);
  painter.setBrush(colour);
  if (filled.width() > 0)
    painter.drawRoundedRect(mirrored(filled, rect, QGuiApplication::layoutDirection()), radius, radius);
  painter.restore();
}

QRectF mirrored(const QRectF& rect, const QRectF& within, Qt::LayoutDirection direction) {
  if (direction == Qt::LeftToRight) return rect;
  return {within.left() + within.right() - rect.right(), rect.top(), rect.width(), rect.height()};
}

QString capitalised(const QString& text) {
  return text.isEmpty() ? text : QString(text.at(0).toUpper() + text.mid(1));
}

QString plainToolTip(const QString& text) {
  return text.isEmpty() ? QString() : Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal);
}

}  // namespace layerloom
