// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/support/translation.h"

namespace layerloom {
namespace {

using Member = double AdviceThresholds::*;

constexpr std::array kThresholds = std::to_array<std::pair<std::string_view, Member>>({
    {"farCaution", &AdviceThresholds::farCaution},
    {"farWarning", &AdviceThresholds::farWarning},
    {"ancestorCosine", &AdviceThresholds::ancestorCosine},
    {"conflictCaution", &AdviceThresholds::conflictCaution},
    {"conflictWarning", &AdviceThresholds::conflictWarning},
    {"signCaution", &AdviceThresholds::signCaution},
    {"signWarning", &AdviceThresholds::signWarning},
    {"drownCaution", &AdviceThresholds::drownCaution},
    {"drownWarning", &AdviceThresholds::drownWarning},
    {"nearlyIdentical", &AdviceThresholds::nearlyIdentical},
    {"outerRatio", &AdviceThresholds::outerRatio},
    {"denseShare", &AdviceThresholds::denseShare},
    {"sparseShare", &AdviceThresholds::sparseShare},
    {"independentCosine", &AdviceThresholds::independentCosine},
});

std::string figure(double value) {
  return fmt::format("{:.3g}", value);
}

std::string percent(double share) {
  return fmt::format("{:.0f} %", 100 * share);
}

/// "0, 3 to 5 and 7"-like: "0, 3–5, 7".
std::string ranges(const std::vector<int>& layers) {
  std::string text;
  for (std::size_t i = 0; i < layers.size();) {
    std::size_t end = i + 1;
    while (end < layers.size() && layers[end] == layers[end - 1] + 1) {
      ++end;
    }
    text += (text.empty() ? "" : ", ") + (end - i == 1 ? fmt::format("{}", layers[i]) : fmt::format("{}–{}", layers[i], layers[end - 1]));
    i = end;
  }
  return text;
}

/// Cosine of model and base over the tensors behind the figures.
double weightCosine(const DeltaStatistics& model) {
  const double modelSquared = model.baseSquared + 2 * model.baseDot + model.squared;
  const double norms = std::sqrt(model.baseSquared) * std::sqrt(std::max(0.0, modelSquared));
  return norms == 0 ? 1 : (model.baseSquared + model.baseDot) / norms;
}

/// The figures of a model in a group; nothing where the group is empty.
const DeltaStatistics* figuresOf(const GroupStatistics& group, std::size_t model) {
  return model < group.models.size() && group.models[model] ? &*group.models[model] : nullptr;
}

class Adviser {
 public:
  Adviser(const Statistics& statistics, const AdviceThresholds& thresholds, bool trims)
      : m_statistics(statistics), m_limits(thresholds), m_trims(trims), m_total(statistics.total()), m_layers(statistics.layers()) {
    for (const KindStatistics& kind : statistics.kinds()) {
      const bool outer = kind.kind == TensorKind::Embedding || kind.kind == TensorKind::Head;
      if (kind.kind != TensorKind::Norm) {
        // Norms are near 1 in unrelated models, too.
        m_matrices.add(kind.figures);
      }
      if (!outer && kind.kind != TensorKind::Norm) {
        m_body.add(kind.figures);
      }
      if (outer) {
        m_outer.push_back(kind);
      }
    }
  }

  std::vector<Advice> make() {
    for (std::size_t model = 0; model < m_total.models.size(); ++model) {
      if (m_total.models[model]) {
        adviseOnModel(model, *m_total.models[model]);
      }
    }
    for (std::size_t b = 1; b < m_total.models.size(); ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        if (const auto& pair = m_total.pairs[pairIndex(a, b, m_total.models.size())]) {
          adviseOnPair(a, b, *pair);
        }
      }
    }
    for (const std::string& note : m_statistics.notes) {
      add(AdviceLevel::Note, AdviceTopic::NotCompared, "%1", {note}, {});
    }
    std::stable_sort(m_found.begin(), m_found.end(), [](const Advice& a, const Advice& b) { return a.level > b.level; });
    return std::move(m_found);
  }

 private:
  Advice& add(AdviceLevel level, AdviceTopic topic, const char* format, std::vector<std::string> arguments, std::vector<std::size_t> models) {
    Advice advice;
    advice.level = level;
    advice.topic = topic;
    advice.format = format;
    advice.arguments = std::move(arguments);
    advice.models = std::move(models);
    m_found.push_back(std::move(advice));
    return m_found.back();
  }

