// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <optional>
#include <vector>

#include "ui/evidence/heat_model.h"

namespace layerloom {

enum class RankingLevel { Layers, Kinds, Tensors, Whole };

struct RankingRow {
  QString name;
  std::string tensor;  ///< full name; on level Tensors only
  int layer = -1;
  std::string module;
  std::optional<TensorKind> kind;
  GroupStatistics figures;
};

struct RankingColumn {
  enum class Content { Name, Elements, Greatest, Figure } content = Content::Name;
  Figure figure = Figure::RelativeDelta;
  int subject = 0;
};

/// Layers, kinds or tensors with all their figures, in the order of the network. ValueRole holds what to sort by.
class RankingModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  /// `onlyModel` leaves the figures of the other models out, and the pairs without it; −1: all are shown.
  void setContent(const EvidenceData& data, RankingLevel level, int onlyModel);
  const RankingRow& row(int index) const { return m_rows[static_cast<std::size_t>(index)]; }
  const RankingColumn& column(int index) const { return m_columns[static_cast<std::size_t>(index)]; }
  /// The column that ranks by default: the (greatest) relative delta.
  int rankingColumn() const;
  /// Row of a tensor, −1: not here.
  int findTensor(const std::string& tensor) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::optional<double> valueAt(const RankingRow& row, const RankingColumn& column) const;
  QString textAt(const RankingRow& row, const RankingColumn& column) const;
  QString headerText(const RankingColumn& column) const;
  void fillColumns(int onlyModel);
  void fillRows(RankingLevel level);

  EvidenceData m_data;
  RankingLevel m_level = RankingLevel::Layers;
  std::vector<RankingRow> m_rows;
  std::vector<RankingColumn> m_columns;
};

}  // namespace layerloom
