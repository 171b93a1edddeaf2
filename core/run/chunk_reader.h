// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/checkpoint/tensor_values.h"
#include "core/plan/plan.h"
#include "core/run/aligned_rows.h"
#include "core/tensor/kernels.h"

namespace layerloom {

/// What one thread needs to read chunks; used again from chunk to chunk.
struct ChunkBuffers {
  ReadScratch scratch;
  std::vector<std::vector<float>> inputs;
  std::vector<float> out;
};

/// Reads elements of an input of a job, from `first` on, as the method is to see them: adapters applied, rows aligned where `rows` is not
/// null, rounded to the type that the merge computes in. Returns the bytes read.
Result<std::uint64_t> readInput(const MergePlan& plan, const TensorJob& job, std::size_t input, const AlignedRows* rows,
                                std::uint64_t first, std::span<float> out, ReadScratch& scratch);
/// The same for a chunk of all inputs.
Result<std::uint64_t> readChunk(const MergePlan& plan, const TensorJob& job, const AlignedRows* rows, std::uint64_t chunkElements,
                                std::uint64_t index, ChunkBuffers& buffers, Chunk& chunk);

/// What was found in the inputs of a job, one survey per input.
class InputSurvey {
 public:
  /// Adds what is in a chunk.
  void add(const Chunk& chunk);
  /// Adds what was found in the part of the tensor that follows.
  void add(const InputSurvey& next);
  const std::vector<Survey>& inputs() const { return m_inputs; }

 private:
  std::vector<Survey> m_inputs;
};

}  // namespace layerloom
