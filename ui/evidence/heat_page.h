// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/evidence/evidence_data.h"
#include "ui/evidence/heat_model.h"

class QCheckBox;
class QComboBox;
class QStackedWidget;
class QTableView;

namespace layerloom {

class ColourLegend;
class HeatMapView;

/// The heat map with what chooses its figure, and its table twin.
class HeatPage : public QWidget {
  Q_OBJECT

 public:
  explicit HeatPage(QWidget* parent = nullptr);

  void setData(const EvidenceData& evidence);
  void setTableShown(bool shown);
  void setFigure(Figure figure);
  /// Index of the model or, for a figure of pairs, of the pair.
  void setSubject(int subject);
  /// Puts the cell cursor there without a signal.
  void showPlace(int layer, const std::string& module, TensorKind kind);
  const HeatModel& model() const { return *m_model; }
  HeatMapView& view() { return *m_view; }
  QTableView& table() { return *m_table; }
  ColourLegend& legend() { return *m_legend; }
  QString title() const;

 signals:
  /// Click, or Space.
  void picked(const layerloom::HeatCell& cell, const layerloom::HeatColumn& column);
  /// Double click, or Enter.
  void opened(const layerloom::HeatCell& cell, const layerloom::HeatColumn& column);
  /// The cell under the cursor in words; empty: none.
  void described(const QString& words);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeControls();
  void makeTable();
  void fillFigures();
  void fillSubjects();
  void refresh();
  void joinTallCells();
  void applyColours();
  void tell(const QModelIndex& index, void (HeatPage::*signal)(const HeatCell&, const HeatColumn&));
  void describeCurrent();
  Figure figure() const;

  EvidenceData m_data;
  HeatModel* m_model = nullptr;
  HeatMapView* m_view = nullptr;
  QTableView* m_table = nullptr;
  QStackedWidget* m_twins = nullptr;
  QComboBox* m_figures = nullptr;
  QComboBox* m_subjects = nullptr;
  QCheckBox* m_log = nullptr;
  QCheckBox* m_clip = nullptr;
  ColourLegend* m_legend = nullptr;
  int m_lastActive = -1;
};

}  // namespace layerloom
