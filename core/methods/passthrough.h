// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `passthrough`: the one input, times `scale` where it is set.
Result<std::unique_ptr<TensorMerge>> makePassthrough(const MergeSettings& settings);

/// Copies one input: what several methods do with a tensor that only one model has.
std::unique_ptr<TensorMerge> makeCopy(std::size_t input = 0);

}  // namespace layerloom
