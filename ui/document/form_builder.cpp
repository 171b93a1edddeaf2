// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/form_builder.h"

#include <algorithm>

#include "core/methods/spec.h"
#include "core/recipe/curve_edit.h"
#include "core/recipe/gradient.h"

namespace layerloom {
namespace {

/// The single number behind a setting; nothing where it varies over layers or tensors.
std::optional<double> singleNumber(const Setting& setting, ParameterType type) {
  if (setting.size() != 1 || !setting.front().filter.empty() || setting.front().values.size() != 1) {
    return std::nullopt;
  }
  const SettingScalar& value = setting.front().values.front();
  if (type == ParameterType::Boolean) {
    const auto boolean = asBoolean(value);
    return boolean ? std::optional(*boolean ? 1.0 : 0.0) : std::nullopt;
  }
  return asNumber(value);
}

/// The setting that holds where a source has none of its own: of the only slice, else of the recipe.
const Setting* commonSetting(const Recipe& recipe, const ParameterSpec& spec) {
  const Setting* ofSlice = recipe.slices.size() == 1 ? findSetting(recipe.slices.front().parameters, spec.name) : nullptr;
  return ofSlice != nullptr ? ofSlice : findSetting(recipe.parameters, spec.name);
}

/// The values that the sources have, each once; the levels below speak for a source without a setting of its own.
std::vector<std::optional<double>> valuesOf(const Recipe& recipe, const ParameterSpec& spec) {
  const Setting* common = commonSetting(recipe, spec);
  std::vector<std::optional<double>> values;
  const auto add = [&](const Setting* setting) {
    const auto value = setting == nullptr ? spec.standard : singleNumber(*setting, spec.type);
    if (std::find(values.begin(), values.end(), value) == values.end()) {
      values.push_back(value);
    }
  };
  if (spec.scope == ParameterScope::Method) {
    add(common);
    return values;
  }
  for (const RecipeSource& source : sourcesOf(recipe)) {
    const bool isBase = recipe.baseModel && *recipe.baseModel == source.model;
    const Setting* own = findSetting(source.parameters, spec.name);
    if (!isBase || own != nullptr) {
      add(own != nullptr ? own : common);
    }
  }
  return values;
}

bool isSet(const Recipe& recipe, const ParameterSpec& spec) {
  const auto& sources = sourcesOf(recipe);
  return commonSetting(recipe, spec) != nullptr ||
         std::any_of(sources.begin(), sources.end(),
                     [&](const RecipeSource& source) { return findSetting(source.parameters, spec.name) != nullptr; });
}

FormParameter describeParameter(const Recipe& recipe, const ParameterSpec& spec) {
  const auto values = valuesOf(recipe, spec);
  FormParameter parameter;
  parameter.name = QString::fromStdString(spec.name);
  const bool set = isSet(recipe, spec);
  parameter.varies = set && (values.size() > 1 || (values.size() == 1 && !values.front()));
  parameter.value = values.size() == 1 ? values.front() : std::nullopt;
  parameter.changed = set && (parameter.varies || parameter.value != spec.standard);
  return parameter;
}

}  // namespace

RecipeFormData makeFormData(const Recipe& recipe, std::vector<FormModel> models) {
  RecipeFormData data;
  data.method = QString::fromStdString(recipe.mergeMethod);
  data.models = std::move(models);
  data.baseModel = recipe.baseModel ? QString::fromStdString(recipe.baseModel->text) : QString();
  data.dtype = QString::fromStdString(recipe.dtype);
  data.outDtype = QString::fromStdString(recipe.outDtype);
  if (const MethodSpec* method = findMethod(recipe.mergeMethod)) {
    for (const ParameterSpec& spec : method->parameters) {
      if (spec.hasEffect) {
        data.parameters.push_back(describeParameter(recipe, spec));
      }
    }
  }
  return data;
}

}  // namespace layerloom
