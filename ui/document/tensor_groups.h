// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/checkpoint/layout.h"
#include "core/recipe/recipe.h"

namespace layerloom {

/// Tensors that share a curve: those whose names contain `filter`.
struct TensorGroup {
  QString label;
  std::string filter;  ///< empty: all tensors
};

/// The groups worth a button: all tensors; attention, MLP and norms as far as the model has them, under the part of the name that tells
/// them apart there; and every other filter that the recipe uses inside the layers.
std::vector<TensorGroup> tensorGroups(const ModelLayout& layout, const Recipe& recipe);

}  // namespace layerloom
