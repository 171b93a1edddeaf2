// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "core/recipe/recipe.h"

namespace layerloom {

/// The names under which the recipe's other documents hand on their results; these are no models on disk.
QStringList stageNames(const Recipe& recipe);

/// True for a reference to the result of one of the recipe's stages.
bool isStageResult(const Recipe& recipe, const ModelReference& reference);

/// The models on disk that a recipe and its stages merge, each once: the base first, then in the recipe's order, then those of the stages.
QStringList referencesOf(const Recipe& recipe);

/// The reference that the recipe or a stage writes so; nothing when there is none.
std::optional<ModelReference> findReference(const Recipe& recipe, const QString& text);

/// True where the recipe is neither a plain list of models nor one slice: its curves are not drawn and models are put in by hand.
bool isStructured(const Recipe& recipe);

/// What people call a model: its folder, with that of its adapter.
QString shortName(const QString& reference);

/// The recipe with the full path in place of every reference relative to `folder` that leads somewhere; models and adapters alike.
Recipe withFullPaths(Recipe recipe, const QString& folder);

}  // namespace layerloom
