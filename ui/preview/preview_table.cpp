// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/preview/preview_table.h"

#include <QLocale>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

std::optional<Estimate> figureOf(const ModelPreview& figures, int column) {
  switch (column) {
    case PreviewTable::Weight:
      return figures.weight;
    case PreviewTable::Distance:
      return figures.distance;
    case PreviewTable::Cosine:
      return figures.cosine;
    case PreviewTable::Kept:
      return figures.kept;
    case PreviewTable::ConflictsWon:
      return figures.conflictsWon;
    case PreviewTable::ConflictsLost:
      return figures.conflictsLost;
    default:
      return std::nullopt;
  }
}

}  // namespace

QString estimateText(const std::optional<Estimate>& estimate) {
  if (!estimate) {
    return QStringLiteral("–");
  }
  const QString value = QLocale().toString(estimate->value, 'g', 3);
  return estimate->isExact() ? value : PreviewTable::tr("%1 ± %2").arg(value, QLocale().toString((estimate->high - estimate->low) / 2, 'g', 2));
}

void PreviewTable::setFigures(const QStringList& models, const PreviewFigures* predicted, const PreviewFigures* measured) {
  std::vector<Row> rows;
  for (std::size_t i = 0; predicted != nullptr && i < predicted->models.size(); ++i) {
    if (!predicted->models[i]) {
      continue;
    }
    rows.push_back({models[static_cast<qsizetype>(i)], false, *predicted->models[i]});
    if (measured != nullptr && i < measured->models.size() && measured->models[i]) {
      rows.push_back({tr("measured"), true, *measured->models[i]});
    }
  }
  // While something is dragged only the figures change: the rows and the selection stay.
  if (rows == m_rows) {
    m_rows = std::move(rows);
    if (!m_rows.empty()) {
      emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
    return;
  }
  beginResetModel();
  m_rows = std::move(rows);
  endResetModel();
}

bool PreviewTable::hasFigures(int column) const {
  return std::any_of(m_rows.begin(), m_rows.end(), [column](const Row& row) { return figureOf(row.figures, column).has_value(); });
}

int PreviewTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PreviewTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant PreviewTable::data(const QModelIndex& index, int role) const {
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  const QString text = index.column() == Model ? row.name : estimateText(figureOf(row.figures, index.column()));
  switch (role) {
    case Qt::DisplayRole:
      return text;
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1, %2: %3").arg(row.name, headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(), text);
    case Qt::TextAlignmentRole:
      return static_cast<int>((index.column() == Model ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      return row.measured ? QVariant(currentTheme().text2) : QVariant();
    default:
      return {};
  }
}

QVariant PreviewTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) {
    return {};
  }
  if (role == Qt::TextAlignmentRole) {
    return static_cast<int>((section == Model ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
    return {};
  }
  const bool tip = role == Qt::ToolTipRole;
  switch (section) {
    case Model:
      return tip ? QVariant() : tr("Model");
    case Weight:
      return tip ? tr("Factor of the model's change in the result, after normalisation") : tr("Effective weight");
    case Distance:
      return tip ? tr("‖result − model‖") : tr("Distance");
    case Cosine:
      return tip ? tr("Cosine of the result's change and the model's, both against the base") : tr("Cosine of deltas");
    case Kept:
      return tip ? tr("Share of the model's change that trimming leaves") : tr("Kept");
    case ConflictsWon:
      return tip ? tr("Share of the entries at which signs conflict and this model's sign was chosen") : tr("Conflicts won");
    case ConflictsLost:
      return tip ? tr("Share of the entries at which signs conflict and another sign was chosen") : tr("Conflicts lost");
    default:
      return {};
  }
}

}  // namespace layerloom
