// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/drop_overlay.h"

#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {

DropOverlay::DropOverlay(QWidget* window) : QWidget(window) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  hide();
}

void DropOverlay::show(const QString& offer, const QString& refusal) {
  m_refused = !refusal.isEmpty();
  m_text = m_refused ? refusal : offer;
  setGeometry(parentWidget()->rect());
  raise();
  QWidget::show();
  update();
}

void DropOverlay::paintEvent(QPaintEvent*) {
  constexpr double kInset = 3;
  const Theme& theme = currentTheme();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(m_refused ? theme.error : theme.accent, kInset));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(QRectF(rect()).adjusted(kInset / 2, kInset / 2, -kInset / 2, -kInset / 2));
  painter.setFont(strongFont());
  const double width = painter.fontMetrics().horizontalAdvance(m_text) + 48;
  const double height = painter.fontMetrics().height() + 20;
  const QRectF pill((this->width() - width) / 2, (this->height() - height) / 2, width, height);
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_refused ? theme.errorSoft : theme.accentSoft);
  painter.drawRoundedRect(pill, height / 2, height / 2);
  painter.setPen(m_refused ? theme.error : theme.onAccentSoft);
  painter.drawText(pill, Qt::AlignCenter, m_text);
}

}  // namespace layerloom
