// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/statistics_pass.h"

#include <tbb/enumerable_thread_specific.h>

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <optional>

#include "core/analysis/compared_tensors.h"
#include "core/analysis/stable_rank.h"
#include "core/analysis/tensor_measure.h"
#include "core/support/thread_arena.h"

namespace layerloom {
namespace {

/// Hands out blocks of tensors in order, so that the picture fills from left to right and few tensors are in the making at a time.
class StatisticsPass {
 public:
  StatisticsPass(const StatisticsSources& sources, const StatisticsOptions& options, std::stop_token stop, const StatisticsCallback& callback)
      : m_sources(sources), m_options(options), m_stop(std::move(stop)), m_callback(callback), m_comparison(comparedTensors(sources)) {}

  Result<Statistics> run();

 private:
  struct Task {
    std::size_t tensor = 0;
    std::uint64_t block = 0;
  };

  bool isStopped() const { return m_failed || m_stop.stop_requested(); }
  std::shared_ptr<TensorMeasure> measureOf(std::size_t tensor);
  Status work(const Task& task);
  void publish(std::size_t tensor, TensorStatistics figures);

  const StatisticsSources& m_sources;
  const StatisticsOptions& m_options;
  const std::stop_token m_stop;
  const StatisticsCallback& m_callback;
  const Comparison m_comparison;
  std::atomic<bool> m_failed = false;
  std::mutex m_mutex;
  std::map<std::size_t, std::shared_ptr<TensorMeasure>> m_measures;  ///< tensors in the making
  std::vector<std::optional<TensorStatistics>> m_done;
  tbb::enumerable_thread_specific<MeasureBuffers> m_buffers;
};

std::shared_ptr<TensorMeasure> StatisticsPass::measureOf(std::size_t tensor) {
  const std::lock_guard lock(m_mutex);
  std::shared_ptr<TensorMeasure>& measure = m_measures[tensor];
  if (measure == nullptr) {
    measure = std::make_shared<TensorMeasure>(m_sources, m_comparison.tensors[tensor]);
  }
  return measure;
}

void StatisticsPass::publish(std::size_t tensor, TensorStatistics figures) {
  const std::lock_guard lock(m_mutex);
  m_measures.erase(tensor);
  m_done[tensor] = std::move(figures);
  if (m_callback) {
    m_callback(*m_done[tensor]);
  }
}

Status StatisticsPass::work(const Task& task) {
  MeasureBuffers& buffers = m_buffers.local();
  const std::shared_ptr<TensorMeasure> measure = measureOf(task.tensor);
  LAYERLOOM_TRY(const bool last, measure->measureBlock(task.block, buffers));
  if (last) {
    LAYERLOOM_TRY(TensorStatistics figures, measure->finish(buffers));
    if (m_options.stableRank) {
      LAYERLOOM_CHECK(addStableRanks(m_sources, m_comparison.tensors[task.tensor], figures, m_stop));
    }
    if (!m_stop.stop_requested()) {
      publish(task.tensor, std::move(figures));
    }
  }
  return {};
}

Result<Statistics> StatisticsPass::run() {
  std::vector<Task> tasks;
  for (std::size_t tensor = 0; tensor < m_comparison.tensors.size(); ++tensor) {
    for (std::uint64_t block = 0; block < TensorMeasure::blocksOf(m_comparison.tensors[tensor].elements); ++block) {
      tasks.push_back({tensor, block});
    }
  }
  m_done.resize(m_comparison.tensors.size());
  std::optional<Error> error;
  std::atomic<std::size_t> next = 0;
  runOnThreads(m_options.threads, [&](int) {
    for (std::size_t i = next++; i < tasks.size() && !isStopped(); i = next++) {
      if (Status status = work(tasks[i]); !status && !m_failed.exchange(true)) {
        const std::lock_guard lock(m_mutex);
        error = std::move(status).error();
      }
    }
  });
  if (error) {
    return tl::unexpected(*std::move(error));
  }
  Statistics statistics{m_sources.baseName, m_sources.names, {}, m_comparison.notes, true};
  for (std::optional<TensorStatistics>& tensor : m_done) {
    statistics.complete = statistics.complete && tensor.has_value();
    if (tensor) {
      statistics.tensors.push_back(*std::move(tensor));
    }
  }
  return statistics;
}

Status checkSources(const StatisticsSources& sources) {
  const std::size_t models = sources.models.size();
  if (models > kMostStatisticsModels) {
    return refused("more than 16 models cannot be compared at once", "compare fewer models");
  }
  if (models == 0 || (models == 1 && !sources.base)) {
    return refused("there is nothing to compare", "name a base model and at least one other model, or two models");
  }
  return {};
}

}  // namespace

Result<Statistics> measureStatistics(const StatisticsSources& sources, const StatisticsOptions& options, std::stop_token stop,
                                     const StatisticsCallback& callback) {
  LAYERLOOM_CHECK(checkSources(sources));
  // The threading library and the allocator throw; nothing of that leaves the core.
  try {
    return StatisticsPass(sources, options, std::move(stop), callback).run();
  } catch (const std::exception& exception) {
    return defect(exception.what());
  }
}

}  // namespace layerloom
