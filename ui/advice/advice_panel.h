// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>
#include <vector>

#include "core/analysis/advice.h"

class QAction;
class QListWidget;
class QStackedLayout;

namespace layerloom {

class QuietLabel;

/// The advice dock: what the figures mean for the merge, the gravest first.
class AdvicePanel : public QWidget {
  Q_OBJECT

 public:
  explicit AdvicePanel(QWidget* parent = nullptr);

  /// Keeps the current row. Emits nothing.
  void setAdvice(std::vector<Advice> advice);
  /// What stands here while there is no advice.
  void setEmptyText(const QString& text);
  /// How many pieces are more than notes.
  int cautions() const;
  QList<QAction*> titleActions() const { return {m_thresholds}; }

 signals:
  /// The thresholds are to be shown and changed.
  void thresholdsRequested();
  /// Double click, or Enter: show me the place.
  void activated(const layerloom::Advice& advice);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void fill();
  void activateRow(int row);
  void applyColours();

  std::vector<Advice> m_advice;
  QAction* m_thresholds = nullptr;
  QListWidget* m_list = nullptr;
  QStackedLayout* m_pages = nullptr;
  QuietLabel* m_empty = nullptr;
};

/// The advice in the language of the window.
QString adviceText(const Advice& advice);
QString adviceLevelText(AdviceLevel level);

}  // namespace layerloom
