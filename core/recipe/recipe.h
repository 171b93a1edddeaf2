// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/recipe/layer_curve.h"
#include "core/recipe/yaml_value.h"

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

  bool operator==(const SettingRule& other) const {
    return filter == other.filter && values == other.values && isGradient == other.isGradient;
  }
};

/// The rules of one parameter at one level; the first whose filter matches wins.
using Setting = std::vector<SettingRule>;

/// Parameter name and setting, in the order of the text; names are unique.
using Settings = std::vector<std::pair<std::string, Setting>>;

/// A model by reference, as written: `path[@revision][+lora_path[@revision]]`.
struct ModelReference {
  std::string text;
  TextPosition where;

  bool operator==(const ModelReference& other) const { return text == other.text; }
};

/// The layers [begin, end) of a model.
struct LayerRange {
  int begin = 0;
  int end = 0;

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

/// The control points behind one curve of the window, kept under the key `layerloom:` which mergekit ignores.
struct RecipeCurve {
  std::size_t source = 0;  ///< index into `models`; ignored for a parameter of the whole method
  bool ofMethod = false;   ///< a parameter of the whole method (slerp's t)
  std::string parameter;
  std::string filter;
  LayerCurve curve;

  bool operator==(const RecipeCurve&) const = default;
};

/// A merge recipe in mergekit's language, as plain values. Exactly one of `models` and `slices` is filled.
struct Recipe {
  std::vector<RecipeSource> models;
  std::vector<RecipeSlice> slices;
  std::string mergeMethod;
  TextPosition mergeMethodWhere;
  std::optional<ModelReference> baseModel;
  Settings parameters;
  std::string dtype;     ///< compute precision in mergekit's spelling ("float32"); empty: the inputs' common type
  TextPosition dtypeWhere;
  std::string outDtype;  ///< output precision; empty: what the computation has
  TextPosition outDtypeWhere;
  std::vector<RecipeCurve> curves;
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
  std::vector<Problem> problems;
};

/// Reads a recipe. Finds every problem that the text alone shows, not just the first; the recipe is there unless one of them is
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

/// Equal in meaning: positions are ignored.
bool sameRecipe(const Recipe& a, const Recipe& b);

/// The setting of that name, or null.
const Setting* findSetting(const Settings& settings, std::string_view name);
/// The setting of that name, made empty where there is none.
Setting& obtainSetting(Settings& settings, std::string_view name);
/// Removes the setting of that name, if there is one.
void removeSetting(Settings& settings, std::string_view name);

}  // namespace layerloom
