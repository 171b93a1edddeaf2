// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/jobs/budget_data.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace layerloom {

class BudgetItem;
class QuietLabel;

/// The strip along the window's lower edge: what the merge takes, and the button that starts it.
class BudgetBar : public QWidget {
  Q_OBJECT

 public:
  explicit BudgetBar(QWidget* parent = nullptr);

  /// Emits nothing. Merge is disabled, with the reason in words and as tool tip, while `blocked` says why or while disk
  /// or memory do not suffice.
  void setBudget(const BudgetData& budget);

 signals:
  void mergeRequested();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void addItem(QHBoxLayout& layout, BudgetItem* item);
  QPushButton* makeMergeButton();
  void showItems();
  void showReason();
  void applyColours();
  QString shortage() const;

  BudgetData m_budget;
  BudgetItem* m_output = nullptr;
  BudgetItem* m_memory = nullptr;
  BudgetItem* m_disk = nullptr;
  BudgetItem* m_time = nullptr;
  QLabel* m_reasonIcon = nullptr;
  QuietLabel* m_summary = nullptr;
  QPushButton* m_merge = nullptr;
};

}  // namespace layerloom
