// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/messages.h"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>
#include <tuple>

#include "app/cli/exit_status.h"

namespace layerloom {
namespace {

const char* nameOf(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Note:
      return "note";
  }
  return "error";
}

std::string counted(std::ptrdiff_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::ptrdiff_t countOf(const std::vector<Problem>& problems, Severity severity) {
  return std::count_if(problems.begin(), problems.end(),
                       [&](const Problem& problem) { return problem.severity == severity; });
}

}  // namespace

std::string describe(const Error& error) {
  return error.remedy.empty() ? error.message : fmt::format("{} ({})", error.message, error.remedy);
}

void printError(std::ostream& err, const Error& error) {
  const char* const label = error.kind == ErrorKind::Defect ? "defect" : "error";
  err << fmt::format("layerloom-cli: {}: {}\n", label, describe(error));
}

void printProblems(std::ostream& stream, const std::vector<Problem>& problems, const std::string& fileName) {
  std::vector<const Problem*> sorted;
  sorted.reserve(problems.size());
  for (const Problem& problem : problems) {
    sorted.push_back(&problem);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem* a, const Problem* b) {
    return std::tie(a->where.line, a->where.column) < std::tie(b->where.line, b->where.column);
  });
  for (const Problem* problem : sorted) {
    stream << describe(*problem, fileName) << '\n';
  }
}

std::string countProblems(const std::vector<Problem>& problems) {
  const std::ptrdiff_t errors = countOf(problems, Severity::Error);
  const std::ptrdiff_t warnings = countOf(problems, Severity::Warning);
  if (errors == 0 && warnings == 0) {
    return "no problems";
  }
  std::string text = errors > 0 ? counted(errors, "error") : std::string();
  if (warnings > 0) {
    text += (text.empty() ? "" : ", ") + counted(warnings, "warning");
  }
  return text;
}

nlohmann::ordered_json problemsToJson(const std::vector<Problem>& problems) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Problem& problem : problems) {
    list.push_back({{"severity", nameOf(problem.severity)},
                    {"path", problem.path},
                    {"line", problem.where.line},
                    {"column", problem.where.column},
                    {"message", problem.message},
                    {"remedy", problem.remedy}});
  }
  return list;
}

nlohmann::ordered_json errorToJson(const Error& error) {
  return {{"kind", nameOf(error.kind)}, {"message", error.message}, {"remedy", error.remedy}};
}

std::string dumpJson(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string prettyJson(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace layerloom
