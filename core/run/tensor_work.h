// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include <tbb/concurrent_queue.h>
#include <tbb/enumerable_thread_specific.h>

#include "core/run/chunk_reader.h"
#include "core/run/plan_executor.h"

namespace layerloom {

/// What the tensors of a merge share while they are made. Safe from several threads.
struct ExecutorContext {
  const MergePlan& plan;
  const std::vector<File>& shards;
  const ExecutorOptions options;
  const std::stop_token stop;
  ProgressMeter& meter;
  std::atomic<bool> failed = false;
  std::atomic<std::uint64_t> bytesRead = 0;
  std::atomic<std::uint64_t> bytesWritten = 0;
  tbb::enumerable_thread_specific<ChunkBuffers> buffers;
  tbb::concurrent_queue<std::vector<std::byte>> spareBytes;  ///< room for results, used again

  bool isStopped() const { return failed.load(std::memory_order_relaxed) || stop.stop_requested(); }
  /// A point where work can be held up or ended; false where it is to end.
  bool mayGoOn() const {
    if (options.pause != nullptr && options.pause->isPaused()) {
      const auto from = std::chrono::steady_clock::now();
      options.pause->wait(stop);
      meter.rested(from, std::chrono::steady_clock::now());
    }
    return !isStopped();
  }
  std::vector<std::byte> takeBytes(std::size_t size);
};

/// Takes the bytes of a tensor, piece by piece and in order.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// One tensor in the making. `prepare` may be called for several tensors at a time; `finish` follows it. Both run their chunks on all
/// threads of the arena they are called in, and return early when the merge is stopped.
class TensorWork {
 public:
  TensorWork(ExecutorContext& context, std::size_t job);

  /// All passes over the inputs but the one that computes; that one, too, where the result is small.
  Status prepare();
  /// Computes what is left, and hands the result to `sink`. The whole result is in its file then.
  Status finish(const ByteSink& sink);
  TensorAudit audit() const;

 private:
  /// A part of the result, computed and not written yet.
  struct Output {
    std::uint64_t offset = 0;  ///< in the tensor, in bytes
    std::vector<std::byte> bytes;
    Survey values;
    std::uint64_t saturations = 0;
    InputSurvey inputs;
  };

  Status takeSample();
  Status observeAll();
  Status emitAll(const ByteSink& sink);
  Result<Output> emitRun(std::uint64_t firstChunk, std::uint64_t endChunk);
  Status emitChunk(std::uint64_t index, std::uint64_t endChunk, std::span<std::byte> bytes, Output& output);
  Status copyAll(const ByteSink& sink);
  Status readInto(std::uint64_t index, std::uint64_t endChunk, Chunk& chunk, InputSurvey& found);
  Status deliver(Output& output, const ByteSink& sink);
  Status checkInputs() const;
  Status write(std::uint64_t offset, std::span<const std::byte> bytes);
  std::uint64_t chunks() const;

  ExecutorContext& m_context;
  const TensorJob& m_job;
  std::optional<AlignedRows> m_rows;
  std::unique_ptr<TensorMerge> m_merge;
  std::optional<Output> m_small;  ///< the result of a small tensor
  InputSurvey m_inputs;
  bool m_surveyed = false;  ///< a whole pass has looked at the inputs
  Survey m_values;
  std::uint64_t m_saturations = 0;
};

}  // namespace layerloom