  /// The last part of a model's path, where that tells it from the others.
  std::string name(std::size_t model) const {
    const std::vector<std::string>& all = m_statistics.models;
    const auto last = [](const std::string& path) { return path.substr(path.find_last_of('/') + 1); };
    const std::string brief = last(all[model]);
    const auto alike = std::count_if(all.begin(), all.end(), [&](const std::string& other) { return last(other) == brief; });
    return alike == 1 && !brief.empty() ? brief : all[model];
  }

  void adviseOnModel(std::size_t model, const DeltaStatistics& figures) {
    if (figures.nonFinite > 0) {
      add(AdviceLevel::StrongWarning, AdviceTopic::NonFinite,
          LAYERLOOM_TEXT("Advice", "%1 or the base holds %2 entries that are NaN or infinite; a merge would spread them."),
          {name(model), fmt::format("{}", figures.nonFinite)}, {model});
    }
    if (figures.squared == 0) {
      add(AdviceLevel::Caution, AdviceTopic::Identical, LAYERLOOM_TEXT("Advice", "%1 is the same as the base: it adds nothing to a merge."), {name(model)},
          {model});
      return;
    }
    adviseOnDistance(model, figures);
    adviseOnOuter(model);
    adviseOnSparsity(model, figures);
    adviseOnLayers(model);
  }

  void adviseOnDistance(std::size_t model, const DeltaStatistics& figures) {
    if (m_statistics.base.empty()) {
      return;  // against the mean, a distance says nothing of an ancestor
    }
    const DeltaStatistics* matrices = figuresOf(m_matrices, model);
    const double cosine = matrices ? weightCosine(*matrices) : 1;
    const double relative = matrices ? matrices->relative() : figures.relative();
    if (cosine < m_limits.ancestorCosine) {
      add(AdviceLevel::StrongWarning, AdviceTopic::OtherAncestor,
          LAYERLOOM_TEXT("Advice",
                         "%1 hardly resembles the base: the cosine of their weights is %2, the relative delta %3. It probably has another ancestor, and a "
                         "merge with it is unlikely to work."),
          {name(model), figure(cosine), figure(relative)}, {model});
    } else if (relative >= m_limits.farCaution) {
      const bool warning = relative >= m_limits.farWarning;
      add(warning ? AdviceLevel::Warning : AdviceLevel::Caution, AdviceTopic::FarFromBase,
          warning ? LAYERLOOM_TEXT("Advice",
                                   "%1 moved far from the base: its relative delta is %2, where fine-tunes usually stay within some per cent. The farther a "
                                   "model moved, the less likely a merge works; give it a small weight or leave it out.")
                  : LAYERLOOM_TEXT("Advice", "%1 moved further from the base than most fine-tunes: its relative delta is %2. Try a small weight first."),
          {name(model), figure(relative)}, {model});
    }
  }

  void adviseOnOuter(std::size_t model) {
    const DeltaStatistics* body = figuresOf(m_body, model);
    for (const KindStatistics& kind : m_outer) {
      const DeltaStatistics* outer = figuresOf(kind.figures, model);
      if (outer == nullptr || body == nullptr || body->relative() == 0 || outer->relative() < m_limits.outerRatio * body->relative()) {
        continue;
      }
      Advice& advice = add(AdviceLevel::Caution, AdviceTopic::OuterMovedMore,
                           kind.kind == TensorKind::Embedding
                               ? LAYERLOOM_TEXT("Advice",
                                                "The embedding of %1 moved %2 times as far as its layers (relative delta %3 against %4): tokens mean something "
                                                "else there. Merge it apart, or keep the base's.")
                               : LAYERLOOM_TEXT("Advice",
                                                "The head of %1 moved %2 times as far as its layers (relative delta %3 against %4). Merge it apart, or keep the "
                                                "base's."),
                           {name(model), figure(outer->relative() / body->relative()), figure(outer->relative()), figure(body->relative())}, {model});
      advice.kind = kind.kind;
    }
  }

  void adviseOnSparsity(std::size_t model, const DeltaStatistics& figures) {
    const double share = figures.topShares.back();
    if (share < m_limits.denseShare) {
      add(m_trims ? AdviceLevel::Caution : AdviceLevel::Note, AdviceTopic::DenseDelta,
          LAYERLOOM_TEXT("Advice", "The changes of %1 are spread over most entries: the largest fifth holds %2 of the squared change. Trimming to a density of 0.2 "
                                   "takes the rest away; keep the density high."),
          {name(model), percent(share)}, {model});
    } else if (share >= m_limits.sparseShare) {
      add(AdviceLevel::Note, AdviceTopic::SparseDelta,
          LAYERLOOM_TEXT("Advice", "The changes of %1 sit in few entries: the largest fifth holds %2 of the squared change, and trimming does no harm."),
          {name(model), percent(share)}, {model});
    }
  }

