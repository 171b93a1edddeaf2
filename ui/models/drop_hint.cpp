// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/drop_hint.h"

#include <algorithm>

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kMargin = 3;  // as round a model card, so that both stand on one edge
constexpr int kPadding = 12;
constexpr int kIcon = 20;
constexpr int kLeastHeight = 60;
constexpr int kFlags = Qt::AlignLeading | Qt::AlignVCenter | Qt::TextWordWrap;

}  // namespace

DropHint::DropHint(QWidget* parent) : QWidget(parent), m_words(tr("Drop model folders or .safetensors files here")) {
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setAccessibleName(m_words);
}

QRect DropHint::textRect(const QRect& card) const {
  return card.adjusted(kPadding + kIcon + kPadding, kPadding, -kPadding, -kPadding);
}

int DropHint::heightForWidth(int width) const {
  const QRect room = textRect(QRect(0, 0, std::max(width, 80) - 2 * kMargin, 10'000));
  const int text = QFontMetrics(smallFont()).boundingRect(room, kFlags, m_words).height();
  return std::max(kLeastHeight, text + 2 * kPadding) + 2 * kMargin;
}

QSize DropHint::sizeHint() const {
  return {200, heightForWidth(200)};
}

void DropHint::paintEvent(QPaintEvent*) {
  const Theme& theme = currentTheme();
  const QRect card = rect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPen pen(theme.control, 1);
  pen.setDashPattern({4, 3});
  painter.setPen(pen);
  painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
  const QRectF icon(card.left() + kPadding, card.center().y() - kIcon / 2.0 + 0.5, kIcon, kIcon);
  themedIcon(QStringLiteral("drop"), IconTone::Quiet)
      .paint(&painter, mirrored(icon, card, layoutDirection()).toAlignedRect());
  painter.setFont(smallFont());
  painter.setPen(theme.text2);
  painter.drawText(mirrored(textRect(card), card, layoutDirection()), kFlags, m_words);
}

void DropHint::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace layerloom
