// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractListModel>

#include "core/recipe/recipe.h"

namespace layerloom {

/// The problems as a list: errors first, then warnings, then notes, each in the order of the text.
class ProblemModel : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;

  void setProblems(std::vector<Problem> problems);
  const Problem& at(int row) const { return m_problems[static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  std::vector<Problem> m_problems;
};

}  // namespace layerloom
