// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <iterator>
#include <string>

#include <QTemporaryDir>
#include <QtGlobal>

#include "core/plan/plan.h"

namespace layerloom::test {

/// A folder with models and the plans of recipes beside them.
class PlanFolder {
 public:
  std::string path(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }

  /// All that is to be said about a text, as the program says it: what the text shows and what the models show.
  PlanResult plan(const std::string& text, PlanOptions options = {}) const {
    ParsedRecipe parsed = parseRecipe(text);
    options.locator.recipeDir = m_folder.path().toStdString();
    PlanResult result = planMerge(parsed.draft, options);
    result.problems.insert(result.problems.begin(), std::make_move_iterator(parsed.problems.begin()),
                           std::make_move_iterator(parsed.problems.end()));
    if (!parsed.recipe) {
      result.plan.reset();
    }
    return result;
  }

 private:
  QTemporaryDir m_folder;
};

inline const TensorJob* findJob(const MergePlan& plan, const std::string& name) {
  const auto found =
      std::find_if(plan.jobs.begin(), plan.jobs.end(), [&](const TensorJob& job) { return job.output.name == name; });
  return found == plan.jobs.end() ? nullptr : &*found;
}

inline const TensorJob& jobOf(const MergePlan& plan, const std::string& name) {
  const TensorJob* job = findJob(plan, name);
  if (job == nullptr) {
    qFatal("no job for %s", name.c_str());
  }
  return *job;
}

/// The first problem of that severity whose message holds the text, or null.
inline const Problem* findProblem(const PlanResult& result, Severity severity, const std::string& part) {
  const auto found = std::find_if(result.problems.begin(), result.problems.end(), [&](const Problem& problem) {
    return problem.severity == severity && problem.message.find(part) != std::string::npos;
  });
  return found == result.problems.end() ? nullptr : &*found;
}

/// All problems, one line each, for the message of a failed test.
inline std::string problemsText(const PlanResult& result) {
  std::string text = result.problems.empty() ? "no problems" : "";
  for (const Problem& problem : result.problems) {
    text += describe(problem, "recipe.yml") + " [" + problem.path + "]\n";
  }
  return text;
}

}  // namespace layerloom::test

/// Fails the test unless there is a plan.
#define VERIFY_PLANNED(result) QVERIFY2((result).plan.has_value(), layerloom::test::problemsText(result).c_str())
/// Binds the problem to `name`; fails the test when there is none.
#define FIND_PROBLEM(name, result, severity, part)                                       \
  const layerloom::Problem* name = layerloom::test::findProblem(result, severity, part); \
  QVERIFY2(name != nullptr, layerloom::test::problemsText(result).c_str())
