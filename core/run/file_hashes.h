// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/plan/plan.h"
#include "core/support/content_hash.h"

namespace layerloom {

/// The hashes of the files of a result, whose bytes come in the order of the files.
class FileHashes {
 public:
  explicit FileHashes(const MergePlan& plan);

  void add(std::span<const std::byte> bytes) { m_file.add(bytes); }
  /// The file at hand so far; to be put in its place with more bytes in it.
  const ContentHasher& file() const { return m_file; }
  void setFile(ContentHasher file) { m_file = std::move(file); }
  /// Ends the tensor of a job, and its file where it is the last one in it. Returns the hash of the file up to there.
  ContentHash endTensor(std::size_t job);
  /// Of the files that have ended.
  const std::vector<ContentHash>& files() const { return m_files; }

 private:
  void startFile(std::size_t shard);

  const MergePlan& m_plan;
  ContentHasher m_file;
  std::vector<ContentHash> m_files;
};

}  // namespace layerloom
