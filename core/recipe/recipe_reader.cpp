// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/recipe_reader.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/recipe/recipe_stages.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

bool isGiven(const YamlValue& root, std::string_view key) {
  const YamlValue* value = root.find(key);
  return value != nullptr && !value->isNull();
}

}  // namespace

Recipe RecipeReader::read(const YamlValue& root) {
  Recipe recipe;
  recipe.where = root.where;
  if (!root.isMapping()) {
    error("", root, "the recipe is not a mapping of keys to values", "start with a line such as \"merge_method: linear\"");
    return recipe;
  }
  for (const auto& [key, value] : root.entries) {
    readTopLevel(key, value, recipe);
  }
  readTokenizers(root, recipe);
  checkWhole(root, recipe);
  return recipe;
}

void RecipeReader::readTopLevel(const std::string& key, const YamlValue& value, Recipe& recipe) {
  constexpr std::array<std::string_view, 12> kKnown = {"models",    "slices",        "modules", "merge_method", "base_model",       "parameters",
                                                       "dtype",     "out_dtype",     "name",    "tokenizer",    "tokenizer_source", "chat_template"};
  if (value.isNull() && std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end()) {
    return;  // an empty entry counts as absent, as in mergekit
  }
  if (key == "models") {
    recipe.models = readSources(key, value, false);
  } else if (key == "slices") {
    recipe.slices = readSlices(key, value);
  } else if (key == "modules") {
    recipe.modules = readModules(value);
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
  } else if (key == "chat_template") {
    recipe.chatTemplate = readText(key, value);
    recipe.chatTemplateWhere = value.where;
  } else if (key == "name") {
    recipe.name = readText(key, value);
  } else if (key == "layerloom") {
    recipe.curves = readCurves(value);
  } else if (key != "tokenizer" && key != "tokenizer_source") {
    keepUnknown("", key, value, recipe.unknown);
  }
}

void RecipeReader::keepUnknown(const std::string& path, const std::string& key, const YamlValue& value, UnknownKeys& unknown) {
  unknown.emplace_back(key, value);
  // mergekit takes residual_weight and does not use it.
  if (key != "residual_weight") {
    warn(below(path, escaped(key)), value.keyWhere, fmt::format("\"{}\" is no key of a recipe here; it is kept and has no effect", escaped(key)),
         "remove it, or check its spelling and its place");
  }
}

void RecipeReader::checkWhole(const YamlValue& root, const Recipe& recipe) {
  constexpr std::array<const char*, 3> kBodies = {"models", "slices", "modules"};
  std::vector<const char*> given;
  std::copy_if(kBodies.begin(), kBodies.end(), std::back_inserter(given), [&](const char* key) { return isGiven(root, key); });
  if (given.size() > 1) {
    error(given[1], *root.find(given[1]), fmt::format("a recipe has either \"{}\" or \"{}\", not both", given[0], given[1]), "remove one of them");
  } else if (given.empty()) {
    error("", root, "a recipe needs \"models\", \"slices\" or \"modules\"", "add a list of models");
  }
  if (recipe.mergeMethod.empty()) {
    error("merge_method", root, "the merge method is missing", "add a line such as \"merge_method: linear\"");
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
  ModelReference reference;
  reference.text = value.text;
  reference.where = value.where;
  if (const auto address = parseModelAddress(value.text); !address) {
    error(path, value, address.error().message, address.error().remedy);
  }
  return reference;
}

/// "path@revision" or {path: …, revision: …}.
bool RecipeReader::readPathMapping(const std::string& path, const YamlValue& value, std::string& name, std::string& revision) {
  if (value.isScalar() && !value.text.empty()) {
    const auto parsed = parseModelAddress(value.text);
    if (!parsed || !parsed->adapter.empty()) {
      // In a mapping "+" is part of the path, unlike "@".
      name = value.text;
      return true;
    }
    name = parsed->path;
    revision = parsed->revision;
    return true;
  }
  const YamlValue* inner = value.isMapping() ? value.find("path") : nullptr;
  if (inner == nullptr || !inner->isScalar() || inner->text.empty()) {
    error(path, value, "names no model", "write {model: {path: FOLDER}} or just the folder");
    return false;
  }
  name = inner->text;
  if (const YamlValue* own = value.find("revision"); own != nullptr && own->isScalar()) {
    revision = own->text;
  }
  return true;
}

std::optional<ModelReference> RecipeReader::readReferenceMapping(const std::string& path, const YamlValue& value) {
  const YamlValue* model = value.find("model");
  if (model == nullptr) {
    error(path, value, "names no model", "write {model: {path: FOLDER}} or just the folder");
    return std::nullopt;
  }
  ModelAddress address;
  ModelReference reference;
  reference.where = value.where;
  if (!readPathMapping(below(path, "model"), *model, address.path, address.revision)) {
    return std::nullopt;
  }
  for (const auto& [key, entry] : value.entries) {
    if (entry.isNull() || key == "model") {
      continue;
    }
    if (key == "lora") {
      if (!readPathMapping(below(path, key), entry, address.adapter, address.adapterRevision)) {
        return std::nullopt;
      }
    } else if (key == "override_architecture") {
      reference.architecture = readText(below(path, key), entry);
    } else {
      warn(below(path, escaped(key)), entry.keyWhere, fmt::format("\"{}\" is no key of a model; it has no effect", escaped(key)), "remove it");
    }
  }
  reference.text = address.text();
  if (const auto same = parseModelAddress(reference.text); !same || !(*same == address)) {
    reference.address = address;
  }
  return reference;
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
  if (!begin || !end || *begin < 0 || *end < *begin) {
    error(path, value, "is no range of layers: the first must be 0 or more and not past the second", kRemedy);
    return std::nullopt;
  }
  if (*begin == *end) {
    warn(path, value.where, "the range holds no layer", kRemedy);
  }
  return LayerRange{*begin, *end};
}

std::vector<RecipeSlice> RecipeReader::readSlices(const std::string& path, const YamlValue& value) {
  std::vector<RecipeSlice> slices;
  if (!value.isSequence() || value.items.empty()) {
    error(path, value, "is no list of slices", "write one \"- sources: …\" per slice");
    return slices;
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    slices.push_back(readSlice(item(path, i), value.items[i]));
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
    } else if (key == "base_model" && !entry.isNull()) {
      slice.baseModel = readReference(below(path, key), entry);
    } else if (key == "parameters") {
      slice.parameters = readSettings(below(path, key), entry);
    } else if (key != "base_model") {
      keepUnknown(path, key, entry, slice.unknown);
    }
  }
  return slice;
}

