// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/recipe/recipe.h"

namespace layerloom {

/// Which curve of a recipe: a parameter of one source or of the whole method, for the tensors that a filter names.
struct CurveKey {
  std::optional<std::size_t> source;  ///< index into sourcesOf(); nothing: a parameter of the whole method
  std::string parameter;
  std::string filter;  ///< empty: all tensors

  bool operator==(const CurveKey&) const = default;
};

/// The sources whose curves run over the whole depth of the result: `models`, or those of the only slice. Empty for a stack of slices,
/// whose gradients start anew in each slice.
const std::vector<RecipeSource>& sourcesOf(const Recipe& recipe);
std::vector<RecipeSource>& sourcesOf(Recipe& recipe);

/// The rule that has exactly the key's filter, at the key's own level or, for a source, at the levels below; null when there is none.
const SettingRule* findRule(const Recipe& recipe, const CurveKey& key);

/// The curve behind the rule: its control points where the recipe keeps them and they still give the rule's values, else the curve with
/// few points through the values. Nothing where there is no such rule or it does not hold numbers.
std::optional<LayerCurve> curveOf(const Recipe& recipe, const CurveKey& key, int layers);

/// Writes the curve's values as the key's rule, in the shortest form, and keeps its control points where the values alone would not bring
/// them back. Rules are kept in the order in which the narrowest filter comes first.
void setCurve(Recipe& recipe, const CurveKey& key, const LayerCurve& curve, int layers);

/// Removes the rule with the key's filter at the key's own level; the tensors then follow the wider rules.
void removeCurve(Recipe& recipe, const CurveKey& key);

/// Removes a source (index into sourcesOf()) and re-numbers the control points of those behind it.
void removeSource(Recipe& recipe, std::size_t index);

/// Takes over control points from an earlier state of the recipe that still give the present values.
void keepCurves(Recipe& recipe, const Recipe& earlier, int layers);

}  // namespace layerloom
