// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "core/recipe/recipe.h"

/// Draws recipes: any shape that the language allows, with hostile names and numbers.
class RecipeGenerator {
 public:
  explicit RecipeGenerator(std::uint32_t seed) : m_random(seed) {}

  layerloom::Recipe recipe() {
    layerloom::Recipe recipe;
    recipe.mergeMethod = pick({"linear", "slerp", "ties", "dare_ties", "passthrough"});
    if (chance(2)) {
      recipe.baseModel = reference();
    }
    if (chance(2)) {
      recipe.dtype = pick({"float32", "bfloat16", "float16"});
    }
    if (chance(3)) {
      recipe.outDtype = "bfloat16";
    }
    recipe.parameters = settings();
    switch (below(3)) {
      case 0:
        recipe.models = sources(false);
        break;
      case 1:
        recipe.slices = slices();
        break;
      default:
        for (const char* name : {"encoder", "decoder", "1.0"}) {
          const bool stacked = chance(2);
          recipe.modules.push_back({name, stacked ? std::vector<layerloom::RecipeSource>() : sources(false),
                                    stacked ? slices() : std::vector<layerloom::RecipeSlice>(), settings(), {}, {}});
        }
    }
    if (chance(3)) {
      recipe.chatTemplate = word();
    }
    if (chance(2)) {
      recipe.tokenizer = tokenizer();
    }
    if (chance(3)) {
      recipe.unknown.emplace_back("future_key", scalar(word()));
    }
    if (!recipe.models.empty() && chance(2)) {
      recipe.curves.push_back(curve(recipe.models.size()));
    }
    return recipe;
  }

 private:
  std::size_t below(std::size_t limit) { return m_random() % limit; }
  bool chance(std::size_t oneIn) { return below(oneIn) == 0; }

  std::string pick(const std::vector<std::string>& words) { return words[below(words.size())]; }

  std::string word() {
    return pick({"llama-math",  "org/model",   "./models/a b",
                 "/abs/path",   "no",          "on",
                 "1.0",         "0x10",        "2024-01-01",
                 "null",        "~",           "größe",
                 "with: colon", "with #hash",  "- dash",
                 "'quoted'",    "\"double\"",  "back\\slash",
                 "tab\there",   "line\nbreak", "*star",
                 "&and",        "a@main",      "1e5",
                 ".inf",        " spaces ",    "{brace",
                 "[bracket",    "%percent",    "!tag",
                 "|",           ">",           "?",
                 "emoji 😀"});
  }

  layerloom::ModelReference reference() {
    layerloom::ModelReference reference{word(), {}};
    if (chance(4)) {
      // What text cannot say: "+" in a path.
      reference.address = layerloom::ModelAddress{"with+plus", chance(2) ? "main" : "", chance(2) ? "my+adapter" : "", ""};
      reference.text = reference.address->text();
    } else if (chance(4)) {
      reference.text = "base@main+lora@v2";
    }
    if (chance(6)) {
      reference.architecture = "LlamaForCausalLM";
    }
    return reference;
  }

  std::vector<layerloom::RecipeSlice> slices() {
    std::vector<layerloom::RecipeSlice> slices;
    for (std::size_t i = 0; i < 1 + below(3); ++i) {
      slices.push_back({sources(true), chance(3) ? std::optional(reference()) : std::nullopt, settings(), {}, {}});
    }
    return slices;
  }

