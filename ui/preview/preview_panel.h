// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

#include "ui/adapters/preview_store.h"

class QComboBox;
class QProgressBar;
class QPushButton;
class QStackedLayout;
class QTableView;

namespace layerloom {

class EmptyState;
class PreviewTable;
class QuietLabel;

/// What the preview dock shows. A value: built by the owner, handed over whole.
struct PreviewData {
  QString emptyText;                         ///< why there is no preview
  std::shared_ptr<const Preview> preview;    ///< null: none
  QStringList models;                        ///< as the window names them, by Preview::models
  std::optional<DryRunResult> dryRun;
  bool dryRunning = false;
};

/// The preview dock: what the merge will make of a layer or the whole, in figures; and the same merged for real, to compare.
class PreviewPanel : public QWidget {
  Q_OBJECT

 public:
  explicit PreviewPanel(QWidget* parent = nullptr);

  void setData(const PreviewData& shown);
  /// Turns to a layer of the result.
  void showLayer(int layer);
  void setDryRunProgress(int percent);

 signals:
  void dryRunRequested(int layer);
  void dryRunCancelled();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  static constexpr int kWhole = -2;

  QWidget* makeContent();
  void fillScopes();
  void showFigures();
  int scope() const;
  const PreviewFigures* figuresOf(const Preview& preview, int scope) const;
  QString summary(const PreviewFigures& figures, bool measured) const;
  void applyColours();

  PreviewData m_data;
  QStackedLayout* m_pages = nullptr;
  EmptyState* m_empty = nullptr;
  QComboBox* m_scope = nullptr;
  QPushButton* m_dryRun = nullptr;
  QProgressBar* m_progress = nullptr;
  QuietLabel* m_summary = nullptr;
  QuietLabel* m_measured = nullptr;
  QuietLabel* m_notes = nullptr;
  QTableView* m_table = nullptr;
  PreviewTable* m_model = nullptr;
};

}  // namespace layerloom
