// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/recipe/layer_curve.h"
#include "core/recipe/yaml_value.h"
#include "core/support/model_address.h"

namespace layerloom {

/// One value of a setting. Numbers written as strings ("1e-5") arrive here as text and count as numbers where one is wanted.
using SettingScalar = std::variant<bool, double, std::string>;

/// One rule of a setting: for tensors whose name contains `filter` (empty: all tensors), a single value or a gradient, that is
/// a list spread evenly over the layers of a slice.
struct SettingRule {
  std::string filter;
  std::vector<SettingScalar> values;  ///< at least one
  bool isGradient = false;            ///< written as a list; a list of one is the same value everywhere
  TextPosition where;

  /// NaN is the same value as NaN: a recipe with one in it is still itself.
  bool operator==(const SettingRule& other) const;
};

/// The rules of one parameter at one level; the first whose filter matches wins.
using Setting = std::vector<SettingRule>;

/// Parameter name and setting, in the order of the text; names are unique.
using Settings = std::vector<std::pair<std::string, Setting>>;

/// A model by reference.
struct ModelReference {
  std::string text;  ///< `path[@revision][+adapter[@revision]]`; also its name for people
  TextPosition where;
  /// Where the text cannot say it: a path with "+" or "@" in it, written as a mapping.
  std::optional<ModelAddress> address = {};
  std::string architecture = {};  ///< `override_architecture`; empty: what config.json says

  bool operator==(const ModelReference& other) const {
    return text == other.text && address == other.address && architecture == other.architecture;
  }
};

/// Where the reference points.
Result<ModelAddress> addressOf(const ModelReference& reference);

/// The layers [begin, end) of a model.
struct LayerRange {
  int begin = 0;
  int end = 0;

  int length() const { return end - begin; }
  bool operator==(const LayerRange&) const = default;
};

/// A model with its own parameters; in a slice also with the layers it gives.
struct RecipeSource {
  ModelReference model;
  std::optional<LayerRange> layerRange;
  Settings parameters;
  std::vector<std::pair<std::string, YamlValue>> unknown;
  TextPosition where;
};

struct RecipeSlice {
  std::vector<RecipeSource> sources;
  std::optional<ModelReference> baseModel;
  Settings parameters;
  std::vector<std::pair<std::string, YamlValue>> unknown;
  TextPosition where;
};

/// One of the parts that a family such as T5 is made of (encoder, decoder), merged in its own way. Exactly one of `models` and `slices`
/// is filled.
struct RecipeModule {
  std::string name;
  std::vector<RecipeSource> models;
  std::vector<RecipeSlice> slices;
  Settings parameters;
  std::vector<std::pair<std::string, YamlValue>> unknown;
  TextPosition where;
};

/// Where the embedding of one token comes from.
struct RecipeToken {
  enum class Source {
    Default,     ///< as without an entry
    Model,       ///< the token's row in `model`
    Zero,        ///< zeros
    ModelToken,  ///< the row of another token, or of a row number, in `model`
  };

  std::string token;
  Source source = Source::Default;
  ModelReference model;
  std::optional<std::string> sourceToken;    ///< of ModelToken: exactly one of the two
  std::optional<std::int64_t> sourceTokenId;
  bool force = false;  ///< also for models that have the token
  TextPosition where;

  bool operator==(const RecipeToken& other) const {
    return token == other.token && source == other.source && model == other.model && sourceToken == other.sourceToken &&
           sourceTokenId == other.sourceTokenId && force == other.force;
  }
};

/// How the vocabularies of the models are brought together.
struct RecipeTokenizer {
  enum class Source { Base, Union, Model };

  Source source = Source::Union;
  ModelReference model;  ///< of Source::Model
  std::vector<RecipeToken> tokens;
  std::uint64_t padToMultipleOf = 0;  ///< 0: no padding
  bool brief = false;                 ///< written as `tokenizer_source`
  TextPosition where;

  bool operator==(const RecipeTokenizer& other) const {
    return source == other.source && model == other.model && tokens == other.tokens && padToMultipleOf == other.padToMultipleOf;
  }
};

/// The control points behind one curve of the window, kept under the key `layerloom:` which mergekit ignores.
struct RecipeCurve {
  std::size_t source = 0;  ///< index into `models`; ignored for a parameter of the whole method
  bool ofMethod = false;   ///< a parameter of the whole method (slerp's t)
  std::string parameter;
  std::string filter;
  LayerCurve curve;

