// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/gradient.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr double kSameValue = 1e-9;

/// Python's int(): towards zero; t lies in [0, 1], so the index is in range.
std::size_t elementAt(double scaled, std::size_t count) {
  return std::min(static_cast<std::size_t>(std::max(0.0, scaled)), count - 1);
}

double interpolated(std::span<const double> values, double t) {
  const double scaled = t * static_cast<double>(values.size() - 1);
  const std::size_t lower = elementAt(scaled, values.size());
  const std::size_t upper = std::min(values.size() - 1, lower + 1);
  const double fraction = scaled - static_cast<double>(lower);
  return (1 - fraction) * values[lower] + fraction * values[upper];
}

std::optional<std::vector<double>> allNumbers(const SettingRule& rule) {
  std::vector<double> numbers;
  for (const SettingScalar& value : rule.values) {
    const auto number = asNumber(value);
    if (!number) {
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  return numbers;
}

bool reproduces(std::span<const double> knots, std::span<const double> values) {
  for (std::size_t layer = 0; layer < values.size(); ++layer) {
    const double t = layerPosition(static_cast<int>(layer), static_cast<int>(values.size()));
    if (std::abs(interpolated(knots, t) - values[layer]) > kSameValue) {
      return false;
    }
  }
  return true;
}

/// Solves a symmetric tridiagonal system by elimination (Thomas); `right` becomes the solution.
void solveTridiagonal(std::vector<double>& diagonal, const std::vector<double>& beside, std::vector<double>& right) {
  for (std::size_t i = 1; i < diagonal.size(); ++i) {
    const double factor = beside[i - 1] / diagonal[i - 1];
    diagonal[i] -= factor * beside[i - 1];
    right[i] -= factor * right[i - 1];
  }
  for (std::size_t i = diagonal.size(); i-- > 0;) {
    const double known = i + 1 < diagonal.size() ? beside[i] * right[i + 1] : 0;
    right[i] = (right[i] - known) / diagonal[i];
  }
}

/// The `count` evenly spaced knots whose interpolation comes nearest to the values (least squares over hat functions; every knot has
/// layers on both sides while there are fewer knots than layers, so there is one solution).
std::vector<double> nearestKnots(std::span<const double> values, std::size_t count) {
  std::vector<double> diagonal(count);
  std::vector<double> beside(count);
  std::vector<double> knots(count);
  for (std::size_t layer = 0; layer < values.size(); ++layer) {
    const double scaled = layerPosition(static_cast<int>(layer), static_cast<int>(values.size())) * static_cast<double>(count - 1);
    const std::size_t lower = std::min(elementAt(scaled, count), count - 2);
    const double right = scaled - static_cast<double>(lower);
    const double left = 1 - right;
    diagonal[lower] += left * left;
    diagonal[lower + 1] += right * right;
    beside[lower] += left * right;
    knots[lower] += left * values[layer];
    knots[lower + 1] += right * values[layer];
  }
  solveTridiagonal(diagonal, beside, knots);
  return knots;
}

/// Removes the noise of the solution: a knot that is a short decimal to within the tolerance becomes that decimal.
double tidied(double value) {
  constexpr double kGrid = 1e6;
  const double rounded = std::round(value * kGrid) / kGrid;
  return std::abs(rounded - value) < kSameValue / 10 ? rounded : value;
}

/// The fewest evenly spaced knots that give the values.
std::vector<double> shortestKnots(std::span<const double> values) {
  for (std::size_t count = 2; count < values.size(); ++count) {
    std::vector<double> knots = nearestKnots(values, count);
    std::transform(knots.begin(), knots.end(), knots.begin(), tidied);
    if (reproduces(knots, values)) {
      return knots;
    }
  }
  return {values.begin(), values.end()};
}

}  // namespace

double layerPosition(int layer, int layers) noexcept {
  return layers > 1 ? static_cast<double>(layer) / (layers - 1) : 1.0;
}

std::optional<double> evaluateNumber(const SettingRule& rule, double t) {
  const auto numbers = allNumbers(rule);
  if (!numbers || numbers->empty()) {
    return std::nullopt;
  }
  return numbers->size() == 1 ? numbers->front() : interpolated(*numbers, t);
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
                                    [&](double value) { return std::abs(value - values.front()) <= kSameValue; });
  if (values.size() < 2 || constant) {
    rule.values = {values.empty() ? 0.0 : values.front()};
    return rule;
  }
  rule.isGradient = true;
  for (const double knot : shortestKnots(values)) {
    rule.values.emplace_back(knot);
  }
  return rule;
}

std::optional<std::vector<double>> layerValues(const SettingRule& rule, int layers) {
  const auto numbers = allNumbers(rule);
  if (!numbers) {
    return std::nullopt;
  }
  std::vector<double> values;
  for (int layer = 0; layer < layers; ++layer) {
    values.push_back(interpolated(*numbers, layerPosition(layer, layers)));
  }
  return values;
}

}  // namespace layerloom
