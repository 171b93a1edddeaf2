// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/statistics.h"

namespace layerloom {

enum class AdviceLevel { Note, Caution, Warning, StrongWarning };

/// "note", "caution", "warning", "strong warning".
std::string_view adviceLevelName(AdviceLevel level);

/// What a piece of advice is about.
enum class AdviceTopic {
  OtherAncestor,    ///< a model that does not descend from the base
  FarFromBase,      ///< a model that moved far
  Conflict,         ///< two models whose changes work against each other
  Drowning,         ///< one model's changes are much larger than another's
  Identical,        ///< two models, or a model and the base, that are the same or nearly so
  OuterMovedMore,   ///< embedding or head moved more than the layers
  DenseDelta,       ///< trimming takes much of the change away
  SparseDelta,      ///< trimming does no harm
  NonFinite,        ///< entries that are NaN or infinite
  UntouchedLayers,  ///< layers that are as in the base
  MostMoved,        ///< where a model moved most
  Independent,      ///< changes at right angles
  NotCompared,      ///< no base, or tensors that do not fit
};

/// "other_ancestor", "far_from_base" and so on.
std::string_view adviceTopicName(AdviceTopic topic);

/// A statement on models that are to be merged, with the figures it rests on and the place to look at.
struct Advice {
  AdviceLevel level = AdviceLevel::Note;
  AdviceTopic topic = AdviceTopic::MostMoved;
  /// The statement with %1, %2 … for the arguments; a key for translations (context "Advice").
  const char* format = "";
  std::vector<std::string> arguments;
  std::vector<std::size_t> models;  ///< indexes into Statistics::models
  std::vector<int> layers;          ///< empty: the whole model
  std::optional<TensorKind> kind;
  bool beside = false;              ///< speaks of a model that is not part of the merge

  /// In English.
  std::string text() const;
};

/// Where a figure begins to matter. Each is a rule of thumb with its reason, not a law.
struct AdviceThresholds {
  /// ‖Δ‖/‖W‖ from which a model is far from its base. Instruction tuning moves weights by some per cent; what moved by a tenth has often left the basin in
  /// which averages of weights work (Wortsman et al., arXiv:2203.05482; Neyshabur et al., arXiv:2008.11687).
  double farCaution = 0.10;
  double farWarning = 0.25;
  /// Cosine of whole weights, norms aside, under which a model hardly descends from the base: that of unrelated models is about 0, and ‖Δ‖/‖W‖ then about √2.
  double ancestorCosine = 0.5;
  /// Cosine of deltas from which on two changes work against each other. Unrelated changes have about 0 in as many dimensions.
  double conflictCaution = -0.10;
  double conflictWarning = -0.30;
  /// Share of opposite signs, weighted by magnitude. Unrelated changes have 0.5.
  double signCaution = 0.55;
  double signWarning = 0.65;
  /// Ratio of two ‖Δ‖ from which equal merge weights let one model decide: at 3 the other has a tenth of the squared change.
  double drownCaution = 3;
  double drownWarning = 8;
  /// ‖Δa − Δb‖ over the mean of ‖Δa‖ and ‖Δb‖ under which two models are nearly the same.
  double nearlyIdentical = 0.05;
  /// Relative delta of embedding or head over that of the layers from which tokens have moved apart from the body.
  double outerRatio = 3;
  /// Part of ‖Δ‖² in the largest 20 % of entries: about 0.65 for normally distributed changes. Under the first, trimming to a fifth takes more than
  /// a quarter of the squared change; over the second it takes next to nothing.
  double denseShare = 0.75;
  double sparseShare = 0.95;
  /// |cosine| up to which deltas count as unrelated.
  double independentCosine = 0.10;

  /// Sets a threshold by its name (the member's); false where there is none of that name.
  bool set(std::string_view name, double value);
  /// The threshold of that name, which must exist.
  double value(std::string_view name) const;
  static std::span<const std::string_view> names();
};

/// What the figures say about a merge, the gravest first. `trims`: the method at hand drops small entries, which makes dense changes a matter of caution.
std::vector<Advice> adviceOn(const Statistics& statistics, const AdviceThresholds& thresholds, bool trims);

/// Marks what speaks of a model that the merge leaves out, and puts it last; the order stays otherwise. `merged` goes by Statistics::models; where none is
/// merged, nothing is left out.
std::vector<Advice> withMergedFirst(std::vector<Advice> advice, const std::vector<bool>& merged);

}  // namespace layerloom
