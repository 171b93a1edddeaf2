// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/methods/spec.h"
#include "core/recipe/recipe.h"

namespace layerloom {

/// Calls visit(settings, path, ofSource) for all settings of the recipe; `ofSource`: they belong to one model.
template <typename Visitor>
void forEachSettings(const Recipe& recipe, Visitor visit) {
  const auto sources = [&](const std::vector<RecipeSource>& list, const std::string& path) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      visit(list[i].parameters, path + "[" + std::to_string(i) + "].parameters", true);
    }
  };
  const auto slices = [&](const std::vector<RecipeSlice>& list, const std::string& prefix) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string path = prefix + "slices[" + std::to_string(i) + "]";
      visit(list[i].parameters, path + ".parameters", false);
      sources(list[i].sources, path + ".sources");
    }
  };
  visit(recipe.parameters, std::string("parameters"), false);
  sources(recipe.models, "models");
  slices(recipe.slices, "");
  for (const RecipeModule& module : recipe.modules) {
    const std::string path = "modules." + module.name;
    visit(module.parameters, path + ".parameters", false);
    sources(module.models, path + ".models");
    slices(module.slices, path + ".");
  }
}

/// The method that the recipe names. Where there is none of that name, with a problem: the one whose name comes nearest, to go on
/// checking with, or null.
const MethodSpec* checkMethod(const Recipe& recipe, std::vector<Problem>& problems);

/// Data types that do not exist.
void checkTypes(const Recipe& recipe, std::vector<Problem>& problems);

/// What the recipe's settings and the method's parameters have to say to each other: unknown parameters, values of the wrong type, values
/// outside a parameter's range, a missing base model, a number of models that the method does not take.
void checkSettings(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems);

}  // namespace layerloom
