// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/recipe_edits.h"

#include <algorithm>

#include "core/recipe/curve_edit.h"

namespace layerloom {
namespace {

/// Where a required parameter starts: the middle of t, equal shares of a weighted mean, and for task vectors the weight at which two to
/// three of them usually add up well.
double startOf(const ParameterSpec& spec, const MethodSpec& method) {
  if (spec.name == "weight" && method.baseModel == BaseModelUse::Required) {
    return method.name == "task_arithmetic" ? 0.3 : 0.5;
  }
  return spec.standard.value_or(0.5);
}

bool isBase(const Recipe& recipe, const RecipeSource& source) {
  return recipe.baseModel && *recipe.baseModel == source.model;
}

void dropUnknown(Settings& settings, const MethodSpec& method) {
  std::erase_if(settings, [&](const auto& entry) {
    const ParameterSpec* spec = method.parameter(entry.first);
    return spec == nullptr || !spec->hasEffect;
  });
}

/// Sources of a method with a base apart do not list the base; those of other methods have their required parameters.
void completeSources(Recipe& recipe, const MethodSpec& method, int layers) {
  for (std::size_t i = 0; i < recipe.models.size(); ++i) {
    if (method.baseModel == BaseModelUse::Required && isBase(recipe, recipe.models[i])) {
      continue;
    }
    for (const ParameterSpec& spec : method.parameters) {
      const CurveKey key{i, spec.name, {}};
      const bool needed = spec.scope == ParameterScope::Input && !spec.standard;
      if (needed && findRule(recipe, key) == nullptr) {
        setCurve(recipe, key, constantCurve(startOf(spec, method)), layers);
      }
    }
  }
}

void completeMethod(Recipe& recipe, const MethodSpec& method, int layers) {
  for (const ParameterSpec& spec : method.parameters) {
    const CurveKey key{std::nullopt, spec.name, {}};
    if (spec.scope == ParameterScope::Method && !spec.standard && findRule(recipe, key) == nullptr) {
      setCurve(recipe, key, constantCurve(startOf(spec, method)), layers);
    }
  }
}

/// Puts the base where the method wants it: apart from the sources, or chosen among them.
void placeBase(Recipe& recipe, const MethodSpec& method) {
  if (method.baseModel != BaseModelUse::Required || !recipe.slices.empty()) {
    return;
  }
  if (!recipe.baseModel && !recipe.models.empty()) {
    recipe.baseModel = recipe.models.front().model;
  }
  for (std::size_t i = recipe.models.size(); i-- > 0;) {
    if (isBase(recipe, recipe.models[i])) {
      removeSource(recipe, i);
    }
  }
}

/// A base that stood apart is no input of a plain average unless it is listed; it stays the base in name only where it is harmless.
void releaseBase(Recipe& recipe, const MethodSpec& method) {
  const bool listed = std::any_of(recipe.models.begin(), recipe.models.end(),
                                  [&](const RecipeSource& source) { return isBase(recipe, source); });
  if (method.baseModel == BaseModelUse::None && !listed) {
    recipe.baseModel.reset();
  }
}

}  // namespace

Recipe withMethod(Recipe recipe, const QString& method, int layers) {
  recipe.mergeMethod = method.toStdString();
  const MethodSpec* spec = findMethod(recipe.mergeMethod);
  if (spec == nullptr) {
    return recipe;
  }
  dropUnknown(recipe.parameters, *spec);
  for (RecipeSource& source : sourcesOf(recipe)) {
    dropUnknown(source.parameters, *spec);
  }
  std::erase_if(recipe.curves, [&](const RecipeCurve& curve) { return spec->parameter(curve.parameter) == nullptr; });
  placeBase(recipe, *spec);
  releaseBase(recipe, *spec);
  completeSources(recipe, *spec, layers);
  completeMethod(recipe, *spec, layers);
  return recipe;
}

Recipe withBaseModel(Recipe recipe, const QString& reference, int layers) {
  const std::optional<ModelReference> former = recipe.baseModel;
  recipe.baseModel = reference.isEmpty() ? std::nullopt : std::optional(ModelReference{reference.toStdString(), {}});
  const MethodSpec* spec = findMethod(recipe.mergeMethod);
  if (spec == nullptr || !recipe.baseModel) {
    return recipe;
  }
  const bool swaps = spec->baseModel == BaseModelUse::Required && former && !(*former == *recipe.baseModel);
  const bool wasSource = swaps && std::any_of(recipe.models.begin(), recipe.models.end(),
                                              [&](const RecipeSource& source) { return isBase(recipe, source); });
  placeBase(recipe, *spec);
  if (wasSource) {
    // The two change places: the former base is merged now.
    return withSource(std::move(recipe), QString::fromStdString(former->text), layers);
  }
  return recipe;
}

Recipe withSource(Recipe recipe, const QString& reference, int layers) {
  RecipeSource source;
  source.model.text = reference.toStdString();
  recipe.models.push_back(std::move(source));
  if (const MethodSpec* spec = findMethod(recipe.mergeMethod)) {
    completeSources(recipe, *spec, layers);
  }
  return recipe;
}

Recipe withoutModel(Recipe recipe, const QString& reference) {
  const std::string text = reference.toStdString();
  for (std::size_t i = sourcesOf(recipe).size(); i-- > 0;) {
    if (sourcesOf(recipe)[i].model.text == text) {
      removeSource(recipe, i);
    }
  }
  for (RecipeSlice& slice : recipe.slices) {
    std::erase_if(slice.sources, [&](const RecipeSource& source) { return source.model.text == text; });
  }
  std::erase_if(recipe.slices, [](const RecipeSlice& slice) { return slice.sources.empty(); });
  if (recipe.baseModel && recipe.baseModel->text == text) {
    recipe.baseModel.reset();
  }
  return recipe;
}

Recipe withParameter(Recipe recipe, const ParameterSpec& spec, const QVariant& value) {
  SettingRule rule;
  if (spec.type == ParameterType::Boolean) {
    rule.values = {value.toBool()};
  } else {
    rule.values = {value.toDouble()};
  }
  for (RecipeSource& source : sourcesOf(recipe)) {
    removeSetting(source.parameters, spec.name);
  }
  for (RecipeSlice& slice : recipe.slices) {
    removeSetting(slice.parameters, spec.name);
  }
  std::erase_if(recipe.curves, [&](const RecipeCurve& curve) { return curve.parameter == spec.name; });
  const double number = spec.type == ParameterType::Boolean ? (value.toBool() ? 1.0 : 0.0) : value.toDouble();
  if (spec.standard && *spec.standard == number) {
    removeSetting(recipe.parameters, spec.name);
  } else {
    obtainSetting(recipe.parameters, spec.name) = {std::move(rule)};
  }
  return recipe;
}

}  // namespace layerloom
