// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/run.h"
#include "core/support/file.h"

namespace layerloom {

/// Refuses a folder for results that is, lies in or holds a model of the plan or of the stages before it.
Status checkPlace(const MergePlan& plan, const std::filesystem::path& output);
/// Refuses an output that exists (without `overwrite`), that would be replaced though it is no merged model, that
/// stands where `checkPlace` does not allow it, or whose disk has too little room.
Status checkOutput(const MergePlan& plan, const std::filesystem::path& output, bool overwrite);

/// The folder of a merge in the making, beside its final place. Removed with all that is in it unless `commit`
/// succeeded.
class OutputFolder {
 public:
  OutputFolder() = default;
  OutputFolder(OutputFolder&& other) noexcept;
  OutputFolder& operator=(OutputFolder&&) = delete;
  ~OutputFolder();

  /// Creates the folder (and the parents of the output) and the plan's shards in it, at full length with their headers.
  static Result<OutputFolder> create(const MergePlan& plan, const std::filesystem::path& output);

  const std::vector<File>& shards() const { return m_shards; }

  /// Flushes the shards, writes the small files, the index last, and moves the folder to its final place. Returns the
  /// names of all files.
  Result<std::vector<std::string>> commit(const MergePlan& plan, const RunOptions& options);

 private:
  Status createShards(const MergePlan& plan);
  Status writeSmallFiles(const MergePlan& plan, const std::string& recipeText);
  Status writeText(const std::string& name, const std::string& text);
  Status moveIntoPlace(bool overwrite);

  std::filesystem::path m_output;
  std::filesystem::path m_draft;  ///< empty once committed
  std::vector<File> m_shards;
  std::vector<std::string> m_names;
};

}  // namespace layerloom
