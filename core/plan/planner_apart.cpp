// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>

#include "core/plan/planner.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

bool isNamed(const std::vector<const Settings*>& levels, const std::string& parameter) {
  return std::any_of(levels.begin(), levels.end(), [&](const Settings* level) { return findSetting(*level, parameter) != nullptr; });
}

}  // namespace

/// What can be said where a model is missing, the models do not fit together, or the method is unknown, so that no tensor is planned.
void Planner::checkApart() {
  if (!m_allOpen) {
    const bool one = !m_plan.models.empty() && layoutOf(0).modules.size() == 1;
    checkRanges(m_recipe.slices, one ? layoutOf(0).modules.front() : std::string(), "");
    for (const RecipeModule& module : m_recipe.modules) {
      checkRanges(module.slices, module.name, fmt::format("modules.{}.", escaped(module.name)));
    }
    if (m_plan.models.size() > 1) {
      checkArchitectures();
    }
  }
  std::set<std::string> names;
  for (const auto& model : m_plan.models) {
    for (const auto& [name, tensor] : model->tensors()) {
      names.insert(name);
    }
  }
  if (!names.empty()) {
    checkFilters(names, false);
  }
  if (m_plan.method == nullptr) {
    return;
  }
  checkRequired(m_recipe.models, m_recipe.slices, {&m_recipe.parameters}, "");
  for (const RecipeModule& module : m_recipe.modules) {
    checkRequired(module.models, module.slices, {&module.parameters, &m_recipe.parameters}, fmt::format("modules.{}.", escaped(module.name)));
  }
  reportLackingValues(0);
}

void Planner::checkRequired(const std::vector<RecipeSource>& models, const std::vector<RecipeSlice>& slices,
                            const std::vector<const Settings*>& levels, const std::string& prefix) {
  if (!models.empty()) {
    checkRequired({models, m_recipe.baseModel, levels, prefix + "models", prefix + "models", models.front().where});
  }
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const RecipeSlice& slice = slices[i];
    const std::string path = fmt::format("{}slices[{}]", prefix, i);
    std::vector<const Settings*> own = {&slice.parameters};
    own.insert(own.end(), levels.begin(), levels.end());
    checkRequired({slice.sources, slice.baseModel ? slice.baseModel : m_recipe.baseModel, own, path, path + ".sources", slice.where});
  }
}

/// Lengths of slices show in the text, ranges past the end where their model is there. `module` is empty where it is not known.
void Planner::checkRanges(const std::vector<RecipeSlice>& slices, const std::string& module, const std::string& prefix) {
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const RecipeSource* lead = nullptr;
    for (std::size_t j = 0; j < slices[i].sources.size(); ++j) {
      const RecipeSource& source = slices[i].sources[j];
      if (!source.layerRange) {
        continue;
      }
      lead = lead == nullptr ? &source : lead;
      const std::string path = fmt::format("{}slices[{}].sources[{}]", prefix, i, j);
      const auto model = indexOf(source.model);
      const LayerStack* stack = model ? layoutOf(*model).stackOf(module) : nullptr;
      const LayerRange& range = *source.layerRange;
      if (stack != nullptr && range.end > stack->layers) {
        reportPastEnd(path, source.where, {escaped(source.model.text), range}, stack->layers);
      } else if (range.length() != lead->layerRange->length()) {
        reportUnequal(path, source.where, {escaped(source.model.text), range}, {escaped(lead->model.text), *lead->layerRange});
      }
    }
  }
}

/// Required parameters that no level gives a value; which tensors they are for shows only when the models fit together.
void Planner::checkRequired(const SourceGroup& group) {
  for (const ParameterSpec& spec : m_plan.method->parameters) {
    if (spec.standard || isNamed(group.levels, spec.name)) {
      continue;
    }
    if (spec.scope == ParameterScope::Method) {
      m_lackingValues.push_back({&spec, group.path, group.where, {}});
      continue;
    }
    for (std::size_t i = 0; i < group.sources.size(); ++i) {
      const RecipeSource& source = group.sources[i];
      const bool apart = m_plan.method->baseModel != BaseModelUse::None && group.base && *group.base == source.model;
      if (!apart && findSetting(source.parameters, spec.name) == nullptr) {
        m_lackingValues.push_back({&spec, fmt::format("{}[{}]", group.sourcesPath, i), source.where, escaped(source.model.text)});
      }
    }
  }
}

}  // namespace layerloom
