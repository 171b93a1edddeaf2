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

void checkCounts(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems) {
  const bool baseApart = method.baseModel != BaseModelUse::None;
  const auto othersOf = [&](const std::vector<RecipeSource>& sources, const std::optional<ModelReference>& sliceBase) {
    return static_cast<std::size_t>(std::count_if(sources.begin(), sources.end(), [&](const RecipeSource& source) {
      return !baseApart || !isBase(recipe, sliceBase, source);
    }));
  };
  if (!recipe.models.empty()) {
    std::size_t others = othersOf(recipe.models, std::nullopt);
    const bool appended = !baseApart && recipe.baseModel &&
                          std::none_of(recipe.models.begin(), recipe.models.end(),
                                       [&](const RecipeSource& source) { return isBase(recipe, std::nullopt, source); });
    others += appended ? 1 : 0;
    checkCount(method, others, "models", recipe.models.front().where, problems);
  }
  for (std::size_t i = 0; i < recipe.slices.size(); ++i) {
    const RecipeSlice& slice = recipe.slices[i];
    checkCount(method, othersOf(slice.sources, slice.baseModel), fmt::format("slices[{}]", i), slice.where, problems);
  }
}

void checkBase(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems) {
  const bool slicesHaveOwn = !recipe.slices.empty() && std::all_of(recipe.slices.begin(), recipe.slices.end(), [](const RecipeSlice& slice) {
    return slice.baseModel.has_value();
  });
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
  return nullptr;
}

void checkSettings(const Recipe& recipe, const MethodSpec& method, std::vector<Problem>& problems) {
  checkDtype("dtype", recipe.dtype, recipe.dtypeWhere, problems);
  checkDtype("out_dtype", recipe.outDtype, recipe.outDtypeWhere, problems);
  checkBase(recipe, method, problems);
  checkCounts(recipe, method, problems);
  SettingsChecker checker(method, problems);
  checker.check(recipe.parameters, "parameters", false);
  for (std::size_t i = 0; i < recipe.models.size(); ++i) {
    checker.check(recipe.models[i].parameters, fmt::format("models[{}].parameters", i), true);
  }
  for (std::size_t i = 0; i < recipe.slices.size(); ++i) {
    const RecipeSlice& slice = recipe.slices[i];
    checker.check(slice.parameters, fmt::format("slices[{}].parameters", i), false);
    for (std::size_t j = 0; j < slice.sources.size(); ++j) {
      checker.check(slice.sources[j].parameters, fmt::format("slices[{}].sources[{}].parameters", i, j), true);
    }
  }
}

}  // namespace layerloom
