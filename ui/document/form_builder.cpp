// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/form_builder.h"

#include <algorithm>

#include "core/methods/spec.h"
#include "core/recipe/gradient.h"
#include "ui/document/recipe_structure.h"

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

/// The values that the sources have, each once; the levels below speak for a source without a setting of its own.
std::vector<std::optional<double>> valuesOf(const Recipe& recipe, const ParameterSpec& spec) {
  std::vector<std::optional<double>> values;
  const auto add = [&](const Setting* setting) {
    const auto value = setting == nullptr ? spec.standard : singleNumber(*setting, spec.type);
    if (std::find(values.begin(), values.end(), value) == values.end()) {
      values.push_back(value);
    }
  };
  const bool ofInputs = spec.scope == ParameterScope::Input;
  const auto sources = placedSources(recipe);
  for (const PlacedSource& placed : sources) {
    std::vector<const Settings*> levels = placed.levels;
    if (!ofInputs) {
      levels.erase(levels.begin());  // for one model a parameter of the whole method has no effect
    }
    if (!ofInputs || !placed.isBase() || findSetting(placed.source->parameters, spec.name) != nullptr) {
      add(effectiveSetting(levels, spec.name));
    }
  }
  if (sources.empty()) {
    add(findSetting(recipe.parameters, spec.name));
  }
  return values;
}

bool isSet(const Recipe& recipe, const ParameterSpec& spec) {
  const auto sources = placedSources(recipe);
  return findSetting(recipe.parameters, spec.name) != nullptr || std::any_of(sources.begin(), sources.end(), [&](const PlacedSource& placed) {
           return effectiveSetting(placed.levels, spec.name) != nullptr;
         });
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
  data.chatTemplate = QString::fromStdString(recipe.chatTemplate);
  data.documents = static_cast<int>(recipe.stages.size()) + 1;
  if (recipe.tokenizer) {
    data.tokenizer = FormTokenizer{recipe.tokenizer->source, QString::fromStdString(recipe.tokenizer->model.text),
                                   recipe.tokenizer->padToMultipleOf, static_cast<int>(recipe.tokenizer->tokens.size())};
  }
  if (const MethodSpec* method = findMethod(recipe.mergeMethod)) {
    for (const ParameterSpec& spec : method->parameters) {
      // What has no effect is worth a line only where the recipe has it.
      if (spec.hasEffect || isSet(recipe, spec)) {
        data.parameters.push_back(describeParameter(recipe, spec));
      }
    }
  }
  return data;
}

}  // namespace layerloom
