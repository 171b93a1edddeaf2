// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/recipe_stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

void report(std::vector<Problem>& problems, const Recipe& recipe, std::string message, std::string remedy) {
  problems.push_back({Severity::Error, fmt::format("document[{}].name", recipe.document), recipe.where, std::move(message), std::move(remedy)});
}

/// All documents as they come, the last one as the final one.
Recipe withoutOrder(std::vector<Recipe> recipes) {
  Recipe whole = std::move(recipes.back());
  recipes.pop_back();
  whole.stages = std::move(recipes);
  return whole;
}

bool checkNames(const std::vector<Recipe>& recipes, std::vector<Problem>& problems) {
  std::set<std::string> names;
  bool unique = true;
  for (const Recipe& recipe : recipes) {
    if (names.insert(recipe.name).second) {
      continue;
    }
    unique = false;
    if (recipe.name.empty()) {
      report(problems, recipe, "two documents have no name", "give every document but the final one a name");
    } else {
      report(problems, recipe, fmt::format("two documents have the name \"{}\"", escaped(recipe.name)), "rename one of them");
    }
  }
  return unique;
}

/// The document without a name, else the one that no other uses.
std::size_t findFinal(const std::vector<Recipe>& recipes, std::vector<Problem>& problems) {
  const auto nameless = std::find_if(recipes.begin(), recipes.end(), [](const Recipe& recipe) { return recipe.name.empty(); });
  if (nameless != recipes.end()) {
    return static_cast<std::size_t>(nameless - recipes.begin());
  }
  std::vector<std::size_t> unused;
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    const bool used = std::any_of(recipes.begin(), recipes.end(), [&](const Recipe& other) { return usesStage(other, recipes[i].name); });
    if (!used) {
      unused.push_back(i);
    }
  }
  if (unused.size() == 1) {
    return unused.front();
  }
  if (unused.empty()) {
    report(problems, recipes.front(), "the documents use each other in a circle", "let one document use models only");
  } else {
    report(problems, recipes[unused[1]],
           fmt::format("it is open which document is the final one: nothing uses \"{}\" and \"{}\"", escaped(recipes[unused[0]].name),
                       escaped(recipes[unused[1]].name)),
           "leave out the name of the final one");
  }
  return kNone;
}

}  // namespace

bool usesStage(const Recipe& recipe, const std::string& name) {
  bool uses = false;
  forEachReference(recipe, [&](const ModelReference& reference, const std::string&) {
    const auto address = addressOf(reference);
    uses = uses || (address && address->path == name);
  });
  return uses;
}

Recipe joinStages(std::vector<Recipe> recipes, std::vector<Problem>& problems) {
  if (recipes.size() == 1) {
    return std::move(recipes.front());
  }
  if (!checkNames(recipes, problems)) {
    return withoutOrder(std::move(recipes));
  }
  const std::size_t last = findFinal(recipes, problems);
  if (last == kNone) {
    return withoutOrder(std::move(recipes));
  }
  Recipe whole = std::move(recipes[last]);
  recipes.erase(recipes.begin() + static_cast<std::ptrdiff_t>(last));
  // Each round takes the first document that uses none of those left.
  while (!recipes.empty()) {
    const auto ready = std::find_if(recipes.begin(), recipes.end(), [&](const Recipe& recipe) {
      return !whole.name.empty() && usesStage(recipe, whole.name)
                 ? false
                 : std::none_of(recipes.begin(), recipes.end(), [&](const Recipe& other) { return usesStage(recipe, other.name); });
    });
    if (ready == recipes.end()) {
      report(problems, recipes.front(), fmt::format("\"{}\" and another document use each other in a circle", escaped(recipes.front().name)),
             "let one of them use models only");
      std::move(recipes.begin(), recipes.end(), std::back_inserter(whole.stages));
      return whole;
    }
    whole.stages.push_back(std::move(*ready));
    recipes.erase(ready);
  }
  return whole;
}

}  // namespace layerloom
