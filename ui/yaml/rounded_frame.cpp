// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/rounded_frame.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

#include "ui/parts/painting.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kRadius = 6;

}  // namespace

RoundedFrame::RoundedFrame(QWidget* focused, const QMargins& margins, QWidget* parent)
    : QWidget(parent), m_focused(focused), m_margins(margins) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setFocusPolicy(Qt::NoFocus);
  parent->installEventFilter(this);
  focused->installEventFilter(this);
  setGeometry(parent->rect() - margins);
}

void RoundedFrame::paintEvent(QPaintEvent*) {
  const Theme& theme = currentTheme();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath outside;
  outside.addRect(rect());
  QPainterPath inside;
  inside.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
  painter.fillPath(outside.subtracted(inside), theme.panel);
  painter.setPen(theme.border);
  painter.drawPath(inside);
  if (m_focused->hasFocus()) paintFocusRing(painter, rect(), kRadius);
}

bool RoundedFrame::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parent() && event->type() == QEvent::Resize) setGeometry(parentWidget()->rect() - m_margins);
  if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) update();
  return QWidget::eventFilter(watched, event);
}

}  // namespace layerloom
