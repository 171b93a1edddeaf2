// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <new>

#include "core/run/output_folder.h"
#include "core/run/tensor_job.h"
#include "core/support/thread_arena.h"

namespace layerloom {
namespace {

/// Each thread takes the next job in the order of the files, so that reading goes from front to back; a thread that finds none left helps
/// with the chunks of the last ones.
void runJobs(const MergePlan& plan, JobExecutor& executor, int threads) {
  std::atomic<std::size_t> next = 0;
  runOnThreads(threads, [&](int) {
    for (std::size_t job = next++; job < plan.jobs.size() && !executor.isStopped(); job = next++) {
      executor.run(plan.jobs[job]);
    }
  });
}

Status verifySources(const MergePlan& plan) {
  for (const auto& model : plan.models) {
    LAYERLOOM_CHECK(model->verifyUnchanged());
  }
  return {};
}

Result<MergeReport> mergeInto(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options,
                              const std::stop_token& stop, ProgressMeter& meter) {
  LAYERLOOM_CHECK(checkOutput(plan, output, options.overwrite));
  LAYERLOOM_TRY(OutputFolder folder, OutputFolder::create(plan, output));
  JobExecutor executor(plan, folder.shards(), stop, meter);
  runJobs(plan, executor, options.threads);
  if (auto error = executor.takeError()) {
    return tl::unexpected(*std::move(error));
  }
  MergeReport report;
  report.cancelled = stop.stop_requested();
  if (report.cancelled) {
    return report;
  }
  LAYERLOOM_CHECK(verifySources(plan));
  LAYERLOOM_TRY(report.files, folder.commit(plan, options));
  report.folder = std::filesystem::absolute(output).lexically_normal();
  report.tensors = plan.jobs.size();
  report.parameters = plan.parameters();
  report.bytesRead = executor.bytesRead();
  report.bytesWritten = executor.bytesWritten();
  report.nonFinite = executor.nonFinite();
  return report;
}

}  // namespace

Result<MergeReport> runMerge(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options,
                             std::stop_token stop, const ProgressCallback& progress) {
  const auto start = std::chrono::steady_clock::now();
  ProgressMeter meter(plan.bytesToRead + plan.bytesToWrite, progress);
  // The threading library and the allocator throw; nothing of that leaves the core.
  try {
    LAYERLOOM_TRY(MergeReport report, mergeInto(plan, output, options, stop, meter));
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!report.cancelled) {
      meter.finish();
    }
    return report;
  } catch (const std::bad_alloc&) {
    return ioError("there is not enough memory for the merge", "close other programs, or use fewer threads");
  } catch (const std::exception& exception) {
    return defect(exception.what());
  }
}

}  // namespace layerloom
