// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <fmt/format.h>

#include <exception>
#include <new>

#include "core/run/output_checks.h"
#include "core/run/output_folder.h"
#include "core/support/folder.h"

namespace layerloom {
namespace {

Status verifySources(const MergePlan& plan) {
  for (const auto& model : plan.models) {
    LAYERLOOM_CHECK(model->verifyUnchanged());
  }
  return {};
}

/// Files that were replaced or removed while their old content was read to its end.
std::vector<std::string> replacedSources(const std::vector<SourceFile>& sources) {
  std::vector<std::string> warnings;
  for (const SourceFile& source : sources) {
    std::error_code code;
    const auto status = statusOf(std::filesystem::canonical(source.path, code));
    const bool isThere = !code && (!status || *status);
    if (!isThere || (status && (*status)->identity.inode != source.identity.inode)) {
      warnings.push_back(fmt::format("{}: was {} during the merge; the result is of the file as it was before", shown(source.path),
                                     isThere ? "replaced" : "removed"));
    }
  }
  return warnings;
}

MergeReport reportOf(const MergePlan& plan, const std::filesystem::path& output, std::span<const TensorRecord> records) {
  MergeReport report;
  report.folder = std::filesystem::absolute(output).lexically_normal();
  report.tensors = plan.jobs.size();
  report.parameters = plan.parameters();
  report.audit = makeAudit(plan, records);
  report.nonFinite = report.audit.outputNans + report.audit.outputInfinities;
  return report;
}

/// One merge, from the checks to the folder in its place.
class Merge {
 public:
  Merge(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options, std::stop_token stop, ProgressMeter& meter)
      : m_plan(plan), m_output(output), m_options(options), m_stop(std::move(stop)), m_meter(meter) {}

  Result<MergeReport> run();

 private:
  Result<MergeReport> fill(OutputFolder& folder);
  Result<MergeReport> makeTensors(OutputFolder& folder);
  Result<MergeReport> finishEarlier(OutputFolder& folder);

  const MergePlan& m_plan;
  const std::filesystem::path& m_output;
  const RunOptions& m_options;
  const std::stop_token m_stop;
  ProgressMeter& m_meter;
  std::vector<SourceFile> m_sources;
};

Result<MergeReport> Merge::run() {
  LAYERLOOM_CHECK(checkOutput(m_plan, m_output, m_options));
  LAYERLOOM_TRY(m_sources, sourcesOf(m_plan));
  LAYERLOOM_TRY(OutputFolder folder, OutputFolder::open(m_plan, m_output, m_options, identityOf(m_plan, m_sources, m_options)));
  Result<MergeReport> report = folder.isInPlace() ? finishEarlier(folder) : fill(folder);
  if (report && !report->cancelled) {
    return report;
  }
  if (report) {
    folder.discard();
    return report;
  }
  // Of a source that changed nothing can be used again; it is also what explains most other errors.
  if (Status unchanged = verifySources(m_plan); !unchanged) {
    folder.discard();
    return tl::unexpected(std::move(unchanged).error());
  }
  return tl::unexpected(folder.settle(std::move(report).error()));
}

/// The threading library and the allocator throw; nothing of that leaves the core.
Result<MergeReport> Merge::fill(OutputFolder& folder) {
  try {
    return makeTensors(folder);
  } catch (const std::bad_alloc&) {
    return ioError("there is not enough memory for the merge", "close other programs, or use fewer threads");
  } catch (const std::exception& exception) {
    return defect(exception.what());
  }
}

Result<MergeReport> Merge::makeTensors(OutputFolder& folder) {
  std::vector<TensorRecord> records;
  records.reserve(m_plan.jobs.size());
  std::size_t kept = 0;
  PlanExecutor executor(m_plan, folder.shards(), {m_options.threads, m_options.nonFinite, m_options.pause}, m_stop, m_meter);
  LAYERLOOM_CHECK(executor.run(folder.kept(), [&](const TensorRecord& record, bool wasKept) {
    records.push_back(record);
    kept += wasKept ? 1 : 0;
    return wasKept ? Status() : folder.record(record);
  }));
  if (m_stop.stop_requested()) {
    MergeReport cancelled;
    cancelled.cancelled = true;
    return cancelled;
  }
  LAYERLOOM_CHECK(verifySources(m_plan));
  MergeReport report = reportOf(m_plan, m_output, records);
  report.tensorsKept = kept;
  report.bytesRead = executor.bytesRead();
  report.bytesWritten = executor.bytesWritten();
  report.warnings = replacedSources(m_sources);
  LAYERLOOM_TRY(report.files, folder.commit(m_plan, m_options, {executor.fileHashes(), m_sources, report.audit, {}}));
  return report;
}

/// The merge before had moved its result into place and was stopped while it cleared away.
Result<MergeReport> Merge::finishEarlier(OutputFolder& folder) {
  LAYERLOOM_CHECK(folder.clear());
  MergeReport report = reportOf(m_plan, m_output, folder.kept());
  report.tensorsKept = folder.kept().size();
  LAYERLOOM_TRY(report.files, namesIn(m_output));
  return report;
}

}  // namespace

Result<MergeReport> runMerge(const MergePlan& plan, const std::filesystem::path& output, const RunOptions& options,
                             std::stop_token stop, const ProgressCallback& progress) {
  ProgressMeter meter(plan.bytesToRead + plan.bytesToWrite, plan.extraEffort, progress);
  LAYERLOOM_TRY(MergeReport report, Merge(plan, output, options, std::move(stop), meter).run());
  report.seconds = meter.seconds();
  if (!report.cancelled) {
    meter.finish();
  }
  return report;
}

}  // namespace layerloom
