// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

#include "ui/theme/theme.h"
#include "ui/window/workspace.h"

class QAction;
class QMenu;

namespace layerloom {

class BudgetBar;
class CurvesPanel;
class DropOverlay;
class AdvicePanel;
class EvidencePanel;
class PreviewPanel;
class FileActions;
class JobsPanel;
class ModelsPanel;
class PanelDock;
class ProblemsPanel;
class RecipeForm;
class YamlEditor;

/// The window: docks around the curves, joined with the workspace.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// `mergeProgram`: path of layerloom-cli.
  explicit MainWindow(const QString& mergeProgram, QWidget* parent = nullptr);
  ~MainWindow() override;

  Workspace& workspace() { return m_workspace; }
  CurvesPanel& curves() { return *m_curves; }
  FileActions& files() { return *m_files; }
  EvidencePanel& evidence() { return *m_evidence; }
  /// Brings the evidence to the front.
  void showEvidence();

  /// Opens a file, or the samples where there is none.
  void openAtStart(const QString& filePath);
  /// Starts a merge without asking.
  int startMerge(const QString& output, bool overwrite, UnfinishedMerge unfinished = UnfinishedMerge::Refuse);

 protected:
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeDocks();
  PanelDock* addDock(const char* name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
  void makeBudgetBar();
  void makeMenus();
  void fillEditMenu(QMenu& menu);
  QAction* makeHistoryAction(const QString& name, const QString& icon, void (QUndoStack::*step)());
  void showHistory();
  void fillViewMenu(QMenu& menu);
  void fillThemeMenu(QMenu& menu);
  void fillRunMenu(QMenu& menu);
  void connectModels();
  void connectForm();
  void connectYaml();
  void connectEvidence();
  void connectPreview();
  void connectWorkspace();
  void showText();
  void showChecked();
  void showTitle();
  void askAndMerge();
  void setTheme(ThemeMode mode);
  void resetLayout();
  void restoreSettings();
  void saveSettings() const;
  QString outputSuggestion() const;

  Workspace m_workspace;
  FileActions* m_files = nullptr;
  CurvesPanel* m_curves = nullptr;
  ModelsPanel* m_models = nullptr;
  RecipeForm* m_form = nullptr;
  YamlEditor* m_yaml = nullptr;
  ProblemsPanel* m_problems = nullptr;
  JobsPanel* m_jobs = nullptr;
  EvidencePanel* m_evidence = nullptr;
  AdvicePanel* m_advice = nullptr;
  PreviewPanel* m_preview = nullptr;
  BudgetBar* m_budget = nullptr;
  DropOverlay* m_overlay = nullptr;
  PanelDock* m_problemsDock = nullptr;
  PanelDock* m_jobsDock = nullptr;
  PanelDock* m_evidenceDock = nullptr;
  PanelDock* m_adviceDock = nullptr;
  PanelDock* m_previewDock = nullptr;
  QAction* m_merge = nullptr;
  QAction* m_undo = nullptr;
  QAction* m_redo = nullptr;
  QList<PanelDock*> m_docks;
  QByteArray m_factoryLayout;
};

}  // namespace layerloom
