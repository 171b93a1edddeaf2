// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_actions.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>

#include "core/support/file.h"
#include "ui/theme/icons.h"
#include "ui/window/samples.h"
#include "ui/window/workspace.h"

namespace layerloom {
namespace {

constexpr int kMaxRecent = 10;
const QString kRecentKey = QStringLiteral("files/recent");
const QString kFolderKey = QStringLiteral("files/folder");

QString lastFolder() {
  return QSettings().value(kFolderKey, QDir::homePath()).toString();
}

}  // namespace

FileActions::FileActions(Workspace& workspace, QWidget& window) : QObject(&window), m_workspace(workspace), m_window(window) {}

void FileActions::fill(QMenu& menu) {
  const auto add = [&](const QString& icon, const QString& text, const QKeySequence& keys, auto slot) {
    QAction* action = menu.addAction(themedIcon(icon), text);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, slot);
    return action;
  };
  add(QStringLiteral("add"), tr("&New recipe"), QKeySequence::New, &FileActions::openNew);
  add(QStringLiteral("folder"), tr("&Open recipe…"), QKeySequence::Open, &FileActions::chooseAndOpen);
  m_recent = menu.addMenu(tr("Open &recent"));
  connect(m_recent, &QMenu::aboutToShow, this, &FileActions::fillRecent);
  add(QString(), tr("Open the sa&mples"), {}, &FileActions::openSamples);
  menu.addSeparator();
  add(QStringLiteral("drop"), tr("&Add model folder…"), QKeySequence(QStringLiteral("Ctrl+Shift+O")), &FileActions::addModelFolder);
  menu.addSeparator();
  add(QStringLiteral("save"), tr("&Save"), QKeySequence::Save, &FileActions::save);
  add(QString(), tr("Save &as…"), QKeySequence(QStringLiteral("Ctrl+Shift+S")), &FileActions::saveAs);
  add(QStringLiteral("export"), tr("&Export YAML for mergekit…"), QKeySequence(QStringLiteral("Ctrl+E")), &FileActions::exportYaml);
  add(QStringLiteral("report"), tr("Export &report…"), QKeySequence(QStringLiteral("Ctrl+Shift+E")), &FileActions::exportReport);
  menu.addSeparator();
  QAction* quit = menu.addAction(tr("&Quit"));
  quit->setShortcut(QKeySequence(QStringLiteral("Ctrl+Q")));
  connect(quit, &QAction::triggered, &m_window, &QWidget::close);
}

bool FileActions::mayDiscard() {
  emit aboutToUseDocument();
  if (m_workspace.document().history().isClean()) {
    return true;
  }
  QMessageBox box(QMessageBox::Question, tr("Unsaved changes"), tr("The recipe has changes that are not saved."),
                  QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, &m_window);
  box.setInformativeText(tr("Save them?"));
  box.setDefaultButton(QMessageBox::Save);
  const int answer = box.exec();
  return answer == QMessageBox::Discard || (answer == QMessageBox::Save && save());
}

bool FileActions::open(const QString& filePath) {
  QString reason;
  if (!m_workspace.open(filePath, reason)) {
    complain(tr("The recipe cannot be opened."), reason);
    return false;
  }
  if (!m_workspace.document().isSample()) {
    remember(filePath);
  }
  return true;
}

void FileActions::openNew() {
  if (mayDiscard()) {
    m_workspace.openNew();
  }
}

void FileActions::openSamples() {
  if (starterRecipe().isEmpty()) {
    complain(tr("The samples are not there."), tr("Install Layerloom again: its share/layerloom/samples folder is missing."));
  } else if (mayDiscard()) {
    open(starterRecipe());
  }
}

void FileActions::chooseAndOpen() {
  if (!mayDiscard()) {
    return;
  }
  const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open recipe"), lastFolder(),
                                                    tr("Recipes (*.yml *.yaml);;All files (*)"));
  if (!path.isEmpty()) {
    open(path);
  }
}

