// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace layerloom {

/// A button that is only its words, semibold in the accent colour: the one thing to do in a row or card.
class TextButton : public QAbstractButton {
  Q_OBJECT

 public:
  explicit TextButton(QWidget* parent = nullptr);
  explicit TextButton(const QString& text, QWidget* parent = nullptr);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
};

}  // namespace layerloom
