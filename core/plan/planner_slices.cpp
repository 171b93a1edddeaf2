// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "core/plan/planner.h"
#include "core/support/text.h"

namespace layerloom {

bool Planner::fitTogether() {
  const auto errors = [this] {
    return std::count_if(m_problems.begin(), m_problems.end(),
                         [](const Problem& found) { return found.severity == Severity::Error; });
  };
  const auto before = errors();
  checkArchitectures();
  planModules();
  return errors() == before && !m_modules.empty();
}

std::size_t Planner::donor() const {
  return m_recipe.baseModel ? *indexOf(*m_recipe.baseModel) : m_modules.front().slices.front().sources.front().model;
}

void Planner::planModules() {
  const SettingLevel top{&m_recipe.parameters, "parameters"};
  const ModelLayout& layout = layoutOf(0);
  if (!m_recipe.modules.empty()) {
    for (const RecipeModule& module : m_recipe.modules) {
      planModule(module, "modules." + escaped(module.name));
    }
    for (const std::string& name : layout.modules) {
      const bool named = std::any_of(m_recipe.modules.begin(), m_recipe.modules.end(),
                                     [&](const RecipeModule& module) { return module.name == name; });
      if (!named) {
        problem(Severity::Warning, "modules", m_recipe.modules.front().where,
                fmt::format("the module \"{}\" is not in the recipe; its tensors are left out of the result",
                            escaped(name)),
                "add it if the result is to be complete");
      }
    }
    return;
  }
  if (!m_recipe.slices.empty()) {
    if (layout.modules.size() > 1) {
      problem(
          Severity::Error, "slices", m_recipe.slices.front().where,
          fmt::format("the models consist of several modules ({}), so slices alone do not say which layers are meant",
                      escaped(fmt::format("{}", fmt::join(layout.modules, ", ")))),
          "write \"modules: {NAME: {slices: …}}\" with one entry per module");
      return;
    }
    PlannedModule module{layout.modules.empty() ? std::string("default") : layout.modules.front(), {}};
    for (std::size_t i = 0; i < m_recipe.slices.size(); ++i) {
      if (auto slice = planSlice(m_recipe.slices[i], {top}, fmt::format("slices[{}]", i))) {
        addSlice(module, *std::move(slice));
      }
    }
    addPlanned(std::move(module));
    return;
  }
  // A draft may name a base and nothing else yet; reading it has said so.
  if (m_recipe.models.empty()) {
    return;
  }
  for (const std::string& name : layout.modules) {
    PlannedModule module{name, {}};
    addSlice(module, planModels(name, m_recipe.models, {top}, "models"));
    addPlanned(std::move(module));
  }
}

void Planner::planModule(const RecipeModule& recipeModule, const std::string& path) {
  const auto& known = layoutOf(0).modules;
  if (std::find(known.begin(), known.end(), recipeModule.name) == known.end()) {
    const auto near = nearestSpelling(recipeModule.name, known);
    problem(Severity::Error, path, recipeModule.where,
            fmt::format("the models have no module \"{}\"", escaped(recipeModule.name)),
            near ? fmt::format("did you mean \"{}\"?", escaped(*near))
                 : fmt::format("their modules are: {}", escaped(fmt::format("{}", fmt::join(known, ", ")))));
    return;
  }
  PlannedModule module{recipeModule.name, {}};
  const std::vector<SettingLevel> levels = {{&recipeModule.parameters, path + ".parameters"},
                                            {&m_recipe.parameters, "parameters"}};
  if (!recipeModule.models.empty()) {
    addSlice(module, planModels(module.name, recipeModule.models, levels, path + ".models"));
  }
  for (std::size_t i = 0; i < recipeModule.slices.size(); ++i) {
    if (auto slice = planSlice(recipeModule.slices[i], levels, fmt::format("{}.slices[{}]", path, i))) {
      addSlice(module, *std::move(slice));
    }
  }
  addPlanned(std::move(module));
}

void Planner::addSlice(PlannedModule& module, PlannedSlice slice) {
  checkTwice(slice);
  checkSameFolder(slice);
  checkSlice(module.name, slice);
  checkGradients(slice);
  module.slices.push_back(std::move(slice));
}

void Planner::addPlanned(PlannedModule module) {
  if (!module.slices.empty()) {
    m_modules.push_back(std::move(module));
  }
}

PlannedSlice Planner::planModels(const std::string& module, const std::vector<RecipeSource>& models,
                                 const std::vector<SettingLevel>& levels, const std::string& path) {
  PlannedSlice slice;
  slice.levels = levels;
  slice.path = path;
  slice.where = models.front().where;
  const auto add = [&](const ModelReference& reference, const Settings* own, const std::string& sourcePath,
                       const TextPosition& where) {
    PlannedSource source;
    source.model = *indexOf(reference);
    const LayerStack* stack = layoutOf(source).stackOf(module);
    source.layers = {0, stack == nullptr ? 0 : stack->layers};
    if (own != nullptr) {
      source.levels.push_back({own, sourcePath + ".parameters"});
    }
    source.levels.insert(source.levels.end(), levels.begin(), levels.end());
    source.path = sourcePath;
    source.where = where;
    if (m_recipe.baseModel && *m_recipe.baseModel == reference) {
      slice.base = slice.sources.size();
    }
    slice.sources.push_back(std::move(source));
  };
  for (std::size_t i = 0; i < models.size(); ++i) {
    add(models[i].model, &models[i].parameters, fmt::format("{}[{}]", path, i), models[i].where);
  }
  if (m_recipe.baseModel && !slice.base) {
    add(*m_recipe.baseModel, nullptr, "base_model", m_recipe.baseModel->where);
  }
  return slice;
}

std::optional<PlannedSlice> Planner::planSlice(const RecipeSlice& recipeSlice, const std::vector<SettingLevel>& levels,
                                               const std::string& path) {
  const auto& base = recipeSlice.baseModel ? recipeSlice.baseModel : m_recipe.baseModel;
  PlannedSlice slice;
  slice.path = path;
  slice.where = recipeSlice.where;
  slice.levels = {{&recipeSlice.parameters, path + ".parameters"}};
  slice.levels.insert(slice.levels.end(), levels.begin(), levels.end());
  for (std::size_t i = 0; i < recipeSlice.sources.size(); ++i) {
    const RecipeSource& source = recipeSlice.sources[i];
    // Reading the recipe has found what is missing here.
    if (!source.layerRange) {
      return std::nullopt;
    }
    PlannedSource planned;
    planned.path = fmt::format("{}.sources[{}]", path, i);
    planned.model = *indexOf(source.model);
    planned.layers = *source.layerRange;
    planned.levels = {{&source.parameters, planned.path + ".parameters"}};
    planned.levels.insert(planned.levels.end(), slice.levels.begin(), slice.levels.end());
    planned.where = source.where;
    if (base && *base == source.model) {
      slice.base = i;
    }
    slice.sources.push_back(std::move(planned));
  }
  return slice.sources.empty() ? std::nullopt : std::optional(std::move(slice));
}

void Planner::checkTwice(const PlannedSlice& slice) {
  for (std::size_t i = 1; i < slice.sources.size(); ++i) {
    const auto end = slice.sources.begin() + static_cast<std::ptrdiff_t>(i);
    const bool twice = std::any_of(slice.sources.begin(), end,
                                   [&](const PlannedSource& other) { return other.model == slice.sources[i].model; });
    if (twice) {
      problemOnce("twice " + slice.sources[i].path, Severity::Error, slice.sources[i].path, slice.sources[i].where,
                  fmt::format("model \"{}\" is listed twice", nameOf(slice.sources[i].model)),
                  "add up its weights in one entry");
    }
  }
}

/// Two names of one folder are two models; under a second name the base is one more model, without changes against itself.
void Planner::checkSameFolder(const PlannedSlice& slice) {
  const auto sameFolder = [this](std::size_t a, std::size_t b) {
    std::error_code ignored;
    return a != b && m_plan.models[a]->adapterPath() == m_plan.models[b]->adapterPath() &&
           std::filesystem::equivalent(m_plan.models[a]->path(), m_plan.models[b]->path(), ignored);
  };
  const bool baseApart = slice.base && m_plan.method != nullptr && m_plan.method->baseModel != BaseModelUse::None;
  for (std::size_t i = 1; i < slice.sources.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!sameFolder(slice.sources[i].model, slice.sources[j].model)) {
        continue;
      }
      const bool ofBase = baseApart && (slice.base == i || slice.base == j);
      const PlannedSource& source = slice.sources[ofBase && slice.base == i ? j : i];
      const PlannedSource& other = slice.sources[ofBase && slice.base == i ? i : j];
      problemOnce("same folder " + source.path, Severity::Warning, source.path, source.where,
                  fmt::format("\"{}\" is the folder of {}\"{}\" under another name; it counts as a model of its own{}", nameOf(source.model),
                              ofBase ? "the base model " : "", nameOf(other.model), ofBase ? ", without any changes" : ""),
                  ofBase ? "remove the entry, or write the base model's name" : "remove one of the entries");
    }
  }
}

