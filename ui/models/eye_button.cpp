// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/eye_button.h"

#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kIcon = 16;

}  // namespace

EyeButton::EyeButton(QWidget* parent) : QToolButton(parent) {
  setFixedSize(24, 24);
  setAttribute(Qt::WA_Hover);
  setFocusPolicy(Qt::StrongFocus);
  setCurveVisible(true);
}

void EyeButton::setCurveVisible(bool visible) {
  m_curveVisible = visible;
  const QString words = visible ? tr("Hide the curve") : tr("Show the curve");
  setToolTip(words);
  setAccessibleName(words);
  update();
}

void EyeButton::setRevealed(bool revealed) {
  if (m_revealed == revealed) return;
  m_revealed = revealed;
  update();
}

void EyeButton::paintEvent(QPaintEvent*) {
  if (!m_revealed && m_curveVisible && !hasFocus()) return;
  const Theme& theme = currentTheme();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (underMouse()) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(isDown() ? theme.pressed : theme.hover);
    painter.drawRoundedRect(rect(), 4, 4);
  }
  const QRect icon((width() - kIcon) / 2, (height() - kIcon) / 2, kIcon, kIcon);
  themedIcon(QStringLiteral("eye"), underMouse() ? IconTone::Plain : IconTone::Quiet).paint(&painter, icon);
  if (!m_curveVisible) {
    painter.setPen(QPen(theme.text2, 1.25, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(icon.left() + 2, icon.bottom()), QPointF(icon.right() - 1, icon.top() + 1));
  }
  if (hasFocus()) paintFocusRing(painter, rect(), 4);
}

}  // namespace layerloom
