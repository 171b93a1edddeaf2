// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/file_hashes.h"

namespace layerloom {

FileHashes::FileHashes(const MergePlan& plan) : m_plan(plan) {
  startFile(0);
}

void FileHashes::startFile(std::size_t shard) {
  m_file = ContentHasher();
  if (shard < m_plan.shards.size()) {
    m_file.add(std::as_bytes(std::span(m_plan.shards[shard].header)));
  }
}

ContentHash FileHashes::endTensor(std::size_t job) {
  const ContentHash hash = m_file.hash();
  while (m_files.size() < m_plan.shards.size() && (job + 1 == m_plan.jobs.size() || m_plan.jobs[job + 1].shard > m_files.size())) {
    m_files.push_back(m_file.hash());
    startFile(m_files.size());
  }
  return hash;
}

}  // namespace layerloom
