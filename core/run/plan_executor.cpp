// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/plan_executor.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>

#include "core/run/first_error.h"
#include "core/run/tensor_work.h"
#include "core/support/thread_arena.h"

namespace layerloom {

/// The hash of the file at hand so far. Tensors come in the order of the files.
class PlanExecutor::Hashes {
 public:
  explicit Hashes(const MergePlan& plan) : m_plan(plan) { startFile(0); }

  void add(std::span<const std::byte> bytes) { m_file.add(bytes); }
  /// What is at hand, to be put in its place with more bytes in it.
  const ContentHasher& file() const { return m_file; }
  void setFile(ContentHasher file) { m_file = std::move(file); }
  /// Ends the tensor of a job, and its file where it is the last one in it. Returns the hash of the file up to there.
  ContentHash endTensor(std::size_t job, std::vector<ContentHash>& files) {
    const ContentHash hash = m_file.hash();
    while (files.size() < m_plan.shards.size() && (job + 1 == m_plan.jobs.size() || m_plan.jobs[job + 1].shard > files.size())) {
      files.push_back(m_file.hash());
      startFile(files.size());
    }
    return hash;
  }

 private:
  void startFile(std::size_t shard) {
    m_file = ContentHasher();
    if (shard < m_plan.shards.size()) {
      m_file.add(std::as_bytes(std::span(m_plan.shards[shard].header)));
    }
  }

  const MergePlan& m_plan;
  ContentHasher m_file;
};

PlanExecutor::PlanExecutor(const MergePlan& plan, const std::vector<File>& shards, const ExecutorOptions& options, std::stop_token stop,
                           ProgressMeter& meter)
    : m_context(new ExecutorContext{plan, shards, options, std::move(stop), meter, {}, {}, {}, {}, {}}),
      m_hashes(std::make_unique<Hashes>(plan)) {}

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
  ContentHasher found = m_hashes->file();
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
  m_hashes->setFile(std::move(found));
  return true;
}

Status PlanExecutor::keepTensor(const TensorRecord& record, const Finished& finished) {
  const TensorJob& job = m_context->plan.jobs[record.job];
  const std::uint64_t observed = job.inputBytes() * static_cast<std::uint64_t>(job.passes - 1);
  m_context->meter.add(observed + job.inputBytes() + job.output.bytes(), job.output.name, job.extraEffort(observed));
  m_hashes->endTensor(record.job, m_fileHashes);
  return finished(record, true);
}

Status PlanExecutor::finishTensor(std::size_t job, TensorWork* work, const Finished& finished) {
  std::optional<TensorWork> again;
  if (work == nullptr) {
    LAYERLOOM_TRY(const bool whole, isWhole(*m_kept[job]));
    if (m_context->isStopped()) {
      return {};
    }
    if (whole) {
      return keepTensor(*m_kept[job], finished);
    }
    work = &again.emplace(*m_context, job);
    LAYERLOOM_CHECK(work->prepare());
  }
  LAYERLOOM_CHECK(work->finish([this](std::span<const std::byte> bytes) { m_hashes->add(bytes); }));
  if (m_context->isStopped()) {
    return {};
  }
  return finished({job, m_hashes->endTensor(job, m_fileHashes), work->audit()}, false);
}

Status PlanExecutor::run(std::span<const TensorRecord> kept, const Finished& finished) {
  const MergePlan& plan = m_context->plan;
  m_kept.assign(plan.jobs.size(), nullptr);
  for (const TensorRecord& record : kept) {
    m_kept[record.job] = &record;
  }
  using Task = std::pair<std::size_t, std::shared_ptr<TensorWork>>;
  FirstError error(m_context->failed);
  std::size_t next = 0;
  const auto start = [&](tbb::flow_control& flow) -> std::size_t {
    if (next >= plan.jobs.size() || m_context->isStopped()) {
      flow.stop();
      return 0;
    }
    return next++;
  };
  const auto prepare = [&](std::size_t job) -> Task {
    if (m_kept[job] != nullptr || m_context->isStopped()) {
      return {job, nullptr};
    }
    auto work = std::make_shared<TensorWork>(*m_context, job);
    error.note(work->prepare());
    return {job, std::move(work)};
  };
  const auto finish = [&](const Task& task) {
    if (!m_context->isStopped()) {
      error.note(finishTensor(task.first, task.second.get(), finished));
    }
  };
  runInArena(m_context->options.threads, [&] {
    const auto tokens = static_cast<std::size_t>(2 * tbb::this_task_arena::max_concurrency());
    tbb::parallel_pipeline(tokens, tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order, start) &
                                       tbb::make_filter<std::size_t, Task>(tbb::filter_mode::parallel, prepare) &
                                       tbb::make_filter<Task, void>(tbb::filter_mode::serial_in_order, finish));
  });
  return error.take();
}

}  // namespace layerloom
