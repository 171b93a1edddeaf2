// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/progress_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/bench/conditions.h"

namespace layerloom::bench {
namespace {

using Json = nlohmann::json;

constexpr int kCancelled = 130;

/// One report of a merge under way.
struct Report {
  double seconds = 0;  ///< when it was read, since the start of the process
  double share = 0;    ///< of the bytes
  std::optional<double> left;
};

struct WatchedRun {
  double seconds = 0;
  std::vector<Report> reports;
};

double since(Child::Clock::time_point start) {
  return std::chrono::duration<double>(Child::Clock::now() - start).count();
}

std::optional<Report> asReport(const std::string& line, double seconds) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || json.value("event", "") != "progress") {
    return std::nullopt;
  }
  Report report;
  report.seconds = seconds;
  report.share = json.at("bytes_done").get<double>() / std::max(1.0, json.at("bytes_total").get<double>());
  if (json.at("seconds_left").is_number()) {
    report.left = json.at("seconds_left").get<double>();
  }
  return report;
}

Result<WatchedRun> watch(const Workshop& workshop, const std::vector<std::string>& command) {
  workshop.removeOutput();
  LAYERLOOM_TRY(Child child, Child::start(command, workshop.errorFile(), true));
  WatchedRun watched;
  while (const auto line = child.readLine()) {
    if (const auto report = asReport(*line, since(child.started()))) {
      watched.reports.push_back(*report);
    }
  }
  const ChildResult result = child.wait();
  if (result.status != 0) {
    return tl::unexpected(failure(command, result.status, workshop.errorFile()));
  }
  watched.seconds = result.seconds;
  return watched;
}

/// How far a run's estimates were off once a tenth of its bytes was done; negative shares: no estimate.
struct EstimateErrors {
  double first = -1;      ///< the first estimate's, as a share of the time that was left
  double firstAt = -1;    ///< when it came, as a share of the whole time
  double worst = -1;      ///< the largest, as a share of the whole time
  double worstLeft = -1;  ///< the largest while a tenth of the time was left, as a share of the time that was left
};

EstimateErrors errorsOf(const WatchedRun& watched) {
  EstimateErrors errors;
  for (const Report& report : watched.reports) {
    if (!report.left || report.share < 0.1) {
      continue;
    }
    const double left = watched.seconds - report.seconds;
    const double off = std::abs(*report.left - left);
    if (errors.first < 0) {
      errors.first = off / left;
      errors.firstAt = report.seconds / watched.seconds;
    }
    errors.worst = std::max(errors.worst, off / watched.seconds);
    if (left >= watched.seconds / 10) {
      errors.worstLeft = std::max(errors.worstLeft, off / left);
    }
  }
  return errors;
}

std::string percent(double share) {
  return share < 0 ? "none" : fmt::format("{:.0f} %", share * 100);
}

Status checkCancelled(const Workshop& workshop, const std::vector<std::string>& command, const ChildResult& result) {
  if (result.status != kCancelled && result.status != 0) {
    return tl::unexpected(failure(command, result.status, workshop.errorFile()));
  }
  return {};
}

/// How long an interrupt takes that comes `delay` after the start; nothing when the merge was done before.
Result<std::optional<double>> interruptAfter(const Workshop& workshop, const std::vector<std::string>& command, double delay) {
  workshop.removeOutput();
  LAYERLOOM_TRY(Child child, Child::start(command, workshop.errorFile()));
  std::this_thread::sleep_for(std::chrono::duration<double>(delay));
  const double sent = since(child.started());
  child.interrupt();
  const ChildResult result = child.wait();
  LAYERLOOM_CHECK(checkCancelled(workshop, command, result));
  return result.status == 0 ? std::optional<double>() : std::optional(result.seconds - sent);
}

}  // namespace

Status measureEstimates(const Workshop& workshop) {
  LAYERLOOM_TRY(const auto methods, workshop.methods());
  const BenchOptions& options = workshop.options();
  printConditions();
  fmt::print("Errors of seconds_left after the first tenth of the bytes; the worst of {} runs. First: of the time that was left. Worst: of the "
             "whole time, and of the time left while that was at least a tenth.\n",
             options.runs);
  fmt::print("{:<17}{:>9}{:>9}{:>9}{:>9}{:>14}{:>14}\n", "method", "seconds", "reports", "first", "came at", "worst/whole", "worst/left");
  for (const BenchMethod& method : methods) {
    LAYERLOOM_CHECK(workshop.writeRecipe(method, options.family, method.tunes));
    EstimateErrors most;
    double seconds = 0;
    std::size_t reports = 0;
    for (int round = 0; round < options.runs; ++round) {
      LAYERLOOM_TRY(const WatchedRun watched, watch(workshop, workshop.mergeCommand(options.cli, options.threads, "json")));
      const EstimateErrors errors = errorsOf(watched);
      most = {std::max(most.first, errors.first), std::max(most.firstAt, errors.firstAt), std::max(most.worst, errors.worst),
              std::max(most.worstLeft, errors.worstLeft)};
      seconds += watched.seconds / options.runs;
      reports = watched.reports.size();
    }
    fmt::print("{:<17}{:>9.2f}{:>9}{:>9}{:>9}{:>14}{:>14}\n", method.name, seconds, reports, percent(most.first), percent(most.firstAt),
               percent(most.worst), percent(most.worstLeft));
    std::fflush(stdout);
  }
  workshop.removeOutput();
  printConditions();
  return {};
}

Status measureInterrupts(const Workshop& workshop) {
  LAYERLOOM_TRY(const auto methods, workshop.methods());
  const BenchOptions& options = workshop.options();
  printConditions();
  fmt::print("Milliseconds from SIGINT to the end of the process, {} moments spread over the merge.\n", options.runs);
  fmt::print("{:<17}{:>9}{:>11}{:>9}{:>9}\n", "method", "seconds", "cancelled", "median", "most");
  for (const BenchMethod& method : methods) {
    LAYERLOOM_CHECK(workshop.writeRecipe(method, options.family, method.tunes));
    const auto command = workshop.mergeCommand(options.cli, options.threads);
    workshop.removeOutput();
    LAYERLOOM_TRY(const ChildResult whole, run(command, workshop.errorFile()));
    std::vector<double> times;
    for (int moment = 1; moment <= options.runs; ++moment) {
      LAYERLOOM_TRY(const auto time, interruptAfter(workshop, command, whole.seconds * moment / (options.runs + 1)));
      if (time) {
        times.push_back(*time * 1000);
      }
    }
    std::sort(times.begin(), times.end());
    fmt::print("{:<17}{:>9.2f}{:>11}{:>9.0f}{:>9.0f}\n", method.name, whole.seconds, times.size(), times.empty() ? 0 : times[times.size() / 2],
               times.empty() ? 0 : times.back());
    std::fflush(stdout);
  }
  workshop.removeOutput();
  printConditions();
  return {};
}

}  // namespace layerloom::bench
