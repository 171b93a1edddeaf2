// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/plan/plan.h"
#include "core/run/run.h"

namespace layerloom {

/// Refuses a folder for results that is, lies in or holds a model of the plan or of the stages before it.
Status checkPlace(const MergePlan& plan, const std::filesystem::path& output);
/// Refuses an output that exists (without `overwrite`), or that would be replaced though it is no merged model.
Status checkExisting(const std::filesystem::path& output, bool overwrite);
/// Refuses what `checkPlace` and `checkExisting` do, for the output and its partial folder, and a disk with too little room; writes
/// nothing.
Status checkOutput(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options);

}  // namespace layerloom
