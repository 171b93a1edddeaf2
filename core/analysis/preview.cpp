// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/preview.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <functional>
#include <map>
#include <numeric>
#include <unordered_map>

#include "core/analysis/preview_tensor.h"
#include "core/checkpoint/layout.h"
#include "core/support/text.h"
#include "core/support/thread_arena.h"

namespace layerloom {
namespace {

StatisticsSlot slotOf(const std::string& reference, const Statistics& statistics) {
  if (!statistics.base.empty() && reference == statistics.base) {
    return kBaseSlot;
  }
  const auto found = std::find(statistics.models.begin(), statistics.models.end(), reference);
  return found == statistics.models.end() ? kNoSlot : static_cast<StatisticsSlot>(found - statistics.models.begin());
}

class Linker {
 public:
  Linker(const MergePlan& plan, const Statistics& statistics) : m_plan(plan), m_statistics(statistics) {
    for (const std::string& reference : plan.references) {
      m_slots.push_back(slotOf(reference, statistics));
    }
    m_tensors.reserve(statistics.tensors.size());
    for (std::size_t i = 0; i < statistics.tensors.size(); ++i) {
      m_tensors.emplace(statistics.tensors[i].name, i);
    }
  }

  PreviewLinks::Job link(const TensorJob& job) const {
    PreviewLinks::Job link;
    setPlace(job, link);
    for (const JobInput& input : job.inputs) {
      link.inputs.push_back(m_slots[input.model]);
    }
    link.note = obstacleOf(job, link);
    return link;
  }

 private:
  void setPlace(const TensorJob& job, PreviewLinks::Job& link) const;
  std::string obstacleOf(const TensorJob& job, PreviewLinks::Job& link) const;

  const MergePlan& m_plan;
  const Statistics& m_statistics;
  std::vector<StatisticsSlot> m_slots;  ///< per model of the plan
  std::unordered_map<std::string_view, std::size_t> m_tensors;
};

/// The name in the result is that of an input, but for the number of the layer.
void Linker::setPlace(const TensorJob& job, PreviewLinks::Job& link) const {
  const ModelLayout& layout = *m_plan.models[job.inputs.front().model]->layout();
  const auto place = findPlace(layout, job.inputs.front().tensor->entry.name);
  if (!place) {
    return;
  }
  link.layer = place->layer;
  link.module = layout.stacks.size() > 1 ? place->stack->module : std::string();
  const std::string& name = job.output.name;
  if (name.starts_with(place->stack->prefix)) {
    std::from_chars(name.data() + place->stack->prefix.size(), name.data() + name.size(), link.layer);
  }
}

/// Sets the measured tensor; says why there is none.
std::string Linker::obstacleOf(const TensorJob& job, PreviewLinks::Job& link) const {
  if (job.copies) {
    return "a table of whole numbers is copied";
  }
  if (job.rows) {
    return "its rows are put in order by token";
  }
  const std::string& name = job.inputs.front().tensor->entry.name;
  for (const JobInput& input : job.inputs) {
    if (input.tensor != job.inputs.front().tensor && input.tensor->entry.name != name) {
      return "different tensors are merged, which were not compared";
    }
  }
  const auto found = m_tensors.find(name);
  if (found == m_tensors.end()) {
    return m_statistics.complete ? "the models were not compared here" : "not measured yet";
  }
  const TensorStatistics& tensor = m_statistics.tensors[found->second];
  for (std::size_t i = 0; i < job.inputs.size(); ++i) {
    const StatisticsSlot slot = link.inputs[i];
    if (slot == kNoSlot || (slot != kBaseSlot && !tensor.figures.models[slot])) {
      return fmt::format("\"{}\" was not compared here", escaped(m_plan.references[job.inputs[i].model]));
    }
    if (slot != kBaseSlot && tensor.figures.models[slot]->nonFinite > 0) {
      return "it holds NaN or infinite numbers";
    }
  }
  link.tensor = found->second;
  return {};
}

/// Whether coefficients or ranks belong to rows, and a tensor of more than two axes or columns that are taken apart cannot be thinned out.
std::optional<std::string> sketchObstacle(const PreviewTask& task, const TensorMerge& merge) {
  if (task.tensor.sketch == nullptr) {
    return "no sketch of it was taken";
  }
  if (task.tensor.sketch->whole) {
    return std::nullopt;
  }
  if (task.job.settings.flag("nuslerp_row_wise")) {
    return "nuslerp_row_wise needs whole columns, which a sketch does not hold; a dry run tells";
  }
  if (task.tensor.shape.size() > 2 && merge.looksAtRows()) {
    return "the method looks at rows of a tensor of more than two axes, which a sketch does not hold; a dry run tells";
  }
  return std::nullopt;
}

Result<TensorPrediction> predictTensor(const PreviewTask& task, const PreviewOptions& options) {
  LAYERLOOM_TRY(const auto merge, makeTensorMerge(task.job.settings));
  TensorPrediction prediction;
  if (const auto span = merge->span()) {
    LAYERLOOM_TRY(prediction.sums, predictSpan(task, *span));
    prediction.exact = true;
    return prediction;
  }
  if (const auto obstacle = sketchObstacle(task, *merge)) {
    prediction.note = *obstacle;
    return prediction;
  }
  const std::uint64_t most = options.entriesPerTensor;
  PreviewTask sampled = task;
  sampled.looksAtRows = merge->looksAtRows();
  return predictBySketch(sampled, most == 0 ? 0 : std::max(most, kLeastPreviewEntries));
}

TensorPrediction predictOrSay(const PreviewTask& task, const PreviewOptions& options) {
  Result<TensorPrediction> prediction = predictTensor(task, options);
  if (prediction) {
    return *std::move(prediction);
  }
  TensorPrediction none;
  none.note = prediction.error().message;
  return none;
}

/// The notes of all tensors without figures, equal ones counted.
std::vector<std::string> gatherNotes(const std::vector<TensorPreview>& tensors) {
  std::map<std::string, std::size_t> counts;
  for (const TensorPreview& tensor : tensors) {
    if (tensor.basis == PreviewBasis::None && !tensor.note.empty()) {
      ++counts[tensor.note];
    }
  }
  std::vector<std::string> notes;
  for (const auto& [note, count] : counts) {
    notes.push_back(fmt::format("{} of {} tensors are left out: {}", count, tensors.size(), note));
  }
  return notes;
}

}  // namespace

PreviewLinks linkPreview(const MergePlan& plan, const Statistics& statistics) {
  const Linker linker(plan, statistics);
  PreviewLinks links;
  for (const TensorJob& job : plan.jobs) {
    links.jobs.push_back(linker.link(job));
  }
  return links;
}

void gatherFigures(Preview& preview, std::span<const MergeSums* const> sums) {
  const std::size_t models = preview.models.size();
  std::map<std::pair<std::string, int>, std::vector<const MergeSums*>> layers;
  std::vector<const MergeSums*> all;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i] != nullptr) {
      layers[{preview.tensors[i].module, preview.tensors[i].layer}].push_back(sums[i]);
      all.push_back(sums[i]);
    }
  }
  std::vector<std::span<const MergeSums* const>> groups = {all};
  for (const auto& [place, tensors] : layers) {
    preview.layers.push_back({place.second, place.first, {}});
    groups.emplace_back(tensors);
  }
  tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t i) {
    (i == 0 ? preview.total : preview.layers[i - 1].figures) = figuresOf(groups[i], models);
  });
  tbb::parallel_for(std::size_t{0}, sums.size(), [&](std::size_t i) {
    if (sums[i] != nullptr) {
      preview.tensors[i].figures = figuresOf(sums.subspan(i, 1), models);
    }
  });
  preview.notes = gatherNotes(preview.tensors);
}

