// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/analysis/preview_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "core/recipe/recipe.h"

namespace layerloom::test {
namespace {

template <class T>
T valueOrThrow(Result<T> result, const std::string& what) {
  if (!result) {
    throw std::runtime_error(what + ": " + result.error().message);
  }
  return *std::move(result);
}

/// Holds the figures of a prediction against the truth.
class Judge {
 public:
  explicit Judge(TruthTally& tally) : m_tally(tally) {}

  void judge(const std::string& where, const PreviewFigures& predicted, const PreviewFigures& truth) {
    m_where = where;
    m_moved = truth.moved.value;
    // The norm of the base is known either way, but told only by what moved.
    const PreviewFigures& telling = truth.moved.value > 0 ? truth : predicted;
    const double base = telling.relativeMove && telling.relativeMove->value > 0 ? telling.moved.value / telling.relativeMove->value : 0;
    m_rounding = 0x1p-24 * (base + m_moved);
    m_isGroup = where == "total" || where.starts_with("layer ");
    norm("moved", predicted.moved, truth.moved.value);
    for (std::size_t i = 0; i < truth.models.size(); ++i) {
      if (truth.models[i].has_value() != predicted.models[i].has_value()) {
        throw std::runtime_error(where + ": predicted and true sources differ");
      }
      if (truth.models[i]) {
        judgeModel(*predicted.models[i], *truth.models[i]);
      }
    }
  }

 private:
  void judgeModel(const ModelPreview& predicted, const ModelPreview& truth) {
    norm("distance", *predicted.distance, truth.distance->value);
    if (predicted.cosine && truth.cosine) {
      const double error = std::abs(predicted.cosine->value - truth.cosine->value);
      if (count(*predicted.cosine, truth.cosine->value)) {
        m_tally.cosine = std::max(m_tally.cosine, error);
        keepWorst("cosine", *predicted.cosine, truth.cosine->value, error, error - m_rounding / m_moved, m_tally.cosineBeyond);
      }
    }
    share(predicted.weight, truth.weight);
    share(predicted.kept, truth.kept);
    share(predicted.conflictsWon, truth.conflictsWon);
    share(predicted.conflictsLost, truth.conflictsLost);
  }

  void norm(const char* what, const Estimate& predicted, double truth) {
    const double error = std::abs(predicted.value - truth);
    const double least = std::max(truth, std::numeric_limits<double>::min());
    if (count(predicted, truth)) {
      m_tally.norm = std::max(m_tally.norm, truth > 0 ? error / truth : 0);
      keepWorst(what, predicted, truth, error / least, (error - m_rounding) / least, m_tally.normBeyond);
    } else if (m_moved > 0) {
      m_tally.width += (predicted.high - predicted.low) / 2 / std::max(truth, m_moved);
      ++m_tally.norms;
    }
  }

  void share(const std::optional<Estimate>& predicted, const std::optional<Estimate>& truth) {
    if (predicted && truth && count(*predicted, truth->value)) {
      m_tally.share = std::max(m_tally.share, std::abs(predicted->value - truth->value));
    }
  }

  void keepWorst(const char* what, const Estimate& predicted, double truth, double error, double beyond, double& worst) {
    m_tally.above += error > 1e-6 ? 1 : 0;
    m_tally.aboveGroups += error > 1e-6 && m_isGroup ? 1 : 0;
    if (beyond > worst) {
      worst = beyond;
      m_tally.worst = fmt::format("{} {}: {:.9g} for {:.9g}", m_where, what, predicted.value, truth);
    }
  }

  /// True for an exact figure.
  bool count(const Estimate& predicted, double truth) {
    if (predicted.isExact()) {
      ++m_tally.exact;
      return true;
    }
    ++m_tally.sampled;
    m_tally.inside += predicted.low <= truth && truth <= predicted.high ? 1 : 0;
    return false;
  }

