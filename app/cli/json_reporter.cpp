// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/json_reporter.h"

#include <fmt/format.h>
#include <ostream>

#include "app/cli/exit_status.h"
#include "app/cli/messages.h"
#include "app/cli/plan_summary.h"
#include "core/run/audit_json.h"
#include "core/run/refusal.h"

namespace layerloom {

using Json = nlohmann::ordered_json;

void JsonReporter::warned(const std::vector<Problem>& problems, const std::string& recipeName) {
  printProblems(m_err, problems, recipeName);
}

void JsonReporter::planned(const MergePlan& plan, const std::filesystem::path& output) {
  writeLine({{"event", "plan"},
             {"version", kVersion},
             {"output", output.string()},
             {"method", plan.method->name},
             {"files", outputFileNames(plan)},
             {"tensors", plan.jobs.size()},
             {"layers", plan.layers},
             {"parameters", plan.parameters()},
             {"passes", passesOver(plan)},
             {"bytes_to_read", plan.bytesToRead},
             {"bytes_to_write", plan.bytesToWrite}});
}

void JsonReporter::started(const MergePlan& plan, const std::filesystem::path& output) {
  writeLine({{"event", "start"},
             {"version", kVersion},
             {"output", output.string()},
             {"method", plan.method->name},
             {"tensors", plan.jobs.size()},
             {"bytes_total", plan.bytesToRead + plan.bytesToWrite}});
}

void JsonReporter::progressed(const Progress& progress) {
  writeLine({{"event", "progress"},
             {"bytes_done", progress.bytesDone},
             {"bytes_total", progress.bytesTotal},
             {"seconds", progress.seconds},
             {"seconds_left", progress.secondsLeft < 0 ? Json(nullptr) : Json(progress.secondsLeft)},
             {"tensor", progress.item}});
}

void JsonReporter::finished(const MergeReport& report) {
  writeLine({{"event", "done"},
             {"folder", report.folder.string()},
             {"files", report.files},
             {"tensors", report.tensors},
             {"parameters", report.parameters},
             {"bytes_read", report.bytesRead},
             {"bytes_written", report.bytesWritten},
             {"seconds", report.seconds},
             {"non_finite", report.nonFinite},
             {"tensors_kept", report.tensorsKept},
             {"warnings", report.warnings},
             {"audit", auditToJson(report.audit)}});
}

void JsonReporter::paused() {
  writeLine({{"event", "paused"}});
}

void JsonReporter::resumed() {
  writeLine({{"event", "resumed"}});
}

void JsonReporter::cancelled() {
  writeLine({{"event", "cancelled"}});
}

void JsonReporter::refusedRecipe(const std::vector<Problem>& problems, const std::string& recipeName) {
  printProblems(m_err, problems, recipeName);
  writeLine({{"event", "error"},
             {"kind", nameOf(ErrorKind::Refused)},
             {"message", fmt::format("{}: {}", recipeName, countProblems(problems))},
             {"remedy", ""},
             {"problems", problemsToJson(problems)},
             {"reason", ""},
             {"unfinished", ""}});
}

void JsonReporter::failed(const Error& error, const std::filesystem::path& unfinished) {
  printError(m_err, error);
  Json event = {{"event", "error"}};
  event.update(errorToJson(error));
  event["problems"] = Json::array();
  event["reason"] = nameOf(error.reason);
  event["unfinished"] = unfinished.string();
  writeLine(event);
}

void JsonReporter::writeLine(const Json& event) {
  const std::lock_guard lock(m_mutex);
  m_out << dumpJson(event) << std::endl;
}

}  // namespace layerloom
