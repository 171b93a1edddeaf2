// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/support/result.h"

namespace layerloom {

// Remedies of the refusals that have a reason.
inline constexpr const char* kNonFiniteRemedy =
    "repair the model, or merge all the same (--non-finite warn): what is not finite spreads into the result";
inline constexpr const char* kOtherMergeRemedy =
    "use the same recipe, models and options as then, or start anew (--overwrite, or remove that folder)";
inline constexpr const char* kInterruptedRemedy =
    "go on with it (--resume), or start anew (--overwrite, or remove that folder)";
/// The end of the remedy of a merge that failed and can be resumed.
inline constexpr const char* kResumeHint = "--resume goes on from there";

/// The reason's name for programs: `non_finite`, `interrupted`, `other_merge`, or empty.
std::string_view nameOf(RefusalReason reason);

}  // namespace layerloom
