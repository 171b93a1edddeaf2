// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/tensor_job.h"

#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <fmt/format.h>

#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

constexpr std::uint64_t kTaskElements = 16 * kChunkElements;

/// Chunks that one task observes in a row; enough that starting and absorbing an observation costs little beside them.
std::uint64_t chunksPerTask(std::uint64_t chunkElements) {
  return std::max<std::uint64_t>(1, kTaskElements / chunkElements);
}

std::uint64_t chunkCount(const TensorJob& job, std::uint64_t chunkElements) {
  return (job.settings.elements + chunkElements - 1) / chunkElements;
}

std::uint64_t inputBytes(const TensorJob& job) {
  std::uint64_t bytes = 0;
  for (const JobInput& input : job.inputs) {
    bytes += input.tensor->entry.bytes();
  }
  return bytes;
}

}  // namespace

void JobExecutor::fail(Error error) {
  const std::lock_guard lock(m_mutex);
  if (!m_failed.exchange(true)) {
    m_error = std::move(error);
  }
}

bool JobExecutor::stopsOn(Status status) {
  if (!status) {
    fail(std::move(status).error());
  }
  return isStopped();
}

std::optional<Error> JobExecutor::takeError() {
  const std::lock_guard lock(m_mutex);
  return std::move(m_error);
}

void JobExecutor::run(const TensorJob& job) {
  if (!isStopped()) {
    // A failed status is remembered; there is nothing more to do here.
    (void)stopsOn(runPasses(job));
  }
}

Status JobExecutor::runPasses(const TensorJob& job) {
  if (job.copies) {
    return copyFirst(job);
  }
  std::optional<AlignedRows> rows;
  if (job.rows) {
    rows.emplace(m_plan, job);
    LAYERLOOM_TRY(const std::uint64_t bytes, rows->prepare(m_stop));
    m_bytesRead += bytes;
  }
  const Work work{job, rows ? &*rows : nullptr};
  LAYERLOOM_TRY(const std::unique_ptr<TensorMerge> merge, makeTensorMerge(job.settings));
  int passes = 1;
  for (; merge->needsPass() && !isStopped(); ++passes) {
    LAYERLOOM_CHECK(observeAll(work, *merge));
  }
  if (!isStopped()) {
    LAYERLOOM_CHECK(emitAll(work, *merge));
  }
  // Passes that turned out to be unnecessary count as done.
  m_meter.add(inputBytes(job) * static_cast<std::uint64_t>(std::max(0, job.passes - passes)), job.output.name);
  return {};
}

/// Copies the bytes of the first input; the others must have the same.
Status JobExecutor::copyFirst(const TensorJob& job) {
  constexpr std::uint64_t kPiece = 1 << 20;
  std::vector<std::byte> first;
  std::vector<std::byte> other;
  const std::uint64_t size = job.output.bytes();
  for (std::uint64_t at = 0; at < size && !isStopped(); at += kPiece) {
    const auto piece = static_cast<std::size_t>(std::min(kPiece, size - at));
    first.resize(piece);
    other.resize(piece);
    for (std::size_t i = 0; i < job.inputs.size(); ++i) {
      const JobInput& input = job.inputs[i];
      LAYERLOOM_CHECK(m_plan.models[input.model]->read(*input.tensor, at, i == 0 ? std::span(first) : std::span(other)));
      if (i > 0 && first != other) {
        return refused(fmt::format("the table of whole numbers \"{}\" differs between \"{}\" and \"{}\"", escaped(job.output.name),
                                   escaped(m_plan.references[job.inputs[0].model]), escaped(m_plan.references[input.model])),
                       "merge models with equal tables");
      }
      m_bytesRead += piece;
      m_meter.add(piece, job.output.name);
    }
    LAYERLOOM_CHECK(m_shards[job.shard].write(m_plan.shards[job.shard].header.size() + job.output.begin + at, first));
    m_bytesWritten += piece;
    m_meter.add(piece, job.output.name);
  }
  return {};
}