  void adviseOnLayers(std::size_t model) {
    std::vector<int> untouched;
    std::vector<std::pair<double, int>> moved;
    for (const LayerStatistics& layer : m_layers) {
      if (const auto& figures = layer.figures.models[model]; figures && layer.module == m_layers.front().module) {
        if (figures->squared == 0) {
          untouched.push_back(layer.layer);
        }
        moved.emplace_back(figures->relative(), layer.layer);
      }
    }
    if (!untouched.empty()) {
      Advice& advice = add(AdviceLevel::Note, AdviceTopic::UntouchedLayers, LAYERLOOM_TEXT("Advice", "In %1, these layers are as in the base: %2."),
                           {name(model), ranges(untouched)}, {model});
      advice.layers = untouched;
    }
    if (moved.size() < 2) {
      return;
    }
    const auto most = std::max_element(moved.begin(), moved.end());
    const auto least = std::min_element(moved.begin(), moved.end());
    Advice& advice = add(AdviceLevel::Note, AdviceTopic::MostMoved,
                         LAYERLOOM_TEXT("Advice", "%1 moved most in layer %2 (relative delta %3) and least in layer %4 (%5)."),
                         {name(model), fmt::format("{}", most->second), figure(most->first), fmt::format("{}", least->second), figure(least->first)}, {model});
    advice.layers = {most->second};
  }

  void adviseOnPair(std::size_t a, std::size_t b, const PairStatistics& pair) {
    if (pair.squaredA == 0 || pair.squaredB == 0) {
      return;
    }
    const double normA = std::sqrt(pair.squaredA);
    const double normB = std::sqrt(pair.squaredB);
    const double apart = std::sqrt(std::max(0.0, pair.squaredA + pair.squaredB - 2 * pair.dot)) / (0.5 * (normA + normB));
    if (apart < m_limits.nearlyIdentical) {
      adviseOnLikeness(a, b, apart);
      return;
    }
    adviseOnConflict(a, b, pair);
    const double ratio = std::max(normA, normB) / std::min(normA, normB);
    if (ratio >= m_limits.drownCaution) {
      const auto [large, small] = normA > normB ? std::pair(a, b) : std::pair(b, a);
      add(ratio >= m_limits.drownWarning ? AdviceLevel::Warning : AdviceLevel::Caution, AdviceTopic::Drowning,
          LAYERLOOM_TEXT("Advice", "%1 changed %2 times as much as %3 (‖Δ‖ %4 against %5): with equal weights it decides. Give %3 the larger weight."),
          {name(large), figure(ratio), name(small), figure(std::max(normA, normB)), figure(std::min(normA, normB))}, {large, small});
    }
  }

  void adviseOnLikeness(std::size_t a, std::size_t b, double apart) {
    // The rounding of a difference of two sums leaves this much of identical models.
    constexpr double kRounding = 1e-7;
    if (apart < kRounding) {
      add(AdviceLevel::Caution, AdviceTopic::Identical, LAYERLOOM_TEXT("Advice", "%1 and %2 are the same model: together they only count double."),
          {name(a), name(b)}, {a, b});
      return;
    }
    add(AdviceLevel::Note, AdviceTopic::Identical,
        LAYERLOOM_TEXT("Advice", "%1 and %2 are nearly the same: they differ by %3 of their change."), {name(a), name(b), percent(apart)}, {a, b});
  }

  /// How grave the conflict of a pair is; nothing where there is none.
  std::optional<AdviceLevel> conflictOf(const PairStatistics& pair) const {
    const double cosine = pair.cosine().value_or(0);
    const double signs = pair.weightedSignConflict().value_or(0);
    if (cosine <= m_limits.conflictWarning || signs >= m_limits.signWarning) {
      return AdviceLevel::Warning;
    }
    return cosine <= m_limits.conflictCaution || signs >= m_limits.signCaution ? std::optional(AdviceLevel::Caution) : std::nullopt;
  }

