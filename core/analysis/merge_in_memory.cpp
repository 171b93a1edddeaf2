// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/merge_in_memory.h"

#include <algorithm>

namespace layerloom {

std::uint64_t chunksOf(const TensorMerge& merge, std::uint64_t elements) {
  return (elements + merge.chunkElements() - 1) / merge.chunkElements();
}

Status observeAll(TensorMerge& merge, std::uint64_t chunks, const ChunkSource& source) {
  Chunk chunk;
  while (merge.needsPass()) {
    const auto observation = merge.startObservation();
    for (std::uint64_t i = 0; i < chunks; ++i) {
      chunk.index = i;
      LAYERLOOM_CHECK(source(chunk));
      observation->observe(chunk);
    }
    merge.absorb(*observation);
    LAYERLOOM_CHECK(merge.endPass());
  }
  return {};
}

Result<std::unique_ptr<TensorMerge>> mergeInMemory(const MergeSettings& settings, std::span<const std::span<const float>> inputs,
                                                   std::span<float> out, MergeTally* tally) {
  LAYERLOOM_TRY(auto merge, makeTensorMerge(settings));
  const std::uint64_t length = merge->chunkElements();
  const ChunkSource cut = [&](Chunk& chunk) -> Status {
    chunk.offset = chunk.index * length;
    const auto size = static_cast<std::size_t>(std::min(length, out.size() - chunk.offset));
    chunk.inputs.clear();
    for (const auto& input : inputs) {
      chunk.inputs.push_back(input.subspan(chunk.offset, size));
    }
    return {};
  };
  const std::uint64_t chunks = chunksOf(*merge, out.size());
  LAYERLOOM_CHECK(observeAll(*merge, chunks, cut));
  if (tally != nullptr) {
    *tally = merge->startTally();
  }
  Chunk chunk;
  for (chunk.index = 0; chunk.index < chunks; ++chunk.index) {
    LAYERLOOM_CHECK(cut(chunk));
    const auto piece = out.subspan(chunk.offset, chunk.size());
    if (tally != nullptr) {
      merge->computeTallied(chunk, piece, *tally);
    } else {
      merge->compute(chunk, piece);
    }
  }
  return merge;
}

}  // namespace layerloom
