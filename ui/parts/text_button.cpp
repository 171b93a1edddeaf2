// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/parts/text_button.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kPadding = 6;
constexpr int kHeight = 24;  // hit height, also where the small font is lower

QFont buttonFont() {
  return scaledFont(strongFont(), 0.94);
}

}  // namespace

TextButton::TextButton(QWidget* parent) : QAbstractButton(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_Hover);
  setCursor(Qt::PointingHandCursor);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

TextButton::TextButton(const QString& text, QWidget* parent) : TextButton(parent) {
  setText(text);
}

QSize TextButton::sizeHint() const {
  const QFontMetrics metrics(buttonFont());
  return {metrics.horizontalAdvance(text()) + 2 * kPadding + 1, std::max(kHeight, metrics.height() + 4)};
}

QSize TextButton::minimumSizeHint() const {
  return sizeHint();
}

void TextButton::paintEvent(QPaintEvent*) {
  const Theme& theme = currentTheme();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const bool lit = isEnabled() && (underMouse() || isDown());
  if (lit) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(isDown() ? theme.pressed : theme.hover);
    painter.drawRoundedRect(QRectF(rect()), 4, 4);
  }
  const QColor colour = !isEnabled() ? theme.disabled : lit ? theme.accentHover : theme.accent;
  paintLine(painter, rect(), buttonFont(), colour, text(), Qt::ElideNone, Qt::AlignHCenter);
  if (hasFocus()) paintFocusRing(painter, rect(), 4);
}

void TextButton::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
    click();
    return;
  }
  QAbstractButton::keyPressEvent(event);
}

}  // namespace layerloom
