// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <mutex>
#include <nlohmann/json.hpp>

#include "app/cli/merge_reporter.h"

namespace layerloom {

/// Reports a merge to a program that reads standard output, one JSON object a line, each flushed at once. The lines are
/// a contract, described in app/cli/progress_json.md; the version stands in the first of them. People read the same
/// errors on `err`.
class JsonReporter : public MergeReporter {
 public:
  /// Raised when a field changes its meaning or goes; new fields and events do not raise it.
  static constexpr int kVersion = 1;

  JsonReporter(std::ostream& out, std::ostream& err) : m_out(out), m_err(err) {}

  void warned(const std::vector<Problem>& problems, const std::string& recipeName) override;
  void planned(const MergePlan& plan, const std::filesystem::path& output) override;
  void started(const MergePlan& plan, const std::filesystem::path& output) override;
  void progressed(const Progress& progress) override;
  void paused() override;
  void resumed() override;
  void finished(const MergeReport& report) override;
  void cancelled() override;
  void refusedRecipe(const std::vector<Problem>& problems, const std::string& recipeName) override;
  void failed(const Error& error, const std::filesystem::path& unfinished) override;

 private:
  void writeLine(const nlohmann::ordered_json& event);

  std::ostream& m_out;
  std::ostream& m_err;
  std::mutex m_mutex;
};

}  // namespace layerloom