Preview unfilledPreview(const MergePlan& plan, const Statistics& statistics, const PreviewLinks& links, std::span<const std::size_t> jobs) {
  Preview preview;
  preview.base = statistics.base;
  preview.models = statistics.models;
  for (const std::size_t job : jobs) {
    const PreviewLinks::Job& link = links.jobs[job];
    preview.tensors.push_back({plan.jobs[job].output.name, link.layer, link.module, PreviewBasis::None, link.note, {}});
  }
  return preview;
}

namespace {

/// Puts predictions of jobs together; `predictionOf` gives that of a job in the list, or null where there is nothing to predict from or it was stopped.
Preview assemble(Preview preview, std::size_t jobs, const std::function<const TensorPrediction*(std::size_t)>& predictionOf) {
  std::vector<const MergeSums*> sums(jobs);
  for (std::size_t i = 0; i < jobs; ++i) {
    if (const TensorPrediction* prediction = predictionOf(i)) {
      TensorPreview& tensor = preview.tensors[i];
      tensor.note = prediction->note;
      tensor.basis = !prediction->sums ? PreviewBasis::None : prediction->exact ? PreviewBasis::Exact : PreviewBasis::Sampled;
      sums[i] = prediction->sums ? &*prediction->sums : nullptr;
    }
  }
  gatherFigures(preview, sums);
  return preview;
}

}  // namespace

