// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// How task vectors are thinned out before they are combined.
enum class Sparsification { None, Magnitude, Random, Outliers, RankedRandom };

/// The family around task arithmetic (arXiv:2212.04089): base + λ · combination of wᵢ · sparse(δᵢ), δᵢ = Wᵢ − base. Combined as a sum, divided
/// by Σ wᵢ under `normalize` (unless |Σ wᵢ| < 1e-8); or, with sign election (TIES, arXiv:2306.01708), as the sum of the entries that share
/// the sign of Σ wᵢδᵢ (0 counts as +), divided per position by the Σ wᵢ of those entries under `normalize` (unless it is 0).
Result<std::unique_ptr<TensorMerge>> makeTaskVectorMerge(const MergeSettings& settings, Sparsification sparsification, bool electsSign);

}  // namespace layerloom
