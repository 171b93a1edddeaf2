// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/plan_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/recipe/gradient.h"
#include "core/support/text.h"
#include "core/tensor/dtype.h"

namespace layerloom {
namespace {

/// Walks all settings of a recipe against the method's parameters.
class SettingsChecker {
 public:
  SettingsChecker(const MethodSpec& method, std::vector<Problem>& problems) : m_method(method), m_problems(problems) {}

  void check(const Settings& settings, const std::string& path, bool ofSource);

 private:
  void add(Severity severity, const std::string& path, const SettingRule& rule, std::string message, std::string remedy) {
    m_problems.push_back({severity, path, rule.where, std::move(message), std::move(remedy)});
  }
  void checkUnknown(const std::string& name, const Setting& setting, const std::string& path);
  void checkRule(const ParameterSpec& spec, const SettingRule& rule, const std::string& path);
  void checkNumber(const ParameterSpec& spec, const SettingRule& rule, const SettingScalar& value, const std::string& path);
  void checkShadowed(const Setting& setting, const std::string& path);

  const MethodSpec& m_method;
  std::vector<Problem>& m_problems;
};

void SettingsChecker::check(const Settings& settings, const std::string& path, bool ofSource) {
  for (const auto& [name, setting] : settings) {
    const std::string here = fmt::format("{}.{}", path, escaped(name));
    const ParameterSpec* spec = m_method.parameter(name);
    if (spec == nullptr) {
      checkUnknown(name, setting, here);
      continue;
    }
    if (ofSource && spec->scope == ParameterScope::Method && !setting.empty()) {
      add(Severity::Warning, here, setting.front(), fmt::format("\"{}\" belongs to the whole method; for one model it has no effect", name),
          "move it to the \"parameters\" of the recipe");
    }
    for (const SettingRule& rule : setting) {
      checkRule(*spec, rule, here);
    }
    checkShadowed(setting, here);
  }
}

void SettingsChecker::checkUnknown(const std::string& name, const Setting& setting, const std::string& path) {
  std::vector<std::string> names;
  for (const ParameterSpec& parameter : m_method.parameters) {
    names.push_back(parameter.name);
  }
  const auto near = nearestSpelling(name, names);
  const std::string remedy = near ? fmt::format("did you mean \"{}\"?", *near) : std::string("remove it");
  const SettingRule none;
  add(Severity::Warning, path, setting.empty() ? none : setting.front(),
      fmt::format("the method {} has no parameter \"{}\"; it has no effect", m_method.name, escaped(name)), remedy);
}

std::string valueText(const SettingScalar& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    return formatDouble(*number);
  }
  if (const auto* boolean = std::get_if<bool>(&value)) {
    return *boolean ? "true" : "false";
  }
  return fmt::format("\"{}\"", escaped(std::get<std::string>(value)));
}

void SettingsChecker::checkRule(const ParameterSpec& spec, const SettingRule& rule, const std::string& path) {
  for (const SettingScalar& value : rule.values) {
    if (spec.type == ParameterType::Number) {
      checkNumber(spec, rule, value, path);
    } else if (!asBoolean(value)) {
      add(Severity::Error, path, rule, fmt::format("{} is neither true nor false", valueText(value)), "write true or false");
    }
  }
}

void SettingsChecker::checkNumber(const ParameterSpec& spec, const SettingRule& rule, const SettingScalar& value,
                                  const std::string& path) {
  const auto number = asNumber(value);
  if (!number || !std::isfinite(*number)) {
    add(Severity::Error, path, rule, fmt::format("{} is no finite number", valueText(value)), "write a number such as 0.5");
    return;
  }
  if (spec.whole && *number != std::floor(*number)) {
    add(Severity::Error, path, rule, fmt::format("{} is no whole number", valueText(value)), "write a number such as 10");
    return;
  }
  const bool tooSmall = spec.least && *number < *spec.least;
  const bool tooLarge = spec.greatest && *number > *spec.greatest;
  if (tooSmall || tooLarge) {
    const std::string limits =
        spec.least && spec.greatest ? fmt::format("outside {} … {}", *spec.least, *spec.greatest)
                                    : fmt::format("{} {}", tooSmall ? "below" : "above", tooSmall ? *spec.least : *spec.greatest);
    add(Severity::Warning, path, rule, fmt::format("{} lies {}", valueText(value), limits), "check the value");
  }
}

/// A rule behind one that matches all the same tensors is never reached.
void SettingsChecker::checkShadowed(const Setting& setting, const std::string& path) {
  for (std::size_t later = 1; later < setting.size(); ++later) {
    const auto shadows = [&](const SettingRule& earlier) { return setting[later].filter.find(earlier.filter) != std::string::npos; };
    const auto end = setting.begin() + static_cast<std::ptrdiff_t>(later);
    if (std::any_of(setting.begin(), end, shadows)) {
      add(Severity::Warning, fmt::format("{}[{}]", path, later), setting[later],
          "the rule is never reached: an earlier one matches the same tensors", "put the narrower filter first");
    }
  }
}

void checkDtype(const std::string& key, const std::string& name, const TextPosition& where, std::vector<Problem>& problems) {
  if (!name.empty() && !dtypeFromRecipe(name)) {
    problems.push_back({Severity::Error, key, where, fmt::format("\"{}\" is no data type for merging", escaped(name)),
                        "use float32, bfloat16, float16 or float64"});
  }
}

bool isBase(const Recipe& recipe, const std::optional<ModelReference>& sliceBase, const RecipeSource& source) {
  const auto& base = sliceBase ? sliceBase : recipe.baseModel;
  return base && *base == source.model;
}

void checkCount(const MethodSpec& method, std::size_t others, const std::string& path, const TextPosition& where,
                std::vector<Problem>& problems) {
  const bool tooFew = static_cast<int>(others) < method.minInputs;
  const bool tooMany = method.maxInputs >= 0 && static_cast<int>(others) > method.maxInputs;
  if (!tooFew && !tooMany) {
    return;
  }
  const char* beside = method.baseModel == BaseModelUse::None ? "" : " beside the base model";
  const int wanted = tooMany ? method.maxInputs : method.minInputs;
  problems.push_back({Severity::Error, path, where,
                      fmt::format("{} takes {} {} model{}{}, but {} {} listed", method.name,
                                  method.maxInputs == method.minInputs ? "exactly" : tooMany ? "at most" : "at least", wanted,
                                  wanted == 1 ? "" : "s", beside, others, others == 1 ? "is" : "are"),
                      tooMany ? "remove models, or choose another method" : "add models, or choose another method"});
}

/// Checks the number of models in every group that is merged together.
class CountChecker {
 public:
  CountChecker(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems)
      : m_recipe(recipe), m_method(method), m_problems(problems) {}

