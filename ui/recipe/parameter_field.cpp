// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recipe/parameter_field.h"

#include <cmath>

#include <QPainter>
#include <QVBoxLayout>

#include "ui/parts/icon_button.h"
#include "ui/parts/quiet_label.h"
#include "ui/recipe/number_box.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kButton = 24;
constexpr double kTiny = 1e-3;  ///< a standard below it is a tolerance

}  // namespace

ParameterField::ParameterField(const ParameterSpec& spec, QWidget* parent)
    : QWidget(parent),
      m_spec(spec),
      m_number(new NumberBox(this)),
      m_varies(new QuietLabel(tr("varies"), LabelTone::Text3, LabelFont::Body, this)),
      m_curve(new IconButton(QStringLiteral("curve"), tr("Show the layer curve"), this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_number);
  layout->addWidget(m_varies);
  const bool leftToRight = layoutDirection() == Qt::LeftToRight;
  m_varies->setContentsMargins(leftToRight ? 9 : kButton, 0, leftToRight ? kButton : 9, 0);
  if (spec.least) m_number->setMinimum(*spec.least);
  if (spec.greatest) m_number->setMaximum(*spec.greatest);
  m_number->setWhole(spec.whole);
  m_number->setStepsByMagnitude(!spec.whole && spec.standard && *spec.standard != 0 && std::abs(*spec.standard) < kTiny);
  m_number->reserveTrailing(kButton);
  m_curve->setFixedSize(kButton, kButton);
  setFocusProxy(m_number);
  connect(m_number, &QDoubleSpinBox::valueChanged, this, &ParameterField::onValueChanged);
  connect(m_number, &QAbstractSpinBox::editingFinished, this, &ParameterField::onEditingFinished);
  connect(m_curve, &QAbstractButton::clicked, this, &ParameterField::curveRequested);
}

void ParameterField::setParameter(const FormParameter& parameter) {
  m_number->setVisible(!parameter.varies);
  m_varies->setVisible(parameter.varies);
  m_curve->setVisible(parameter.varies || m_spec.drawn);
  m_curve->raise();
  setFocusProxy(parameter.varies ? static_cast<QWidget*>(m_curve) : m_number);
  if (!parameter.varies) showNumber(parameter);
  placeCurveButton();
  update();
}

void ParameterField::showNumber(const FormParameter& parameter) {
  const std::optional<double> value = parameter.value ? parameter.value : m_spec.standard;
  m_missing = !value;
  value ? m_number->showValue(*value) : m_number->showMissing();
}

void ParameterField::onValueChanged(double value) {
  m_missing = false;
  emit edited(value);
}

void ParameterField::onEditingFinished() {
  // The box holds some number even while it shows none; typing that very number changes no value and is an edit all the
  // same.
  if (!m_missing || m_number->isMissing()) return;
  m_missing = false;
  emit edited(m_number->value());
}

void ParameterField::paintEvent(QPaintEvent*) {
  // "varies" is no field that one could type into, so its outline is decoration.
  if (m_varies->isHidden()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(currentTheme().border);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

void ParameterField::resizeEvent(QResizeEvent*) {
  placeCurveButton();
}

void ParameterField::placeCurveButton() {
  const int x = layoutDirection() == Qt::LeftToRight ? width() - kButton - 2 : 2;
  m_curve->move(x, (height() - kButton) / 2);
}

}  // namespace layerloom
