// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `multislerp`: the direction of the weighted sum of the unit vectors of the inputs, or of their differences from the
/// base, with the weighted sum of their norms as length. Where two such vectors cancel out it is linear, where more do
/// the merge is refused.
Result<std::unique_ptr<TensorMerge>> makeMultislerp(const MergeSettings& settings);

/// `karcher`: the Karcher mean of the inputs' unit vectors, equally weighted, times the mean of the norms. The base
/// model counts as an input; inputs with a norm up to `tol` have no direction and count with their norm only.
Result<std::unique_ptr<TensorMerge>> makeKarcher(const MergeSettings& settings);

}  // namespace layerloom
