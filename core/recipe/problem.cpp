// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/recipe/recipe.h"

namespace layerloom {

bool hasErrors(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const Problem& problem) { return problem.severity == Severity::Error; });
}

std::string describe(const Problem& problem, const std::string& fileName) {
  std::string line = fileName;
  if (problem.where.line > 0) {
    line += fmt::format(":{}:{}", problem.where.line, problem.where.column);
  }
  const char* severity = problem.severity == Severity::Error ? "error" : problem.severity == Severity::Warning ? "warning" : "note";
  line += fmt::format(": {}: ", severity);
  if (!problem.path.empty()) {
    line += fmt::format("{}: ", problem.path);
  }
  line += problem.message;
  if (!problem.remedy.empty()) {
    line += fmt::format(" ({})", problem.remedy);
  }
  return line;
}

}  // namespace layerloom
