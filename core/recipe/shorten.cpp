// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/shorten.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "core/recipe/gradient.h"
#include "core/recipe/knots.h"

namespace layerloom {
namespace {

/// The lengths of the slices that a setting holds for; nothing when one of them is not known.
using Lengths = std::optional<std::set<int>>;

/// The list's numbers; empty where something else stands in it, of which mergekit picks one instead of going between them.
std::vector<double> numbersOf(const SettingRule& rule) {
  std::vector<double> numbers;
  for (const SettingScalar& value : rule.values) {
    const auto* number = std::get_if<double>(&value);
    if (number == nullptr) {
      return {};
    }
    numbers.push_back(*number);
  }
  return numbers;
}

/// Where the list is read: outside the layers, and in each layer of the slices.
std::vector<KnotSample> samplesOf(const std::vector<double>& numbers, const std::set<int>& lengths) {
  std::vector<KnotSample> samples = {{0, numbers.front()}};
  for (const int layers : lengths) {
    for (int layer = 0; layer < layers; ++layer) {
      const double t = layerPosition(layer, layers);
      samples.push_back({t, interpolatedKnots(numbers, t)});
    }
  }
  return samples;
}

/// A shorter list that is the same function. Both bend at knots only, so that comparing at the knots of either is enough; at its own
/// ones a list of samples agrees.
std::vector<double> sameFunction(const std::vector<double>& numbers) {
  const auto last = static_cast<double>(numbers.size() - 1);
  for (std::size_t count = 1; count < numbers.size(); ++count) {
    std::vector<double> knots;
    for (std::size_t i = 0; i < count; ++i) {
      knots.push_back(interpolatedKnots(numbers, count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1)));
    }
    bool same = true;
    for (std::size_t i = 0; i < numbers.size() && same; ++i) {
      same = std::abs(interpolatedKnots(knots, static_cast<double>(i) / last) - numbers[i]) <= kSameKnotValue;
    }
    if (same) {
      return knots;
    }
  }
  return {};
}

class Shortener {
 public:
  Shortener(Recipe& recipe, const ShortenContext& context) : m_recipe(recipe), m_context(context) {}

  void run() {
    Lengths all = std::set<int>();
    shortenBody(m_recipe.models, m_recipe.slices, "", all);
    for (RecipeModule& module : m_recipe.modules) {
      Lengths own = std::set<int>();
      shortenBody(module.models, module.slices, module.name, own);
      shorten(module.parameters, own);
      add(all, own);
    }
    shorten(m_recipe.parameters, all);
  }

 private:
  static void add(Lengths& all, const Lengths& more) {
    if (all && more) {
      all->insert(more->begin(), more->end());
    } else {
      all.reset();
    }
  }

  /// Shortens what belongs to single models and slices; adds their lengths to `lengths`.
  void shortenBody(std::vector<RecipeSource>& models, std::vector<RecipeSlice>& slices, const std::string& module, Lengths& lengths) {
    if (!models.empty()) {
      const std::vector<int> found = m_context.layersOf(models.front().model, module);
      const Lengths own = found.empty() ? std::nullopt : Lengths(std::set<int>(found.begin(), found.end()));
      for (RecipeSource& source : models) {
        shorten(source.parameters, own);
      }
      add(lengths, own);
    }
    for (RecipeSlice& slice : slices) {
      const bool known = !slice.sources.empty() && slice.sources.front().layerRange;
      const Lengths own = known ? Lengths({slice.sources.front().layerRange->length()}) : std::nullopt;
      for (RecipeSource& source : slice.sources) {
        shorten(source.parameters, own);
      }
      shorten(slice.parameters, own);
      add(lengths, own);
    }
  }

  void shorten(Settings& settings, const Lengths& lengths) const {
    for (auto& [name, setting] : settings) {
      if (!m_context.isInterpolated(name)) {
        continue;
      }
      for (SettingRule& rule : setting) {
        shorten(rule, lengths);
      }
    }
  }

  static void shorten(SettingRule& rule, const Lengths& lengths) {
    const std::vector<double> numbers = rule.isGradient ? numbersOf(rule) : std::vector<double>();
    if (numbers.empty()) {
      return;
    }
    const std::vector<double> knots = numbers.size() == 1 ? numbers
                                      : lengths           ? shortestKnots(samplesOf(numbers, *lengths), numbers.size())
                                                          : sameFunction(numbers);
    if (!knots.empty()) {
      rule.isGradient = knots.size() > 1;
      rule.values.assign(knots.begin(), knots.end());
    }
  }

  Recipe& m_recipe;
  const ShortenContext& m_context;
};

}  // namespace

void shortenGradients(Recipe& recipe, const ShortenContext& context) {
  Shortener(recipe, context).run();
}

}  // namespace layerloom
