// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/chunk_reader.h"

#include <algorithm>

namespace layerloom {

Result<std::uint64_t> readInput(const MergePlan& plan, const TensorJob& job, std::size_t input, const AlignedRows* rows,
                                std::uint64_t first, std::span<float> out, ReadScratch& scratch) {
  const ModelTensor& tensor = *job.inputs[input].tensor;
  LAYERLOOM_TRY(const std::uint64_t bytes,
                rows != nullptr ? rows->read(input, first, out, scratch)
                                : readValues(*plan.models[job.inputs[input].model], tensor, first, out, scratch, input));
  const bool asStored = rows == nullptr && tensor.update == nullptr && job.inputDtype == tensor.entry.dtype;
  if (job.inputDtype && !asStored) {
    roundTo(*job.inputDtype, out);
  }
  return bytes;
}

Result<std::uint64_t> readChunk(const MergePlan& plan, const TensorJob& job, const AlignedRows* rows, std::uint64_t chunkElements,
                                std::uint64_t index, ChunkBuffers& buffers, Chunk& chunk) {
  chunk.index = index;
  chunk.offset = index * chunkElements;
  const auto size = static_cast<std::size_t>(std::min(chunkElements, job.settings.elements - chunk.offset));
  chunk.inputs.clear();
  buffers.inputs.resize(std::max(buffers.inputs.size(), job.inputs.size()));
  std::uint64_t bytesRead = 0;
  for (std::size_t i = 0; i < job.inputs.size(); ++i) {
    buffers.inputs[i].resize(std::max(buffers.inputs[i].size(), size));
    const auto values = std::span(buffers.inputs[i]).first(size);
    LAYERLOOM_TRY(const std::uint64_t bytes, readInput(plan, job, i, rows, chunk.offset, values, buffers.scratch));
    chunk.inputs.push_back(values);
    bytesRead += bytes;
  }
  return bytesRead;
}

void InputSurvey::add(const Chunk& chunk) {
  m_inputs.resize(chunk.inputs.size());
  for (std::size_t i = 0; i < chunk.inputs.size(); ++i) {
    m_inputs[i] += survey(chunk.inputs[i]);
  }
}

void InputSurvey::add(const InputSurvey& next) {
  m_inputs.resize(std::max(m_inputs.size(), next.m_inputs.size()));
  for (std::size_t i = 0; i < next.m_inputs.size(); ++i) {
    m_inputs[i] += next.m_inputs[i];
  }
}

}  // namespace layerloom
