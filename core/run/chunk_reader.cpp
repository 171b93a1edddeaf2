// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/chunk_reader.h"

#include <algorithm>

namespace layerloom {
namespace {

/// Elements that are read at once, as far as the task goes: 128 KiB of 16-bit numbers.
constexpr std::uint64_t kRunElements = 64 * 1024;

/// True for what does not come as it lies in a file.
bool needsRounding(const TensorJob& job, const ModelTensor& tensor, const AlignedRows* rows) {
  const bool asStored = rows == nullptr && tensor.update == nullptr && job.inputDtype == tensor.entry.dtype;
  return job.inputDtype && !asStored;
}

/// Rounds to the type that the job computes in.
void roundAsAsked(const TensorJob& job, const ModelTensor& tensor, const AlignedRows* rows, std::span<float> values) {
  if (needsRounding(job, tensor, rows)) {
    roundTo(*job.inputDtype, values);
  }
}

/// True for an input whose chunks are decoded from a run of stored bytes. Numbers of 32 bits need no decoding: they are read where they are wanted.
bool isFromRun(const ChunkReading& reading, std::size_t input) {
  const ModelTensor& tensor = *reading.job.inputs[input].tensor;
  return reading.rows == nullptr && tensor.update == nullptr && bitsOf(tensor.dtypeInFile()) == 16;
}

/// Sees to it that the run holds a chunk; returns the bytes read for it.
Result<std::uint64_t> readRun(const ChunkReading& reading, const Chunk& chunk, std::uint64_t size, StoredRun& run) {
  if (run.job == &reading.job && run.begin <= chunk.offset && chunk.offset + size <= run.end) {
    return 0;
  }
  const std::uint64_t endOfTask = std::min(reading.endChunk * reading.chunkElements, reading.job.settings.elements);
  const std::uint64_t end = std::max(chunk.offset + size, std::min(endOfTask, chunk.offset + kRunElements));
  std::uint64_t bytesRead = 0;
  run.job = nullptr;
  run.inputs.resize(std::max(run.inputs.size(), reading.job.inputs.size()));
  for (std::size_t i = 0; i < reading.job.inputs.size(); ++i) {
    if (isFromRun(reading, i)) {
      const JobInput& input = reading.job.inputs[i];
      const std::uint64_t bytes = 2 * (end - chunk.offset);
      run.inputs[i].resize(std::max(run.inputs[i].size(), bytes));
      LAYERLOOM_CHECK(reading.plan.models[input.model]->read(*input.tensor, 2 * chunk.offset, std::span(run.inputs[i]).first(bytes)));
      bytesRead += bytes;
    }
  }
  run.job = &reading.job;
  run.begin = chunk.offset;
  run.end = end;
  return bytesRead;
}

/// Values of one input of a chunk from the run; adds what is in them to `found` where that is not null.
void decodeChunk(const ChunkReading& reading, std::size_t input, const StoredRun& run, const Chunk& chunk, std::span<float> out, Survey* found) {
  const ModelTensor& tensor = *reading.job.inputs[input].tensor;
  const std::byte* bytes = run.inputs[input].data() + 2 * (chunk.offset - run.begin);
  const bool rounds = needsRounding(reading.job, tensor, nullptr);
  for (std::size_t at = 0; at < out.size(); at += kNearElements) {
    const auto near = out.subspan(at, std::min(kNearElements, out.size() - at));
    if (found != nullptr && !rounds) {
      *found += decodeSurveyed(tensor.dtypeInFile(), bytes + 2 * at, near);
      continue;
    }
    decode(tensor.dtypeInFile(), bytes + 2 * at, near);
    roundAsAsked(reading.job, tensor, nullptr, near);
    if (found != nullptr) {
      *found += survey(near);
    }
  }
}

}  // namespace

Result<std::uint64_t> readInput(const MergePlan& plan, const TensorJob& job, std::size_t input, const AlignedRows* rows,
                                std::uint64_t first, std::span<float> out, ReadScratch& scratch) {
  const ModelTensor& tensor = *job.inputs[input].tensor;
  LAYERLOOM_TRY(const std::uint64_t bytes,
                rows != nullptr ? rows->read(input, first, out, scratch)
                                : readValues(*plan.models[job.inputs[input].model], tensor, first, out, scratch, input));
  roundAsAsked(job, tensor, rows, out);
  return bytes;
}

Result<std::uint64_t> readChunk(const ChunkReading& reading, std::uint64_t index, ChunkBuffers& buffers, Chunk& chunk, InputSurvey* found) {
  const std::size_t inputs = reading.job.inputs.size();
  chunk.index = index;
  chunk.offset = index * reading.chunkElements;
  const auto size = static_cast<std::size_t>(std::min(reading.chunkElements, reading.job.settings.elements - chunk.offset));
  chunk.inputs.clear();
  buffers.inputs.resize(std::max(buffers.inputs.size(), inputs));
  std::vector<Survey> surveys(found != nullptr ? inputs : 0);
  LAYERLOOM_TRY(std::uint64_t bytesRead, readRun(reading, chunk, size, buffers.run));
  for (std::size_t i = 0; i < inputs; ++i) {
    buffers.inputs[i].resize(std::max(buffers.inputs[i].size(), size));
    const auto values = std::span(buffers.inputs[i]).first(size);
    if (isFromRun(reading, i)) {
      decodeChunk(reading, i, buffers.run, chunk, values, found != nullptr ? &surveys[i] : nullptr);
    } else {
      LAYERLOOM_TRY(const std::uint64_t bytes, readInput(reading.plan, reading.job, i, reading.rows, chunk.offset, values, buffers.scratch));
      bytesRead += bytes;
      if (found != nullptr) {
        surveys[i] = survey(values);
      }
    }
    chunk.inputs.push_back(values);
  }
  if (found != nullptr) {
    found->add(surveys);
  }
  return bytesRead;
}

void InputSurvey::add(std::span<const Survey> found) {
  m_inputs.resize(std::max(m_inputs.size(), found.size()));
  for (std::size_t i = 0; i < found.size(); ++i) {
    m_inputs[i] += found[i];
  }
}

}  // namespace layerloom
