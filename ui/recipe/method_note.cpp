// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recipe/method_note.h"

#include <QCoreApplication>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/parts/quiet_label.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

QuietLabel* wrapping(LabelTone tone, LabelFont font, QWidget* parent) {
  auto* label = new QuietLabel({}, tone, font, parent);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

MethodNote::MethodNote(QWidget* parent)
    : QWidget(parent),
      m_summary(wrapping(LabelTone::Text2, LabelFont::Small, this)),
      m_formula(wrapping(LabelTone::Text, LabelFont::Code, this)),
      m_reference(wrapping(LabelTone::Text3, LabelFont::Small, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(m_summary);
  layout->addWidget(m_formula);
  layout->addWidget(m_reference);
  m_formula->setContentsMargins(8, 6, 8, 6);
}

void MethodNote::setMethod(const MethodSpec* method) {
  setVisible(method != nullptr);
  if (!method) return;
  // The methods' table is written in English; its strings are offered to translators under the context "Methods".
  m_summary->setText(QCoreApplication::translate("Methods", method->summary.c_str()));
  m_formula->setText(QString::fromStdString(method->formula));
  m_reference->setText(QString::fromStdString(method->reference));
  m_formula->setVisible(!method->formula.empty());
  m_reference->setVisible(!method->reference.empty());
}

void MethodNote::paintEvent(QPaintEvent*) {
  if (m_formula->isHidden()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(currentTheme().border);
  painter.setBrush(currentTheme().base);
  painter.drawRoundedRect(QRectF(m_formula->geometry()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

}  // namespace layerloom
