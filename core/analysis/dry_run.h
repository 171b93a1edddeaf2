// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>

#include "core/analysis/preview.h"
#include "core/analysis/statistics_pass.h"
#include "core/plan/plan.h"
#include "core/support/result.h"

namespace layerloom {

/// Merges some of a plan's jobs in constant memory, writes nothing, and measures the result, as it would be stored, against base and models: the
/// truth behind `predictJobs` for the same jobs, in the same form and exact. All jobs that are linked are measured, also those that a sketch cannot
/// predict. `sources` are what the statistics were measured of. When asked to stop it returns soon, with `complete` false.
Result<Preview> dryRun(const MergePlan& plan, const StatisticsSources& sources, const Statistics& statistics, const PreviewLinks& links,
                       std::span<const std::size_t> jobs, int threads, std::stop_token stop);

/// The jobs of a layer of the result; −1: those outside the layers.
std::vector<std::size_t> jobsOfLayer(const PreviewLinks& links, int layer);

}  // namespace layerloom
