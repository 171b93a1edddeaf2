// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>
#include <QWidget>
#include <vector>

#include "core/analysis/advice.h"

class QAction;
class QListWidget;
class QListWidgetItem;
class QStackedLayout;

namespace layerloom {

class AdviceSummary;
class EmptyState;

/// The advice dock: what the figures mean for the merge, the gravest first; what speaks of models beside the merge is folded away below.
class AdvicePanel : public QWidget {
  Q_OBJECT

 public:
  explicit AdvicePanel(QWidget* parent = nullptr);

  /// Advice as `withMergedFirst` orders it, and the names of the models that are not in the merge. Keeps the current row. Emits nothing.
  void setAdvice(std::vector<Advice> advice, const QStringList& modelsBeside);
  /// What stands here while there is no advice.
  void setEmptyText(const QString& text);
  /// How many pieces on the merge are more than notes.
  int cautions() const;
  /// What there is of each level, for the title of the dock.
  QWidget* summary() const;
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
  void addAdvice(const Advice& advice);
  void addFold();
  void showBeside(bool shown);
  int insideCount() const;
  void activateRow(int row);
  void applyColours();

  std::vector<Advice> m_advice;
  QStringList m_modelsBeside;
  bool m_besideShown = false;
  QListWidgetItem* m_fold = nullptr;  ///< the heading of what speaks of models beside the merge; null: there is none
  AdviceSummary* m_summary = nullptr;
  QAction* m_thresholds = nullptr;
  QListWidget* m_list = nullptr;
  QStackedLayout* m_pages = nullptr;
  EmptyState* m_empty = nullptr;
};

/// The advice in the language of the window.
QString adviceText(const Advice& advice);
QString adviceLevelText(AdviceLevel level);

}  // namespace layerloom
