// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/plan_executor.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>

#include "core/run/first_error.h"
#include "core/run/tensor_group.h"
#include "core/support/thread_arena.h"

namespace layerloom {

PlanExecutor::PlanExecutor(const MergePlan& plan, const std::vector<File>& shards, const ExecutorOptions& options, std::stop_token stop,
                           ProgressMeter& meter)
    : m_context(new ExecutorContext{plan, shards, options, std::move(stop), meter, {}, {}, {}, {}, {}}),
      m_hashes(plan) {}

PlanExecutor::~PlanExecutor() = default;

std::uint64_t PlanExecutor::bytesRead() const {
  return m_context->bytesRead;
}

std::uint64_t PlanExecutor::bytesWritten() const {
  return m_context->bytesWritten;
}

/// True where the file has the hash of the record with the bytes that stand in it; they are part of its hash then.
Result<bool> PlanExecutor::isWhole(const TensorRecord& record) {
  constexpr std::uint64_t kPiece = 1 << 20;
  const TensorJob& job = m_context->plan.jobs[record.job];
  const std::uint64_t begin = m_context->plan.shards[job.shard].header.size() + job.output.begin;
  const std::uint64_t size = job.output.bytes();
  ContentHasher found = m_hashes.file();
  std::vector<std::byte> bytes = m_context->takeBytes(std::min(kPiece, size));
  for (std::uint64_t at = 0; at < size && m_context->mayGoOn(); at += kPiece) {
    const auto piece = std::span(bytes).first(std::min(kPiece, size - at));
    LAYERLOOM_CHECK(m_context->shards[job.shard].read(begin + at, piece));
    found.add(piece);
  }
  m_context->spareBytes.push(std::move(bytes));
  if (m_context->isStopped() || found.hash() != record.hash) {
    return false;
  }
  m_hashes.setFile(std::move(found));
  return true;
}

Status PlanExecutor::keepTensor(const TensorRecord& record, const Finished& finished) {
  const TensorJob& job = m_context->plan.jobs[record.job];
  const std::uint64_t observed = job.inputBytes() * static_cast<std::uint64_t>(job.passes - 1);
  m_context->meter.add(observed + job.inputBytes() + job.output.bytes(), job.output.name, job.extraEffort(observed));
  m_hashes.endTensor(record.job);
  return finished(record, true);
}

Status PlanExecutor::finishGroup(TensorGroup& group, const Finished& finished) {
  return group.finish(m_hashes, [&](const TensorWork& tensor, const ContentHash& hash) {
    return finished({tensor.job(), hash, tensor.audit()}, false);
  });
}

/// For a job that has a record; its tensor is made anew where the file does not have the bytes of the record.
Status PlanExecutor::keepOrMake(std::size_t job, const Finished& finished) {
  LAYERLOOM_TRY(const bool whole, isWhole(*m_kept[job]));
  if (m_context->isStopped()) {
    return {};
  }
  if (whole) {
    return keepTensor(*m_kept[job], finished);
  }
  TensorGroup group(*m_context, job, job + 1);
  LAYERLOOM_CHECK(group.prepare());
  return finishGroup(group, finished);
}

Status PlanExecutor::run(std::span<const TensorRecord> kept, const Finished& finished) {
  const MergePlan& plan = m_context->plan;
  m_kept.assign(plan.jobs.size(), nullptr);
  for (const TensorRecord& record : kept) {
    m_kept[record.job] = &record;
  }
  const std::vector<JobRange> groups = groupsOf(plan, [this](std::size_t job) { return m_kept[job] != nullptr; });
  using Task = std::pair<JobRange, std::shared_ptr<TensorGroup>>;
  FirstError error(m_context->failed);
  std::size_t next = 0;
  const auto start = [&](tbb::flow_control& flow) -> JobRange {
    if (next >= groups.size() || m_context->isStopped()) {
      flow.stop();
      return {};
    }
    return groups[next++];
  };
  const auto prepare = [&](const JobRange& jobs) -> Task {
    if (m_kept[jobs.begin] != nullptr || m_context->isStopped()) {
      return {jobs, nullptr};
    }
    auto group = std::make_shared<TensorGroup>(*m_context, jobs.begin, jobs.end);
    error.note(group->prepare());
    return {jobs, std::move(group)};
  };
  const auto finish = [&](const Task& task) {
    if (!m_context->isStopped()) {
      error.note(task.second != nullptr ? finishGroup(*task.second, finished) : keepOrMake(task.first.begin, finished));
    }
  };
  runInArena(m_context->options.threads, [&] {
    // Each group holds what was seen of its tensors: one per thread, and the one that is being finished.
    const auto tokens = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency() + 1);
    tbb::parallel_pipeline(tokens, tbb::make_filter<void, JobRange>(tbb::filter_mode::serial_in_order, start) &
                                       tbb::make_filter<JobRange, Task>(tbb::filter_mode::parallel, prepare) &
                                       tbb::make_filter<Task, void>(tbb::filter_mode::serial_in_order, finish));
  });
  return error.take();
}

}  // namespace layerloom
