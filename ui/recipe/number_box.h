// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace layerloom {

/// A field for a number of the recipe: shown in the user's language with three decimals (more where the value needs
/// them, small ones as 1e-5), typed and pasted with comma or point. Emits valueChanged when an edit is finished, not with each key.
class NumberBox : public QDoubleSpinBox {
  Q_OBJECT

 public:
  explicit NumberBox(QWidget* parent = nullptr);

  /// Takes whole numbers only and steps by one.
  void setWhole(bool whole);
  /// Steps by powers of ten: for tolerances, of which only the magnitude matters.
  void setStepsByMagnitude(bool magnitude) { m_byMagnitude = magnitude; }
  /// Shows `value` without emitting, with as many decimals as it has.
  void showValue(double value);
  /// Shows that a required number is missing, without emitting, until a number is typed or stepped to.
  void showMissing();
  bool isMissing() const { return m_missing; }
  /// Room kept free at the trailing end for a button inside the field.
  void reserveTrailing(int width);

  QString textFromValue(double value) const override;
  double valueFromText(const QString& text) const override;
  QValidator::State validate(QString& input, int& position) const override;
  void stepBy(int steps) override;

 private:
  void onTextEdited(const QString& text);

  bool m_whole = false;
  bool m_byMagnitude = false;
  bool m_missing = false;       ///< no number is shown, whatever value() says
  bool m_shownMissing = false;  ///< the recipe has none; an edit may have put one here since
};

}  // namespace layerloom
