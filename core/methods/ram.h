// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// `ram` (arXiv:2601.13572): base + δ where one model changes an entry by more than `epsilon`, base + mean of the δ
/// where several do. With `rescales` (`ramplus_tl`) the entries that model i alone changes are multiplied by 1 + r ·
/// (shared / unique), the ratio of its changed entries that others change too to those it changes alone, at least 0 and
/// at most `alpha`.
Result<std::unique_ptr<TensorMerge>> makeRam(const MergeSettings& settings, bool rescales);

}  // namespace layerloom
