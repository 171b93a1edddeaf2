// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

#include "core/analysis/preview.h"

namespace layerloom {

/// "0.712", or "0.712 ± 0.010" for a sampled figure; "–" where there is none.
QString estimateText(const std::optional<Estimate>& estimate);

/// How the result lies to each model, one row per model, and below it what a dry run measured.
class PreviewTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Model, Weight, Distance, Cosine, Kept, ConflictsWon, ConflictsLost, ColumnCount };

  using QAbstractTableModel::QAbstractTableModel;

  /// `measured` may be null.
  void setFigures(const QStringList& models, const PreviewFigures* predicted, const PreviewFigures* measured);

  /// False where the method at hand has no such figure for any model.
  bool hasFigures(int column) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    QString name;
    bool measured = false;
    ModelPreview figures;

    bool operator==(const Row& other) const { return name == other.name && measured == other.measured; }
  };

  std::vector<Row> m_rows;
};

}  // namespace layerloom
