// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/recipe/recipe.h"

namespace layerloom {

/// mergekit's position of a layer in a slice: i / (n − 1); 1 in a slice of one layer. Tensors outside the layers have 0.
double layerPosition(int layer, int layers) noexcept;

/// A rule's value at position t in [0, 1] for a parameter that is a number: a list is interpolated linearly between evenly spaced values,
/// at s = t·(k − 1). Nothing when a value is no number.
std::optional<double> evaluateNumber(const SettingRule& rule, double t);
/// The same for a parameter that is true or false: a list gives element ⌊s⌋. Nothing when a value is neither.
std::optional<bool> evaluateBoolean(const SettingRule& rule, double t);

/// The first rule whose filter is a substring of the tensor's name; null when none matches. The filters "" and "*" match all.
const SettingRule* matchRule(const Setting& setting, std::string_view tensor) noexcept;

/// The value as a number, where it is one: also written as a string, and true and false as 1 and 0.
std::optional<double> asNumber(const SettingScalar& value);
/// The value as a boolean, where it is one: also 1 and 0, and words such as "yes" and "off" as a string.
std::optional<bool> asBoolean(const SettingScalar& value);

/// A rule that gives these values in the layers 0 … n − 1 to 1e-9: a scalar where all are equal, else the shortest evenly spaced
/// list, at worst one value per layer.
SettingRule ruleForLayers(std::span<const double> values, std::string filter = {});

/// The rule's number in each of the n layers of a slice; nothing when the rule holds something else than numbers.
std::optional<std::vector<double>> layerValues(const SettingRule& rule, int layers);

}  // namespace layerloom
