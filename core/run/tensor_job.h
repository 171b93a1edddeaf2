// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include <tbb/enumerable_thread_specific.h>

#include "core/checkpoint/tensor_values.h"
#include "core/plan/plan.h"
#include "core/support/file.h"
#include "core/support/progress_meter.h"

namespace layerloom {

/// Runs jobs of a plan, each over its chunks, on the threads of the arena it is called in. Buffers belong to threads and are used again, so
/// that memory depends on the number of threads and models only.
class JobExecutor {
 public:
  JobExecutor(const MergePlan& plan, const std::vector<File>& shards, std::stop_token stop, ProgressMeter& meter)
      : m_plan(plan), m_shards(shards), m_stop(std::move(stop)), m_meter(meter) {}

  /// Runs one job to its end. Safe to call from several threads for different jobs. Does nothing once a job has failed or a stop was
  /// requested.
  void run(const TensorJob& job);

  /// The first failure, if there was one.
  std::optional<Error> takeError();
  bool isStopped() const { return m_failed.load() || m_stop.stop_requested(); }

  std::uint64_t bytesRead() const { return m_bytesRead; }
  std::uint64_t bytesWritten() const { return m_bytesWritten; }
  std::uint64_t nonFinite() const { return m_nonFinite; }

 private:
  /// What one thread needs for one chunk.
  struct Buffers {
    ReadScratch scratch;
    std::vector<std::byte> raw;
    std::vector<std::vector<float>> inputs;
    std::vector<float> out;
  };

  Status runPasses(const TensorJob& job);
  Status observeAll(const TensorJob& job, TensorMerge& merge);
  Status emitAll(const TensorJob& job, const TensorMerge& merge);
  Status readChunk(const TensorJob& job, std::uint64_t chunkElements, std::uint64_t index, Buffers& buffers, Chunk& chunk);
  Status emitChunk(const TensorJob& job, const TensorMerge& merge, std::uint64_t index);
  void fail(Error error);
  /// False when the work goes on; remembers the error.
  bool stopsOn(Status status);

  const MergePlan& m_plan;
  const std::vector<File>& m_shards;
  const std::stop_token m_stop;
  ProgressMeter& m_meter;
  tbb::enumerable_thread_specific<Buffers> m_buffers;
  std::atomic<bool> m_failed = false;
  std::atomic<std::uint64_t> m_bytesRead = 0;
  std::atomic<std::uint64_t> m_bytesWritten = 0;
  std::atomic<std::uint64_t> m_nonFinite = 0;
  std::mutex m_mutex;
  std::optional<Error> m_error;
};

}  // namespace layerloom