void FileActions::addModelFolder() {
  const QString path = QFileDialog::getExistingDirectory(&m_window, tr("Add model folder"), lastFolder());
  if (!path.isEmpty()) {
    QSettings().setValue(kFolderKey, QFileInfo(path).absolutePath());
    m_workspace.addModels({path});
  }
}

bool FileActions::save() {
  const Document& document = m_workspace.document();
  // The samples stay as they are: they are part of the program.
  return document.filePath().isEmpty() || document.isSample() ? saveAs() : saveTo(document.filePath());
}

bool FileActions::saveAs() {
  const QString suggestion = QDir(lastFolder()).filePath(m_workspace.document().name() + QStringLiteral(".layerloom.yml"));
  const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save recipe"), suggestion, tr("Layerloom recipes (*.layerloom.yml)"));
  return !path.isEmpty() && saveTo(path);
}

bool FileActions::saveTo(const QString& filePath) {
  emit aboutToUseDocument();
  if (const Status saved = m_workspace.document().save(filePath); !saved) {
    complain(tr("The recipe cannot be saved."), QString::fromStdString(saved.error().message + ". " + saved.error().remedy));
    return false;
  }
  remember(filePath);
  return true;
}

void FileActions::exportYaml() {
  const QString suggestion = QDir(lastFolder()).filePath(m_workspace.document().name() + QStringLiteral(".yml"));
  const QString path = QFileDialog::getSaveFileName(&m_window, tr("Export YAML for mergekit"), suggestion, tr("mergekit recipes (*.yml *.yaml)"));
  if (!path.isEmpty()) {
    QSettings().setValue(kFolderKey, QFileInfo(path).absolutePath());
    exportTo(path);
  }
}

bool FileActions::exportTo(const QString& filePath) {
  emit aboutToUseDocument();
  if (const Status written = replaceTextFile(filePath.toStdString(), m_workspace.exportText().toStdString()); !written) {
    complain(tr("The recipe cannot be exported."), QString::fromStdString(written.error().message + ". " + written.error().remedy));
    return false;
  }
  return true;
}

void FileActions::exportReport() {
  const QString suggestion = QDir(lastFolder()).filePath(m_workspace.document().name() + QStringLiteral(".html"));
  const QString path = QFileDialog::getSaveFileName(&m_window, tr("Export report"), suggestion, tr("Web page (*.html);;PDF (*.pdf)"));
  if (!path.isEmpty()) {
    QSettings().setValue(kFolderKey, QFileInfo(path).absolutePath());
    exportReportTo(path);
  }
}

bool FileActions::exportReportTo(const QString& filePath) {
  emit aboutToUseDocument();
  const QString reason = m_workspace.writeReport(filePath);
  if (!reason.isEmpty()) {
    complain(tr("The report cannot be written."), reason);
  }
  return reason.isEmpty();
}

void FileActions::remember(const QString& filePath) {
  QSettings settings;
  const QString path = QFileInfo(filePath).absoluteFilePath();
  QStringList recent = settings.value(kRecentKey).toStringList();
  recent.removeAll(path);
  recent.prepend(path);
  settings.setValue(kRecentKey, recent.mid(0, kMaxRecent));
  settings.setValue(kFolderKey, QFileInfo(path).absolutePath());
}

void FileActions::fillRecent() {
  m_recent->clear();
  const QStringList recent = QSettings().value(kRecentKey).toStringList();
  for (const QString& path : recent) {
    QAction* action = m_recent->addAction(QDir::toNativeSeparators(path));
    connect(action, &QAction::triggered, this, [this, path] {
      if (mayDiscard()) {
        open(path);
      }
    });
  }
  if (recent.isEmpty()) {
    m_recent->addAction(tr("No recipes yet"))->setEnabled(false);
  }
}

void FileActions::complain(const QString& what, const QString& why) {
  QMessageBox box(QMessageBox::Warning, tr("Layerloom"), what, QMessageBox::Ok, &m_window);
  box.setTextFormat(Qt::PlainText);
  box.setInformativeText(why);
  box.exec();
}

}  // namespace layerloom
