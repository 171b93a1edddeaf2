// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <yaml-cpp/emitter.h>

#include <algorithm>
#include <limits>

#include "core/recipe/recipe.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using UnknownKeys = std::vector<std::pair<std::string, YamlValue>>;

/// Writes a recipe in one fixed layout. yaml-cpp does not quote words that look like numbers or booleans, so every string goes through
/// writeString.
class RecipeWriter {
 public:
  std::string write(const Recipe& recipe, YamlDetail detail);
  std::string writeNotes(const Recipe& recipe);

 private:
  void writeString(const std::string& text);
  void writeEntry(const char* key, const std::string& text);
  void writeReference(const char* key, const ModelReference& reference);
  void writeScalar(const SettingScalar& value);
  void writeRuleValues(const SettingRule& rule);
  void writeSetting(const Setting& setting);
  void writeSettings(const Settings& settings);
  void writeSource(const RecipeSource& source);
  void writeSlice(const RecipeSlice& slice);
  void writeUnknown(const UnknownKeys& unknown);
  void writeTree(const YamlValue& value);
  void writeCurves(const std::vector<RecipeCurve>& curves);

  YAML::Emitter m_out;
};

std::string RecipeWriter::write(const Recipe& recipe, YamlDetail detail) {
  m_out << YAML::BeginMap;
  writeEntry("merge_method", recipe.mergeMethod);
  if (recipe.baseModel) {
    writeReference("base_model", *recipe.baseModel);
  }
  if (!recipe.dtype.empty()) {
    writeEntry("dtype", recipe.dtype);
  }
  if (!recipe.outDtype.empty()) {
    writeEntry("out_dtype", recipe.outDtype);
  }
  writeUnknown(recipe.unknown);
  writeSettings(recipe.parameters);
  if (!recipe.models.empty()) {
    m_out << YAML::Key << "models" << YAML::Value << YAML::BeginSeq;
    for (const RecipeSource& source : recipe.models) {
      writeSource(source);
    }
    m_out << YAML::EndSeq;
  }
  if (!recipe.slices.empty()) {
    m_out << YAML::Key << "slices" << YAML::Value << YAML::BeginSeq;
    for (const RecipeSlice& slice : recipe.slices) {
      writeSlice(slice);
    }
    m_out << YAML::EndSeq;
  }
  if (detail == YamlDetail::Project && !recipe.curves.empty()) {
    writeCurves(recipe.curves);
  }
  m_out << YAML::EndMap;
  return std::string(m_out.c_str()) + "\n";
}

std::string RecipeWriter::writeNotes(const Recipe& recipe) {
  m_out << YAML::BeginMap;
  writeCurves(recipe.curves);
  m_out << YAML::EndMap;
  return std::string(m_out.c_str()) + "\n";
}

void RecipeWriter::writeString(const std::string& text) {
  if (isPlainSafe(text)) {
    m_out << text;
  } else {
    m_out << YAML::DoubleQuoted << text;
  }
}

void RecipeWriter::writeEntry(const char* key, const std::string& text) {
  m_out << YAML::Key << key << YAML::Value;
  writeString(text);
}

void RecipeWriter::writeReference(const char* key, const ModelReference& reference) {
  writeEntry(key, reference.text);
}

void RecipeWriter::writeScalar(const SettingScalar& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) {
    m_out << (*boolean ? "true" : "false");
  } else if (const auto* number = std::get_if<double>(&value)) {
    m_out << formatDouble(*number);
  } else {
    writeString(std::get<std::string>(value));
  }
}

void RecipeWriter::writeRuleValues(const SettingRule& rule) {
  if (!rule.isGradient) {
    writeScalar(rule.values.front());
    return;
  }
  m_out << YAML::Flow << YAML::BeginSeq;
  for (const SettingScalar& value : rule.values) {
    writeScalar(value);
  }
  m_out << YAML::EndSeq;
}

void RecipeWriter::writeSetting(const Setting& setting) {
  if (setting.size() == 1 && setting.front().filter.empty()) {
    writeRuleValues(setting.front());
    return;
  }
  m_out << YAML::BeginSeq;
  for (const SettingRule& rule : setting) {
    m_out << YAML::BeginMap;
    if (!rule.filter.empty()) {
      writeEntry("filter", rule.filter);
    }
    m_out << YAML::Key << "value" << YAML::Value;
    writeRuleValues(rule);
    m_out << YAML::EndMap;
  }
  m_out << YAML::EndSeq;
}

