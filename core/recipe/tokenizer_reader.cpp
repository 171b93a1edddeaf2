// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/recipe/gradient.h"
#include "core/recipe/recipe_reader.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr double kMostPadding = 1e6;

}  // namespace

void RecipeReader::readTokenizers(const YamlValue& root, Recipe& recipe) {
  const YamlValue* tokenizer = root.find("tokenizer");
  const YamlValue* source = root.find("tokenizer_source");
  const bool hasTokenizer = tokenizer != nullptr && !tokenizer->isNull();
  const bool hasSource = source != nullptr && !source->isNull();
  if (hasTokenizer && hasSource) {
    error("tokenizer", *tokenizer, "a recipe has either \"tokenizer\" or \"tokenizer_source\", not both", "remove one of them");
    return;
  }
  if (hasTokenizer) {
    recipe.tokenizer = readTokenizer("tokenizer", *tokenizer);
  } else if (hasSource) {
    RecipeTokenizer brief;
    brief.brief = true;
    brief.where = source->where;
    readTokenizerSource("tokenizer_source", *source, brief);
    recipe.tokenizer = std::move(brief);
  }
}

void RecipeReader::readTokenizerSource(const std::string& path, const YamlValue& value, RecipeTokenizer& tokenizer) {
  if (value.isScalar() && (value.text == "base" || value.text == "union")) {
    tokenizer.source = value.text == "base" ? RecipeTokenizer::Source::Base : RecipeTokenizer::Source::Union;
    return;
  }
  tokenizer.source = RecipeTokenizer::Source::Model;
  tokenizer.model = readReference(path, value).value_or(ModelReference{});
}

std::optional<RecipeTokenizer> RecipeReader::readTokenizer(const std::string& path, const YamlValue& value) {
  if (!value.isMapping()) {
    error(path, value, "is no mapping", "write {source: base}, {source: union} or tokenizer_source: base");
    return std::nullopt;
  }
  RecipeTokenizer tokenizer;
  tokenizer.where = value.where;
  for (const auto& [key, entry] : value.entries) {
    const std::string here = below(path, escaped(key));
    if (entry.isNull()) {
      continue;
    }
    if (key == "source") {
      readTokenizerSource(here, entry, tokenizer);
    } else if (key == "pad_to_multiple_of") {
      const auto multiple = entry.isScalar() ? asNumber(SettingScalar(entry.text)) : std::nullopt;
      const bool usable = multiple && *multiple >= 0 && *multiple <= kMostPadding && *multiple == std::floor(*multiple);
      if (!usable) {
        error(here, entry, "is no whole number of rows", "write for example 64");
      }
      tokenizer.padToMultipleOf = usable ? static_cast<std::uint64_t>(*multiple) : 0;
    } else if (key == "tokens") {
      if (!entry.isMapping()) {
        error(here, entry, "is no mapping of tokens", "write {\"<token>\": {source: …}}");
      }
      for (const auto& [token, source] : entry.entries) {
        tokenizer.tokens.push_back(readToken(below(here, escaped(token)), token, source));
      }
    } else {
      warn(here, entry.keyWhere, fmt::format("\"{}\" is no key of a tokenizer; it has no effect", escaped(key)), "remove it");
    }
  }
  return tokenizer;
}

RecipeToken RecipeReader::readToken(const std::string& path, const std::string& token, const YamlValue& value) {
  RecipeToken read;
  read.token = token;
  read.where = value.where;
  if (!value.isMapping()) {
    error(path, value, "says not where the token comes from", "write {source: MODEL}");
    return read;
  }
  for (const auto& [key, entry] : value.entries) {
    if (key == "force") {
      const auto force = entry.isScalar() ? asBoolean(SettingScalar(entry.text)) : std::nullopt;
      if (!force) {
        error(below(path, key), entry, "is neither true nor false", "write true or false");
      }
      read.force = force.value_or(false);
    } else if (key == "source" && !entry.isNull()) {
      readTokenSource(below(path, key), entry, read);
    }
  }
  return read;
}

void RecipeReader::readTokenSource(const std::string& path, const YamlValue& value, RecipeToken& token) {
  const YamlValue* kind = value.isMapping() ? value.find("kind") : nullptr;
  if (kind == nullptr) {
    token.source = RecipeToken::Source::Model;
    token.model = readReference(path, value).value_or(ModelReference{});
  } else if (kind->text == "zero") {
    token.source = RecipeToken::Source::Zero;
  } else if (kind->text == "model_token") {
    token.source = RecipeToken::Source::ModelToken;
    readModelToken(path, value, token);
  } else {
    error(below(path, "kind"), *kind, fmt::format("there is no token source of the kind \"{}\"", escaped(kind->text)), "write zero or model_token");
  }
}

void RecipeReader::readModelToken(const std::string& path, const YamlValue& value, RecipeToken& token) {
  const YamlValue* model = value.find("model");
  if (model == nullptr) {
    error(path, value, "names no model", "add \"model: FOLDER\"");
  } else {
    token.model = readReference(below(path, "model"), *model).value_or(ModelReference{});
  }
  const YamlValue* name = value.find("token");
  const YamlValue* id = value.find("token_id");
  const bool hasName = name != nullptr && name->isScalar();
  const bool hasId = id != nullptr && id->isScalar();
  if (hasName == hasId) {
    error(path, value, "a token of a model is named by either \"token\" or \"token_id\"", "give one of the two");
    return;
  }
  if (hasName) {
    token.sourceToken = name->text;
    return;
  }
  const auto number = plainNumber(id->text);
  if (!number || *number < 0 || *number != std::floor(*number) || *number > 1e12) {
    error(below(path, "token_id"), *id, "is no row number", "write a whole number");
    return;
  }
  token.sourceTokenId = static_cast<std::int64_t>(*number);
}

}  // namespace layerloom