  layerloom::RecipeTokenizer tokenizer() {
    using Tokenizer = layerloom::RecipeTokenizer;
    using Token = layerloom::RecipeToken;
    Tokenizer tokenizer;
    tokenizer.source = std::array{Tokenizer::Source::Base, Tokenizer::Source::Union, Tokenizer::Source::Model}[below(3)];
    if (tokenizer.source == Tokenizer::Source::Model) {
      tokenizer.model = {"llama-vocab", {}};
    }
    tokenizer.padToMultipleOf = chance(2) ? 64 : 0;
    tokenizer.brief = chance(2);
    for (std::size_t i = 0; i < below(3); ++i) {
      Token token;
      token.token = word() + std::to_string(i);
      token.source = std::array{Token::Source::Default, Token::Source::Model, Token::Source::Zero, Token::Source::ModelToken}[below(4)];
      if (token.source == Token::Source::Model || token.source == Token::Source::ModelToken) {
        token.model = {"llama-base", {}};
      }
      if (token.source == Token::Source::ModelToken) {
        if (chance(2)) {
          token.sourceToken = word();
        } else {
          token.sourceTokenId = static_cast<std::int64_t>(below(1000));
        }
      }
      token.force = chance(2);
      tokenizer.tokens.push_back(std::move(token));
    }
    return tokenizer;
  }

  static layerloom::YamlValue scalar(std::string text) {
    layerloom::YamlValue value;
    value.kind = layerloom::YamlValue::Kind::Scalar;
    value.text = std::move(text);
    value.quoted = true;
    return value;
  }

  double number() {
    switch (below(5)) {
      case 0:
        return static_cast<double>(below(10));
      case 1:
        return 0.1 * static_cast<double>(below(11));
      case 2:
        return -std::ldexp(static_cast<double>(m_random()), -static_cast<int>(below(80)));
      case 3:
        return std::pow(10.0, static_cast<double>(below(40)) - 20.0);
      default:
        return static_cast<double>(m_random()) / 4294967296.0;
    }
  }

  layerloom::SettingScalar value() {
    switch (below(6)) {
      case 0:
        return chance(2);
      case 1:
        return word();
      default:
        return number();
    }
  }

  layerloom::SettingRule rule(bool filtered) {
    layerloom::SettingRule rule;
    rule.filter = filtered ? pick({"self_attn", "mlp", "o_proj", "no", "1.0", "a b"}) : "";
    rule.isGradient = chance(3);
    const std::size_t count = rule.isGradient ? 1 + below(6) : 1;
    for (std::size_t i = 0; i < count; ++i) {
      rule.values.push_back(rule.isGradient ? layerloom::SettingScalar(number()) : value());
    }
    return rule;
  }

  layerloom::Settings settings() {
    layerloom::Settings settings;
    for (const char* name : {"weight", "density", "t", "normalize"}) {
      if (chance(3)) {
        layerloom::Setting setting;
        for (std::size_t i = below(3); i > 0; --i) {
          setting.push_back(rule(true));
        }
        if (setting.empty() || chance(2)) {
          setting.push_back(rule(false));
        }
        settings.emplace_back(name, setting);
      }
    }
    return settings;
  }

  std::vector<layerloom::RecipeSource> sources(bool inSlice) {
    std::vector<layerloom::RecipeSource> sources;
    for (std::size_t i = 0; i < 1 + below(4); ++i) {
      layerloom::RecipeSource source;
      source.model = reference();
      source.parameters = settings();
      if (inSlice) {
        const int begin = static_cast<int>(below(20));
        source.layerRange = layerloom::LayerRange{begin, begin + 1 + static_cast<int>(below(20))};
      }
      sources.push_back(std::move(source));
    }
    return sources;
  }

  layerloom::RecipeCurve curve(std::size_t models) {
    layerloom::RecipeCurve curve;
    curve.ofMethod = chance(3);
    curve.source = curve.ofMethod ? 0 : below(models);
    curve.parameter = curve.ofMethod ? "t" : "weight";
    curve.filter = chance(2) ? "mlp" : "";
    curve.curve.shape = chance(2) ? layerloom::CurveShape::Smooth : layerloom::CurveShape::Step;
    curve.curve.points.clear();
    for (int layer = static_cast<int>(below(3)); layer < 12; layer += 1 + static_cast<int>(below(5))) {
      curve.curve.points.push_back({layer, number()});
    }
    return curve;
  }

  std::mt19937 m_random;
};
