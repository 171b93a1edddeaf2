// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/dry_run.h"

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>

#include "core/analysis/merge_in_memory.h"
#include "core/analysis/preview_sums.h"
#include "core/analysis/preview_tensor.h"
#include "core/run/chunk_reader.h"
#include "core/support/thread_arena.h"
#include "core/tensor/conversion_kernels.h"

namespace layerloom {
namespace {

/// What a thread keeps from tensor to tensor.
struct Room {
  ChunkBuffers buffers;
  ReadScratch scratch;
  std::vector<float> out;
  std::vector<double> base;
  std::vector<std::vector<float>> models;  ///< as stored
};

/// Merges one tensor and measures what comes of it.
class TensorTruth {
 public:
  TensorTruth(const MergePlan& plan, const StatisticsSources& sources, const PreviewLinks& links, std::size_t job, Room& room)
      : m_plan(plan), m_job(plan.jobs[job]), m_link(links.jobs[job]), m_sources(sources), m_room(room), m_models(sourcesOf(m_link)) {
    m_sums.elements = m_job.settings.elements;
    m_sums.models.resize(sources.models.size());
    for (const std::size_t model : m_models) {
      m_sums.models[model].emplace();
    }
  }

  /// Nothing after a request to stop. Tells `advance` the elements that are done since it was told last.
  Result<std::optional<MergeSums>> measure(const std::stop_token& stop, const std::function<void(std::uint64_t)>& advance);

 private:
  Status readStored(const Chunk& chunk);
  void add();
  void addShares(const TensorMerge& merge, const MergeTally& tally);

