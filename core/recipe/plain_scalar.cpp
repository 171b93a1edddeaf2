// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <regex>

#include "core/recipe/yaml_value.h"

namespace layerloom {
namespace {

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

bool isPlainSafe(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"};
  const auto isInner = [](char c) { return isLetter(c) || isDigit(c) || std::string_view("_-./+@").find(c) != std::string_view::npos; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), isInner)) {
    return false;
  }
  const bool pathStart = text.starts_with("/") || text.starts_with("./") || text.starts_with("../");
  if (!isLetter(text.front()) && text.front() != '_' && !pathStart) {
    return false;
  }
  return std::none_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return equalsIgnoringCase(text, word); });
}

bool isTypedWhenPlain(std::string_view text) {
  if (text == "~" || text == "=" || text == "<<") {
    return true;
  }
  const bool isSigned = text.starts_with('+') || text.starts_with('-');
  const std::string_view rest = text.substr(isSigned ? 1 : 0);
  const auto isInner = [](char c) { return isLetter(c) || isDigit(c) || std::string_view("+-._: ").find(c) != std::string_view::npos; };
  if (rest.empty() || !std::all_of(rest.begin(), rest.end(), isInner)) {
    return false;
  }
  const bool isNumber = isDigit(rest.front()) || rest.front() == '.';
  return isNumber || (std::all_of(text.begin(), text.end(), isLetter) && !isPlainSafe(text));
}

std::string withoutTabsInTime(std::string text) {
  static const std::regex time(R"(\d{4}-\d\d?-\d\d?[ \t]+\d\d?:\d\d:\d\d(\.\d*)?[ \t]*(Z|[-+]\d\d?(:\d\d)?)?)");
  constexpr std::size_t kLongest = 100;  // the library's matcher calls itself for every character
  if (text.find('\t') != std::string::npos && text.size() <= kLongest && std::regex_match(text, time)) {
    std::replace(text.begin(), text.end(), '\t', ' ');
  }
  return text;
}

}  // namespace layerloom