void RecipeWriter::writeSettings(const Settings& settings) {
  if (settings.empty()) {
    return;
  }
  m_out << YAML::Key << "parameters" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, setting] : settings) {
    m_out << YAML::Key;
    writeString(name);
    m_out << YAML::Value;
    writeSetting(setting);
  }
  m_out << YAML::EndMap;
}

void RecipeWriter::writeSource(const RecipeSource& source) {
  m_out << YAML::BeginMap;
  writeReference("model", source.model);
  if (source.layerRange) {
    m_out << YAML::Key << "layer_range" << YAML::Value << YAML::Flow << YAML::BeginSeq << source.layerRange->begin
          << source.layerRange->end << YAML::EndSeq;
  }
  writeSettings(source.parameters);
  writeUnknown(source.unknown);
  m_out << YAML::EndMap;
}

void RecipeWriter::writeSlice(const RecipeSlice& slice) {
  m_out << YAML::BeginMap << YAML::Key << "sources" << YAML::Value << YAML::BeginSeq;
  for (const RecipeSource& source : slice.sources) {
    writeSource(source);
  }
  m_out << YAML::EndSeq;
  if (slice.baseModel) {
    writeReference("base_model", *slice.baseModel);
  }
  writeSettings(slice.parameters);
  writeUnknown(slice.unknown);
  m_out << YAML::EndMap;
}

void RecipeWriter::writeUnknown(const UnknownKeys& unknown) {
  for (const auto& [key, value] : unknown) {
    m_out << YAML::Key;
    writeString(key);
    m_out << YAML::Value;
    writeTree(value);
  }
}

void RecipeWriter::writeTree(const YamlValue& value) {
  switch (value.kind) {
    case YamlValue::Kind::Null:
      m_out << YAML::Null;
      return;
    case YamlValue::Kind::Scalar:
      // A plain scalar keeps its meaning, whatever it is, by staying plain.
      if (value.quoted) {
        writeString(value.text);
      } else {
        m_out << value.text;
      }
      return;
    case YamlValue::Kind::Sequence:
      m_out << YAML::BeginSeq;
      for (const YamlValue& entry : value.items) {
        writeTree(entry);
      }
      m_out << YAML::EndSeq;
      return;
    case YamlValue::Kind::Mapping:
      m_out << YAML::BeginMap;
      writeUnknown(value.entries);
      m_out << YAML::EndMap;
  }
}

const char* shapeWord(CurveShape shape) {
  switch (shape) {
    case CurveShape::Step:
      return "step";
    case CurveShape::Linear:
      return "linear";
    case CurveShape::Smooth:
      return "smooth";
  }
  return "linear";
}

void RecipeWriter::writeCurves(const std::vector<RecipeCurve>& curves) {
  m_out << YAML::Key << "layerloom" << YAML::Value << YAML::BeginMap;
  m_out << YAML::Key << "curves" << YAML::Value << YAML::BeginSeq;
  for (const RecipeCurve& curve : curves) {
    m_out << YAML::BeginMap;
    if (!curve.ofMethod) {
      m_out << YAML::Key << "model" << YAML::Value << curve.source;
    }
    writeEntry("parameter", curve.parameter);
    if (!curve.filter.empty()) {
      writeEntry("filter", curve.filter);
    }
    writeEntry("shape", shapeWord(curve.curve.shape));
    m_out << YAML::Key << "points" << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const CurvePoint& point : curve.curve.points) {
      m_out << YAML::Flow << YAML::BeginSeq << point.layer << formatDouble(point.value) << YAML::EndSeq;
    }
    m_out << YAML::EndSeq << YAML::EndMap;
  }
  m_out << YAML::EndSeq << YAML::EndMap;
}

}  // namespace

std::string writeRecipe(const Recipe& recipe, YamlDetail detail) {
  return RecipeWriter().write(recipe, detail);
}

std::string writeCurveNotes(const Recipe& recipe) {
  return recipe.curves.empty() ? std::string() : RecipeWriter().writeNotes(recipe);
}

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
  const auto root = parseYaml(text);
  if (!root || root->find("layerloom") == nullptr) {
    return std::string(text);
  }
  // Whole lines can go only where the key has lines of its own, which a recipe in braces does not give it.
  std::string kept = withoutLinesOf(text, *root, "layerloom");
  const auto rest = parseYaml(kept);
  return rest && sameWithoutNotes(*root, *rest) ? kept : std::string(text);
}

}  // namespace layerloom