  const MergePlan& m_plan;
  const TensorJob& m_job;
  const PreviewLinks::Job& m_link;
  const StatisticsSources& m_sources;
  Room& m_room;
  const std::vector<std::size_t> m_models;
  MergeSums m_sums;
};

/// Base and models as they are stored, not rounded to the type that the merge computes in.
Status TensorTruth::readStored(const Chunk& chunk) {
  const std::string& name = m_job.inputs.front().tensor->entry.name;
  m_room.base.assign(chunk.size(), 0.0);
  m_room.models.resize(m_sources.models.size());
  std::vector<float> values(chunk.size());
  if (m_sources.base != nullptr) {
    LAYERLOOM_CHECK(readValues(*m_sources.base, *m_sources.base->find(name), chunk.offset, values, m_room.scratch, m_sources.models.size()));
    std::copy(values.begin(), values.end(), m_room.base.begin());
  }
  for (std::size_t i = 0; i < m_sources.models.size(); ++i) {
    const ModelTensor* tensor = m_sources.models[i]->find(name);
    if (tensor == nullptr || tensor->entry.shape != m_job.inputs.front().tensor->entry.shape) {
      continue;
    }
    m_room.models[i].resize(chunk.size());
    LAYERLOOM_CHECK(readValues(*m_sources.models[i], *tensor, chunk.offset, m_room.models[i], m_room.scratch, i));
    if (m_sources.base == nullptr) {
      // Every model has the tensor, else it would not have been measured.
      std::transform(m_room.models[i].begin(), m_room.models[i].end(), m_room.base.begin(), m_room.base.begin(), [&](float value, double sum) {
        return sum + value / static_cast<double>(m_sources.models.size());
      });
    }
  }
  return {};
}

void TensorTruth::add() {
  const std::vector<double>& base = m_room.base;
  for (std::size_t i = 0; i < base.size(); ++i) {
    const double change = m_room.out[i] - base[i];
    m_sums.baseSquared += base[i] * base[i];
    m_sums.moved.value += change * change;
  }
  for (const std::size_t model : m_models) {
    const std::vector<float>& values = m_room.models[model];
    ModelSums& own = *m_sums.models[model];
    for (std::size_t i = 0; i < base.size(); ++i) {
      const double delta = values[i] - base[i];
      const double apart = double{m_room.out[i]} - values[i];
      own.squared += delta * delta;
      own.dot.value += delta * (m_room.out[i] - base[i]);
      own.apart.value += apart * apart;
    }
  }
}

void TensorTruth::addShares(const TensorMerge& merge, const MergeTally& tally) {
  const std::vector<std::optional<double>> factors = merge.factors();
  for (const std::size_t model : m_models) {
    ModelSums& own = *m_sums.models[model];
    for (std::size_t i = 0; i < m_link.inputs.size(); ++i) {
      if (m_link.inputs[i] != model) {
        continue;
      }
      if (i < factors.size() && factors[i]) {
        own.weight = Measured{own.weight.value_or(Measured{}).value + *factors[i], 0};
      }
      if (i < tally.inputs.size() && tally.inputs[i] && std::count(m_link.inputs.begin(), m_link.inputs.end(), model) == 1) {
        const auto share = [&](std::uint64_t count) { return Measured{static_cast<double>(count) / static_cast<double>(m_sums.elements), 0}; };
        own.kept = tally.trims ? std::optional(share(tally.inputs[i]->kept)) : std::nullopt;
        own.won = tally.elects ? std::optional(share(tally.inputs[i]->won)) : std::nullopt;
        own.lost = tally.elects ? std::optional(share(tally.inputs[i]->lost)) : std::nullopt;
      }
    }
  }
}

Result<std::optional<MergeSums>> TensorTruth::measure(const std::stop_token& stop, const std::function<void(std::uint64_t)>& advance) {
  LAYERLOOM_TRY(const auto merge, makeTensorMerge(m_job.settings));
  const std::uint64_t chunks = chunksOf(*merge, m_job.settings.elements);
  bool stopped = false;
  const ChunkSource read = [&](Chunk& chunk) -> Status {
    stopped = stopped || stop.stop_requested();
    LAYERLOOM_CHECK(readChunk({m_plan, m_job, merge->chunkElements(), nullptr, chunks}, chunk.index, m_room.buffers, chunk));
    return {};
  };
  LAYERLOOM_CHECK(observeAll(*merge, chunks, read));
  MergeTally tally = merge->startTally();
  Chunk chunk;
  for (chunk.index = 0; chunk.index < chunks && !stopped; ++chunk.index) {
    LAYERLOOM_CHECK(read(chunk));
    m_room.out.resize(chunk.size());
    merge->computeTallied(chunk, m_room.out, tally);
    roundTo(m_job.output.dtype, m_room.out);
    LAYERLOOM_CHECK(readStored(chunk));
    add();
    advance(chunk.size());
  }
  if (stopped) {
    return std::nullopt;
  }
  addShares(*merge, tally);
  return m_sums;
}

std::uint64_t elementsOf(const MergePlan& plan, const PreviewLinks& links, std::span<const std::size_t> jobs) {
  return std::accumulate(jobs.begin(), jobs.end(), std::uint64_t{0},
                         [&](std::uint64_t sum, std::size_t job) { return sum + (links.jobs[job].tensor ? plan.jobs[job].settings.elements : 0); });
}

}  // namespace

std::vector<std::size_t> jobsOfLayer(const PreviewLinks& links, int layer) {
  std::vector<std::size_t> jobs;
  for (std::size_t i = 0; i < links.jobs.size(); ++i) {
    if (links.jobs[i].layer == layer) {
      jobs.push_back(i);
    }
  }
  return jobs;
}

Result<Preview> dryRun(const MergePlan& plan, const StatisticsSources& sources, const Statistics& statistics, const PreviewLinks& links,
                       std::span<const std::size_t> jobs, int threads, std::stop_token stop, const DryRunProgress& progress) {
  Preview truth = unfilledPreview(plan, statistics, links, jobs);
  std::vector<std::optional<MergeSums>> sums(jobs.size());
  tbb::enumerable_thread_specific<Room> rooms;
  std::mutex mutex;
  std::optional<Error> failed;
  const std::uint64_t all = elementsOf(plan, links, jobs);
  std::atomic<std::uint64_t> done = 0;
  const auto advance = [&](std::uint64_t elements) {
    const std::uint64_t now = done += elements;
    if (progress) {
      progress(now, all);
    }
  };
  const auto measure = [&](std::size_t i) {
    if (!links.jobs[jobs[i]].tensor || stop.stop_requested()) {
      return;
    }
    auto measured = TensorTruth(plan, sources, links, jobs[i], rooms.local()).measure(stop, advance);
    if (!measured) {
      const std::lock_guard lock(mutex);
      failed = failed.value_or(measured.error());
      return;
    }
    sums[i] = *std::move(measured);
    truth.tensors[i].basis = sums[i] ? PreviewBasis::Exact : PreviewBasis::None;
  };
  runInArena(threads, [&] { tbb::parallel_for(std::size_t{0}, jobs.size(), measure); });
  if (failed) {
    return tl::unexpected(*std::move(failed));
  }
  std::vector<const MergeSums*> present;
  for (const auto& one : sums) {
    present.push_back(one ? &*one : nullptr);
  }
  gatherFigures(truth, present);
  truth.complete = !stop.stop_requested();
  return truth;
}

}  // namespace layerloom
