// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "core/recipe/recipe.h"

class QLabel;
class QListView;
class QStackedLayout;

namespace layerloom {

class ProblemModel;
class QuietLabel;

/// The problems dock.
class ProblemsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ProblemsPanel(QWidget* parent = nullptr);

  /// Errors first, then warnings, then notes. Keeps the current row. Emits nothing.
  void setProblems(std::vector<Problem> problems);
  /// What stands here while there is no problem, for example "No problems. 338 tensors will be written."
  void setEmptyText(const QString& text);

 signals:
  /// Double click, or Enter on the row: show me the place.
  void activated(const layerloom::Problem& problem);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeEmptyPage();
  void makeList();
  void copyCurrent();
  void applyColours();

  ProblemModel* m_model = nullptr;
  QListView* m_list = nullptr;
  QStackedLayout* m_pages = nullptr;
  QuietLabel* m_emptyText = nullptr;
  QLabel* m_emptyIcon = nullptr;
};

}  // namespace layerloom
