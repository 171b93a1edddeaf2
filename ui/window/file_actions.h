// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

class QAction;
class QMenu;
class QWidget;

namespace layerloom {

class Workspace;

/// Opening, saving and exporting recipes, with their dialogs and the list of recent files.
class FileActions : public QObject {
  Q_OBJECT

 public:
  FileActions(Workspace& workspace, QWidget& window);

  /// Fills the File menu.
  void fill(QMenu& menu);
  /// False when the user wants to stay with unsaved changes.
  bool mayDiscard();
  /// Opens a recipe and says so when that fails.
  bool open(const QString& filePath);
  void openSamples();
  void addModelFolder();
  void exportYaml();
  /// Writes the recipe as mergekit reads it; says so when that fails.
  bool exportTo(const QString& filePath);
  void exportReport();
  /// Writes the page for colleagues, .html or .pdf; says so when that fails.
  bool exportReportTo(const QString& filePath);
  bool save();
  bool saveAs();

 signals:
  /// The document is about to be written or left: edits that are still on their way must be handed in now.
  void aboutToUseDocument();

 private:
  void openNew();
  void chooseAndOpen();
  bool saveTo(const QString& filePath);
  void remember(const QString& filePath);
  void fillRecent();
  void complain(const QString& what, const QString& why);

  Workspace& m_workspace;
  QWidget& m_window;
  QMenu* m_recent = nullptr;
};

}  // namespace layerloom
