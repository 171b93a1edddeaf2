// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `sce` (arXiv:2408.07990): selects the ⌊select_topk · #nonzero⌋ entries with the largest variance of δ over the
/// models (of equal ones the first), calculates one weight per model, its mean square of δ over the tensor as a share
/// of the sum (equal weights where that is below 1e-6), and erases the entries whose sign differs from that of Σ δ (0
/// counts as +). base + Σ w δ / max(Σ w, 1e-6) over what is left.
Result<std::unique_ptr<TensorMerge>> makeSce(const MergeSettings& settings);

}  // namespace layerloom
