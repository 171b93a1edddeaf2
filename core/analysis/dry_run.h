// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "core/analysis/preview.h"
#include "core/analysis/statistics_pass.h"
#include "core/plan/plan.h"
#include "core/support/result.h"

namespace layerloom {

using DryRunProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

/// Merges some of a plan's jobs in constant memory, writes nothing, and measures the result, as it would be stored, against base and models: the
/// truth behind `predictJobs` for the same jobs, in the same form and exact. All jobs that are linked are measured, also those that a sketch cannot
/// predict. `sources` are what the statistics were measured of. When asked to stop it returns soon, with `complete` false. `progress` may be empty; it gets the
/// elements that are done and those in all, from any of the threads.
Result<Preview> dryRun(const MergePlan& plan, const StatisticsSources& sources, const Statistics& statistics, const PreviewLinks& links,
                       std::span<const std::size_t> jobs, int threads, std::stop_token stop, const DryRunProgress& progress = {});

/// The jobs of a layer of the result; −1: those outside the layers.
std::vector<std::size_t> jobsOfLayer(const PreviewLinks& links, int layer);

}  // namespace layerloom
