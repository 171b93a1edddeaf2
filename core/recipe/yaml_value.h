// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/support/result.h"

namespace layerloom {

/// A place in a text. Lines and columns count from 1; 0 means the value did not come from a text.
struct TextPosition {
  int line = 0;
  int column = 0;
};

/// A YAML value as written: scalars keep their text, mappings their order. A tree without aliases or cycles.
struct YamlValue {
  enum class Kind { Null, Scalar, Sequence, Mapping };

  // The destructor stands in the source file: Clang before 16 cannot make that of a type that holds itself.
  YamlValue() = default;
  YamlValue(const YamlValue& other) = default;
  YamlValue(YamlValue&& other) noexcept = default;
  YamlValue& operator=(const YamlValue& other) = default;
  YamlValue& operator=(YamlValue&& other) noexcept = default;
  ~YamlValue();

  Kind kind = Kind::Null;
  std::string text;                                         ///< of a scalar
  bool quoted = false;                                      ///< a quoted or block scalar is always a string
  std::vector<YamlValue> items;                             ///< of a sequence
  std::vector<std::pair<std::string, YamlValue>> entries;   ///< of a mapping, keys unique
  TextPosition where;                                       ///< of the value
  TextPosition keyWhere;                                    ///< of its key, for a value in a mapping

  bool isNull() const { return kind == Kind::Null; }
  bool isScalar() const { return kind == Kind::Scalar; }
  bool isSequence() const { return kind == Kind::Sequence; }
  bool isMapping() const { return kind == Kind::Mapping; }
  /// The entry of a mapping, or null.
  const YamlValue* find(std::string_view key) const;
  /// Equal in content; positions and quoting that does not change the meaning are ignored.
  bool sameAs(const YamlValue& other) const;
};

/// Limits for text from strangers.
struct YamlLimits {
  std::size_t bytes = 1 << 20;
  std::size_t nodes = 100'000;
  int depth = 64;
  std::size_t aliases = 100;
  std::size_t documents = 100;
};

/// A syntax error: message without position, text of the file escaped, and the position.
struct YamlError {
  std::string message;
  TextPosition where;
};

/// Reads all documents of a text, each a tree of its own; empty ones are left out when there are others. Refused: duplicate keys, tags other than YAML's core
/// ones, invalid UTF-8, control characters, keys that are not scalars, text past the limits. Aliases and merge keys (`<<`) are
/// expanded within the limits. At least one document on success. Never throws.
tl::expected<std::vector<YamlValue>, YamlError> parseYamlDocuments(std::string_view text, const YamlLimits& limits = {});
/// Reads exactly one document; more are refused.
tl::expected<YamlValue, YamlError> parseYaml(std::string_view text, const YamlLimits& limits = {});

/// True when YAML 1.1 readers (PyYAML) take the plain scalar for a string and give it back unchanged.
bool isPlainSafe(std::string_view text);
/// True when YAML 1.1 readers may take the plain scalar for a number, a date, a truth value or the like.
bool isTypedWhenPlain(std::string_view text);
/// A plain scalar that is a date and time, with spaces for tabs, which mean the same there and which no writer leaves in a plain scalar; other
/// texts as they are.
std::string withoutTabsInTime(std::string text);

}  // namespace layerloom
