// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace layerloom {

enum class YamlTokenKind { Plain, Key, String, Number, Comment, Punctuation };

/// A run of bytes of one line.
struct YamlToken {
  std::size_t begin = 0;
  std::size_t length = 0;
  YamlTokenKind kind = YamlTokenKind::Plain;

  bool operator==(const YamlToken&) const = default;
};

/// Splits one line of a recipe for syntax colours; the tokens cover the line without a gap. Each line stands for
/// itself: text that runs over several lines is coloured as if its lines were values of their own.
std::vector<YamlToken> yamlTokens(std::string_view line);

}  // namespace layerloom
