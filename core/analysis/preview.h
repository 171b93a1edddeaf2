// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/analysis/statistics.h"
#include "core/plan/plan.h"

namespace layerloom {

/// A figure with its 95 % interval. Exact figures have low = value = high.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;

  bool isExact() const { return low == high; }
};

/// How the result lies to one of the models that it is made of.
struct ModelPreview {
  std::optional<Estimate> distance;  ///< ‖result − model‖
  std::optional<Estimate> cosine;    ///< of result − base and model − base; nothing where one of them is 0
  /// The factor of the model's Δ in the result after normalisation: of span methods that of the sum that the result is, of task vector methods
  /// λ·weight (divided by Σ weights under `normalize`); of a group the mean over its tensors weighted by elements. Nothing where the method
  /// has no such factor.
  std::optional<Estimate> weight;
  std::optional<Estimate> kept;  ///< share of the entries of Δ that are left after trimming or selection; methods that trim only
  /// Shares of all entries at which trimmed Δ of several models have opposite signs and this model's part went into the result, or was left
  /// out. Methods with sign election only.
  std::optional<Estimate> conflictsWon;
  std::optional<Estimate> conflictsLost;
};

/// What a merge makes of a tensor or a group of tensors.
struct PreviewFigures {
  std::uint64_t elements = 0;  ///< of the tensors behind the figures
  Estimate moved;                        ///< ‖result − base‖
  std::optional<Estimate> movedRatio;    ///< the same over the mean of the sources' ‖Δ‖; nothing where all Δ are 0
  std::optional<Estimate> relativeMove;  ///< the same over ‖base‖; nothing where that is 0
  std::vector<std::optional<ModelPreview>> models;  ///< by Statistics::models; nothing for a model that has no part in it
};

enum class PreviewBasis {
  None,        ///< no figures; the note says why
  Exact,       ///< from inner products over all entries, or from all entries themselves
  Sampled,     ///< from the sketch, with intervals
};

struct TensorPreview {
  std::string name;  ///< in the result
  int layer = -1;    ///< of the result; −1: outside the layers
  std::string module;  ///< of the layer ("encoder"); "" where the model has one stack only
  PreviewBasis basis = PreviewBasis::None;
  std::string note;  ///< why there are no figures
  PreviewFigures figures;
};

struct LayerPreview {
  int layer = -1;  ///< −1: all tensors outside the layers together
  std::string module;
  PreviewFigures figures;
};

/// What will come of a merge.
struct Preview {
  std::string base;                 ///< as in Statistics; empty: everything is against the mean of the models
  std::vector<std::string> models;  ///< as in Statistics
  std::vector<TensorPreview> tensors;  ///< one per job of the plan
  std::vector<LayerPreview> layers;    ///< in order, those with figures only; what lies outside the layers is first
  PreviewFigures total;
  std::vector<std::string> notes;  ///< what the figures leave out and why, for people
  std::uint64_t entries = 0;       ///< entries of models on which method code was run
  bool complete = false;           ///< false after a request to stop
};

/// Of a plan's model: an index into Statistics::models, or one of the two below.
using StatisticsSlot = std::size_t;
inline constexpr StatisticsSlot kBaseSlot = std::numeric_limits<std::size_t>::max();
inline constexpr StatisticsSlot kNoSlot = kBaseSlot - 1;

/// How the jobs of a plan lie to what was measured. It holds for every plan of the same structure, whatever its parameters are.
struct PreviewLinks {
  struct Job {
    std::optional<std::size_t> tensor;  ///< index into Statistics::tensors; nothing where there is nothing to predict from
    int layer = -1;
    std::string module;
    std::string note;  ///< why there is nothing to predict from
    std::vector<StatisticsSlot> inputs;
  };
  std::vector<Job> jobs;  ///< one per job of the plan
};

/// Finds models by their names (MergePlan::references among Statistics::base and Statistics::models) and tensors by theirs: a job is predicted
/// where all its inputs are tensors of the same measured name. Others (rows put in order by token, layers merged with other layers, tables that
/// are copied) get a note.
PreviewLinks linkPreview(const MergePlan& plan, const Statistics& statistics);

inline constexpr std::uint64_t kLeastPreviewEntries = 256;

struct PreviewOptions {
  /// At most so many entries of each sketch are used, for speed, but no fewer than kLeastPreviewEntries; 0: all.
  std::uint64_t entriesPerTensor = 0;
  int threads = 0;  ///< 0: as many as the machine has
};

/// For while something is dragged: so few entries that all tensors of 126 layers and 8 models take two threads less than 50 ms; where there are
/// fewer tensors or models, more of each.
PreviewOptions quickPreview(const MergePlan& plan);

/// Predicts what a merge by the plan will make, without reading a model: exactly from the inner products where the method's result is a sum of its
/// inputs with factors that follow from these, and by the method's own code on the sketches otherwise. What a type of low precision rounds away is
/// not predicted. A function of const data, safe from any thread.
Preview predictMerge(const MergePlan& plan, const Statistics& statistics, const PreviewLinks& links, const PreviewOptions& options,
                     std::stop_token stop);
/// The same for some of the jobs: `tensors` has one entry for each of these, layers and total are over them.
Preview predictJobs(const MergePlan& plan, const Statistics& statistics, const PreviewLinks& links, std::span<const std::size_t> jobs,
                    const PreviewOptions& options, std::stop_token stop);

/// Keeps the predictions of tensors from one recipe to the next. What a tensor is merged with decides over its prediction, so that while a point is
/// dragged only the layers are computed anew whose values it changes. One call at a time.
class PreviewMemory {
 public:
  PreviewMemory();
  ~PreviewMemory();
  PreviewMemory(const PreviewMemory&) = delete;
  PreviewMemory& operator=(const PreviewMemory&) = delete;

  /// As predictMerge(); a tensor keeps a prediction from more entries than `options` ask for. `Preview::entries` counts what was computed now.
  Preview predict(const MergePlan& plan, const std::shared_ptr<const Statistics>& statistics, const PreviewLinks& links, const PreviewOptions& options,
                  std::stop_token stop);

 private:
  struct Entry;

  std::shared_ptr<const Statistics> m_statistics;
  std::vector<Entry> m_entries;  ///< one per job
};

}  // namespace layerloom
