// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/resolve.h"

#include <fmt/format.h>

#include "core/recipe/gradient.h"

namespace layerloom {

std::optional<ResolvedValue> resolveSetting(const std::vector<SettingLevel>& levels, std::string_view parameter, std::string_view tensor,
                                            double t) {
  for (const SettingLevel& level : levels) {
    const Setting* setting = findSetting(*level.settings, parameter);
    const SettingRule* rule = setting == nullptr ? nullptr : matchRule(*setting, tensor);
    if (rule != nullptr) {
      std::string path = fmt::format("{}.{}", level.path, parameter);
      if (setting->size() > 1) {
        path += fmt::format("[{}]", rule - setting->data());
      }
      return ResolvedValue{evaluateRule(*rule, t), rule, std::move(path)};
    }
  }
  return std::nullopt;
}

}  // namespace layerloom
