// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/curve_edit.h"

#include <algorithm>
#include <cmath>

#include "core/recipe/gradient.h"

namespace layerloom {
namespace {

constexpr double kSameValue = 1e-9;

Settings& ownSettings(Recipe& recipe, const CurveKey& key) {
  return key.source ? sourcesOf(recipe)[*key.source].parameters : recipe.parameters;
}

const SettingRule* ruleIn(const Settings& settings, const CurveKey& key) {
  const Setting* setting = findSetting(settings, key.parameter);
  if (setting == nullptr) {
    return nullptr;
  }
  const auto found = std::find_if(setting->begin(), setting->end(), [&](const SettingRule& rule) { return rule.filter == key.filter; });
  return found == setting->end() ? nullptr : &*found;
}

bool isNoteOf(const RecipeCurve& note, const CurveKey& key) {
  const bool sameOwner = key.source ? !note.ofMethod && note.source == *key.source : note.ofMethod;
  return sameOwner && note.parameter == key.parameter && note.filter == key.filter;
}

bool near(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return std::abs(x - y) <= kSameValue; });
}

/// Longer filters first: where one contains the other, the longer one matches fewer tensors.
void sortRules(Setting& setting) {
  std::stable_sort(setting.begin(), setting.end(),
                   [](const SettingRule& a, const SettingRule& b) { return a.filter.size() > b.filter.size(); });
}

void forgetNote(Recipe& recipe, const CurveKey& key) {
  std::erase_if(recipe.curves, [&](const RecipeCurve& note) { return isNoteOf(note, key); });
}

CurveKey keyOf(const RecipeCurve& note) {
  return {note.ofMethod ? std::nullopt : std::optional(note.source), note.parameter, note.filter};
}

}  // namespace

const std::vector<RecipeSource>& sourcesOf(const Recipe& recipe) {
  // A stack of slices has no models.
  return recipe.slices.size() == 1 ? recipe.slices.front().sources : recipe.models;
}

std::vector<RecipeSource>& sourcesOf(Recipe& recipe) {
  return recipe.slices.size() == 1 ? recipe.slices.front().sources : recipe.models;
}

const SettingRule* findRule(const Recipe& recipe, const CurveKey& key) {
  if (key.source) {
    if (const SettingRule* own = ruleIn(sourcesOf(recipe)[*key.source].parameters, key)) {
      return own;
    }
  }
  if (recipe.slices.size() == 1) {
    if (const SettingRule* ofSlice = ruleIn(recipe.slices.front().parameters, key)) {
      return ofSlice;
    }
  }
  return ruleIn(recipe.parameters, key);
}

std::optional<LayerCurve> curveOf(const Recipe& recipe, const CurveKey& key, int layers) {
  const SettingRule* rule = findRule(recipe, key);
  const auto values = rule == nullptr ? std::nullopt : layerValues(*rule, layers);
  if (!values) {
    return std::nullopt;
  }
  for (const RecipeCurve& note : recipe.curves) {
    if (isNoteOf(note, key) && near(evaluateCurve(note.curve, layers), *values)) {
      return note.curve;
    }
  }
  return curveThrough(*values);
}

void setCurve(Recipe& recipe, const CurveKey& key, const LayerCurve& curve, int layers) {
  const std::vector<double> values = evaluateCurve(curve, layers);
  Setting& setting = obtainSetting(ownSettings(recipe, key), key.parameter);
  SettingRule rule = ruleForLayers(values, key.filter);
  const auto found = std::find_if(setting.begin(), setting.end(), [&](const SettingRule& old) { return old.filter == key.filter; });
  if (found != setting.end()) {
    rule.where = found->where;
    *found = std::move(rule);
  } else {
    setting.push_back(std::move(rule));
    sortRules(setting);
  }
  forgetNote(recipe, key);
  if (!(curveThrough(values) == curve)) {
    recipe.curves.push_back({key.source.value_or(0), !key.source.has_value(), key.parameter, key.filter, curve});
  }
}

void removeCurve(Recipe& recipe, const CurveKey& key) {
  Settings& settings = ownSettings(recipe, key);
  Setting& setting = obtainSetting(settings, key.parameter);
  std::erase_if(setting, [&](const SettingRule& rule) { return rule.filter == key.filter; });
  if (setting.empty()) {
    removeSetting(settings, key.parameter);
  }
  forgetNote(recipe, key);
}

void removeSource(Recipe& recipe, std::size_t index) {
  auto& sources = sourcesOf(recipe);
  sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(index));
  std::erase_if(recipe.curves, [&](const RecipeCurve& note) { return !note.ofMethod && note.source == index; });
  for (RecipeCurve& note : recipe.curves) {
    note.source -= !note.ofMethod && note.source > index ? 1 : 0;
  }
}

void keepCurves(Recipe& recipe, const Recipe& earlier, int layers) {
  for (const RecipeCurve& note : earlier.curves) {
    const CurveKey key = keyOf(note);
    const bool known = std::any_of(recipe.curves.begin(), recipe.curves.end(), [&](const RecipeCurve& own) { return isNoteOf(own, key); });
    if (known || (key.source && *key.source >= sourcesOf(recipe).size())) {
      continue;
    }
    const SettingRule* rule = findRule(recipe, key);
    const auto values = rule == nullptr ? std::nullopt : layerValues(*rule, layers);
    if (values && near(evaluateCurve(note.curve, layers), *values)) {
      recipe.curves.push_back(note);
    }
  }
}

}  // namespace layerloom