void Planner::checkSlice(const std::string& module, const PlannedSlice& slice) {
  const std::size_t lead = slice.sources.front().model;
  for (const PlannedSource& source : slice.sources) {
    const ModelLayout& layout = layoutOf(source);
    const LayerStack* stack = layout.stackOf(module);
    const int layers = stack == nullptr ? 0 : stack->layers;
    if (layout.stacks.size() != layoutOf(lead).stacks.size() || layout.modules != layoutOf(lead).modules) {
      problem(Severity::Error, source.path, source.where,
              fmt::format("model \"{}\" is built in another way than \"{}\"", nameOf(source.model), nameOf(lead)),
              "merge models of one architecture");
    } else if (source.layers.end > layers) {
      reportPastEnd(source.path, source.where, {nameOf(source.model), source.layers}, layers);
    } else if (source.layers.length() != slice.layers()) {
      reportUnequal(source.path, source.where, {nameOf(source.model), source.layers}, {nameOf(lead), slice.sources.front().layers});
    }
  }
}

void Planner::reportPastEnd(const std::string& path, const TextPosition& where, const NamedRange& range, int layers) {
  problem(Severity::Error, path + ".layer_range", where,
          fmt::format("the range [{}, {}) goes past the end of \"{}\", which has {} layers", range.layers.begin, range.layers.end, range.name,
                      layers),
          fmt::format("end the range at {} or before", layers));
}

