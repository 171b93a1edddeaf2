// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/analysis/preview_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
    const double scale = truth.movedRatio && truth.movedRatio->value > 0 ? truth.moved.value / truth.movedRatio->value : truth.moved.value;
    norm("moved", predicted.moved, truth.moved.value, scale);
    for (std::size_t i = 0; i < truth.models.size(); ++i) {
      if (truth.models[i].has_value() != predicted.models[i].has_value()) {
        throw std::runtime_error(where + ": predicted and true sources differ");
      }
      if (truth.models[i]) {
        judgeModel(*predicted.models[i], *truth.models[i], scale);
      }
    }
  }

 private:
  void judgeModel(const ModelPreview& predicted, const ModelPreview& truth, double scale) {
    norm("distance", *predicted.distance, truth.distance->value, scale);
    other("cosine", predicted.cosine, truth.cosine, m_tally.cosine);
    other("weight", predicted.weight, truth.weight, m_tally.share);
    other("kept", predicted.kept, truth.kept, m_tally.share);
    other("won", predicted.conflictsWon, truth.conflictsWon, m_tally.share);
    other("lost", predicted.conflictsLost, truth.conflictsLost, m_tally.share);
  }

  void norm(const char* what, const Estimate& predicted, double truth, double scale) {
    const double error = std::abs(predicted.value - truth) / std::max({truth, scale, 1e-300});
    if (!predicted.isExact() && truth > 0) {
      m_tally.width += (predicted.high - predicted.low) / 2 / truth;
      ++m_tally.norms;
    }
    count(what, predicted, truth, error, m_tally.norm);
  }

  void other(const char* what, const std::optional<Estimate>& predicted, const std::optional<Estimate>& truth, double& worst) {
    if (predicted && truth) {
      count(what, *predicted, truth->value, std::abs(predicted->value - truth->value), worst);
    }
  }

  void count(const char* what, const Estimate& predicted, double truth, double error, double& worst) {
    if (predicted.isExact()) {
      ++m_tally.exact;
      if (error > worst) {
        worst = error;
        m_tally.worst = fmt::format("{} {}: {:.9g} for {:.9g}", m_where, what, predicted.value, truth);
      }
      return;
    }
    { static const bool dbg = getenv("DBGP"); if (dbg) printf("DBG %s %s %g %g %g %d\n", m_where.substr(0,5)=="total"?"total":m_where.substr(0,5)=="layer"?"layer":m_where.find("norm")!=std::string::npos?"norm":"tensor", what, predicted.value, truth, (truth-predicted.value)/((predicted.high-predicted.low)/2), 0); }
    ++m_tally.sampled;
    m_tally.inside += predicted.low <= truth && truth <= predicted.high ? 1 : 0;
  }

  TruthTally& m_tally;
  std::string m_where;
};

}  // namespace

void TruthTally::add(const TruthTally& other) {
  if (other.norm > norm || other.cosine > cosine) {
    worst = other.worst;
  }
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

TruthTally TruthBench::compare(const RandomRecipe& recipe, const ModelFamily& family, std::uint64_t entriesPerTensor) {
  const Compared& compared = statisticsOf(recipe, family);
  const ParsedRecipe parsed = parseRecipe(recipe.text());
  PlanOptions options;
  options.locator = {family.folder, {}};
  const PlanResult planned = planMerge(parsed.draft, options);
  if (!parsed.recipe || !planned.plan) {
    const auto& problems = parsed.recipe ? planned.problems : parsed.problems;
    throw std::runtime_error((problems.empty() ? "no plan" : problems.front().message) + "\n" + recipe.text());
  }
  const MergePlan& plan = *planned.plan;
  const PreviewLinks links = linkPreview(plan, compared.statistics);
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
  std::string table = fmt::format("{:<18}{:>8}{:>8}{:>11}{:>11}{:>11}{:>9}{:>9}{:>8}{:>8}\n", "method", "recipes", "exact", "norm off", "cosine off",
                                  "share off", "sampled", "inside", "width", "absent");
  for (const auto& [method, tally] : tallies) {
    table += fmt::format("{:<18}{:>8}{:>8}{:>11.1e}{:>11.1e}{:>11.1e}{:>9}{:>8.1f}%{:>7.1f}%{:>8}\n", method, tally.recipes, tally.exact, tally.norm,
                         tally.cosine, tally.share, tally.sampled, 100 * tally.insideShare(),
                         tally.norms == 0 ? 0 : 100 * tally.width / tally.norms, tally.absent);
  }
  return table;
}

}  // namespace layerloom::test
