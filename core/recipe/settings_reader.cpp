// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "core/recipe/recipe_reader.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// Digits of a base, with underscores between them, as a number; nothing when another character occurs or there is no digit.
std::optional<double> digitsOf(std::string_view text, int base) {
  double value = 0;
  bool any = false;
  for (const char c : text) {
    if (c == '_') {
      continue;
    }
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : base;
    if (digit >= base) {
      return std::nullopt;
    }
    value = value * base + digit;
    any = true;
  }
  return any ? std::optional(value) : std::nullopt;
}

/// "1:30" is ninety in YAML 1.1.
std::optional<double> sexagesimal(std::string_view text) {
  double value = 0;
  for (bool first = true;; first = false) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    const auto number = last && part.find('.') != std::string_view::npos ? parseDouble(part) : digitsOf(part, 10);
    if (!number || (!first && *number >= 60)) {
      return std::nullopt;
    }
    value = value * 60 + *number;
    if (last) {
      return value;
    }
    text.remove_prefix(colon + 1);
  }
}

std::optional<double> unsignedNumber(std::string_view text) {
  if (text.empty() || (text.front() != '.' && (text.front() < '0' || text.front() > '9'))) {
    return std::nullopt;
  }
  if (text.starts_with("0x")) {
    return digitsOf(text.substr(2), 16);
  }
  if (text.starts_with("0b")) {
    return digitsOf(text.substr(2), 2);
  }
  if (text.find(':') != std::string_view::npos) {
    return sexagesimal(text);
  }
  const bool whole = text.find_first_not_of("0123456789_") == std::string_view::npos;
  if (whole && text.size() > 1 && text.front() == '0') {
    return digitsOf(text.substr(1), 8);
  }
  std::string plain(text);
  std::erase(plain, '_');
  const std::size_t exponent = plain.find_first_of("eE");
  // YAML 1.1 asks for a point and for a signed exponent; anything else is a string there.
  const bool odd = exponent != std::string::npos &&
                   (plain.find('.') > exponent || exponent + 1 >= plain.size() || (plain[exponent + 1] != '+' && plain[exponent + 1] != '-'));
  return odd ? std::nullopt : parseDouble(plain);
}

}  // namespace

std::optional<double> plainNumber(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text == ".inf" || text == ".Inf" || text == ".INF") {
    return negative ? -HUGE_VAL : HUGE_VAL;
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    return std::nan("");
  }
  const auto number = unsignedNumber(text);
  return number && negative ? std::optional(-*number) : number;
}

std::optional<bool> plainBoolean(std::string_view text) {
  constexpr std::array<std::string_view, 9> kTrue = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
  constexpr std::array<std::string_view, 9> kFalse = {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) {
    return true;
  }
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) {
    return false;
  }
  return std::nullopt;
}

std::optional<int> wholeNumber(const YamlValue& value) {
  if (!value.isScalar() || value.quoted) {
    return std::nullopt;
  }
  const auto number = plainNumber(value.text);
  if (!number || *number != std::floor(*number) || std::abs(*number) > 1e6) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

Settings RecipeReader::readSettings(const std::string& path, const YamlValue& value) {
  Settings settings;
  if (value.isNull()) {
    return settings;
  }
  if (!value.isMapping()) {
    error(path, value, "is no mapping of parameters", "write for example {weight: 0.5}");
    return settings;
  }
  for (const auto& [key, entry] : value.entries) {
    if (entry.isSequence() && entry.items.empty()) {
      warn(below(path, escaped(key)), entry.where, "an empty list counts as no value", "write a number, or remove the line");
    } else if (!entry.isNull()) {
      Setting setting = readSetting(below(path, escaped(key)), entry);
      if (!setting.empty()) {
        settings.emplace_back(key, std::move(setting));
      }
    }
  }
  return settings;
}

Setting RecipeReader::readSetting(const std::string& path, const YamlValue& value) {
  const bool isRules = value.isSequence() && !value.items.empty() && value.items.front().isMapping();
  if (!isRules) {
    return {readRule(path, value)};
  }
  Setting setting;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const YamlValue& rule = value.items[i];
    if (!rule.isMapping()) {
      error(item(path, i), rule, "is a plain value among rules with filters", "write {value: …}");
      continue;
    }
    const YamlValue* held = rule.find("value");
    if (held != nullptr && held->isSequence() && held->items.empty()) {
      warn(item(path, i), rule.where, "an empty list counts as no value; the rule is left out", "write a number, or remove the rule");
      continue;
    }
    setting.push_back(readRule(item(path, i), rule));
  }
  return setting;
}

SettingRule RecipeReader::readRule(const std::string& path, const YamlValue& value) {
  SettingRule rule;
  rule.where = value.where;
  if (!value.isMapping()) {
    readRuleValues(path, value, rule);
    return rule;
  }
  const YamlValue* held = value.find("value");
  if (const YamlValue* filter = value.find("filter"); filter != nullptr && !filter->isNull()) {
    rule.filter = readText(below(path, "filter"), *filter);
    // mergekit's "*" means the same as no filter.
    rule.filter = rule.filter == "*" ? "" : rule.filter;
  }
  if (held == nullptr || value.entries.size() > 2 || (value.entries.size() == 2 && value.find("filter") == nullptr)) {
    error(path, value, "is no rule of the form {filter: …, value: …}", "give the rule a value");
    return rule;
  }
  readRuleValues(below(path, "value"), *held, rule);
  return rule;
}

void RecipeReader::readRuleValues(const std::string& path, const YamlValue& value, SettingRule& rule) {
  if (!value.isSequence()) {
    if (auto scalar = readScalar(path, value)) {
      rule.values.push_back(*std::move(scalar));
    }
    return;
  }
  rule.isGradient = true;
  if (value.items.empty()) {
    error(path, value, "is an empty list", "write a number, or a list of numbers over the layers");
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (auto scalar = readScalar(item(path, i), value.items[i])) {
      rule.values.push_back(*std::move(scalar));
    }
  }
}

std::optional<SettingScalar> RecipeReader::readScalar(const std::string& path, const YamlValue& value) {
  if (!value.isScalar()) {
    error(path, value, "is no number, true, false or text", "write a single value");
    return std::nullopt;
  }
  if (value.quoted) {
    return value.text;
  }
  if (const auto boolean = plainBoolean(value.text)) {
    return *boolean;
  }
  if (const auto number = plainNumber(value.text)) {
    return *number;
  }
  // PyYAML takes 1e-5 for a string; where a number is wanted it counts as one all the same.
  if (const auto number = parseDouble(value.text)) {
    return *number;
  }
  return value.text;
}

}  // namespace layerloom
