// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// Elements along the last axis; a vector is one row, a number a row of one.
std::uint64_t rowElements(const MergeSettings& settings);

/// Elements of a chunk that holds whole rows of `row` elements, about kChunkElements of them. Rows that would not fit
/// into memory are refused.
Result<std::uint64_t> chunkOfRows(const MergeSettings& settings, std::uint64_t row);

}  // namespace layerloom
