// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/evidence/evidence_data.h"

class QAction;
class QButtonGroup;
class QStackedLayout;
class QStackedWidget;

namespace layerloom {

class EmptyState;
class HeatPage;
class PairsPage;
class QuietLabel;
class RankingView;
class SizesPage;
struct HeatCell;
struct HeatColumn;

/// The evidence dock: how the models differ from the base and from each other, as heat map, ranking, histogram and matrices.
class EvidencePanel : public QWidget {
  Q_OBJECT

 public:
  enum class Page { HeatMap, Ranking, Sizes, Pairs };
  Q_ENUM(Page)

  explicit EvidencePanel(QWidget* parent = nullptr);
  ~EvidencePanel() override;

  void setData(const EvidenceData& evidence);
  const EvidenceData& data() const { return m_data; }
  void setPage(Page page);
  Page page() const;
  /// False while the panel stands behind another tab: it then does no work.
  void setSeen(bool seen);
  /// The layer that is looked at in the curves; −1: none.
  void setMarkedLayer(int layer);

  HeatPage& heat() { return *m_heat; }
  RankingView& ranking() { return *m_ranking; }
  SizesPage& sizes() { return *m_sizes; }
  PairsPage& pairs() { return *m_pairs; }

  /// The switch between the pages, for the title of the dock.
  QWidget* pageSwitch() const { return m_switch; }
  QList<QAction*> titleActions() const;

  /// The page's table (heat map, ranking) as CSV. False: it has none or cannot be written; the reason says which.
  bool exportCsv(const QString& path, QString& reason) const;
  /// The page as PNG.
  bool exportPicture(const QString& path, QString& reason);

 signals:
  /// A place that the curves are to show; `tensor` is empty for a layer as a whole.
  void placeChosen(int layer, const QString& module, const QString& tensor);
  /// The layer that the heat map's pointer is on; −1: none.
  void layerPointedAt(int layer);
  void measureAgainRequested();

 private:
  void makeSwitch();
  QWidget* makeContent();
  QWidget* makeFailedPage();
  void makeActions();
  void connectPages();
  void refresh();
  void showStatus();
  void onPage();
  void pick(const HeatCell& cell, const HeatColumn& column);
  void askAndExport(bool picture);
  QString progressText() const;

  EvidenceData m_data;
  bool m_seen = true;
  QWidget* m_switch = nullptr;
  QButtonGroup* m_buttons = nullptr;
  QStackedLayout* m_states = nullptr;
  QStackedWidget* m_pages = nullptr;
  QStackedWidget* m_pairStates = nullptr;
  HeatPage* m_heat = nullptr;
  RankingView* m_ranking = nullptr;
  SizesPage* m_sizes = nullptr;
  PairsPage* m_pairs = nullptr;
  QuietLabel* m_detail = nullptr;
  QuietLabel* m_status = nullptr;
  EmptyState* m_failure = nullptr;
  QAction* m_table = nullptr;
  QAction* m_csv = nullptr;
  QAction* m_picture = nullptr;
};

}  // namespace layerloom
