// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

#include "core/plan/plan.h"
#include "core/run/run.h"

namespace layerloom {

/// Carries out a recipe with all its stages. `plan` is what planMerge made of the same recipe and options. Results of
/// earlier stages go to `stageFolder`, one folder each; those that stand there already, of the same recipe, seed and
/// models, are used as they are, and outdated ones made anew; what is no result of a stage is not touched. Where
/// `stageFolder` is empty they lie beside `output`, in `OUT.stages`, while the merge runs and are removed at its end; after a
/// failure or a kill they stay like a partial folder, for a merge that resumes.
/// Progress counts over all stages.
Result<MergeReport> runRecipe(const Recipe& recipe, const PlanOptions& planOptions, const MergePlan& plan,
                              const std::filesystem::path& output, const std::filesystem::path& stageFolder,
                              const RunOptions& options, std::stop_token stop = {},
                              const ProgressCallback& progress = {});

/// The folder that an interrupted merge has left beside an output; empty where there is none.
std::filesystem::path unfinishedFolder(const std::filesystem::path& output);

}  // namespace layerloom
