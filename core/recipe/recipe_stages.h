// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/recipe/recipe.h"

namespace layerloom {

/// Puts the documents of a text together: the one without a name, or the one that no other uses, gets the others as its `stages` in an
/// order in which they can be carried out. Reports names that stand twice, several final results and circles; then all documents are there
/// for further checks, in an order of no meaning.
Recipe joinStages(std::vector<Recipe> recipes, std::vector<Problem>& problems);

/// True when the recipe uses the result of the stage of that name.
bool usesStage(const Recipe& recipe, const std::string& name);

}  // namespace layerloom
