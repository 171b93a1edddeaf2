// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/markers.h"

#include <array>
#include <cmath>
#include <numbers>

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <QPixmapCache>

#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kKinds = 8;
constexpr double kOutline = 1.5;

/// Regular polygon or, with two radii, star; the first corner points up (or down).
QPainterPath polygon(int corners, double outer, double inner, bool down = false) {
  QPainterPath path;
  const int steps = inner < outer ? corners * 2 : corners;
  for (int i = 0; i < steps; ++i) {
    const double radius = (steps > corners && i % 2 == 1) ? inner : outer;
    const double angle = 2 * std::numbers::pi * i / steps + (down ? 0.5 : -0.5) * std::numbers::pi;
    const QPointF corner(radius * std::cos(angle), radius * std::sin(angle));
    if (i == 0) {
      path.moveTo(corner);
    } else {
      path.lineTo(corner);
    }
  }
  path.closeSubpath();
  return path;
}

QPainterPath cross(double r) {
  const double arm = r * 0.42;
  QPainterPath path;
  path.addRect(-r, -arm / 1.2, 2 * r, arm * 2 / 1.2);
  QPainterPath upright;
  upright.addRect(-arm / 1.2, -r, arm * 2 / 1.2, 2 * r);
  return path.united(upright);
}

/// The outlines differ in size so that the marks weigh about the same to the eye.
QPainterPath markerPath(MarkerKind kind, double size) {
  const double r = size / 2;
  QPainterPath path;
  switch (kind) {
    case MarkerKind::Circle:
      path.addEllipse(QPointF(0, 0), r, r);
      return path;
    case MarkerKind::Square:
      path.addRect(QRectF(-r * 0.87, -r * 0.87, r * 1.74, r * 1.74));
      return path;
    case MarkerKind::Diamond:
      return polygon(4, r * 1.18, r * 1.18);
    case MarkerKind::TriangleUp:
      return polygon(3, r * 1.22, r * 1.22).translated(0, r * 0.14);
    case MarkerKind::TriangleDown:
      return polygon(3, r * 1.22, r * 1.22, true).translated(0, -r * 0.14);
    case MarkerKind::Pentagon:
      return polygon(5, r * 1.1, r * 1.1);
    case MarkerKind::Cross:
      return cross(r * 1.05);
    case MarkerKind::Star:
      return polygon(5, r * 1.28, r * 0.6);
  }
  return path;
}

int wrapped(int modelIndex) {
  return modelIndex < 0 ? 0 : modelIndex % kKinds;
}

}  // namespace

MarkerKind markerKind(int modelIndex) {
  return static_cast<MarkerKind>(wrapped(modelIndex));
}

QList<qreal> dashPattern(int modelIndex) {
  static const std::array<QList<qreal>, kKinds> dashes = {QList<qreal>{},     {6, 3}, {2, 2}, {8, 3, 2, 3}, {4, 2},
                                                          {8, 2, 2, 2, 2, 2}, {1, 2}, {10, 3}};
  return dashes[static_cast<std::size_t>(wrapped(modelIndex))];
}

QPen modelPen(int modelIndex, double width) {
  QPen pen(modelColour(modelIndex), width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
  const QList<qreal> dashes = dashPattern(modelIndex);
  if (!dashes.isEmpty()) pen.setDashPattern(dashes);
  return pen;
}

void paintMarker(QPainter& painter, QPointF centre, double size, int modelIndex, bool filled, double ring) {
  const Theme& theme = currentTheme();
  const bool solid = filled && modelIndex < kKinds;
  // An outline lies half outside its path; without this an outlined mark would look larger than a filled one.
  const QPainterPath path = markerPath(markerKind(modelIndex), solid ? size : size - kOutline);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.translate(centre);
  if (ring > 0) {
    const double width = 2 * ring + (solid ? 0 : kOutline);
    painter.strokePath(path, QPen(theme.base, width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
  }
  painter.setPen(solid ? Qt::NoPen
                       : QPen(modelColour(modelIndex), kOutline, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
  painter.setBrush(solid ? modelColour(modelIndex) : theme.base);
  painter.drawPath(path);
  painter.restore();
}

void stampMarker(QPainter& painter, QPointF centre, double size, int modelIndex, bool filled, double ring) {
  const double ratio = painter.device() ? painter.device()->devicePixelRatioF() : 1.0;
  const QString key = QStringLiteral("layerloom-marker/%1/%2/%3/%4/%5/%6/%7")
                          .arg(modelIndex)
                          .arg(size)
                          .arg(filled)
                          .arg(ring)
                          .arg(ratio)
                          .arg(modelColour(modelIndex).rgba(), 8, 16)
                          .arg(currentTheme().base.rgba(), 8, 16);
  const int half = static_cast<int>(std::ceil(size * 0.7 + ring + 1));
  QPixmap stamp;
  if (!QPixmapCache::find(key, &stamp)) {
    stamp = QPixmap(QSize(2 * half, 2 * half) * ratio);
    stamp.setDevicePixelRatio(ratio);
    stamp.fill(Qt::transparent);
    QPainter stampPainter(&stamp);
    paintMarker(stampPainter, QPointF(half, half), size, modelIndex, filled, ring);
    stampPainter.end();
    QPixmapCache::insert(key, stamp);
  }
  const QPointF corner = centre - QPointF(half, half);
  painter.drawPixmap(QPointF(std::round(corner.x() * ratio), std::round(corner.y() * ratio)) / ratio, stamp);
}

void paintModelSample(QPainter& painter, QPointF leftMiddle, double length, int modelIndex) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(modelPen(modelIndex, 2));
  painter.drawLine(leftMiddle, leftMiddle + QPointF(length, 0));
  paintMarker(painter, leftMiddle + QPointF(length / 2, 0), 8, modelIndex, true, 1.5);
  painter.restore();
}

}  // namespace layerloom
