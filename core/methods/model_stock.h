// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `model_stock` (arXiv:2403.19522): t · mean of the n ≥ 2 models + (1−t) · base with t = n·c / (1 + (n−1)·c), c the
/// mean cosine between their differences from the base; t = 0 where the denominator vanishes. With `filter_wise` each
/// row has its own t. A tensor that only the base has is copied.
Result<std::unique_ptr<TensorMerge>> makeModelStock(const MergeSettings& settings);

}  // namespace layerloom
