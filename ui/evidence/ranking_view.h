// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

#include "ui/evidence/ranking_model.h"

class QComboBox;
class QLineEdit;
class QTableView;

namespace layerloom {

/// Sorts by ValueRole; rows without a value come last in both directions.
class RankingOrder : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RankingOrder(RankingModel* model, QObject* parent = nullptr);

 protected:
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
};

/// Layers, kinds or tensors in the order of a figure, with all the others beside it; sortable by each and filtered by name.
class RankingView : public QWidget {
  Q_OBJECT

 public:
  explicit RankingView(QWidget* parent = nullptr);

  void setData(const EvidenceData& evidence);
  void setLevel(RankingLevel level);
  /// Makes the tensor's row the current one, on level Tensors and without a filter that hides it. False: it was not measured.
  bool showTensor(const std::string& tensor);
  /// What the table shows, as it is sorted and filtered.
  const QAbstractItemModel& shown() const { return *m_order; }
  QTableView& table() { return *m_table; }

 signals:
  /// Double click or Enter on a row that has a place: `tensor` is empty for a layer as a whole.
  void opened(int layer, const QString& module, const QString& tensor);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeControls();
  void makeTable();
  void refresh();
  void fillModels();
  void sortByRank();
  void openCurrent();
  void fitColumns();
  void applyColours();

  EvidenceData m_data;
  RankingModel* m_model = nullptr;
  RankingOrder* m_order = nullptr;
  QTableView* m_table = nullptr;
  QComboBox* m_level = nullptr;
  QComboBox* m_models = nullptr;
  QLineEdit* m_filter = nullptr;
};

}  // namespace layerloom
