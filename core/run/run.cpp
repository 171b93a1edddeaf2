// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <chrono>
#include <exception>
#include <new>

#include "core/run/output_folder.h"
#include "core/run/plan_executor.h"

namespace layerloom {
namespace {

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
  MergeReport report;
  PlanExecutor executor(plan, folder.shards(), {options.threads, NonFinitePolicy::Warn, nullptr}, stop, meter);
  LAYERLOOM_CHECK(executor.run({}, [&](const TensorRecord& record, bool) -> Status {
    report.nonFinite += record.audit.outputNans + record.audit.outputInfinities;
    return {};
  }));
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
