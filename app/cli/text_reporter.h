// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <mutex>

#include "app/cli/merge_reporter.h"
#include "app/cli/progress_bar.h"

namespace layerloom {

/// Reports a merge to people: results on `out`, everything else on `err`.
class TextReporter : public MergeReporter {
 public:
  TextReporter(std::ostream& out, std::ostream& err, bool drawBar, NonFinitePolicy nonFinite)
      : m_out(out), m_err(err), m_bar(err), m_drawBar(drawBar), m_nonFinite(nonFinite) {}

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
  std::ostream& m_out;
  std::ostream& m_err;
  ProgressBar m_bar;
  bool m_drawBar;
  NonFinitePolicy m_nonFinite;
  std::mutex m_mutex;  ///< the bar and a pause come from different threads
};

}  // namespace layerloom