  void check() {
    checkBody(m_recipe.models, m_recipe.slices, "");
    for (const RecipeModule& module : m_recipe.modules) {
      checkBody(module.models, module.slices, "modules." + escaped(module.name) + ".");
    }
  }

 private:
  std::size_t othersOf(const std::vector<RecipeSource>& sources, const std::optional<ModelReference>& sliceBase) const {
    const bool baseApart = m_method.baseModel != BaseModelUse::None;
    return static_cast<std::size_t>(std::count_if(sources.begin(), sources.end(), [&](const RecipeSource& source) {
      return !baseApart || !isBase(m_recipe, sliceBase, source);
    }));
  }

  void checkBody(const std::vector<RecipeSource>& models, const std::vector<RecipeSlice>& slices, const std::string& prefix) {
    if (!models.empty()) {
      const bool listed = std::any_of(models.begin(), models.end(), [&](const RecipeSource& source) { return isBase(m_recipe, std::nullopt, source); });
      const bool appended = m_method.baseModel == BaseModelUse::None && m_recipe.baseModel && !listed;
      checkCount(m_method, othersOf(models, std::nullopt) + (appended ? 1 : 0), prefix + "models", models.front().where, m_problems);
      checkListedBase(models, std::nullopt, prefix + "models");
    }
    for (std::size_t i = 0; i < slices.size(); ++i) {
      const std::string path = fmt::format("{}slices[{}]", prefix, i);
      checkCount(m_method, othersOf(slices[i].sources, slices[i].baseModel), path, slices[i].where, m_problems);
      checkListedBase(slices[i].sources, slices[i].baseModel, path + ".sources");
      checkSliceBase(slices[i], path);
    }
  }

