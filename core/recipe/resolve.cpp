// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/resolve.h"

#include <fmt/format.h>

#include "core/recipe/gradient.h"

namespace layerloom {

std::optional<EffectiveRule> findEffectiveRule(const std::vector<SettingLevel>& levels, std::string_view parameter,
                                               std::string_view tensor) {
  for (std::size_t level = 0; level < levels.size(); ++level) {
    const Setting* setting = findSetting(*levels[level].settings, parameter);
    const SettingRule* rule = setting == nullptr ? nullptr : matchRule(*setting, tensor);
    if (rule == nullptr) {
      continue;
    }
    const auto index = static_cast<std::size_t>(rule - setting->data());
    std::string path = fmt::format("{}.{}", levels[level].path, parameter);
    if (setting->size() > 1) {
      path += fmt::format("[{}]", index);
    }
    return EffectiveRule{rule, std::move(path), index, level};
  }
  return std::nullopt;
}

}  // namespace layerloom
