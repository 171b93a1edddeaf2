// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `nearswap`: q · other + (1−q) · base with q = t / |base − other|, at least 0 and at most 1: entries that lie near
/// each other are swapped, others move by t. Differences below 1e-6 count as that. A tensor that only the base has is
/// copied.
Result<std::unique_ptr<TensorMerge>> makeNearswap(const MergeSettings& settings);

}  // namespace layerloom