  void adviseOnConflict(std::size_t a, std::size_t b, const PairStatistics& pair) {
    const double cosine = pair.cosine().value_or(0);
    const std::string signs = percent(pair.weightedSignConflict().value_or(0));
    if (const auto level = conflictOf(pair)) {
      add(*level, AdviceTopic::Conflict,
          LAYERLOOM_TEXT("Advice", "The changes of %1 and %2 work against each other: their cosine is %3, and %4 of the change has opposite signs. A method that "
                                   "elects signs (TIES) loses less than a plain sum."),
          {name(a), name(b), figure(cosine), signs}, {a, b});
      return;
    }
    std::vector<int> layers;
    double least = 0;
    double most = 0;
    for (const LayerStatistics& layer : m_layers) {
      const auto& figures = layer.figures.pairs[pairIndex(a, b, m_statistics.models.size())];
      if (figures && layer.module == m_layers.front().module && conflictOf(*figures)) {
        layers.push_back(layer.layer);
        least = std::min(least, figures->cosine().value_or(0));
        most = std::max(most, figures->weightedSignConflict().value_or(0));
      }
    }
    if (!layers.empty()) {
      Advice& advice = add(AdviceLevel::Caution, AdviceTopic::Conflict,
                           LAYERLOOM_TEXT("Advice",
                                          "The changes of %1 and %2 work against each other in some layers (%3; cosine down to %4, up to %5 of the change with "
                                          "opposite signs), though not as a whole."),
                           {name(a), name(b), ranges(layers), figure(least), percent(most)}, {a, b});
      advice.layers = layers;
    } else if (std::abs(cosine) <= m_limits.independentCosine) {
      add(AdviceLevel::Note, AdviceTopic::Independent,
          LAYERLOOM_TEXT("Advice", "The changes of %1 and %2 are unrelated (cosine %3): a mean halves both, a sum of task vectors keeps them."),
          {name(a), name(b), figure(cosine)}, {a, b});
    }
  }

  const Statistics& m_statistics;
  const AdviceThresholds& m_limits;
  const bool m_trims;
  const GroupStatistics m_total;
  const std::vector<LayerStatistics> m_layers;
  GroupStatistics m_matrices;  ///< all but norms
  GroupStatistics m_body;      ///< the matrices of the layers
  std::vector<KindStatistics> m_outer;
  std::vector<Advice> m_found;
};

}  // namespace

std::string_view adviceTopicName(AdviceTopic topic) {
  static constexpr auto kNames = std::to_array<std::string_view>({"other_ancestor", "far_from_base", "conflict", "drowning", "identical", "outer_moved_more",
                                                                  "dense_delta", "sparse_delta", "non_finite", "untouched_layers", "most_moved",
                                                                  "independent", "not_compared"});
  return kNames[static_cast<std::size_t>(topic)];
}

std::string_view adviceLevelName(AdviceLevel level) {
  static constexpr std::array<std::string_view, 4> kNames = {"note", "caution", "warning", "strong warning"};
  return kNames[static_cast<std::size_t>(level)];
}

std::string Advice::text() const {
  std::string result;
  for (const char* at = format; *at != '\0'; ++at) {
    const int place = at[0] == '%' && at[1] >= '1' && at[1] <= '9' ? at[1] - '1' : -1;
    if (place >= 0 && static_cast<std::size_t>(place) < arguments.size()) {
      result += arguments[static_cast<std::size_t>(place)];
      ++at;
    } else {
      result += *at;
    }
  }
  return result;
}

double AdviceThresholds::value(std::string_view name) const {
  const auto found = std::find_if(kThresholds.begin(), kThresholds.end(), [&](const auto& entry) { return entry.first == name; });
  assert(found != kThresholds.end());
  return this->*(found->second);
}

bool AdviceThresholds::set(std::string_view name, double value) {
  const auto found = std::find_if(kThresholds.begin(), kThresholds.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == kThresholds.end()) {
    return false;
  }
  this->*(found->second) = value;
  return true;
}

std::span<const std::string_view> AdviceThresholds::names() {
  static const auto kNames = [] {
    std::array<std::string_view, kThresholds.size()> names;
    std::transform(kThresholds.begin(), kThresholds.end(), names.begin(), [](const auto& entry) { return entry.first; });
    return names;
  }();
  return kNames;
}

std::vector<Advice> adviceOn(const Statistics& statistics, const AdviceThresholds& thresholds, bool trims) {
  return Adviser(statistics, thresholds, trims).make();
}

std::vector<Advice> withMergedFirst(std::vector<Advice> advice, const std::vector<bool>& merged) {
  const bool anyMerged = std::find(merged.begin(), merged.end(), true) != merged.end();
  const auto isLeftOut = [&](std::size_t model) { return model >= merged.size() || !merged[model]; };
  for (Advice& one : advice) {
    one.beside = anyMerged && std::any_of(one.models.begin(), one.models.end(), isLeftOut);
  }
  std::stable_partition(advice.begin(), advice.end(), [](const Advice& one) { return !one.beside; });
  return advice;
}

}  // namespace layerloom
