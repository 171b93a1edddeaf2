// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "ui/evidence/colour_scale.h"
#include "ui/evidence/heat_grid.h"

namespace layerloom {

/// Roles beside Qt's own that the evidence tables share.
enum EvidenceRole {
  ValueRole = Qt::UserRole,  ///< the figure as a double; invalid where there is none
};

/// The heat map as a table: kinds down, layers across. Picture and table twin show the same one.
class HeatModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  /// Keeps rows and columns where their number stays, so that views keep their place.
  void setGrid(const EvidenceData& data, HeatGrid grid, const ScaleWishes& wishes);
  const HeatGrid& grid() const { return m_grid; }
  const ColourScale& scale() const { return m_scale; }
  const HeatCell* cellAt(const QModelIndex& index) const;
  /// "layer 3 · q", "emb"
  QString placeText(const QModelIndex& index) const;
  /// Place, figure and value, or why there is none.
  QString words(const QModelIndex& index) const;
  /// The cell that stands for a place; `kind` is left aside for an outer column.
  QModelIndex find(int layer, const std::string& module, TensorKind kind) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString m_title;
  HeatGrid m_grid;
  ColourScale m_scale;
};

}  // namespace layerloom
