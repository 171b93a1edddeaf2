// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/journal.h"
#include "core/run/manifest.h"
#include "core/run/merge_lock.h"
#include "core/run/run.h"
#include "core/support/file.h"

namespace layerloom {

/// Where a merge into `output` works: a folder beside it, `OUT.partial`, so that the result is moved into place in one step. It holds
/// - `lock`, which keeps a second merge out,
/// - `journal`, what is to be made and what of it is done,
/// - `model/`, the result in the making,
/// - `replaced/`, the model that the result takes the place of, for the moment between moving that away and moving this in.
std::filesystem::path partialFolder(const std::filesystem::path& output);
inline constexpr const char* kModelFolder = "model";
inline constexpr const char* kJournalName = "journal";

/// Removes what is left of a partial folder when a merge was stopped in the very last steps of clearing it away; nothing else.
void sweepPartialFolder(const std::filesystem::path& output);

/// True when an earlier merge was stopped after it had moved its result to `output`, before it had cleared its partial folder away.
bool isInPlace(const std::filesystem::path& output, std::size_t jobs);

/// The partial folder of a merge at work. What is in it stays when this is destroyed; `discard` and `commit` remove it.
class OutputFolder {
 public:
  /// Creates the folder (and the parents of the output) and the plan's shards in it, at full length with their headers, or takes an earlier
  /// merge up again. Refused: another merge at work; an unfinished one where `options.unfinished` says so, or which is to be resumed but
  /// was another merge than `identity`.
  static Result<OutputFolder> open(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options,
                                   const MergeIdentity& identity);

  const std::vector<File>& shards() const { return m_shards; }
  /// Of the tensors that the merge before has finished.
  const std::vector<TensorRecord>& kept() const { return m_kept; }
  /// The result stands in its place already; only `clear` is left to do.
  bool isInPlace() const { return m_inPlace; }

  /// Notes a finished tensor.
  Status record(const TensorRecord& record);
  /// Flushes the shards, writes the small files and the manifest, the index last, moves the folder to its final place and clears away.
  /// Returns the names of all files.
  Result<std::vector<std::string>> commit(const MergePlan& plan, const RunOptions& options, ManifestContent manifest);
  /// Flushes the folder that holds the result and removes what is left of the work.
  Status clear();
  /// Removes everything that the merge has made.
  void discard();
  /// After an error: keeps what a resumed merge can use, and says so; discards when there is nothing of use.
  Error settle(Error error);

 private:
  explicit OutputFolder(const std::filesystem::path& output);

  Status checkOwn() const;
  Status start(const MergePlan& plan, const RunOptions& options, const MergeIdentity& identity);
  Status admit(const JournalContent& content, const RunOptions& options, const MergeIdentity& identity) const;
  Status createShards(const MergePlan& plan);
  Status removeStrays(const MergePlan& plan) const;
  Status syncShards();
  Status writeFiles(const MergePlan& plan, const RunOptions& options, ManifestContent& manifest);
  Status moveIntoPlace(bool overwrite);
  void restoreReplaced();
  void removeWork();
  void note(std::size_t job);

  std::filesystem::path m_output;
  std::filesystem::path m_partial;
  std::filesystem::path m_model;
  std::filesystem::path m_replaced;
  std::vector<std::filesystem::path> m_madeFolders;  ///< above the output
  MergeLock m_lock;
  Journal m_journal;
  std::vector<File> m_shards;
  std::vector<TensorRecord> m_kept;
  std::vector<bool> m_isRecorded;  ///< one per job
  std::size_t m_recorded = 0;
  bool m_owned = false;  ///< what is in the folder is this merge's
  bool m_inPlace = false;
};

}  // namespace layerloom
