// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace layerloom {

/// The dashed card below the models that says what may be dropped. The drop itself is the window's.
class DropHint : public QWidget {
  Q_OBJECT

 public:
  explicit DropHint(QWidget* parent = nullptr);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QRect textRect(const QRect& card) const;

  QString m_words;
};

}  // namespace layerloom
