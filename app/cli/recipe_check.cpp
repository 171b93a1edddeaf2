// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/recipe_check.h"

#include <iterator>
#include <utility>

namespace layerloom {

CheckedRecipe checkRecipe(const RecipeText& recipe, const PlanOptions& options) {
  ParsedRecipe parsed = parseRecipe(recipe.text);
  CheckedRecipe checked;
  checked.problems = std::move(parsed.problems);
  PlanResult planned = planMerge(parsed.draft, options);
  checked.problems.insert(checked.problems.end(), std::make_move_iterator(planned.problems.begin()),
                          std::make_move_iterator(planned.problems.end()));
  if (!hasErrors(checked.problems)) {
    checked.plan = std::move(planned.plan);
    checked.recipe = std::move(parsed.recipe);
  }
  return checked;
}

}  // namespace layerloom
