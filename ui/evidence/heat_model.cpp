// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/heat_model.h"

#include "ui/parts/painting.h"

namespace layerloom {

void HeatModel::setGrid(const EvidenceData& data, HeatGrid grid, const ScaleWishes& wishes) {
  const bool sameShape = grid.kinds.size() == m_grid.kinds.size() && grid.columns.size() == m_grid.columns.size();
  if (!sameShape) {
    beginResetModel();
  }
  m_title = figureTitle(data, grid.figure, grid.subject);
  m_grid = std::move(grid);
  m_scale = fitScale(m_grid.values(), isSigned(m_grid.figure), wishes);
  if (!sameShape) {
    endResetModel();
  } else if (rowCount() > 0 && columnCount() > 0) {
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    emit headerDataChanged(Qt::Vertical, 0, rowCount() - 1);
  }
}

int HeatModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_grid.kinds.size());
}

int HeatModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_grid.columns.size());
}

const HeatCell* HeatModel::cellAt(const QModelIndex& index) const {
  const bool inside = index.isValid() && index.row() < rowCount() && index.column() < columnCount();
  return inside ? &m_grid.cell(index.row(), index.column()) : nullptr;
}

QString HeatModel::placeText(const QModelIndex& index) const {
  const HeatColumn& column = m_grid.columns[static_cast<std::size_t>(index.column())];
  const QString text = columnText(column);
  return column.isOuter() ? text : QStringLiteral("%1 · %2").arg(text, kindText(m_grid.kinds[static_cast<std::size_t>(index.row())]));
}

QString HeatModel::words(const QModelIndex& index) const {
  const HeatCell* cell = cellAt(index);
  if (cell == nullptr) {
    return {};
  }
  const QString figure = cell->value ? figureText(m_grid.figure, cell->value) : reasonText(m_grid, *cell);
  return QStringLiteral("%1\n%2  %3").arg(placeText(index), m_title, figure);
}

QModelIndex HeatModel::find(int layer, const std::string& module, TensorKind kind) const {
  for (int column = 0; column < columnCount(); ++column) {
    const HeatColumn& candidate = m_grid.columns[static_cast<std::size_t>(column)];
    const bool fits = layer < 0 ? candidate.isOuter() && candidate.outer == kind : candidate.layer == layer && candidate.module == module;
    for (int row = 0; fits && row < rowCount(); ++row) {
      if (layer < 0 || m_grid.kinds[static_cast<std::size_t>(row)] == kind) {
        return index(row, column);
      }
    }
  }
  return {};
}

QVariant HeatModel::data(const QModelIndex& index, int role) const {
  const HeatCell* cell = cellAt(index);
  if (cell == nullptr) {
    return {};
  }
  switch (role) {
    case Qt::DisplayRole:
      return figureText(m_grid.figure, cell->value);
    case ValueRole:
      return cell->value ? QVariant(*cell->value) : QVariant();
    case Qt::TextAlignmentRole:
      return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
      return words(index).replace(QLatin1Char('\n'), QStringLiteral(", "));
    case Qt::ToolTipRole: {
      QString text = words(index);
      if (cell->value) {
        text += QStringLiteral("\n%1").arg(exactFigureText(cell->value));
      }
      if (cell->tensors > 0) {
        text += QStringLiteral("\n%1").arg(QString::fromStdString(cell->tensor));
      }
      if (cell->tensors > 1) {
        text += QStringLiteral("\n%1").arg(tr("and %n more", nullptr, cell->tensors - 1));
      }
      return plainToolTip(text);
    }
    default:
      return {};
  }
}

QVariant HeatModel::headerData(int section, Qt::Orientation orientation, int role) const {
  const bool across = orientation == Qt::Horizontal;
  const auto index = static_cast<std::size_t>(section);
  if (index >= (across ? m_grid.columns.size() : m_grid.kinds.size())) {
    return {};
  }
  switch (role) {
    case Qt::DisplayRole:
      return across ? columnCaption(m_grid.columns[index]) : kindText(m_grid.kinds[index]);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
      return across ? columnText(m_grid.columns[index]) : kindText(m_grid.kinds[index]);
    default:
      return {};
  }
}

}  // namespace layerloom
