// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recipe/form_row.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/parts/quiet_label.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kRow = 32;
constexpr int kDot = 4;
constexpr int kDotSpace = 10;  // dot and the gap behind it

}  // namespace

FormRow::FormRow(const QString& label, QWidget* field, QWidget* parent, bool grows)
    : QWidget(parent), m_label(new QuietLabel(label, LabelTone::Text2, LabelFont::Body, this)), m_field(field) {
  auto* layout = new QHBoxLayout(this);
  // Layouts mirror their order, not their margins.
  const bool leftToRight = layoutDirection() == Qt::LeftToRight;
  layout->setContentsMargins(leftToRight ? kDotSpace : 0, 2, leftToRight ? 0 : kDotSpace, 2);
  layout->setSpacing(8);
  layout->addWidget(m_label, 0, Qt::AlignTop);
  layout->addWidget(field, 1);
  // One height for every kind of field, following the font.
  const int inner = std::max(kRow, fontMetrics().height() + 14) - 4;
  m_label->setMinimumHeight(inner);
  if (!grows) field->setFixedHeight(inner);
  m_label->setBuddy(field);
  if (field->accessibleName().isEmpty()) field->setAccessibleName(label);
}

void FormRow::setChanged(bool changed) {
  m_changed = changed;
  m_label->setAccessibleDescription(changed ? tr("changed from the standard") : QString());
  update();
}

void FormRow::setHelp(const QString& help) {
  m_label->setToolTip(plainToolTip(help));
  m_field->setToolTip(plainToolTip(help));
}

int FormRow::labelWidth() const {
  return m_label->sizeHint().width();
}

void FormRow::setLabelWidth(int width) {
  m_label->setFixedWidth(width);
}

void FormRow::paintEvent(QPaintEvent*) {
  if (!m_changed) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(currentTheme().accent);
  const QRectF dot(0, m_label->geometry().center().y() - kDot / 2.0 + 0.5, kDot, kDot);
  painter.drawEllipse(mirrored(dot, rect(), layoutDirection()));
}

}  // namespace layerloom
