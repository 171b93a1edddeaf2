// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/recipe_structure.h"

namespace layerloom {
namespace {

const ModelReference* pointerTo(const std::optional<ModelReference>& reference) {
  return reference ? &*reference : nullptr;
}

/// What stands in a recipe and in each of its modules.
void addBody(const std::vector<RecipeSource>& models, const std::vector<RecipeSlice>& slices, const ModelReference* base,
             const std::vector<const Settings*>& around, std::vector<PlacedSource>& all) {
  const auto add = [&](const RecipeSource& source, const ModelReference* itsBase, const Settings* ofSlice) {
    PlacedSource placed{&source, itsBase, {&source.parameters}};
    if (ofSlice != nullptr) {
      placed.levels.push_back(ofSlice);
    }
    placed.levels.insert(placed.levels.end(), around.begin(), around.end());
    all.push_back(std::move(placed));
  };
  for (const RecipeSource& source : models) {
    add(source, base, nullptr);
  }
  for (const RecipeSlice& slice : slices) {
    for (const RecipeSource& source : slice.sources) {
      add(source, slice.baseModel ? &*slice.baseModel : base, &slice.parameters);
    }
  }
}

void addSettings(std::vector<RecipeSource>& models, std::vector<RecipeSlice>& slices, std::vector<Settings*>& all) {
  for (RecipeSource& source : models) {
    all.push_back(&source.parameters);
  }
  for (RecipeSlice& slice : slices) {
    all.push_back(&slice.parameters);
    for (RecipeSource& source : slice.sources) {
      all.push_back(&source.parameters);
    }
  }
}

}  // namespace

std::vector<PlacedSource> placedSources(const Recipe& recipe) {
  std::vector<PlacedSource> all;
  addBody(recipe.models, recipe.slices, pointerTo(recipe.baseModel), {&recipe.parameters}, all);
  for (const RecipeModule& module : recipe.modules) {
    addBody(module.models, module.slices, pointerTo(recipe.baseModel), {&module.parameters, &recipe.parameters}, all);
  }
  return all;
}

std::vector<Settings*> allSettings(Recipe& recipe) {
  std::vector<Settings*> all = {&recipe.parameters};
  addSettings(recipe.models, recipe.slices, all);
  for (RecipeModule& module : recipe.modules) {
    all.push_back(&module.parameters);
    addSettings(module.models, module.slices, all);
  }
  return all;
}

const Setting* effectiveSetting(const std::vector<const Settings*>& levels, const std::string& name) {
  for (const Settings* settings : levels) {
    if (const Setting* setting = findSetting(*settings, name)) {
      return setting;
    }
  }
  return nullptr;
}

}  // namespace layerloom
