// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/checkpoint/tensor_values.h"
#include "core/plan/plan.h"
#include "core/run/aligned_rows.h"
#include "core/tensor/conversion_kernels.h"

namespace layerloom {

/// Stored bytes of neighbouring chunks, which a thread reads at once: fewer calls of the system.
struct StoredRun {
  const TensorJob* job = nullptr;
  std::uint64_t begin = 0;  ///< element of the tensor
  std::uint64_t end = 0;
  std::vector<std::vector<std::byte>> inputs;  ///< of those inputs whose values are what their file holds, in 16 bits
};

/// What one thread needs to read chunks; used again from chunk to chunk.
struct ChunkBuffers {
  ReadScratch scratch;
  StoredRun run;
  std::vector<std::vector<float>> inputs;
  std::vector<float> out;
};

/// What was found in the inputs of a job, one survey per input.
class InputSurvey {
 public:
  /// Adds what was found in the part of the tensor that follows, one survey per input.
  void add(std::span<const Survey> found);
  void add(const InputSurvey& next) { add(next.m_inputs); }
  const std::vector<Survey>& inputs() const { return m_inputs; }

 private:
  std::vector<Survey> m_inputs;
};

/// Elements that are decoded or encoded and surveyed before the next ones: they stay in the nearest cache. A multiple of the pieces that
/// survey() adds up.
inline constexpr std::size_t kNearElements = 2048;

/// Reads elements of an input of a job, from `first` on, as the method is to see them: adapters applied, rows aligned where `rows` is not
/// null, rounded to the type that the merge computes in. Returns the bytes read.
Result<std::uint64_t> readInput(const MergePlan& plan, const TensorJob& job, std::size_t input, const AlignedRows* rows,
                                std::uint64_t first, std::span<float> out, ReadScratch& scratch);
/// How a job's chunks are cut and read.
struct ChunkReading {
  const MergePlan& plan;
  const TensorJob& job;
  std::uint64_t chunkElements = 0;
  const AlignedRows* rows = nullptr;  ///< as in readInput()
  std::uint64_t endChunk = 0;         ///< behind the last chunk that this thread is going to read; further ones are not read with others
};
/// The same for a chunk of all inputs, and what is in it where `found` is not null. Returns the bytes read, which may be those of further chunks
/// too.
Result<std::uint64_t> readChunk(const ChunkReading& reading, std::uint64_t index, ChunkBuffers& buffers, Chunk& chunk,
                                InputSurvey* found = nullptr);

}  // namespace layerloom
