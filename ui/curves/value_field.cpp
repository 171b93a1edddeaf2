// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/value_field.h"

#include <limits>

#include <QKeyEvent>

namespace layerloom {
namespace {

constexpr int kDecimals = 6;

/// The text as a number in the C locale; the last dot or comma is the decimal sign.
double parsed(QString text, bool* ok) {
  text = text.trimmed();
  text.replace(u',', u'.');
  text.replace(QChar(0x2212), u'-');  // typographic minus of some languages
  return QLocale::c().toDouble(text, ok);
}

bool isBeginning(const QString& text) {
  static const QRegularExpression pattern(QStringLiteral("^\\s*[-+\\x{2212}]?\\d*[.,]?\\d*(e[-+]?\\d*)?\\s*$"),
                                          QRegularExpression::CaseInsensitiveOption);
  return pattern.match(text).hasMatch();
}

}  // namespace

ValueField::ValueField(QWidget* parent) : QDoubleSpinBox(parent) {
  setDecimals(kDecimals);
  setRange(-std::numeric_limits<float>::max(), std::numeric_limits<float>::max());
  setSingleStep(0.01);
  setButtonSymbols(QAbstractSpinBox::NoButtons);
  setAlignment(Qt::AlignRight);
}

QValidator::State ValueField::validate(QString& text, int&) const {
  bool ok = false;
  const double value = parsed(text, &ok);
  if (ok) return value >= minimum() && value <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
  return isBeginning(text) ? QValidator::Intermediate : QValidator::Invalid;
}

double ValueField::valueFromText(const QString& text) const {
  bool ok = false;
  const double typed = parsed(text, &ok);
  return ok ? typed : value();
}

QString ValueField::textFromValue(double value) const {
  return QLocale().toString(value, 'g', QLocale::FloatingPointShortest);
}

void ValueField::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return finish(false);
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return finish(true);
  QDoubleSpinBox::keyPressEvent(event);
}

void ValueField::focusOutEvent(QFocusEvent* event) {
  QDoubleSpinBox::focusOutEvent(event);
  // The field's own context menu takes the focus for a moment only.
  if (event->reason() != Qt::PopupFocusReason) finish(true);
}

void ValueField::finish(bool accept) {
  if (m_done) return;  // hiding the field makes it lose the focus: once only
  m_done = true;
  interpretText();
  if (accept) emit accepted(value());
  emit finished();
}

}  // namespace layerloom
