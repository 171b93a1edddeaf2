// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/plan/plan.h"

namespace layerloom {

/// The model card (README.md) of a merged model: what was merged how, and the recipe.
std::string makeModelCard(const MergePlan& plan, const std::string& title, const std::string& recipeText);

}  // namespace layerloom
