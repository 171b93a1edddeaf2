// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/problem_model.h"

#include <algorithm>

#include "ui/parts/painting.h"
#include "ui/yaml/problem_text.h"

namespace layerloom {

void ProblemModel::setProblems(std::vector<Problem> problems) {
  beginResetModel();
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return a.severity != b.severity ? a.severity < b.severity : a.where.line < b.where.line;
  });
  m_problems = std::move(problems);
  endResetModel();
}

int ProblemModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_problems.size());
}

QVariant ProblemModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Problem& problem = at(index.row());
  switch (role) {
    case Qt::DisplayRole:
      return QString::fromStdString(problem.message);
    case Qt::AccessibleTextRole:
      return problemWords(problem);
    case Qt::ToolTipRole:
      return plainToolTip(problemWords(problem));
    default:
      return {};
  }
}

}  // namespace layerloom
