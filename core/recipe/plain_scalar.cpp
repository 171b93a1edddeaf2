// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "core/recipe/yaml_value.h"

namespace layerloom {
namespace {

bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

bool isPlainSafe(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"};
  const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto isInner = [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || std::string_view("_-./+@").find(c) != std::string_view::npos; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), isInner)) {
    return false;
  }
  const bool pathStart = text.starts_with("/") || text.starts_with("./") || text.starts_with("../");
  if (!isLetter(text.front()) && text.front() != '_' && !pathStart) {
    return false;
  }
  return std::none_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return equalsIgnoringCase(text, word); });
}

}  // namespace layerloom
