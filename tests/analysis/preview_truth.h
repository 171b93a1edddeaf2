// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/analysis/dry_run.h"
#include "tests/analysis/random_recipe.h"

namespace layerloom::test {

/// How the figures of some recipes came out, predicted against true.
struct TruthTally {
  int recipes = 0;
  int exact = 0;        ///< figures said to be exact
  double norm = 0;      ///< the largest relative error of an exact norm
  double cosine = 0;    ///< the largest error of an exact cosine
  /// The same beyond what rounding the result to float32 does, which moves it by up to 2⁻²⁴ · (‖base‖ + ‖result − base‖): much, where it lies close
  /// to the base.
  double normBeyond = 0;
  double cosineBeyond = 0;
  int above = 0;        ///< exact norms and cosines that are off by more than 1e-6, rounding included
  int aboveGroups = 0;  ///< of these, those of layers and of the whole
  double share = 0;     ///< the largest error of an exact weight or share
  int sampled = 0;      ///< figures with an interval
  int inside = 0;       ///< of these, those whose truth lies inside
  double width = 0;     ///< sum of half the intervals as shares of the truths, or of ‖result − base‖ where that is more, over norms
  int norms = 0;        ///< behind `width`
  int absent = 0;       ///< tensors without figures
  std::string worst;    ///< where an exact figure is off most

  void add(const TruthTally& other);
  double insideShare() const { return sampled == 0 ? 1 : static_cast<double>(inside) / sampled; }
};

/// Statistics are measured once per set of models.
class TruthBench {
 public:
  struct Compared {
    StatisticsSources sources;
    Statistics statistics;
  };
  struct Planned {
    const Compared& compared;
    MergePlan plan;
    PreviewLinks links;
  };

  /// Throws std::runtime_error where the recipe cannot be planned.
  Planned plan(const RandomRecipe& recipe, const ModelFamily& family);
  /// Predicts and merges one recipe.
  TruthTally compare(const RandomRecipe& recipe, const ModelFamily& family, std::uint64_t entriesPerTensor = 0);

 private:
  const Compared& statisticsOf(const RandomRecipe& recipe, const ModelFamily& family);

  std::map<std::string, Compared> m_compared;
};

/// The tallies by method as a table.
std::string tableOf(const std::map<std::string, TruthTally>& tallies);

}  // namespace layerloom::test
