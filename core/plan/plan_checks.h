// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/methods/spec.h"
#include "core/recipe/recipe.h"

namespace layerloom {

/// The method that the recipe names; null with a problem when there is none.
const MethodSpec* checkMethod(const Recipe& recipe, std::vector<Problem>& problems);

/// What the recipe's settings and the method's parameters have to say to each other: unknown parameters, values of the wrong type, values
/// outside a parameter's range, unknown data types, a missing base model, a number of models that the method does not take.
void checkSettings(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems);

}  // namespace layerloom
