// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/support/progress.h"

namespace layerloom {

struct RunOptions {
  int threads = 0;         ///< 0: as many as the machine has
  bool overwrite = false;  ///< replace an existing output folder
  std::string recipeText;  ///< goes unchanged to mergekit_config.yml and into the model card
};

/// What a merge did.
struct MergeReport {
  bool cancelled = false;  ///< stopped by request; nothing was left behind
  std::filesystem::path folder;
  std::vector<std::string> files;  ///< names in the folder
  std::size_t tensors = 0;
  std::uint64_t parameters = 0;
  std::uint64_t bytesRead = 0;
  std::uint64_t bytesWritten = 0;
  std::uint64_t nonFinite = 0;  ///< entries of the result that are NaN or infinite
  double seconds = 0;
};

/// Carries out a plan: streams the inputs through the method into a folder beside `output` that is renamed to it at the very end.
/// Memory stays the same for any size of model. On an error or when stopped the half-made folder is removed. Refused before any write:
/// an output that exists (without `overwrite`), that is, lies in or holds a model of the plan, or that has too little room.
Result<MergeReport> runMerge(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options,
                             std::stop_token stop = {}, const ProgressCallback& progress = {});

}  // namespace layerloom
