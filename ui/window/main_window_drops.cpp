// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What is dragged onto the window.
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QTimer>
#include <algorithm>
#include <iterator>

#include "ui/models/dropped_model_paths.h"
#include "ui/window/drop_overlay.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

namespace layerloom {
namespace {

bool isRecipeFile(const QString& path) {
  return path.endsWith(QLatin1String(".yml"), Qt::CaseInsensitive) || path.endsWith(QLatin1String(".yaml"), Qt::CaseInsensitive);
}

}  // namespace

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  const auto paths = droppedModelPaths(*event->mimeData());
  const int count = static_cast<int>(paths.size());
  if (count == 0) {
    m_overlay->show({}, tr("Only model folders, .safetensors files and recipes can be dropped here"));
  } else {
    const bool recipe = isRecipeFile(paths.front());
    m_overlay->show(recipe ? tr("Open the recipe") : tr("Add %n model(s)", nullptr, count), {});
  }
  // Also what cannot be used is accepted to this point: only so is the reason seen.
  event->setDropAction(Qt::CopyAction);
  event->accept();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent* event) {
  m_overlay->hide();
  QMainWindow::dragLeaveEvent(event);
}

void MainWindow::dropEvent(QDropEvent* event) {
  m_overlay->hide();
  const auto paths = droppedModelPaths(*event->mimeData());
  if (paths.empty()) {
    event->ignore();
    return;
  }
  event->acceptProposedAction();
  if (isRecipeFile(paths.front())) {
    // The question about unsaved changes must not keep the program waiting that the file was dragged from.
    QTimer::singleShot(0, this, [this, path = paths.front()] {
      if (m_files->mayDiscard()) {
        m_files->open(path);
      }
    });
    return;
  }
  QStringList models;
  std::copy_if(paths.begin(), paths.end(), std::back_inserter(models), [](const QString& path) { return !isRecipeFile(path); });
  m_workspace.addModels(models);
}

}  // namespace layerloom
