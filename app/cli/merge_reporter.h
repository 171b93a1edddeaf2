// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/run.h"
#include "core/support/progress.h"
#include "core/support/result.h"

namespace layerloom {

/// What the command line says about a merge, stage by stage: `problems` first, then either `planned` alone (a dry run),
/// or `started`, any number of `progressed` and one of `finished` and `cancelled`. `refusedRecipe` and `failed` end it
/// at any point.
class MergeReporter {
 public:
  virtual ~MergeReporter() = default;

  /// Warnings and notes about a recipe that is accepted.
  virtual void warned(const std::vector<Problem>& problems, const std::string& recipeName) = 0;
  virtual void planned(const MergePlan& plan, const std::filesystem::path& output) = 0;
  virtual void started(const MergePlan& plan, const std::filesystem::path& output) = 0;
  /// Called from worker threads, never from two at once.
  virtual void progressed(const Progress& progress) = 0;
  /// On a thread of their own, possibly while `progressed` runs.
  virtual void paused() = 0;
  virtual void resumed() = 0;
  virtual void finished(const MergeReport& report) = 0;
  virtual void cancelled() = 0;
  /// Problems of which at least one is an error.
  virtual void refusedRecipe(const std::vector<Problem>& problems, const std::string& recipeName) = 0;
  /// `unfinished`: the folder of an interrupted merge that stands beside the output, this one's or an earlier one's; empty: there is none.
  virtual void failed(const Error& error, const std::filesystem::path& unfinished) = 0;
};

}  // namespace layerloom
