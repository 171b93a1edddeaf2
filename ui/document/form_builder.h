// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/recipe/recipe.h"
#include "ui/recipe/recipe_form_data.h"

namespace layerloom {

/// What the recipe form shows of a recipe. `models`: all that may be the base.
RecipeFormData makeFormData(const Recipe& recipe, std::vector<FormModel> models);

}  // namespace layerloom
