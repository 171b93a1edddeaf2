// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/resolve.h"

#include <fmt/format.h>

#include "core/recipe/gradient.h"

namespace layerloom {

std::optional<EffectiveRule> findDecidingRule(const std::vector<SettingLevel>& levels, std::string_view parameter,
                                              std::string_view tensor) {
  for (std::size_t level = 0; level < levels.size(); ++level) {
    const Setting* setting = findSetting(*levels[level].settings, parameter);
    const SettingRule* rule = setting == nullptr ? nullptr : matchRule(*setting, tensor);
    if (rule == nullptr) {
      continue;
    }
    return EffectiveRule{rule, {}, static_cast<std::size_t>(rule - setting->data()), level};
  }
  return std::nullopt;
}

std::optional<EffectiveRule> findEffectiveRule(const std::vector<SettingLevel>& levels, std::string_view parameter,
                                               std::string_view tensor) {
  auto found = findDecidingRule(levels, parameter, tensor);
  if (found) {
    const SettingLevel& level = levels[found->level];
    found->path = fmt::format("{}.{}", level.path, parameter);
    if (findSetting(*level.settings, parameter)->size() > 1) {
      found->path += fmt::format("[{}]", found->index);
    }
  }
  return found;
}

}  // namespace layerloom
