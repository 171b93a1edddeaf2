// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/gradient.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/recipe/knots.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// Python's int(): towards zero; t lies in [0, 1], so the index is in range.
std::size_t elementAt(double scaled, std::size_t count) {
  return std::min(static_cast<std::size_t>(std::max(0.0, scaled)), count - 1);
}

std::optional<std::vector<double>> allNumbers(const SettingRule& rule) {
  std::vector<double> numbers;
  numbers.reserve(rule.values.size());
  for (const SettingScalar& value : rule.values) {
    const auto number = asNumber(value);
    if (!number) {
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace

double layerPosition(int layer, int layers) noexcept {
  return layers > 1 ? static_cast<double>(layer) / (layers - 1) : 1.0;
}

std::optional<double> evaluateNumber(const SettingRule& rule, double t) {
  if (rule.values.size() == 1) {
    return asNumber(rule.values.front());
  }
  const auto numbers = allNumbers(rule);
  return numbers && !numbers->empty() ? std::optional(interpolatedKnots(*numbers, t)) : std::nullopt;
}

std::optional<bool> evaluateBoolean(const SettingRule& rule, double t) {
  const bool allBooleans = std::all_of(rule.values.begin(), rule.values.end(), [](const SettingScalar& value) { return asBoolean(value).has_value(); });
  if (!allBooleans || rule.values.empty()) {
    return std::nullopt;
  }
  return asBoolean(rule.values[elementAt(t * static_cast<double>(rule.values.size() - 1), rule.values.size())]);
}

const SettingRule* matchRule(const Setting& setting, std::string_view tensor) noexcept {
  for (const SettingRule& rule : setting) {
    if (rule.filter.empty() || rule.filter == "*" || tensor.find(rule.filter) != std::string_view::npos) {
      return &rule;
    }
  }
  return nullptr;
}

std::optional<double> asNumber(const SettingScalar& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    return *number;
  }
  if (const auto* boolean = std::get_if<bool>(&value)) {
    return *boolean ? 1.0 : 0.0;
  }
  // Python's float() passes over blanks around a number and single underscores between its digits.
  std::string_view text = std::get<std::string>(value);
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto isDigit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    if (text[i] != '_' || i == 0 || !isDigit(i - 1) || !isDigit(i + 1)) {
      plain += text[i];
    }
  }
  return parseDouble(plain);
}

std::optional<bool> asBoolean(const SettingScalar& value) {
  constexpr std::array<std::string_view, 6> kTrue = {"true", "1", "yes", "on", "t", "y"};
  constexpr std::array<std::string_view, 6> kFalse = {"false", "0", "no", "off", "f", "n"};
  if (const auto* boolean = std::get_if<bool>(&value)) {
    return *boolean;
  }
  if (const auto* number = std::get_if<double>(&value)) {
    return *number == 0 || *number == 1 ? std::optional(*number == 1) : std::nullopt;
  }
  std::string word = std::get<std::string>(value);
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (std::find(kTrue.begin(), kTrue.end(), word) != kTrue.end()) {
    return true;
  }
  return std::find(kFalse.begin(), kFalse.end(), word) != kFalse.end() ? std::optional(false) : std::nullopt;
}

SettingRule ruleForLayers(std::span<const double> values, std::string filter) {
  SettingRule rule;
  rule.filter = std::move(filter);
  const bool constant = std::all_of(values.begin(), values.end(),
                                    [&](double value) { return std::abs(value - values.front()) <= kSameKnotValue; });
  if (values.size() < 2 || constant) {
    rule.values = {values.empty() ? 0.0 : values.front()};
    return rule;
  }
  rule.isGradient = true;
  std::vector<KnotSample> samples;
  for (std::size_t layer = 0; layer < values.size(); ++layer) {
    samples.push_back({layerPosition(static_cast<int>(layer), static_cast<int>(values.size())), values[layer]});
  }
  const std::vector<double> knots = shortestKnots(samples, values.size());
  const std::span<const double> chosen = knots.empty() ? values : std::span<const double>(knots);
  rule.values.assign(chosen.begin(), chosen.end());
  return rule;
}

std::optional<std::vector<double>> layerValues(const SettingRule& rule, int layers) {
  const auto numbers = allNumbers(rule);
  if (!numbers) {
    return std::nullopt;
  }
  std::vector<double> values;
  for (int layer = 0; layer < layers; ++layer) {
    values.push_back(interpolatedKnots(*numbers, layerPosition(layer, layers)));
  }
  return values;
}

}  // namespace layerloom
