// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// Puts the inputs of a chunk of the tensor into `chunk`, whose index is set; they must stay valid until the next call.
using ChunkSource = std::function<Status(Chunk& chunk)>;

/// Makes the passes that the method needs over `chunks` chunks, one after the other on this thread.
Status observeAll(TensorMerge& merge, std::uint64_t chunks, const ChunkSource& source);

/// How many chunks the method wants of a tensor of so many elements.
std::uint64_t chunksOf(const TensorMerge& merge, std::uint64_t elements);

/// Merges a tensor whose inputs are in memory. `tally` may be null.
Result<std::unique_ptr<TensorMerge>> mergeInMemory(const MergeSettings& settings, std::span<const std::span<const float>> inputs,
                                                   std::span<float> out, MergeTally* tally);

}  // namespace layerloom
