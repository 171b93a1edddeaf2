// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text_reporter.h"

#include <fmt/format.h>
#include <ostream>

#include "app/cli/audit_summary.h"
#include "app/cli/messages.h"
#include "app/cli/plan_summary.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kLongestPath = 4096;

}  // namespace

void TextReporter::warned(const std::vector<Problem>& problems, const std::string& recipeName) {
  printProblems(m_err, problems, recipeName);
}

void TextReporter::planned(const MergePlan& plan, const std::filesystem::path& output) {
  m_out << describePlan(plan, output);
}

void TextReporter::started(const MergePlan&, const std::filesystem::path&) {}

void TextReporter::progressed(const Progress& progress) {
  if (m_drawBar) {
    const std::lock_guard lock(m_mutex);
    m_bar.show(progress);
  }
}

void TextReporter::paused() {
  const std::lock_guard lock(m_mutex);
  m_bar.clear();
  m_err << "layerloom-cli: paused; SIGUSR2 goes on" << std::endl;
}

void TextReporter::resumed() {
  const std::lock_guard lock(m_mutex);
  m_err << "layerloom-cli: goes on" << std::endl;
}

void TextReporter::finished(const MergeReport& report) {
  m_bar.clear();
  m_out << fmt::format("{}: {} tensors, {} parameters, {} written in {}\n",
                       escaped(report.folder.string(), kLongestPath), report.tensors, formatCount(report.parameters),
                       formatBytes(report.bytesWritten), formatSeconds(report.seconds));
  if (report.tensorsKept > 0) {
    m_out << fmt::format("{} of the tensors were kept from the merge that was interrupted\n", report.tensorsKept);
  }
  for (const std::string& warning : report.warnings) {
    m_err << fmt::format("layerloom-cli: warning: {}\n", warning);
  }
  m_err << describeAudit(report.audit, m_nonFinite);
}

void TextReporter::cancelled() {
  m_bar.clear();
  m_err << "layerloom-cli: cancelled; nothing was left behind\n";
}

void TextReporter::refusedRecipe(const std::vector<Problem>& problems, const std::string& recipeName) {
  printProblems(m_err, problems, recipeName);
}

void TextReporter::failed(const Error& error, const std::filesystem::path&) {
  m_bar.clear();
  printError(m_err, error);
}

}  // namespace layerloom
