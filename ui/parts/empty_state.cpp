// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/parts/empty_state.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/parts/quiet_label.h"
#include "ui/parts/text_button.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kDrawing = 48;

}  // namespace

EmptyState::EmptyState(const QString& icon, const QString& sentence, const QString& action, QWidget* parent)
    : QWidget(parent), m_icon(icon), m_drawing(new QLabel(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 24, 24, 24);
  layout->setSpacing(8);
  layout->addStretch(2);
  m_drawing->setAlignment(Qt::AlignCenter);
  layout->addWidget(m_drawing);
  m_words = new QuietLabel(sentence, LabelTone::Text2, LabelFont::Body, this);
  m_words->setWordWrap(true);
  m_words->setAlignment(Qt::AlignCenter);
  layout->addWidget(m_words);
  if (!action.isEmpty()) {
    auto* button = new TextButton(action, this);
    connect(button, &QAbstractButton::clicked, this, &EmptyState::actionTriggered);
    layout->addWidget(button, 0, Qt::AlignHCenter);
  }
  layout->addStretch(3);
  renderDrawing();
}

void EmptyState::setSentence(const QString& sentence) {
  m_words->setText(sentence);
}

void EmptyState::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event)) renderDrawing();
}

void EmptyState::renderDrawing() {
  m_drawing->setPixmap(themedIcon(m_icon, IconTone::Quiet).pixmap(QSize(kDrawing, kDrawing), devicePixelRatioF()));
}

}  // namespace layerloom
