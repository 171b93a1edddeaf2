// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/recipe.h"

#include <algorithm>
#include <cmath>

namespace layerloom {
namespace {

bool sameScalar(const SettingScalar& a, const SettingScalar& b) {
  const double* x = std::get_if<double>(&a);
  const double* y = std::get_if<double>(&b);
  return a == b || (x != nullptr && y != nullptr && std::isnan(*x) && std::isnan(*y));
}

using UnknownKeys = std::vector<std::pair<std::string, YamlValue>>;

bool sameUnknown(const UnknownKeys& a, const UnknownKeys& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && x.second.sameAs(y.second); });
}

bool sameSource(const RecipeSource& a, const RecipeSource& b) {
  return a.model == b.model && a.layerRange == b.layerRange && a.parameters == b.parameters && sameUnknown(a.unknown, b.unknown);
}

bool sameSources(const std::vector<RecipeSource>& a, const std::vector<RecipeSource>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameSource);
}

bool sameSlices(const std::vector<RecipeSlice>& a, const std::vector<RecipeSlice>& b);

bool sameModule(const RecipeModule& a, const RecipeModule& b) {
  return a.name == b.name && sameSources(a.models, b.models) && sameSlices(a.slices, b.slices) && a.parameters == b.parameters &&
         sameUnknown(a.unknown, b.unknown);
}

bool sameSlice(const RecipeSlice& a, const RecipeSlice& b) {
  return sameSources(a.sources, b.sources) && a.baseModel == b.baseModel && a.parameters == b.parameters &&
         sameUnknown(a.unknown, b.unknown);
}

bool sameSlices(const std::vector<RecipeSlice>& a, const std::vector<RecipeSlice>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameSlice);
}

}  // namespace

bool SettingRule::operator==(const SettingRule& other) const {
  return filter == other.filter && std::equal(values.begin(), values.end(), other.values.begin(), other.values.end(), sameScalar) &&
         isGradient == other.isGradient;
}

Result<ModelAddress> addressOf(const ModelReference& reference) {
  if (reference.address) {
    return *reference.address;
  }
  return parseModelAddress(reference.text);
}

bool sameRecipe(const Recipe& a, const Recipe& b) {
  return a.name == b.name && sameSources(a.models, b.models) && sameSlices(a.slices, b.slices) &&
         std::equal(a.modules.begin(), a.modules.end(), b.modules.begin(), b.modules.end(), sameModule) && a.tokenizer == b.tokenizer &&
         a.chatTemplate == b.chatTemplate && std::equal(a.stages.begin(), a.stages.end(), b.stages.begin(), b.stages.end(), sameRecipe) &&
         a.mergeMethod == b.mergeMethod && a.baseModel == b.baseModel && a.parameters == b.parameters && a.dtype == b.dtype &&
         a.outDtype == b.outDtype && a.curves == b.curves && sameUnknown(a.unknown, b.unknown);
}

const Setting* findSetting(const Settings& settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(), [&](const auto& entry) { return entry.first == name; });
  return found == settings.end() ? nullptr : &found->second;
}

Setting& obtainSetting(Settings& settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(), [&](const auto& entry) { return entry.first == name; });
  return found == settings.end() ? settings.emplace_back(std::string(name), Setting()).second : found->second;
}

void removeSetting(Settings& settings, std::string_view name) {
  std::erase_if(settings, [&](const auto& entry) { return entry.first == name; });
}

}  // namespace layerloom
