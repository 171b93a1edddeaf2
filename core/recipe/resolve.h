// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/recipe/recipe.h"

namespace layerloom {

/// One level of settings, highest first in a list of levels: slice source (or model), slice, module, top.
struct SettingLevel {
  const Settings* settings = nullptr;
  std::string path;  ///< of the settings in the recipe, for example "models[1].parameters"
};

/// The rule that decides a parameter for a tensor, and where it stands.
struct EffectiveRule {
  const SettingRule* rule = nullptr;
  std::string path;       ///< for example "models[1].parameters.weight[0]"
  std::size_t index = 0;  ///< among the rules of its setting
  std::size_t level = 0;  ///< index into the levels
};

/// The first level that has a rule whose filter matches the tensor decides; nothing where none has. `findDecidingRule` leaves `path` empty.
std::optional<EffectiveRule> findDecidingRule(const std::vector<SettingLevel>& levels, std::string_view parameter,
                                              std::string_view tensor);
std::optional<EffectiveRule> findEffectiveRule(const std::vector<SettingLevel>& levels, std::string_view parameter,
                                               std::string_view tensor);

}  // namespace layerloom
