// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "core/support/result.h"

namespace layerloom {

/// A key of "rank_pattern" or "alpha_pattern" in adapter_config.json. It means the regular expression ^(.*\.)?(KEY)$: a whole module name or
/// its end after a dot. Understood are characters, ".", "\.", "\d", "[…]", "|" at the top, each single one followed by "*", "+" or "?",
/// and "^" and "$" at the ends; groups and counts are refused. Matching takes time proportional to name × key, whatever the key.
class ModulePattern {
 public:
  static Result<ModulePattern> parse(std::string_view key);

  bool matches(std::string_view module) const;

 private:
  enum class Repeat { Once, Optional, Any, Many };
  struct Step {
    std::bitset<256> characters;
    Repeat repeat = Repeat::Once;
  };
  struct Branch {
    std::vector<Step> steps;
    bool fromStart = false;  ///< "^": no prefix before it
    bool isPlain = true;     ///< nothing is repeated or optional
  };

  static Result<Branch> parseBranch(std::string_view key);
  static Result<Step> parseStep(std::string_view key, std::size_t& at);
  static Result<Step> parseClass(std::string_view key, std::size_t& at);
  static bool matches(const Branch& branch, std::string_view text);

  std::vector<Branch> m_branches;
};

}  // namespace layerloom
