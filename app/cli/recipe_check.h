// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "app/cli/recipe_text.h"
#include "core/plan/plan.h"

namespace layerloom {

/// A recipe read and planned with its models: the plan is there unless one of the problems is an error.
struct CheckedRecipe {
  std::optional<Recipe> recipe;  ///< there whenever the plan is
  std::optional<MergePlan> plan;
  std::vector<Problem> problems;
};

/// Parses the text and plans the merge; collects the problems of both, also where reading the text has found errors.
CheckedRecipe checkRecipe(const RecipeText& recipe, const PlanOptions& options);

}  // namespace layerloom
