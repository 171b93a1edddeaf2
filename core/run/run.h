// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/audit.h"
#include "core/run/plan_executor.h"
#include "core/support/pause.h"
#include "core/support/progress.h"

namespace layerloom {

/// What becomes of an earlier merge into the same folder that was interrupted.
enum class UnfinishedMerge {
  Refuse,   ///< this one is refused
  Resume,   ///< this one goes on from there, or is refused where it is another merge; where there is none it starts from the beginning
  Discard,  ///< it is removed
};

struct RunOptions {
  int threads = 0;         ///< 0: as many as the machine has
  bool overwrite = false;  ///< replace an existing output folder
  UnfinishedMerge unfinished = UnfinishedMerge::Refuse;
  NonFinitePolicy nonFinite = NonFinitePolicy::Refuse;
  const PauseSwitch* pause = nullptr;
  std::string recipeText;  ///< goes unchanged to mergekit_config.yml and into the model card
  std::string program;     ///< the program's version; another one does not resume
  /// Of references to results of earlier stages: the models that those were made of, for the model card.
  std::map<std::string, std::vector<std::string>> stageSources;
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
  std::size_t tensorsKept = 0;  ///< that an interrupted merge had made
  MergeAudit audit;
  std::vector<std::string> warnings;  ///< what happened to the sources meanwhile, without harm to the result
  double seconds = 0;  ///< without pauses
};

/// Carries out a plan: streams the inputs through the method into a folder beside `output` that is renamed to it at the very end.
/// Memory stays the same for any size of model. Refused before any write: an output that exists (without `overwrite`), that is, lies in or
/// holds a model of the plan, that has too little room, or into which another merge is at work. When refused or stopped nothing is left
/// behind. When reading or writing fails, or the process is killed, what is finished stays beside the output, and `UnfinishedMerge::Resume`
/// goes on from there to the same bytes.
Result<MergeReport> runMerge(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options,
                             std::stop_token stop = {}, const ProgressCallback& progress = {});

}  // namespace layerloom
