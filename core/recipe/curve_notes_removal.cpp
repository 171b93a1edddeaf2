// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "core/recipe/recipe.h"

namespace layerloom {
namespace {

/// The text without the lines from a top-level key to the next one.
std::string withoutLinesOf(std::string_view text, const YamlValue& root, std::string_view key) {
  const int begin = root.find(key)->keyWhere.line;
  int end = std::numeric_limits<int>::max();
  for (const auto& [name, value] : root.entries) {
    if (value.keyWhere.line > begin) {
      end = std::min(end, value.keyWhere.line);
    }
  }
  std::string kept;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    if (line < begin || line >= end) {
      kept += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return kept;
}

/// Equal but for the key `layerloom`.
bool sameWithoutNotes(const YamlValue& a, const YamlValue& b) {
  YamlValue plain = a;
  std::erase_if(plain.entries, [](const auto& entry) { return entry.first == "layerloom"; });
  return plain.sameAs(b);
}

}  // namespace

std::string withoutCurveNotes(std::string_view text) {
  const auto documents = parseYamlDocuments(text);
  if (!documents || documents->back().find("layerloom") == nullptr) {
    return std::string(text);
  }
  // Whole lines can go only where the key has lines of its own, which a recipe in braces does not give it.
  std::string kept = withoutLinesOf(text, documents->back(), "layerloom");
  const auto rest = parseYamlDocuments(kept);
  const bool same = rest && rest->size() == documents->size() && sameWithoutNotes(documents->back(), rest->back());
  return same ? kept : std::string(text);
}

}  // namespace layerloom
