// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recipe/number_box.h"

#include <cmath>
#include <optional>

#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>

namespace layerloom {
namespace {

constexpr int kDecimals = 3;
constexpr int kMostDecimals = 10;
constexpr int kKeptDecimals = 20;       // what the box keeps, so that 1e-12 is not rounded away
constexpr double kScientific = 0.0009;  // smaller ones are written as 5e-4
constexpr int kShownZeros = 2;  // "0.50", not "0.5" or "0.500"
constexpr double kUnlimited = 1e9;

int decimalsOf(double value) {
  for (int decimals = kDecimals; decimals < kMostDecimals; ++decimals) {
    const double scale = std::pow(10.0, decimals);
    if (std::abs(std::round(value * scale) / scale - value) < 1e-12) return decimals;
  }
  return kMostDecimals;
}

/// "5e-5", "1.5e-5"
QString scientific(const QLocale& locale, double value) {
  const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  return locale.toString(value / std::pow(10.0, exponent), 'g', 6) + QLatin1Char('e') + QString::number(exponent);
}

/// The number in the user's language or, failing that, as programs write it.
std::optional<double> parsed(const QLocale& locale, const QString& text) {
  const QString trimmed = text.trimmed();
  bool ok = false;
  double value = QLocale::c().toDouble(trimmed, &ok);
  if (ok) return value;
  value = locale.toDouble(trimmed, &ok);
  if (!ok) value = QLocale::c().toDouble(QString(trimmed).replace(locale.decimalPoint(), QStringLiteral(".")), &ok);
  return ok ? std::optional<double>(value) : std::nullopt;
}

/// Powers of ten above and below, so that as many steps lead back; from zero the first one that any method uses.
double nextMagnitude(double value, int steps) {
  constexpr double kFirst = 1e-8;
  if (value <= 0) return steps > 0 ? kFirst : 0;
  const double magnitude = std::log10(value);
  return std::pow(10.0, (steps > 0 ? std::floor(magnitude + 1e-9) : std::ceil(magnitude - 1e-9)) + steps);
}

}  // namespace

NumberBox::NumberBox(QWidget* parent) : QDoubleSpinBox(parent) {
  setButtonSymbols(QAbstractSpinBox::NoButtons);
  setKeyboardTracking(false);
  setFocusPolicy(Qt::StrongFocus);
  setRange(-kUnlimited, kUnlimited);
  setDecimals(kKeptDecimals);
  setSingleStep(0.05);
  connect(lineEdit(), &QLineEdit::textEdited, this, &NumberBox::onTextEdited);
}

void NumberBox::showValue(double value) {
  const QSignalBlocker blocked(this);
  m_missing = m_shownMissing = false;
  setValue(value);
}

void NumberBox::showMissing() {
  const QSignalBlocker blocked(this);
  m_missing = m_shownMissing = true;
  lineEdit()->setPlaceholderText(tr("required"));
  lineEdit()->clear();
}

void NumberBox::setWhole(bool whole) {
  m_whole = whole;
  setSingleStep(whole ? 1 : 0.05);
}

void NumberBox::stepBy(int steps) {
  interpretText();
  m_missing = false;
  const double scale = std::pow(10.0, kMostDecimals);
  setValue(m_byMagnitude ? nextMagnitude(value(), steps) : std::round((value() + steps * singleStep()) * scale) / scale);
  selectAll();
}

void NumberBox::onTextEdited(const QString& text) {
  m_missing = m_shownMissing && text.isEmpty();
}

void NumberBox::reserveTrailing(int width) {
  const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
  lineEdit()->setTextMargins(rightToLeft ? width : 0, 0, rightToLeft ? 0 : width, 0);
}

QString NumberBox::textFromValue(double value) const {
  if (m_missing) return {};
  if (m_whole) return QString::number(std::round(value), 'f', 0);
  if (value != 0 && std::abs(value) < kScientific) return scientific(locale(), value);
  QString text = locale().toString(value, 'f', decimalsOf(value));
  const QString point = locale().decimalPoint();
  const QString zero = locale().zeroDigit();
  const auto least = text.indexOf(point) + point.size() + kShownZeros;
  while (text.contains(point) && text.size() > least && text.endsWith(zero)) text.chop(zero.size());
  return text;
}

double NumberBox::valueFromText(const QString& text) const {
  return parsed(locale(), text).value_or(value());
}

QValidator::State NumberBox::validate(QString& input, int&) const {
  const std::optional<double> number = parsed(locale(), input);
  if (number && m_whole && *number != std::floor(*number)) return QValidator::Invalid;
  if (number) return *number >= minimum() && *number <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
  // Half a number ("−", "1e") may still become one; letters cannot.
  for (const QChar c : std::as_const(input))
    if (!c.isDigit() && !QStringLiteral(" .,+-\u2212eE").contains(c)) return QValidator::Invalid;
  return QValidator::Intermediate;
}

}  // namespace layerloom
