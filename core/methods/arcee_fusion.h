// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `arcee_fusion`: the other model's entries where their importance reaches the threshold, the base's elsewhere.
/// Importance = |other − base| · KL(softmax(other) ‖ softmax(base)) over the last axis, 1e-8 added to each probability;
/// threshold = median + 1.5 · (third − first quartile) of the tensor's importances, a quantile q being the entry
/// ⌊q(N−1)⌋ in ascending order. The divergence is formed in mergekit's float32 where all is of 32 bits, so that the same entries are taken as
/// there, and in float64 where the settings ask for a precise choice. A tensor that only one of the two has is copied.
Result<std::unique_ptr<TensorMerge>> makeArceeFusion(const MergeSettings& settings);

}  // namespace layerloom
