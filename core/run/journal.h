// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/run/merge_identity.h"
#include "core/run/tensor_record.h"
#include "core/support/file.h"

namespace layerloom {

/// What a journal says.
struct JournalContent {
  std::optional<MergeIdentity> identity;  ///< nothing: the journal has no whole first line, and nothing else counts
  std::vector<TensorRecord> records;      ///< in the order of the jobs, the last one of each
  std::optional<ContentHash> complete;    ///< of the manifest of the result that is about to be moved into place
  std::uint64_t bytes = 0;                ///< of the lines that are whole
};

/// Reads lines up to the first that is not whole: a program that was killed leaves at most one of those, at the end. `jobs`: of the plan.
JournalContent parseJournal(std::string_view text, std::size_t jobs);
/// The same of a file; no file is an empty journal.
Result<JournalContent> readJournal(const std::filesystem::path& path, std::size_t jobs);

/// The lines of a journal, each with its end.
std::string identityLine(const MergeIdentity& identity);
std::string recordLine(const TensorRecord& record);
std::string completeLine(const ContentHash& manifest);

/// The record of a merge in the making, a text file: per line the XXH3-128 of the rest of the line, a space, and
/// - first the identity of the merge as JSON,
/// - `tensor JOB HASH` and the numbers of its audit for every tensor that stands whole in its file,
/// - `complete HASH` when all files of the result are on the disk; the hash is the manifest's.
/// Lines of tensors are not flushed to the disk one by one: their hashes are checked before they are believed.
class Journal {
 public:
  Journal() = default;

  /// Begins a new one, on the disk when this returns.
  static Result<Journal> begin(const std::filesystem::path& path, const MergeIdentity& identity);
  /// Goes on behind the last whole line.
  static Result<Journal> resume(const std::filesystem::path& path, const JournalContent& content);

  Status add(const TensorRecord& record);
  /// On the disk when this returns.
  Status complete(const ContentHash& manifest);
  bool isOpen() const { return m_file.isOpen(); }
  /// False when the file is gone from its folder.
  bool stands() const;

 private:
  Status append(const std::string& line);

  File m_file;
  std::uint64_t m_end = 0;
};

}  // namespace layerloom
