// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace layerloom {

/// A spin box laid over the chart for one exact value. Takes the dot and the comma as decimal sign whatever the
/// language, since values are pasted from files as often as typed. Enter and loss of focus accept, Esc drops; either
/// way it ends with finished().
class ValueField : public QDoubleSpinBox {
  Q_OBJECT
 public:
  explicit ValueField(QWidget* parent);

  QValidator::State validate(QString& text, int& position) const override;
  double valueFromText(const QString& text) const override;
  QString textFromValue(double value) const override;

 signals:
  void accepted(double value);
  void finished();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void finish(bool accept);
  bool m_done = false;
};

}  // namespace layerloom
