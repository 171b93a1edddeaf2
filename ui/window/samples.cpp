// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/samples.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace layerloom {

QString samplesFolder() {
  const QDir programs(QCoreApplication::applicationDirPath());
  // Installed: bin/ and share/ are neighbours. Built: build/PRESET/bin/ lies in the source tree.
  for (const char* place : {"../share/layerloom/samples", "../../../resources/samples"}) {
    const QString folder = QDir::cleanPath(programs.filePath(QLatin1String(place)));
    if (QFileInfo::exists(folder + QStringLiteral("/starter.layerloom.yml"))) {
      return folder;
    }
  }
  return {};
}

QString starterRecipe() {
  const QString folder = samplesFolder();
  return folder.isEmpty() ? QString() : folder + QStringLiteral("/starter.layerloom.yml");
}

bool isSampleFile(const QString& path) {
  const QString folder = QFileInfo(samplesFolder()).canonicalFilePath();
  return !folder.isEmpty() && QFileInfo(path).canonicalFilePath().startsWith(folder + QLatin1Char('/'));
}

QStringList sampleModels() {
  return {QStringLiteral("base"), QStringLiteral("prose"), QStringLiteral("code"), QStringLiteral("far")};
}

}  // namespace layerloom
