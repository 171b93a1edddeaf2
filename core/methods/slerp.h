// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `slerp` (Shoemake 1985) of the base and one other input over the whole flattened tensor: with the unit vectors' dot product d = cos θ,
/// sin((1−t)θ)/sin θ · base + sin(tθ)/sin θ · other; linear where |d| > 0.9995. Norms up to 1e-8 count as 1. A tensor that only one of the
/// two has is copied.
Result<std::unique_ptr<TensorMerge>> makeSlerp(const MergeSettings& settings);

/// `nuslerp`: slerp of two inputs, or of their differences from the base, which are added to it; t is the second weight's share of the sum
/// (½ where that is below 1e-6). Over the whole tensor, or without `nuslerp_flatten` for each vector along the last axis, with
/// `nuslerp_row_wise` along the first. Linear where the vectors are parallel; norms below 1e-7 count as that. A tensor that only one
/// input has is copied.
Result<std::unique_ptr<TensorMerge>> makeNuslerp(const MergeSettings& settings);

}  // namespace layerloom
