// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/recipe/recipe.h"

namespace layerloom {

/// What a recipe alone does not show.
struct ShortenContext {
  /// True for a parameter whose lists are interpolated; lists of others are left alone.
  std::function<bool(const std::string& parameter)> isInterpolated;
  /// The numbers of layers that a model has in a module, or in all its modules where the name is empty; nothing when that is not known.
  std::function<std::vector<int>(const ModelReference& model, const std::string& module)> layersOf;
};

/// Replaces every list of numbers over the layers by the shortest one that gives the same value, to 1e-9, in every layer of every slice
/// that it holds for and outside the layers; by a single value where all are equal. Where the number of layers is not known, the new
/// list is the same function of the position. The recipe's stages are left alone.
void shortenGradients(Recipe& recipe, const ShortenContext& context);

}  // namespace layerloom
