// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/recipe/recipe.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using UnknownKeys = std::vector<std::pair<std::string, YamlValue>>;

/// PyYAML takes these plain forms for integers of another base or for sexagesimals; nobody means that in a recipe.
bool isTreacherousNumber(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text.empty() || text.front() < '0' || text.front() > '9') {
    return false;
  }
  const bool leadingZero = text.size() > 1 && text[0] == '0' && text.find_first_not_of("0123456789") == std::string_view::npos;
  const bool otherBase = text.starts_with("0x") || text.starts_with("0b") || text.starts_with("0o");
  return leadingZero || otherBase || text.find('_') != std::string_view::npos || text.find(':') != std::string_view::npos;
}

std::optional<bool> booleanWord(std::string_view text) {
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

/// Turns the YAML tree into a recipe and gathers what is wrong on the way.
class RecipeReader {
 public:
  explicit RecipeReader(std::vector<Problem>& problems) : m_problems(problems) {}

  Recipe read(const YamlValue& root);

 private:
  void error(const std::string& path, const YamlValue& at, std::string message, std::string remedy = {}) {
    m_problems.push_back({Severity::Error, path, at.where, std::move(message), std::move(remedy)});
  }
  void warn(const std::string& path, const TextPosition& at, std::string message, std::string remedy = {}) {
    m_problems.push_back({Severity::Warning, path, at, std::move(message), std::move(remedy)});
  }

  void readTopLevel(const std::string& key, const YamlValue& value, Recipe& recipe);
  void checkWhole(const YamlValue& root, const Recipe& recipe);
  void checkTokenizer(const YamlValue& root);
  std::string readText(const std::string& path, const YamlValue& value);
  std::optional<ModelReference> readReference(const std::string& path, const YamlValue& value);
  std::optional<ModelReference> readReferenceMapping(const std::string& path, const YamlValue& value);
  std::vector<RecipeSource> readSources(const std::string& path, const YamlValue& value, bool inSlice);
  RecipeSource readSource(const std::string& path, const YamlValue& value, bool inSlice);
  std::optional<LayerRange> readRange(const std::string& path, const YamlValue& value);
  std::vector<RecipeSlice> readSlices(const YamlValue& value);
  RecipeSlice readSlice(const std::string& path, const YamlValue& value);
  Settings readSettings(const std::string& path, const YamlValue& value);
  Setting readSetting(const std::string& path, const YamlValue& value);
  SettingRule readRule(const std::string& path, const YamlValue& value);
  void readRuleValues(const std::string& path, const YamlValue& value, SettingRule& rule);
  std::optional<SettingScalar> readScalar(const std::string& path, const YamlValue& value);
  void keepUnknown(const std::string& path, const std::string& key, const YamlValue& value, UnknownKeys& unknown);
  std::vector<RecipeCurve> readCurves(const YamlValue& value);
  std::optional<RecipeCurve> readCurve(const YamlValue& value);

  std::vector<Problem>& m_problems;
};

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::string item(const std::string& path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

std::optional<int> wholeNumber(const YamlValue& value) {
  if (!value.isScalar() || value.quoted || isTreacherousNumber(value.text)) {
    return std::nullopt;
  }
  const auto number = parseDouble(value.text);
  if (!number || *number != std::floor(*number) || std::abs(*number) > 1e6) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

Recipe RecipeReader::read(const YamlValue& root) {
  Recipe recipe;
  if (!root.isMapping()) {
    error("", root, "the recipe is not a mapping of keys to values", "start with a line such as \"merge_method: linear\"");
    return recipe;
  }
  for (const auto& [key, value] : root.entries) {
    readTopLevel(key, value, recipe);
  }
  checkWhole(root, recipe);
  return recipe;
}

void RecipeReader::readTopLevel(const std::string& key, const YamlValue& value, Recipe& recipe) {
  if (value.isNull() && key != "layerloom") {
    return;  // an empty entry counts as absent, as in mergekit
  }
  if (key == "models") {
    recipe.models = readSources(key, value, false);
  } else if (key == "slices") {
    recipe.slices = readSlices(value);
  } else if (key == "merge_method") {
    recipe.mergeMethod = readText(key, value);
    recipe.mergeMethodWhere = value.where;
  } else if (key == "base_model") {
    recipe.baseModel = readReference(key, value);
  } else if (key == "parameters") {
    recipe.parameters = readSettings(key, value);
  } else if (key == "dtype") {
    recipe.dtype = readText(key, value);
    recipe.dtypeWhere = value.where;
  } else if (key == "out_dtype") {
    recipe.outDtype = readText(key, value);
    recipe.outDtypeWhere = value.where;
  } else if (key == "layerloom") {
    recipe.curves = readCurves(value);
  } else if (key == "modules") {
    error(key, value, "\"modules\" cannot be merged by this version", "write the recipe with \"models\" or \"slices\"");
  } else {
    keepUnknown("", key, value, recipe.unknown);
  }
}

void RecipeReader::keepUnknown(const std::string& path, const std::string& key, const YamlValue& value, UnknownKeys& unknown) {
  constexpr std::array<std::string_view, 4> kKnownToMergekit = {"tokenizer", "tokenizer_source", "chat_template", "residual_weight"};
  unknown.emplace_back(key, value);
  if (std::find(kKnownToMergekit.begin(), kKnownToMergekit.end(), key) == kKnownToMergekit.end()) {
    warn(below(path, escaped(key)), value.keyWhere, fmt::format("\"{}\" is no key of a recipe here; it is kept and has no effect", escaped(key)),
         "remove it, or check its spelling and its place");
  }
}

void RecipeReader::checkWhole(const YamlValue& root, const Recipe& recipe) {
  const bool hasModels = root.find("models") != nullptr && !root.find("models")->isNull();
  const bool hasSlices = root.find("slices") != nullptr && !root.find("slices")->isNull();
  if (hasModels && hasSlices) {
    error("slices", *root.find("slices"), "a recipe has either \"models\" or \"slices\", not both", "remove one of them");
  } else if (!hasModels && !hasSlices && root.find("modules") == nullptr) {
    error("", root, "a recipe needs \"models\" or \"slices\"", "add a list of models");
  }
  if (recipe.mergeMethod.empty()) {
    error("merge_method", root, "the merge method is missing", "add a line such as \"merge_method: linear\"");
  }
  checkTokenizer(root);
}

void RecipeReader::checkTokenizer(const YamlValue& root) {
  const YamlValue* tokenizer = root.find("tokenizer");
  const YamlValue* source = root.find("tokenizer_source");
  if (tokenizer != nullptr && source != nullptr) {
    error("tokenizer", *tokenizer, "a recipe has either \"tokenizer\" or \"tokenizer_source\", not both", "remove one of them");
    return;
  }
  const YamlValue* either = tokenizer != nullptr ? tokenizer : source;
  if (either == nullptr) {
    return;
  }
  const bool plainSource = source != nullptr || (tokenizer->isMapping() && tokenizer->entries.size() == 1);
  const YamlValue* name = source != nullptr ? source : tokenizer->find("source");
  const std::string path = source != nullptr ? "tokenizer_source" : "tokenizer";
  if (plainSource && name != nullptr && name->isScalar() && name->text == "base") {
    warn(path, either->keyWhere, "vocabularies are not aligned by this version: the tokenizer of the base model is copied and all "
                                 "models must have equally many rows");
  } else {
    error(path, *either, "vocabularies cannot be aligned by this version", "use \"base\", with models of the same vocabulary");
  }
  if (const YamlValue* chat = root.find("chat_template")) {
    warn("chat_template", chat->keyWhere, "the chat template is not written by this version");
  }
}

std::string RecipeReader::readText(const std::string& path, const YamlValue& value) {
  if (!value.isScalar()) {
    error(path, value, "is no text", "write a single word");
    return {};
  }
  return value.text;
}

std::optional<ModelReference> RecipeReader::readReference(const std::string& path, const YamlValue& value) {
  if (value.isMapping()) {
    return readReferenceMapping(path, value);
  }
  if (!value.isScalar() || value.text.empty()) {
    error(path, value, "names no model", "write the path of a model folder");
    return std::nullopt;
  }
  return ModelReference{value.text, value.where};
}

std::optional<ModelReference> RecipeReader::readReferenceMapping(const std::string& path, const YamlValue& value) {
  const YamlValue* model = value.find("model");
  const YamlValue* inner = model != nullptr && model->isMapping() ? model : nullptr;
  const YamlValue* name = inner != nullptr ? inner->find("path") : model;
  if (name == nullptr || !name->isScalar()) {
    error(path, value, "names no model", "write {model: {path: FOLDER}} or just the folder");
    return std::nullopt;
  }
  for (const auto& [key, entry] : value.entries) {
    if (key != "model" && !entry.isNull()) {
      error(below(path, escaped(key)), entry, fmt::format("\"{}\" of a model cannot be used by this version", escaped(key)), "remove it");
    }
  }
  std::string text = name->text;
  const YamlValue* revision = inner != nullptr ? inner->find("revision") : nullptr;
  if (revision != nullptr && revision->isScalar()) {
    text += "@" + revision->text;
  }
  return ModelReference{text, value.where};
}

std::vector<RecipeSource> RecipeReader::readSources(const std::string& path, const YamlValue& value, bool inSlice) {
  std::vector<RecipeSource> sources;
  if (!value.isSequence() || value.items.empty()) {
    error(path, value, "is no list of models", "write one \"- model: …\" per model");
    return sources;
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    sources.push_back(readSource(item(path, i), value.items[i], inSlice));
  }
  return sources;
}

RecipeSource RecipeReader::readSource(const std::string& path, const YamlValue& value, bool inSlice) {
  RecipeSource source;
  source.where = value.where;
  if (!value.isMapping()) {
    error(path, value, "is no model entry", "write \"- model: FOLDER\"");
    return source;
  }
  for (const auto& [key, entry] : value.entries) {
    if (key == "model") {
      source.model = readReference(below(path, key), entry).value_or(ModelReference{});
    } else if (key == "parameters") {
      source.parameters = readSettings(below(path, key), entry);
    } else if (key == "layer_range" && inSlice) {
      source.layerRange = readRange(below(path, key), entry);
    } else {
      keepUnknown(path, key, entry, source.unknown);
    }
  }
  if (value.find("model") == nullptr) {
    error(path, value, "the entry names no model", "add \"model: FOLDER\"");
  }
  if (inSlice && value.find("layer_range") == nullptr) {
    error(path, value, "the source has no layer_range", "add \"layer_range: [0, N]\"");
  }
  return source;
}

std::optional<LayerRange> RecipeReader::readRange(const std::string& path, const YamlValue& value) {
  constexpr auto kRemedy = "write the first layer and the one after the last: [0, 8]";
  if (!value.isSequence() || value.items.size() != 2) {
    error(path, value, "is no pair of layers", kRemedy);
    return std::nullopt;
  }
  const auto begin = wholeNumber(value.items[0]);
  const auto end = wholeNumber(value.items[1]);
  if (!begin || !end || *begin < 0 || *end <= *begin) {
    error(path, value, "is no range of layers: the first must be 0 or more and less than the second", kRemedy);
    return std::nullopt;
  }
  return LayerRange{*begin, *end};
}

std::vector<RecipeSlice> RecipeReader::readSlices(const YamlValue& value) {
  std::vector<RecipeSlice> slices;
  if (!value.isSequence() || value.items.empty()) {
    error("slices", value, "is no list of slices", "write one \"- sources: …\" per slice");
    return slices;
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    slices.push_back(readSlice(item("slices", i), value.items[i]));
  }
  return slices;
}

RecipeSlice RecipeReader::readSlice(const std::string& path, const YamlValue& value) {
  RecipeSlice slice;
  slice.where = value.where;
  if (!value.isMapping() || value.find("sources") == nullptr) {
    error(path, value, "the slice has no sources", "write \"- sources: […]\"");
    return slice;
  }
  for (const auto& [key, entry] : value.entries) {
    if (key == "sources") {
      slice.sources = readSources(below(path, key), entry, true);
    } else if (key == "base_model") {
      slice.baseModel = readReference(below(path, key), entry);
    } else if (key == "parameters") {
      slice.parameters = readSettings(below(path, key), entry);
    } else {
      keepUnknown(path, key, entry, slice.unknown);
    }
  }
  return slice;
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
    if (!entry.isNull()) {
      settings.emplace_back(key, readSetting(below(path, escaped(key)), entry));
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
  if (isTreacherousNumber(value.text)) {
    error(path, value, fmt::format("{} is read differently by different programs", escaped(value.text)), "write a plain decimal number");
    return std::nullopt;
  }
  if (const auto boolean = booleanWord(value.text)) {
    return *boolean;
  }
  if (const auto number = parseDouble(value.text)) {
    return *number;
  }
  return value.text;
}

std::vector<RecipeCurve> RecipeReader::readCurves(const YamlValue& value) {
  std::vector<RecipeCurve> curves;
  const YamlValue* list = value.isMapping() ? value.find("curves") : nullptr;
  if (list == nullptr || !list->isSequence()) {
    return curves;
  }
  for (const YamlValue& entry : list->items) {
    if (auto curve = readCurve(entry)) {
      curves.push_back(*std::move(curve));
    } else {
      warn("layerloom", entry.where, "a note on a curve cannot be read; the curve is drawn from its values instead");
    }
  }
  return curves;
}

std::optional<CurveShape> shapeFrom(std::string_view word) {
  if (word == "step") {
    return CurveShape::Step;
  }
  if (word == "linear") {
    return CurveShape::Linear;
  }
  return word == "smooth" ? std::optional(CurveShape::Smooth) : std::nullopt;
}

std::optional<std::vector<CurvePoint>> pointsFrom(const YamlValue& list) {
  std::vector<CurvePoint> points;
  for (const YamlValue& pair : list.items) {
    if (!pair.isSequence() || pair.items.size() != 2) {
      return std::nullopt;
    }
    const auto layer = wholeNumber(pair.items[0]);
    const auto value = parseDouble(pair.items[1].text);
    const bool ascending = points.empty() || (layer && points.back().layer < *layer);
    if (!layer || *layer < 0 || !value || !std::isfinite(*value) || !ascending) {
      return std::nullopt;
    }
    points.push_back({*layer, *value});
  }
  return points.empty() ? std::nullopt : std::optional(points);
}

std::optional<RecipeCurve> RecipeReader::readCurve(const YamlValue& value) {
  const YamlValue* parameter = value.find("parameter");
  const YamlValue* shape = value.find("shape");
  const YamlValue* points = value.find("points");
  if (parameter == nullptr || shape == nullptr || points == nullptr) {
    return std::nullopt;
  }
  RecipeCurve curve;
  const auto shapeValue = shapeFrom(shape->text);
  auto pointValues = pointsFrom(*points);
  if (!shapeValue || !pointValues) {
    return std::nullopt;
  }
  curve.parameter = parameter->text;
  curve.curve = {*shapeValue, *std::move(pointValues)};
  if (const YamlValue* filter = value.find("filter")) {
    curve.filter = filter->text;
  }
  const YamlValue* source = value.find("model");
  const auto index = source != nullptr ? wholeNumber(*source) : std::optional(0);
  if (!index || *index < 0) {
    return std::nullopt;
  }
  curve.ofMethod = source == nullptr;
  curve.source = static_cast<std::size_t>(*index);
  return curve;
}

}  // namespace

ParsedRecipe parseRecipe(std::string_view text) {
  ParsedRecipe parsed;
  const auto root = parseYaml(text);
  if (!root) {
    parsed.problems.push_back({Severity::Error, "", root.error().where, fmt::format("the YAML cannot be read: {}", root.error().message),
                               "mend the text at this place"});
    return parsed;
  }
  Recipe recipe = RecipeReader(parsed.problems).read(*root);
  if (!hasErrors(parsed.problems)) {
    parsed.recipe = std::move(recipe);
  }
  return parsed;
}

}  // namespace layerloom
