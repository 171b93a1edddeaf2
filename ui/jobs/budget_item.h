// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QWidget>

namespace layerloom {

/// One figure of the budget bar: label, value and, where something limits it, a bar of its share.
class BudgetItem : public QWidget {
  Q_OBJECT

 public:
  explicit BudgetItem(const QString& label, QWidget* parent = nullptr);

  void setValue(const QString& value, std::optional<double> share = {}, bool over = false);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_label;
  QString m_value;
  std::optional<double> m_share;
  bool m_over = false;
};

}  // namespace layerloom
