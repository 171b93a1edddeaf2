// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QDir>
#include <QTemporaryDir>

#include "core/run/staged_run.h"
#include "tests/common/safetensors_data.h"

namespace layerloom::test {

/// A folder with models, and the merges of recipes beside them.
class RunFolder {
 public:
  std::string path(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }

  PlanOptions planOptions(std::uint64_t seed = 3) const {
    PlanOptions options;
    options.locator.recipeDir = m_folder.path().toStdString();
    options.seed = seed;
    return options;
  }

  /// Carries out a recipe of any number of stages as the program does. A recipe that cannot be planned is a fault of
  /// the test.
  Result<MergeReport> run(const std::string& text, const std::string& output, RunOptions options = {},
                          const std::string& stages = {}, std::uint64_t seed = 3, std::stop_token stop = {},
                          const ProgressCallback& progress = {}) const {
    const ParsedRecipe parsed = parseRecipe(text);
    const PlanResult planned = planMerge(parsed.draft, planOptions(seed));
    if (!parsed.recipe || !planned.plan) {
      qFatal("%s", (parsed.problems.empty() ? planned.problems : parsed.problems).front().message.c_str());
    }
    options.recipeText = text;
    return runRecipe(*parsed.recipe, planOptions(seed), *planned.plan, path(output),
                     stages.empty() ? std::string() : path(stages), options, std::move(stop), progress);
  }

  /// The same for one stage, with weight files of at most so many bytes.
  Result<MergeReport> runSharded(const std::string& text, const std::string& output, RunOptions options, std::uint64_t shardBytes) const {
    const ParsedRecipe parsed = parseRecipe(text);
    PlanOptions planned = planOptions();
    planned.shardBytes = shardBytes;
    const PlanResult result = planMerge(parsed.draft, planned);
    if (!parsed.recipe || !result.plan) {
      qFatal("%s", (parsed.problems.empty() ? result.problems : parsed.problems).front().message.c_str());
    }
    options.recipeText = text;
    return runMerge(*result.plan, path(output), options);
  }

  std::string weights(const std::string& model) const { return readBytes(path(model) + "/model.safetensors"); }

  /// Names in the folder, hidden ones too.
  QStringList names() const {
    return QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
  }

 private:
  QTemporaryDir m_folder;
};

/// The message of a failed run, for the message of a failed test.
inline std::string faultOf(const Result<MergeReport>& report) {
  return report.has_value() ? (report->cancelled ? "cancelled" : "no fault") : report.error().message;
}

}  // namespace layerloom::test

/// Fails the test unless the merge was carried out to its end.
#define VERIFY_RUN(expression)                                                                       \
  do {                                                                                               \
    const auto report_ = (expression);                                                               \
    QVERIFY2(report_.has_value() && !report_->cancelled, layerloom::test::faultOf(report_).c_str()); \
  } while (false)