Status JobExecutor::readChunk(const Work& work, std::uint64_t chunkElements, std::uint64_t index, Buffers& buffers, Chunk& chunk) {
  const TensorJob& job = work.job;
  chunk.index = index;
  chunk.offset = index * chunkElements;
  const auto size = static_cast<std::size_t>(std::min(chunkElements, job.settings.elements - chunk.offset));
  chunk.inputs.clear();
  buffers.inputs.resize(std::max(buffers.inputs.size(), job.inputs.size()));
  std::uint64_t bytesRead = 0;
  for (std::size_t i = 0; i < job.inputs.size(); ++i) {
    const ModelTensor& tensor = *job.inputs[i].tensor;
    const Model& model = *m_plan.models[job.inputs[i].model];
    buffers.inputs[i].resize(std::max(buffers.inputs[i].size(), size));
    const auto values = std::span(buffers.inputs[i]).first(size);
    LAYERLOOM_TRY(const std::uint64_t bytes, work.rows != nullptr ? work.rows->read(i, chunk.offset, values, buffers.scratch)
                                                                  : readValues(model, tensor, chunk.offset, values, buffers.scratch, i));
    const bool asStored = work.rows == nullptr && tensor.update == nullptr && job.inputDtype == tensor.entry.dtype;
    if (job.inputDtype && !asStored) {
      roundTo(*job.inputDtype, values);
    }
    chunk.inputs.push_back(values);
    bytesRead += bytes;
  }
  m_bytesRead += bytesRead;
  m_meter.add(bytesRead, job.output.name);
  return {};
}

Status JobExecutor::observeAll(const Work& work, TensorMerge& merge) {
  const std::uint64_t chunkElements = merge.chunkElements();
  const std::uint64_t chunks = chunkCount(work.job, chunkElements);
  const std::uint64_t perTask = chunksPerTask(chunkElements);
  std::uint64_t next = 0;
  const auto start = [&](tbb::flow_control& flow) -> std::uint64_t {
    if (next >= chunks || isStopped()) {
      flow.stop();
      return 0;
    }
    return std::exchange(next, next + perTask);
  };
  const auto observe = [&](std::uint64_t first) -> std::shared_ptr<Observation> {
    std::shared_ptr<Observation> observation = merge.startObservation();
    Chunk chunk;
    const std::uint64_t end = std::min(first + perTask, chunks);
    for (std::uint64_t index = first; index < end; ++index) {
      if (stopsOn(readChunk(work, chunkElements, index, m_buffers.local(), chunk))) {
        break;
      }
      observation->observe(chunk);
    }
    return observation;
  };
  // Observations are absorbed in the order of the tensor, whatever the number of threads: sums come out the same to the last bit.
  const auto absorb = [&](const std::shared_ptr<Observation>& observation) { merge.absorb(*observation); };
  const auto tokens = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_pipeline(tokens, tbb::make_filter<void, std::uint64_t>(tbb::filter_mode::serial_in_order, start) &
                                       tbb::make_filter<std::uint64_t, std::shared_ptr<Observation>>(tbb::filter_mode::parallel, observe) &
                                       tbb::make_filter<std::shared_ptr<Observation>, void>(tbb::filter_mode::serial_in_order, absorb));
  });
  if (!isStopped()) {
    LAYERLOOM_CHECK(merge.endPass());
  }
  return {};
}

Status JobExecutor::emitChunk(const Work& work, const TensorMerge& merge, std::uint64_t index) {
  const TensorJob& job = work.job;
  Buffers& buffers = m_buffers.local();
  Chunk chunk;
  LAYERLOOM_CHECK(readChunk(work, merge.chunkElements(), index, buffers, chunk));
  const std::size_t size = chunk.size();
  buffers.out.resize(std::max(buffers.out.size(), size));
  const auto out = std::span(buffers.out).first(size);
  merge.compute(chunk, out);
  const DType dtype = job.output.dtype;
  const std::size_t elementBytes = bitsOf(dtype) / 8;
  buffers.raw.resize(std::max(buffers.raw.size(), size * elementBytes));
  const auto bytes = std::span(buffers.raw).first(size * elementBytes);
  encode(dtype, out, bytes.data());
  m_nonFinite += countNonFinite(out);
  const std::uint64_t offset = m_plan.shards[job.shard].header.size() + job.output.begin + chunk.offset * elementBytes;
  LAYERLOOM_CHECK(m_shards[job.shard].write(offset, bytes));
  m_bytesWritten += bytes.size();
  m_meter.add(bytes.size(), job.output.name);
  return {};
}

Status JobExecutor::emitAll(const Work& work, const TensorMerge& merge) {
  const std::uint64_t chunks = chunkCount(work.job, merge.chunkElements());
  if (chunks == 1) {
    return emitChunk(work, merge, 0);
  }
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(std::uint64_t{0}, chunks, [&](std::uint64_t index) {
      if (!isStopped()) {
        (void)stopsOn(emitChunk(work, merge, index));
      }
    });
  });
  return {};
}

}  // namespace layerloom
