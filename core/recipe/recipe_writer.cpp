// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <yaml-cpp/emitter.h>

#include <algorithm>

#include "core/recipe/recipe.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using UnknownKeys = std::vector<std::pair<std::string, YamlValue>>;

/// Writes a recipe in one fixed layout. yaml-cpp does not quote words that look like numbers or booleans, so every string goes through
/// writeString; and it writes numbers by the global locale, so those go through text.
class RecipeWriter {
 public:
  std::string write(const Recipe& recipe, YamlDetail detail);
  std::string writeNotes(const Recipe& recipe);

 private:
  void writeString(const std::string& text);
  void writeEntry(const char* key, const std::string& text);
  void writeOptional(const char* key, const std::string& text);
  void writePath(const char* key, const std::string& path, const std::string& revision);
  void writeReference(const char* key, const ModelReference& reference);
  void writeBody(const std::vector<RecipeSource>& models, const std::vector<RecipeSlice>& slices);
  void writeModules(const std::vector<RecipeModule>& modules);
  void writeTokenizer(const RecipeTokenizer& tokenizer);
  void writeTokenizerSource(const char* key, const RecipeTokenizer& tokenizer);
  void writeToken(const RecipeToken& token);
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
  writeOptional("name", recipe.name);
  writeEntry("merge_method", recipe.mergeMethod);
  if (recipe.baseModel) {
    writeReference("base_model", *recipe.baseModel);
  }
  writeOptional("dtype", recipe.dtype);
  writeOptional("out_dtype", recipe.outDtype);
  if (recipe.tokenizer) {
    writeTokenizer(*recipe.tokenizer);
  }
  writeOptional("chat_template", recipe.chatTemplate);
  writeUnknown(recipe.unknown);
  writeSettings(recipe.parameters);
  writeBody(recipe.models, recipe.slices);
  if (!recipe.modules.empty()) {
    writeModules(recipe.modules);
  }
  if (detail == YamlDetail::Project && !recipe.curves.empty()) {
    writeCurves(recipe.curves);
  }
  m_out << YAML::EndMap;
  return std::string(m_out.c_str()) + "\n";
}

void RecipeWriter::writeOptional(const char* key, const std::string& text) {
  if (!text.empty()) {
    writeEntry(key, text);
  }
}

void RecipeWriter::writeBody(const std::vector<RecipeSource>& models, const std::vector<RecipeSlice>& slices) {
  if (!models.empty()) {
    m_out << YAML::Key << "models" << YAML::Value << YAML::BeginSeq;
    for (const RecipeSource& source : models) {
      writeSource(source);
    }
    m_out << YAML::EndSeq;
  }
  if (!slices.empty()) {
    m_out << YAML::Key << "slices" << YAML::Value << YAML::BeginSeq;
    for (const RecipeSlice& slice : slices) {
      writeSlice(slice);
    }
    m_out << YAML::EndSeq;
  }
}

void RecipeWriter::writeModules(const std::vector<RecipeModule>& modules) {
  m_out << YAML::Key << "modules" << YAML::Value << YAML::BeginMap;
  for (const RecipeModule& module : modules) {
    m_out << YAML::Key;
    writeString(module.name);
    m_out << YAML::Value << YAML::BeginMap;
    writeUnknown(module.unknown);
    writeSettings(module.parameters);
    writeBody(module.models, module.slices);
    m_out << YAML::EndMap;
  }
  m_out << YAML::EndMap;
}

void RecipeWriter::writeTokenizer(const RecipeTokenizer& tokenizer) {
  const bool brief = tokenizer.brief && tokenizer.tokens.empty() && tokenizer.padToMultipleOf == 0;
  if (brief) {
    writeTokenizerSource("tokenizer_source", tokenizer);
    return;
  }
  m_out << YAML::Key << "tokenizer" << YAML::Value << YAML::BeginMap;
  writeTokenizerSource("source", tokenizer);
  if (tokenizer.padToMultipleOf != 0) {
    m_out << YAML::Key << "pad_to_multiple_of" << YAML::Value << std::to_string(tokenizer.padToMultipleOf);
  }
  if (!tokenizer.tokens.empty()) {
    m_out << YAML::Key << "tokens" << YAML::Value << YAML::BeginMap;
    for (const RecipeToken& token : tokenizer.tokens) {
      writeToken(token);
    }
    m_out << YAML::EndMap;
  }
  m_out << YAML::EndMap;
}