  bool operator==(const RecipeCurve&) const = default;
};

/// A merge recipe in mergekit's language, as plain values. Exactly one of `models`, `slices` and `modules` is filled.
struct Recipe {
  std::string name;  ///< under which other stages use the result; empty for the last stage or a recipe of one stage
  std::vector<RecipeSource> models;
  std::vector<RecipeSlice> slices;
  std::vector<RecipeModule> modules;
  std::string mergeMethod;
  TextPosition mergeMethodWhere;
  std::optional<ModelReference> baseModel;
  Settings parameters;
  std::string dtype;     ///< compute precision in mergekit's spelling ("float32"); empty: the inputs' common type
  TextPosition dtypeWhere;
  std::string outDtype;  ///< output precision; empty: what the computation has
  TextPosition outDtypeWhere;
  std::optional<RecipeTokenizer> tokenizer;
  std::string chatTemplate;  ///< "auto", a known name or Jinja text; empty: left as it is
  TextPosition chatTemplateWhere;
  std::vector<RecipeCurve> curves;
  /// The other documents of the text: recipes whose results this one, or one of them, uses by `name`. In an order in which they can be
  /// carried out; their own `stages` are empty.
  std::vector<Recipe> stages;
  TextPosition where;  ///< of the document
  std::size_t document = 0;  ///< which of the text's documents it is, counted from 0
  std::vector<std::pair<std::string, YamlValue>> unknown;  ///< other top-level keys, kept on a round trip
};

enum class Severity { Error, Warning, Note };

/// Something to say about a recipe and the models it names.
struct Problem {
  Severity severity = Severity::Error;
  std::string path;      ///< for example "models[1].parameters.weight"; empty: the recipe as a whole
  TextPosition where;
  std::string message;   ///< what is wrong, subject first
  std::string remedy;    ///< what to do about it; may be empty
};

bool hasErrors(const std::vector<Problem>& problems);

/// One line for a terminal: "recipe.yml:3:12: error: message (remedy)".
std::string describe(const Problem& problem, const std::string& fileName);

/// A recipe, if the text can be read as one, and all that is to be said about it.
struct ParsedRecipe {
  std::optional<Recipe> recipe;
  Recipe draft;  ///< what could be read, also of a text with errors: for further checks, not for a merge
  std::vector<Problem> problems;
};

/// Reads a recipe, of one document or of several stages: the document without a name is the recipe, the named ones are its `stages`
/// (where all have names, the one that no other uses). Finds every problem that the text alone shows, not just the first; the recipe is there unless one of them is
/// an error. Never throws.
ParsedRecipe parseRecipe(std::string_view text);

enum class YamlDetail {
  Mergekit,  ///< the recipe alone
  Project,   ///< with the control points under `layerloom:`
};

/// The recipe as YAML that mergekit reads with the same meaning: numbers in the shortest form that PyYAML reads back as the same
/// float, strings quoted where a bare word would be taken for something else.
std::string writeRecipe(const Recipe& recipe, YamlDetail detail = YamlDetail::Mergekit);

/// The control points of a recipe as the block `layerloom: …` to be put behind its text; empty where there are none.
std::string writeCurveNotes(const Recipe& recipe);
/// A text without its top-level key `layerloom`; everything else stays as it is, comments too.
std::string withoutCurveNotes(std::string_view text);

/// Calls `visit` for every model reference of the recipe (not of its stages) with its path in the recipe, in the order base model,
/// models, slices, modules, tokenizer. Recipe may be const.
template <typename RecipeType, typename Visitor>
void forEachReference(RecipeType& recipe, Visitor visit);

/// Equal in meaning: positions are ignored.
bool sameRecipe(const Recipe& a, const Recipe& b);

/// The setting of that name, or null.
const Setting* findSetting(const Settings& settings, std::string_view name);
/// The setting of that name, made empty where there is none.
Setting& obtainSetting(Settings& settings, std::string_view name);
/// Removes the setting of that name, if there is one.
void removeSetting(Settings& settings, std::string_view name);

template <typename RecipeType, typename Visitor>
void forEachReference(RecipeType& recipe, Visitor visit) {
  const auto sources = [&](auto& list, const std::string& path) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      visit(list[i].model, path + "[" + std::to_string(i) + "]");
    }
  };
  const auto slices = [&](auto& list, const std::string& prefix) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string path = prefix + "slices[" + std::to_string(i) + "]";
      if (list[i].baseModel) {
        visit(*list[i].baseModel, path + ".base_model");
      }
      sources(list[i].sources, path + ".sources");
    }
  };
  if (recipe.baseModel) {
    visit(*recipe.baseModel, std::string("base_model"));
  }
  sources(recipe.models, "models");
  slices(recipe.slices, "");
  for (auto& module : recipe.modules) {
    sources(module.models, "modules." + module.name + ".models");
    slices(module.slices, "modules." + module.name + ".");
  }
  if (recipe.tokenizer) {
    if (recipe.tokenizer->source == RecipeTokenizer::Source::Model) {
      visit(recipe.tokenizer->model, std::string(recipe.tokenizer->brief ? "tokenizer_source" : "tokenizer.source"));
    }
    for (auto& token : recipe.tokenizer->tokens) {
      if (token.source == RecipeToken::Source::Model || token.source == RecipeToken::Source::ModelToken) {
        visit(token.model, "tokenizer.tokens." + token.token + ".source");
      }
    }
  }
}

}  // namespace layerloom