  double m_moved = 0;
  double m_rounding = 0;
  bool m_isGroup = false;
  TruthTally& m_tally;
  std::string m_where;
};

}  // namespace

void TruthTally::add(const TruthTally& other) {
  if (other.normBeyond > normBeyond || other.cosineBeyond > cosineBeyond) {
    worst = other.worst;
  }
  normBeyond = std::max(normBeyond, other.normBeyond);
  cosineBeyond = std::max(cosineBeyond, other.cosineBeyond);
  above += other.above;
  aboveGroups += other.aboveGroups;
  recipes += other.recipes;
  exact += other.exact;
  norm = std::max(norm, other.norm);
  cosine = std::max(cosine, other.cosine);
  share = std::max(share, other.share);
  sampled += other.sampled;
  inside += other.inside;
  width += other.width;
  norms += other.norms;
  absent += other.absent;
}

const TruthBench::Compared& TruthBench::statisticsOf(const RandomRecipe& recipe, const ModelFamily& family) {
  std::string key = family.name + (recipe.hasBase() ? " with base" : "");
  for (const std::string& model : recipe.models()) {
    key += " " + model;
  }
  const auto found = m_compared.find(key);
  if (found != m_compared.end()) {
    return found->second;
  }
  Compared compared;
  const LocatorOptions locator{family.folder, {}};
  // One model alone lies nowhere to its own mean.
  if (recipe.hasBase() || recipe.models().size() == 1) {
    compared.sources.base = valueOrThrow(openModel(family.base, locator), family.base);
    compared.sources.baseName = family.base;
  }
  for (const std::string& model : recipe.models()) {
    compared.sources.models.push_back(valueOrThrow(openModel(model, locator), model));
    compared.sources.names.push_back(model);
  }
  compared.statistics = valueOrThrow(measureStatistics(compared.sources, {}, {}, [](const TensorStatistics&) {}), key);
  return m_compared.emplace(key, std::move(compared)).first->second;
}

TruthBench::Planned TruthBench::plan(const RandomRecipe& recipe, const ModelFamily& family) {
  const Compared& compared = statisticsOf(recipe, family);
  const ParsedRecipe parsed = parseRecipe(recipe.text());
  PlanOptions options;
  options.locator = {family.folder, {}};
  PlanResult planned = planMerge(parsed.draft, options);
  if (!parsed.recipe || !planned.plan) {
    const auto& problems = parsed.recipe ? planned.problems : parsed.problems;
    throw std::runtime_error((problems.empty() ? "no plan" : problems.front().message) + "\n" + recipe.text());
  }
  PreviewLinks links = linkPreview(*planned.plan, compared.statistics);
  return {compared, *std::move(planned.plan), std::move(links)};
}

TruthTally TruthBench::compare(const RandomRecipe& recipe, const ModelFamily& family, std::uint64_t entriesPerTensor) {
  const auto [compared, plan, links] = this->plan(recipe, family);
  const Preview predicted = predictMerge(plan, compared.statistics, links, {entriesPerTensor, 0}, {});

  // What could not be predicted has no part in sums of the truth either.
  std::vector<std::size_t> jobs;
  TruthTally tally;
  tally.recipes = 1;
  for (std::size_t i = 0; i < predicted.tensors.size(); ++i) {
    if (predicted.tensors[i].basis != PreviewBasis::None) {
      jobs.push_back(i);
    } else {
      ++tally.absent;
    }
  }
  const Preview truth = valueOrThrow(dryRun(plan, compared.sources, compared.statistics, links, jobs, 0, {}), "dry run");
  Judge judge(tally);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    judge.judge(truth.tensors[i].name, predicted.tensors[jobs[i]].figures, truth.tensors[i].figures);
  }
  for (std::size_t i = 0; i < truth.layers.size(); ++i) {
    judge.judge(fmt::format("layer {}", truth.layers[i].layer), predicted.layers[i].figures, truth.layers[i].figures);
  }
  judge.judge("total", predicted.total, truth.total);
  return tally;
}

std::string tableOf(const std::map<std::string, TruthTally>& tallies) {
  std::string table = fmt::format("{:<17}{:>8}{:>7}{:>10}{:>11}{:>7}{:>7}{:>10}{:>10}{:>10}{:>9}{:>8}{:>7}{:>7}\n", "method", "recipes", "exact", "norm off",
                                  "cosine off", ">1e-6", "groups", "beyond", "beyond", "share off", "sampled", "inside", "width", "absent");
  for (const auto& [method, tally] : tallies) {
    table += fmt::format("{:<17}{:>8}{:>7}{:>10.1e}{:>11.1e}{:>7}{:>7}{:>10.1e}{:>10.1e}{:>10.1e}{:>9}{:>7.1f}%{:>6.1f}%{:>7}\n", method, tally.recipes, tally.exact,
                         tally.norm, tally.cosine, tally.above, tally.aboveGroups, tally.normBeyond, tally.cosineBeyond, tally.share, tally.sampled,
                         100 * tally.insideShare(), tally.norms == 0 ? 0 : 100 * tally.width / tally.norms, tally.absent);
  }
  return table;
}

}  // namespace layerloom::test