void RecipeWriter::writeTokenizerSource(const char* key, const RecipeTokenizer& tokenizer) {
  switch (tokenizer.source) {
    case RecipeTokenizer::Source::Base:
      return writeEntry(key, "base");
    case RecipeTokenizer::Source::Union:
      return writeEntry(key, "union");
    case RecipeTokenizer::Source::Model:
      return writeReference(key, tokenizer.model);
  }
}

void RecipeWriter::writeToken(const RecipeToken& token) {
  m_out << YAML::Key;
  writeString(token.token);
  m_out << YAML::Value << YAML::BeginMap;
  if (token.source == RecipeToken::Source::Model) {
    writeReference("source", token.model);
  } else if (token.source != RecipeToken::Source::Default) {
    m_out << YAML::Key << "source" << YAML::Value << YAML::BeginMap;
    const bool zero = token.source == RecipeToken::Source::Zero;
    writeEntry("kind", zero ? "zero" : "model_token");
    if (!zero) {
      writeReference("model", token.model);
    }
    if (token.sourceToken) {
      m_out << YAML::Key << "token" << YAML::Value << YAML::DoubleQuoted << *token.sourceToken;
    }
    if (token.sourceTokenId) {
      m_out << YAML::Key << "token_id" << YAML::Value << std::to_string(*token.sourceTokenId);
    }
    m_out << YAML::EndMap;
  }
  if (token.force) {
    m_out << YAML::Key << "force" << YAML::Value << "true";
  }
  m_out << YAML::EndMap;
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

void RecipeWriter::writePath(const char* key, const std::string& path, const std::string& revision) {
  m_out << YAML::Key << key << YAML::Value << YAML::BeginMap;
  writeEntry("path", path);
  writeOptional("revision", revision);
  m_out << YAML::EndMap;
}

void RecipeWriter::writeReference(const char* key, const ModelReference& reference) {
  if (!reference.address && reference.architecture.empty()) {
    return writeEntry(key, reference.text);
  }
  const ModelAddress address = addressOf(reference).value_or(ModelAddress{reference.text, {}, {}, {}});
  m_out << YAML::Key << key << YAML::Value << YAML::BeginMap;
  writePath("model", address.path, address.revision);
  if (!address.adapter.empty()) {
    writePath("lora", address.adapter, address.adapterRevision);
  }
  writeOptional("override_architecture", reference.architecture);
  m_out << YAML::EndMap;
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
    m_out << YAML::Key << "layer_range" << YAML::Value << YAML::Flow << YAML::BeginSeq << std::to_string(source.layerRange->begin)
          << std::to_string(source.layerRange->end) << YAML::EndSeq;
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
      m_out << YAML::Key << "model" << YAML::Value << std::to_string(curve.source);
    }
    writeEntry("parameter", curve.parameter);
    if (!curve.filter.empty()) {
      writeEntry("filter", curve.filter);
    }
    writeEntry("shape", shapeWord(curve.curve.shape));
    m_out << YAML::Key << "points" << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const CurvePoint& point : curve.curve.points) {
      m_out << YAML::Flow << YAML::BeginSeq << std::to_string(point.layer) << formatDouble(point.value) << YAML::EndSeq;
    }
    m_out << YAML::EndSeq << YAML::EndMap;
  }
  m_out << YAML::EndSeq << YAML::EndMap;
}

}  // namespace

std::string writeRecipe(const Recipe& recipe, YamlDetail detail) {
  std::string text;
  for (const Recipe& stage : recipe.stages) {
    text += RecipeWriter().write(stage, YamlDetail::Mergekit) + "---\n";
  }
  return text + RecipeWriter().write(recipe, detail);
}

std::string writeCurveNotes(const Recipe& recipe) {
  return recipe.curves.empty() ? std::string() : RecipeWriter().writeNotes(recipe);
}

}  // namespace layerloom
