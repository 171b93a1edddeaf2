// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/recipe_edits.h"

#include <algorithm>

#include "core/recipe/curve_edit.h"
#include "ui/document/recipe_structure.h"
#include "ui/document/references.h"

namespace layerloom {
namespace {

/// Where a required parameter starts: the middle of t, equal shares of a weighted mean, and for task vectors the weight at which two to
/// three of them usually add up well. NearSwap's t is a distance between entries, which are small.
double startOf(const ParameterSpec& spec, const MethodSpec& method) {
  if (spec.name == "weight" && method.baseModel == BaseModelUse::Required) {
    return method.name == "task_arithmetic" ? 0.3 : 0.5;
  }
  return spec.standard.value_or(method.name == "nearswap" ? 0.0001 : 0.5);
}

bool isBase(const Recipe& recipe, const RecipeSource& source) {
  return recipe.baseModel && *recipe.baseModel == source.model;
}

bool takesBaseApart(const MethodSpec& method) {
  return method.baseModel != BaseModelUse::None;
}

/// Parameters of the same name need not mean the same: t is a position here and a distance there.
bool means(const ParameterSpec& spec, const ParameterSpec* earlier) {
  return earlier == nullptr || (earlier->label == spec.label && earlier->scope == spec.scope);
}

bool isKept(const std::string& name, const MethodSpec& method, const MethodSpec* earlier) {
  const ParameterSpec* spec = method.parameter(name);
  return spec != nullptr && spec->hasEffect && means(*spec, earlier == nullptr ? nullptr : earlier->parameter(name));
}

void dropUnknown(Recipe& recipe, const MethodSpec& method, const MethodSpec* earlier) {
  for (Settings* settings : allSettings(recipe)) {
    std::erase_if(*settings, [&](const auto& entry) { return !isKept(entry.first, method, earlier); });
  }
  std::erase_if(recipe.curves, [&](const RecipeCurve& curve) { return !isKept(curve.parameter, method, earlier); });
}

/// Sources of a method with a base apart do not list the base; those of other methods have their required parameters.
void completeSources(Recipe& recipe, const MethodSpec& method, int layers) {
  for (std::size_t i = 0; i < recipe.models.size(); ++i) {
    if (takesBaseApart(method) && isBase(recipe, recipe.models[i])) {
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

/// Slices and modules: one value at the top serves all sources that have none.
void completeStructure(Recipe& recipe, const MethodSpec& method) {
  if (!recipe.models.empty()) {
    return;
  }
  const auto sources = placedSources(recipe);
  for (const ParameterSpec& spec : method.parameters) {
    const bool lacks = spec.scope == ParameterScope::Input && !spec.standard &&
                       std::any_of(sources.begin(), sources.end(), [&](const PlacedSource& placed) {
                         return !(takesBaseApart(method) && placed.isBase()) && effectiveSetting(placed.levels, spec.name) == nullptr;
                       });
    if (lacks && findSetting(recipe.parameters, spec.name) == nullptr) {
      SettingRule rule;
      rule.values = {startOf(spec, method)};
      obtainSetting(recipe.parameters, spec.name) = {std::move(rule)};
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

/// Puts the base where the method wants it: apart from the sources, or chosen among them where the method cannot do without.
void placeBase(Recipe& recipe, const MethodSpec& method) {
  if (!takesBaseApart(method) || recipe.models.empty()) {
    return;
  }
  if (!recipe.baseModel && method.baseModel == BaseModelUse::Required) {
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
  const auto sources = placedSources(recipe);
  const bool listed = std::any_of(sources.begin(), sources.end(), [](const PlacedSource& placed) { return placed.isBase(); });
  if (method.baseModel == BaseModelUse::None && !listed) {
    recipe.baseModel.reset();
  }
}

/// A method that can do without a base takes one that was listed as the input that it was, and one that stood apart where inputs lack.
void freeBase(Recipe& recipe, const MethodSpec& method) {
  if (method.baseModel != BaseModelUse::Optional || !recipe.baseModel || recipe.models.empty()) {
    return;
  }
  const bool listed = std::any_of(recipe.models.begin(), recipe.models.end(), [&](const RecipeSource& source) { return isBase(recipe, source); });
  if (!listed && static_cast<int>(recipe.models.size()) >= method.minInputs) {
    return;
  }
  if (!listed) {
    RecipeSource source;
    source.model = *recipe.baseModel;
    recipe.models.insert(recipe.models.begin(), std::move(source));
    for (RecipeCurve& note : recipe.curves) {
      note.source += note.ofMethod ? 0 : 1;
    }
  }
  recipe.baseModel.reset();
}

void removeFrom(std::vector<RecipeSlice>& slices, const std::string& text) {
  for (RecipeSlice& slice : slices) {
    std::erase_if(slice.sources, [&](const RecipeSource& source) { return source.model.text == text; });
    if (slice.baseModel && slice.baseModel->text == text) {
      slice.baseModel.reset();
    }
  }
  std::erase_if(slices, [](const RecipeSlice& slice) { return slice.sources.empty(); });
}

void removeFromModules(Recipe& recipe, const std::string& text) {
  for (RecipeModule& module : recipe.modules) {
    std::erase_if(module.models, [&](const RecipeSource& source) { return source.model.text == text; });
    removeFrom(module.slices, text);
  }
  std::erase_if(recipe.modules, [](const RecipeModule& module) { return module.models.empty() && module.slices.empty(); });
}

/// The vocabulary is then that of the base; tokens that were to come from the model follow the common rule.
void removeFromTokenizer(Recipe& recipe, const std::string& text) {
  if (!recipe.tokenizer) {
    return;
  }
  RecipeTokenizer& tokenizer = *recipe.tokenizer;
  if (tokenizer.source == RecipeTokenizer::Source::Model && tokenizer.model.text == text) {
    tokenizer.source = RecipeTokenizer::Source::Base;
    tokenizer.model = {};
  }
  std::erase_if(tokenizer.tokens, [&](const RecipeToken& token) {
    const bool named = token.source == RecipeToken::Source::Model || token.source == RecipeToken::Source::ModelToken;
    return named && token.model.text == text;
  });
}

void removeEverywhere(Recipe& recipe, const std::string& text) {
  for (std::size_t i = sourcesOf(recipe).size(); i-- > 0;) {
    if (sourcesOf(recipe)[i].model.text == text) {
      removeSource(recipe, i);
    }
  }
  removeFrom(recipe.slices, text);
  removeFromModules(recipe, text);
  removeFromTokenizer(recipe, text);
  if (recipe.baseModel && recipe.baseModel->text == text) {
    recipe.baseModel.reset();
  }
}

}  // namespace

Recipe withMethod(Recipe recipe, const QString& method, int layers) {
  const MethodSpec* earlier = findMethod(recipe.mergeMethod);
  recipe.mergeMethod = method.toStdString();
  const MethodSpec* spec = findMethod(recipe.mergeMethod);
  if (spec == nullptr) {
    return recipe;
  }
  dropUnknown(recipe, *spec, earlier);
  freeBase(recipe, *spec);
  placeBase(recipe, *spec);
  releaseBase(recipe, *spec);
  completeSources(recipe, *spec, layers);
  completeStructure(recipe, *spec);
  completeMethod(recipe, *spec, layers);
  return recipe;
}

Recipe withBaseModel(Recipe recipe, const std::optional<ModelReference>& reference, int layers) {
  const std::optional<ModelReference> former = recipe.baseModel;
  recipe.baseModel = reference;
  const MethodSpec* spec = findMethod(recipe.mergeMethod);
  if (spec == nullptr) {
    return recipe;
  }
  const bool plain = !recipe.models.empty();
  const bool wasListed = plain && recipe.baseModel &&
                         std::any_of(recipe.models.begin(), recipe.models.end(), [&](const RecipeSource& source) { return isBase(recipe, source); });
  const bool other = former && !(recipe.baseModel && *former == *recipe.baseModel);
  // The two change places: the former base is merged now. A method that can do without a base gets it back as an input.
  const bool swaps = plain && takesBaseApart(*spec) && other &&
                     (wasListed || (!recipe.baseModel && spec->baseModel == BaseModelUse::Optional));
  if (recipe.baseModel) {
    placeBase(recipe, *spec);
  }
  return swaps ? withSource(std::move(recipe), *former, layers) : recipe;
}

Recipe withSource(Recipe recipe, const ModelReference& reference, int layers) {
  RecipeSource source;
  source.model = reference;
  recipe.models.push_back(std::move(source));
  if (const MethodSpec* spec = findMethod(recipe.mergeMethod)) {
    completeSources(recipe, *spec, layers);
  }
  return recipe;
}

Recipe withoutModel(Recipe recipe, const QString& reference) {
  const std::string text = reference.toStdString();
  removeEverywhere(recipe, text);
  for (Recipe& stage : recipe.stages) {
    removeEverywhere(stage, text);
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
  // Levels above would hide the one value, wherever they stand.
  for (Settings* settings : allSettings(recipe)) {
    if (settings != &recipe.parameters) {
      removeSetting(*settings, spec.name);
    }
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

Recipe withTokenizer(Recipe recipe, const std::optional<FormTokenizer>& wanted) {
  if (!wanted) {
    recipe.tokenizer.reset();
    return recipe;
  }
  RecipeTokenizer tokenizer = recipe.tokenizer.value_or(RecipeTokenizer());
  tokenizer.source = wanted->source;
  tokenizer.padToMultipleOf = wanted->padToMultipleOf;
  if (tokenizer.source != RecipeTokenizer::Source::Model) {
    tokenizer.model = {};
  } else if (QString::fromStdString(tokenizer.model.text) != wanted->model) {
    tokenizer.model = findReference(recipe, wanted->model).value_or(ModelReference{wanted->model.toStdString(), {}});
  }
  recipe.tokenizer = std::move(tokenizer);
  return recipe;
}

}  // namespace layerloom
