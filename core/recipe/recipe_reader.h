// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/recipe/recipe.h"

namespace layerloom {

/// Turns the tree of one YAML document into a recipe and gathers what is wrong on the way. Internal to the room.
class RecipeReader {
 public:
  /// `pathPrefix` goes before every path of a problem; it tells the stages of a text apart.
  RecipeReader(std::vector<Problem>& problems, std::string pathPrefix) : m_problems(problems), m_pathPrefix(std::move(pathPrefix)) {}

  Recipe read(const YamlValue& root);

 private:
  using UnknownKeys = std::vector<std::pair<std::string, YamlValue>>;

  void error(const std::string& path, const YamlValue& at, std::string message, std::string remedy = {}) {
    m_problems.push_back({Severity::Error, m_pathPrefix + path, at.where, std::move(message), std::move(remedy)});
  }
  void warn(const std::string& path, const TextPosition& at, std::string message, std::string remedy = {}) {
    m_problems.push_back({Severity::Warning, m_pathPrefix + path, at, std::move(message), std::move(remedy)});
  }

  void readTopLevel(const std::string& key, const YamlValue& value, Recipe& recipe);
  void checkWhole(const YamlValue& root, const Recipe& recipe);
  std::string readText(const std::string& path, const YamlValue& value);
  void keepUnknown(const std::string& path, const std::string& key, const YamlValue& value, UnknownKeys& unknown);

  std::optional<ModelReference> readReference(const std::string& path, const YamlValue& value);
  std::optional<ModelReference> readReferenceMapping(const std::string& path, const YamlValue& value);
  bool readPathMapping(const std::string& path, const YamlValue& value, std::string& name, std::string& revision);

  std::vector<RecipeSource> readSources(const std::string& path, const YamlValue& value, bool inSlice);
  RecipeSource readSource(const std::string& path, const YamlValue& value, bool inSlice);
  std::optional<LayerRange> readRange(const std::string& path, const YamlValue& value);
  std::vector<RecipeSlice> readSlices(const std::string& path, const YamlValue& value);
  RecipeSlice readSlice(const std::string& path, const YamlValue& value);
  std::vector<RecipeModule> readModules(const YamlValue& value);
  RecipeModule readModule(const std::string& path, const std::string& name, const YamlValue& value);

  // settings_reader.cpp
  Settings readSettings(const std::string& path, const YamlValue& value);
  Setting readSetting(const std::string& path, const YamlValue& value);
  SettingRule readRule(const std::string& path, const YamlValue& value);
  void readRuleValues(const std::string& path, const YamlValue& value, SettingRule& rule);
  std::optional<SettingScalar> readScalar(const std::string& path, const YamlValue& value);

  // tokenizer_reader.cpp
  void readTokenizers(const YamlValue& root, Recipe& recipe);
  std::optional<RecipeTokenizer> readTokenizer(const std::string& path, const YamlValue& value);
  void readTokenizerSource(const std::string& path, const YamlValue& value, RecipeTokenizer& tokenizer);
  RecipeToken readToken(const std::string& path, const std::string& token, const YamlValue& value);
  void readTokenSource(const std::string& path, const YamlValue& value, RecipeToken& token);
  void readModelToken(const std::string& path, const YamlValue& value, RecipeToken& token);

  // curve_notes_reader.cpp
  std::vector<RecipeCurve> readCurves(const YamlValue& value);
  std::optional<RecipeCurve> readCurve(const YamlValue& value);

  std::vector<Problem>& m_problems;
  const std::string m_pathPrefix;
};

/// "parameters" + "weight"
inline std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

/// "models" + 1
inline std::string item(const std::string& path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

/// A plain whole number as PyYAML reads it, up to a million in magnitude.
std::optional<int> wholeNumber(const YamlValue& value);

/// The number that PyYAML takes a plain scalar for, also in its octal, hexadecimal, binary and sexagesimal spellings and with
/// underscores; nothing when it is a string for PyYAML.
std::optional<double> plainNumber(std::string_view text);

/// A boolean in YAML 1.1's spellings.
std::optional<bool> plainBoolean(std::string_view text);

}  // namespace layerloom