  /// Parameters of a base model that stands apart have no effect.
  void checkListedBase(const std::vector<RecipeSource>& models, const std::optional<ModelReference>& sliceBase, const std::string& path) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      if (m_method.baseModel != BaseModelUse::None && isBase(m_recipe, sliceBase, models[i]) && !models[i].parameters.empty()) {
        m_problems.push_back({Severity::Warning, fmt::format("{}[{}]", path, i), models[i].where,
                              fmt::format("\"{}\" is the base model: {} takes changes against it, and its parameters have no effect",
                                          escaped(models[i].model.text), m_method.name),
                              "remove its parameters, or its entry"});
      }
    }
  }

  void checkSliceBase(const RecipeSlice& slice, const std::string& path) {
    const auto& base = slice.baseModel ? slice.baseModel : m_recipe.baseModel;
    const bool there = base && std::any_of(slice.sources.begin(), slice.sources.end(), [&](const RecipeSource& source) { return source.model == *base; });
    if (m_method.baseModel == BaseModelUse::Required && base && !there) {
      m_problems.push_back({Severity::Error, path, slice.where,
                            fmt::format("{} needs the base model \"{}\" among the sources of the slice", m_method.name, escaped(base->text)),
                            "add a source with the base model's layers"});
    }
  }

  const Recipe& m_recipe;
  const MethodSpec& m_method;
  std::vector<Problem>& m_problems;
};

void checkBase(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems) {
  const auto allOwn = [](const std::vector<RecipeSlice>& slices) {
    return !slices.empty() && std::all_of(slices.begin(), slices.end(), [](const RecipeSlice& slice) { return slice.baseModel.has_value(); });
  };
  const bool modulesOwn = !recipe.modules.empty() && std::all_of(recipe.modules.begin(), recipe.modules.end(), [&](const RecipeModule& module) {
    return allOwn(module.slices);
  });
  const bool slicesHaveOwn = allOwn(recipe.slices) || modulesOwn;
  if (method.baseModel == BaseModelUse::Required && !recipe.baseModel && !slicesHaveOwn) {
    problems.push_back({Severity::Error, "base_model", recipe.mergeMethodWhere, fmt::format("{} needs a base model", method.name),
                        "add a line such as \"base_model: FOLDER\""});
  }
}

}  // namespace

const MethodSpec* checkMethod(const Recipe& recipe, std::vector<Problem>& problems) {
  const MethodSpec* method = findMethod(recipe.mergeMethod);
  if (method != nullptr) {
    return method;
  }
  std::vector<std::string> names;
  for (const MethodSpec& spec : methodSpecs()) {
    names.push_back(spec.name);
  }
  const auto near = nearestSpelling(recipe.mergeMethod, names);
  problems.push_back({Severity::Error, "merge_method", recipe.mergeMethodWhere,
                      fmt::format("there is no merge method \"{}\"", escaped(recipe.mergeMethod)),
                      near ? fmt::format("did you mean \"{}\"?", *near) : fmt::format("use one of: {}", fmt::join(names, ", "))});
  return near ? findMethod(*near) : nullptr;
}

void checkTypes(const Recipe& recipe, std::vector<Problem>& problems) {
  checkDtype("dtype", recipe.dtype, recipe.dtypeWhere, problems);
  checkDtype("out_dtype", recipe.outDtype, recipe.outDtypeWhere, problems);
}

void checkSettings(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems) {
  checkBase(recipe, method, problems);
  CountChecker(recipe, method, problems).check();
  SettingsChecker checker(method, problems);
  forEachSettings(recipe, [&](const Settings& settings, const std::string& path, bool ofSource) { checker.check(settings, path, ofSource); });
}

}  // namespace layerloom