void Planner::reportUnequal(const std::string& path, const TextPosition& where, const NamedRange& range, const NamedRange& lead) {
  problem(Severity::Error, path, where,
          fmt::format("\"{}\" gives {} layers where \"{}\" gives {}", range.name, range.layers.length(), lead.name, lead.layers.length()),
          "merge models of one depth, or give the sources of a slice equally many layers");
}

/// In a slice of one layer t is 1, so only the last value of a list counts there.
void Planner::checkGradients(const PlannedSlice& slice) {
  if (slice.layers() != 1) {
    return;
  }
  const auto check = [this](const SettingLevel& level) {
    for (const auto& [name, setting] : *level.settings) {
      const auto gradient =
          std::find_if(setting.begin(), setting.end(), [](const SettingRule& rule) { return rule.values.size() > 1; });
      if (gradient != setting.end()) {
        const std::string path = fmt::format("{}.{}", level.path, escaped(name));
        problemOnce("single layer " + path, Severity::Warning, path, gradient->where,
                    "a list of values in a slice of one layer: the layer takes the last value, the tensors outside the "
                    "layers the first",
                    "write a single value");
      }
    }
  };
  // The levels above the slice serve other slices, too.
  check(slice.levels.front());
  for (const PlannedSource& source : slice.sources) {
    check(source.levels.front());
  }
}

}  // namespace layerloom
