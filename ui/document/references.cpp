// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/references.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

namespace layerloom {
namespace {

/// The tokenizer names models that are merged anyway.
bool isOfTokenizer(const std::string& path) {
  return path.starts_with("tokenizer");
}

std::string fullPath(const std::string& path, const QString& folder) {
  const QString name = QString::fromStdString(path);
  const QFileInfo beside(folder + QLatin1Char('/') + name);
  const bool relative = !path.empty() && QFileInfo(name).isRelative();
  return relative && beside.exists() ? beside.canonicalFilePath().toStdString() : path;
}

void complete(ModelReference& reference, const QString& folder) {
  const auto address = addressOf(reference);
  if (!address) {
    return;
  }
  ModelAddress full = *address;
  full.path = fullPath(full.path, folder);
  full.adapter = fullPath(full.adapter, folder);
  if (full == *address) {
    return;
  }
  reference.text = full.text();
  const auto parsed = parseModelAddress(reference.text);
  reference.address = parsed && *parsed == full ? std::nullopt : std::optional(full);
}

QString folderName(const QString& path) {
  const QString last = QDir(path).dirName();
  return last.isEmpty() || last == QLatin1String(".") ? path : last;
}

}  // namespace

QStringList stageNames(const Recipe& recipe) {
  QStringList names;
  for (const Recipe& stage : recipe.stages) {
    names << QString::fromStdString(stage.name);
  }
  return names;
}

bool isStageResult(const Recipe& recipe, const ModelReference& reference) {
  const auto address = addressOf(reference);
  return address && std::any_of(recipe.stages.begin(), recipe.stages.end(), [&](const Recipe& stage) { return stage.name == address->path; });
}

QStringList referencesOf(const Recipe& recipe) {
  QStringList references;
  const auto add = [&](const ModelReference& reference, const std::string& path) {
    const QString text = QString::fromStdString(reference.text);
    if (!text.isEmpty() && !isOfTokenizer(path) && !references.contains(text) && !isStageResult(recipe, reference)) {
      references << text;
    }
  };
  forEachReference(recipe, add);
  for (const Recipe& stage : recipe.stages) {
    forEachReference(stage, add);
  }
  return references;
}

std::optional<ModelReference> findReference(const Recipe& recipe, const QString& text) {
  std::optional<ModelReference> found;
  const auto look = [&](const ModelReference& reference, const std::string&) {
    if (!found && QString::fromStdString(reference.text) == text) {
      found = reference;
    }
  };
  forEachReference(recipe, look);
  for (const Recipe& stage : recipe.stages) {
    forEachReference(stage, look);
  }
  return found;
}

bool isStructured(const Recipe& recipe) {
  return recipe.slices.size() > 1 || !recipe.modules.empty();
}

QString shortName(const QString& reference) {
  const auto address = parseModelAddress(reference.toStdString());
  if (!address) {
    return folderName(reference);
  }
  const QString model = folderName(QString::fromStdString(address->path));
  return address->adapter.empty() ? model : model + QStringLiteral(" + ") + folderName(QString::fromStdString(address->adapter));
}

Recipe withFullPaths(Recipe recipe, const QString& folder) {
  const Recipe original = recipe;
  const auto visit = [&](ModelReference& reference, const std::string&) {
    if (!isStageResult(original, reference)) {
      complete(reference, folder);
    }
  };
  forEachReference(recipe, visit);
  for (Recipe& stage : recipe.stages) {
    forEachReference(stage, visit);
  }
  return recipe;
}

}  // namespace layerloom
