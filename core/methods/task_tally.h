// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// Adds to a tally what becomes of task vectors in one piece: those in `deltas`, thinned out and weighted, each `stride` after the last, with
/// their sum `total`. `inputs` are theirs.
void countTasks(std::span<const float> deltas, std::size_t stride, std::span<const float> total, std::span<const std::size_t> inputs, MergeTally& tally);

}  // namespace layerloom
