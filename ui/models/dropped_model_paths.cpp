// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/dropped_model_paths.h"

#include <algorithm>

#include <QDir>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

namespace layerloom {
namespace {

bool canBeOpened(const QString& path) {
  const QFileInfo info(path);
  if (info.isDir()) return true;
  const QString suffix = info.suffix().toLower();
  const bool known = suffix == u"safetensors" || suffix == u"yml" || suffix == u"yaml";
  return known && info.isFile();
}

}  // namespace

std::vector<QString> droppedModelPaths(const QMimeData& data) {
  std::vector<QString> paths;
  for (const QUrl& url : data.urls()) {
    if (!url.isLocalFile()) continue;
    const QString path = QDir::cleanPath(url.toLocalFile());
    if (canBeOpened(path) && std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return paths;
}

}  // namespace layerloom
