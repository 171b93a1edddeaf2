// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
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

/// One tensor in the making, part by part. The parts of a pass may be worked on by several threads at a time; they are taken in one by
/// one, in their order. All return early when the merge is stopped.
class TensorWork {
 public:
  /// What was seen of a part of the inputs.
  struct Observed {
    std::unique_ptr<Observation> observation;
    InputSurvey inputs;
  };
  /// A part of the result, computed and not written yet.
  struct Output {
    std::uint64_t offset = 0;  ///< in the tensor, in bytes
    std::vector<std::byte> bytes;
    Survey values;
    std::uint64_t saturations = 0;
    InputSurvey inputs;
  };

  TensorWork(ExecutorContext& context, std::size_t job);

  std::size_t job() const { return m_jobIndex; }
  Status begin();

  /// True while a pass over the inputs is needed before the one that computes.
  bool needsPass() const { return m_merge != nullptr && m_merge->needsPass(); }
  std::uint64_t observedParts() const;
  Result<Observed> observe(std::uint64_t part);
  void absorb(Observed& seen);
  Status endPass();

  /// Once no pass is needed any more.
  void endPasses();
  std::uint64_t emittedParts() const;
  Result<Output> emit(std::uint64_t part);
  /// Writes a part and gives up its bytes.
  Status deliver(Output& output);
  /// Once all parts are delivered: fails where the inputs do not admit the result.
  Status end() const { return checkInputs(); }
  TensorAudit audit() const;

 private:
  class Sample;

  Status takeSample();
  Status emitChunk(std::uint64_t index, std::uint64_t endChunk, std::span<std::byte> bytes, Output& output);
  Status copyPart(Output& output) const;
  Status readInto(std::uint64_t index, std::uint64_t endChunk, Chunk& chunk, InputSurvey& found);
  Status checkInputs() const;
  Status write(std::uint64_t offset, std::span<const std::byte> bytes);
  std::uint64_t chunks() const;

  ExecutorContext& m_context;
  const std::size_t m_jobIndex;
  const TensorJob& m_job;
  std::optional<AlignedRows> m_rows;
  std::unique_ptr<TensorMerge> m_merge;  ///< null where the tensor is copied
  int m_passes = 1;
  InputSurvey m_inputs;
  bool m_surveyed = false;  ///< a whole pass has looked at the inputs
  Survey m_values;
  std::uint64_t m_saturations = 0;
};

}  // namespace layerloom
