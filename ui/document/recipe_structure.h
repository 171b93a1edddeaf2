// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/recipe/recipe.h"

namespace layerloom {

/// A source of the recipe itself (not of its stages), wherever it stands, with the settings that hold for it: its own first, then those of
/// its slice and module, those of the recipe last.
struct PlacedSource {
  const RecipeSource* source = nullptr;
  const ModelReference* base = nullptr;  ///< of its slice, else of the recipe; null: none
  std::vector<const Settings*> levels;

  bool isBase() const { return base != nullptr && *base == source->model; }
};

std::vector<PlacedSource> placedSources(const Recipe& recipe);

/// All settings of the recipe itself: its own, those of models, slices and modules.
std::vector<Settings*> allSettings(Recipe& recipe);

/// The setting that holds at the first level that has one; null where none has.
const Setting* effectiveSetting(const std::vector<const Settings*>& levels, const std::string& name);

}  // namespace layerloom