std::vector<RecipeModule> RecipeReader::readModules(const YamlValue& value) {
  std::vector<RecipeModule> modules;
  if (!value.isMapping() || value.entries.empty()) {
    error("modules", value, "is no mapping of modules", "write \"encoder: {models: […]}\" and so on");
    return modules;
  }
  for (const auto& [name, entry] : value.entries) {
    modules.push_back(readModule(below("modules", escaped(name)), name, entry));
  }
  return modules;
}

RecipeModule RecipeReader::readModule(const std::string& path, const std::string& name, const YamlValue& value) {
  RecipeModule module;
  module.name = name;
  module.where = value.where;
  if (!value.isMapping()) {
    error(path, value, "is no module", "write \"{models: […]}\" or \"{slices: […]}\"");
    return module;
  }
  for (const auto& [key, entry] : value.entries) {
    if (key == "models" && !entry.isNull()) {
      module.models = readSources(below(path, key), entry, false);
    } else if (key == "slices" && !entry.isNull()) {
      module.slices = readSlices(below(path, key), entry);
    } else if (key == "parameters") {
      module.parameters = readSettings(below(path, key), entry);
    } else if (key != "models" && key != "slices") {
      keepUnknown(path, key, entry, module.unknown);
    }
  }
  if (isGiven(value, "models") == isGiven(value, "slices")) {
    error(path, value, "a module has either \"models\" or \"slices\"", "give it one of the two");
  }
  return module;
}

ParsedRecipe parseRecipe(std::string_view text) {
  ParsedRecipe parsed;
  const auto documents = parseYamlDocuments(text);
  if (!documents) {
    parsed.problems.push_back({Severity::Error, "", documents.error().where,
                               fmt::format("the YAML cannot be read: {}", documents.error().message), "mend the text at this place"});
    return parsed;
  }
  std::vector<Recipe> recipes;
  for (std::size_t i = 0; i < documents->size(); ++i) {
    const std::string prefix = documents->size() > 1 ? fmt::format("document[{}].", i) : std::string();
    recipes.push_back(RecipeReader(parsed.problems, prefix).read((*documents)[i]));
    recipes.back().document = i;
  }
  Recipe whole = joinStages(std::move(recipes), parsed.problems);
  // The notes stand at the end of the text, in whichever document that is; they are about the final recipe.
  for (Recipe& stage : whole.stages) {
    whole.curves.insert(whole.curves.end(), stage.curves.begin(), stage.curves.end());
    stage.curves.clear();
  }
  if (!hasErrors(parsed.problems)) {
    parsed.recipe = whole;
  }
  parsed.draft = std::move(whole);
  return parsed;
}

}  // namespace layerloom