Preview predictJobs(const MergePlan& plan, const Statistics& statistics, const PreviewLinks& links, std::span<const std::size_t> jobs,
                    const PreviewOptions& options, std::stop_token stop) {
  std::vector<std::optional<TensorPrediction>> predictions(jobs.size());
  const auto predict = [&](std::size_t i) {
    const PreviewLinks::Job& link = links.jobs[jobs[i]];
    if (link.tensor && !stop.stop_requested()) {
      predictions[i] = predictOrSay({plan.jobs[jobs[i]], link, statistics.tensors[*link.tensor], statistics.models.size()}, options);
    }
  };
  Preview preview;
  runInArena(options.threads, [&] {
    tbb::parallel_for(std::size_t{0}, jobs.size(), predict);
    preview = assemble(unfilledPreview(plan, statistics, links, jobs), jobs.size(),
                       [&](std::size_t i) { return predictions[i] ? &*predictions[i] : nullptr; });
  });
  for (const auto& prediction : predictions) {
    preview.entries += prediction ? prediction->entries : 0;
  }
  preview.complete = !stop.stop_requested();
  return preview;
}

/// A prediction and all that decided over it.
struct PreviewMemory::Entry {
  MergeSettings settings;
  std::optional<DType> inputDtype;
  PreviewLinks::Job link;
  std::uint64_t entriesPerTensor = 0;  ///< 0: all
  std::optional<TensorPrediction> prediction;
  std::unique_ptr<PreparedSample> sample;  ///< the last one that had a limit: all entries of all tensors would be too many to keep

  bool serves(const TensorJob& job, const PreviewLinks::Job& wanted, std::uint64_t entries) const {
    const bool enough = entriesPerTensor == 0 || (entries != 0 && entriesPerTensor >= entries);
    return prediction && enough && link.tensor == wanted.tensor && link.inputs == wanted.inputs && inputDtype == job.inputDtype &&
           settings == job.settings;
  }
};

PreviewMemory::PreviewMemory() = default;
PreviewMemory::~PreviewMemory() = default;

Preview PreviewMemory::predict(const MergePlan& plan, const std::shared_ptr<const Statistics>& statistics, const PreviewLinks& links,
                               const PreviewOptions& options, std::stop_token stop) {
  if (m_statistics != statistics || m_entries.size() != plan.jobs.size()) {
    m_statistics = statistics;
    m_entries = std::vector<Entry>(plan.jobs.size());
  }
  std::atomic<std::uint64_t> entries = 0;
  const auto predict = [&](std::size_t job) {
    const PreviewLinks::Job& link = links.jobs[job];
    Entry& entry = m_entries[job];
    if (entry.serves(plan.jobs[job], link, options.entriesPerTensor) || stop.stop_requested()) {
      return;
    }
    entry = {plan.jobs[job].settings, plan.jobs[job].inputDtype, link, options.entriesPerTensor, std::nullopt, std::move(entry.sample)};
    if (link.tensor) {
      PreviewTask task{plan.jobs[job], link, statistics->tensors[*link.tensor], statistics->models.size()};
      task.kept = options.entriesPerTensor == 0 ? nullptr : &entry.sample;
      entry.prediction = predictOrSay(task, options);
      entries += entry.prediction->entries;
    }
  };
  std::vector<std::size_t> jobs(plan.jobs.size());
  std::iota(jobs.begin(), jobs.end(), std::size_t{0});
  Preview preview;
  runInArena(options.threads, [&] {
    tbb::parallel_for(std::size_t{0}, plan.jobs.size(), predict);
    preview = assemble(unfilledPreview(plan, *statistics, links, jobs), jobs.size(),
                       [&](std::size_t i) { return m_entries[i].prediction ? &*m_entries[i].prediction : nullptr; });
  });
  preview.entries = entries;
  preview.complete = !stop.stop_requested();
  return preview;
}

PreviewOptions quickPreview(const MergePlan& plan) {
  // Of all tensors and models together.
  constexpr std::uint64_t kEntries = 4'000'000;
  constexpr std::uint64_t kCheapEntries = 16'000'000;  // looks at each entry once, and its intervals need more of them
  constexpr std::uint64_t kDearEntries = 1'200'000;    // exponentials of each entry, in halves and quarters of rows as well
  const std::uint64_t columns = plan.jobs.size() * (plan.models.size() + 1);
  PreviewOptions options;
  const std::string& method = plan.method->name;
  const std::uint64_t entries = method == "nearswap" ? kCheapEntries : method == "arcee_fusion" ? kDearEntries : kEntries;
  options.entriesPerTensor = entries / std::max<std::uint64_t>(1, columns);
  options.entriesPerTensor = std::max(options.entriesPerTensor, kLeastPreviewEntries);
  return options;
}

Preview predictMerge(const MergePlan& plan, const Statistics& statistics, const PreviewLinks& links, const PreviewOptions& options,
                     std::stop_token stop) {
  std::vector<std::size_t> jobs(plan.jobs.size());
  std::iota(jobs.begin(), jobs.end(), std::size_t{0});
  return predictJobs(plan, statistics, links, jobs, options, std::move(stop));
}

}  // namespace layerloom
