// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <algorithm>

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kIconGrid = 24;          // the drawings' own grid
constexpr double kStroke = 1.75;          // and stroke on it
constexpr double kThinnestStroke = 1.15;  // in logical pixels
constexpr double kThickestStroke = 2;
constexpr int kSmallAppIcon = 32;

QColor toneColour(IconTone tone) {
  const Theme& t = currentTheme();
  switch (tone) {
    case IconTone::Plain:
      return t.text2;
    case IconTone::Quiet:
      return t.text3;
    case IconTone::OnAccent:
      return t.onAccent;
    case IconTone::Accent:
      return t.accent;
    case IconTone::Ok:
      return t.ok;
    case IconTone::Warning:
      return t.warning;
    case IconTone::Error:
      return t.error;
    case IconTone::Info:
      return t.info;
  }
  return t.text2;
}

QColor iconColour(IconTone tone, QIcon::Mode mode, QIcon::State state) {
  const Theme& t = currentTheme();
  if (mode == QIcon::Disabled) return t.disabled;
  if (tone != IconTone::Plain) return toneColour(tone);
  if (state == QIcon::On || mode == QIcon::Selected) return t.onAccentSoft;
  return mode == QIcon::Active ? t.text : t.text2;
}

/// Paints an SVG that says currentColor. QSvgRenderer knows no currentColor, so the text is changed before it is read;
/// the result is cached by everything it depends on, which is why a new theme never meets an old pixmap.
class ThemedIconEngine : public QIconEngine {
 public:
  ThemedIconEngine(QString name, QByteArray svg, IconTone tone)
      : m_name(std::move(name)), m_svg(std::move(svg)), m_tone(tone) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    const double ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
    painter->drawPixmap(rect, scaledPixmap((QSizeF(rect.size()) * ratio).toSize(), mode, state, ratio));
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    return scaledPixmap(size, mode, state, 1.0);
  }

  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override {
    const QColor colour = iconColour(m_tone, mode, state);
    const QString key = QStringLiteral("layerloom-icon/%1/%2x%3@%4/%5")
                            .arg(m_name)
                            .arg(size.width())
                            .arg(size.height())
                            .arg(scale)
                            .arg(colour.rgba(), 8, 16);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;
    pixmap = render(size, colour, scale);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
  }

  QIconEngine* clone() const override { return new ThemedIconEngine(*this); }
  QString key() const override { return QStringLiteral("ThemedIconEngine"); }
  QString iconName() override { return m_name; }
  bool isNull() override { return m_svg.isEmpty(); }

 private:
  QByteArray coloured(const QColor& colour, double logicalSize) const {
    QByteArray svg = m_svg;
    svg.replace("currentColor", colour.name().toLatin1());
    const double unit = kIconGrid / std::max(1.0, logicalSize);
    const double stroke = std::clamp(kStroke, kThinnestStroke * unit, kThickestStroke * unit);
    if (stroke != kStroke) svg.replace("stroke-width=\"1.75\"", "stroke-width=\"" + QByteArray::number(stroke) + "\"");
    return svg;
  }

  QPixmap render(const QSize& size, const QColor& colour, double scale) const {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    const double side = std::min(size.width(), size.height());
    QSvgRenderer renderer(coloured(colour, side / scale));
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side));
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
  }

  QString m_name;
  QByteArray m_svg;
  IconTone m_tone;
};

QByteArray readResource(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QPixmap appIconPixmap(int side) {
  QSvgRenderer renderer(side <= kSmallAppIcon ? QStringLiteral(":/app/app-icon-small.svg")
                                              : QStringLiteral(":/app/app-icon.svg"));
  QPixmap pixmap(side, side);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  renderer.render(&painter);
  return pixmap;
}

}  // namespace

QIcon themedIcon(const QString& name, IconTone tone) {
  const QByteArray svg = readResource(QStringLiteral(":/icons/%1.svg").arg(name));
  return svg.isEmpty() ? QIcon() : QIcon(new ThemedIconEngine(name, svg, tone));
}

QIcon applicationIcon() {
  QIcon icon;
  for (const int side : {16, 24, 32, 48, 64, 128, 256}) icon.addPixmap(appIconPixmap(side));
  return icon;
}

}  // namespace layerloom
