// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/recipe/recipe.h"

namespace layerloom {

/// One level of settings, highest first in a list of levels: slice source (or model), slice, top.
struct SettingLevel {
  const Settings* settings = nullptr;
  std::string path;  ///< of the settings in the recipe, for example "models[1].parameters"
};

/// An effective value and where it came from.
struct ResolvedValue {
  SettingScalar value;
  const SettingRule* rule = nullptr;
  std::string path;  ///< for example "models[1].parameters.weight[0]"
};

/// The effective value of a parameter for a tensor at position t: the first level at which a rule matches decides; nothing where none
/// does.
std::optional<ResolvedValue> resolveSetting(const std::vector<SettingLevel>& levels, std::string_view parameter, std::string_view tensor,
                                            double t);

}  // namespace layerloom
