// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/speed_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "tests/bench/conditions.h"

namespace layerloom::bench {
namespace {

constexpr double kMega = 1e6;
constexpr double kGiga = 1e9;

/// Bytes of all inputs, once, and of the output.
std::uint64_t trafficOf(const BenchMethod& method, const BenchOptions& options) {
  std::uint64_t sum = 0;
  std::uint64_t last = 0;
  for (const auto& input : method.inputs(options.family, method.tunes)) {
    last = modelBytes(input);
    sum += last;
  }
  return sum + last;
}

std::string spread(const Contestant& contestant) {
  return fmt::format("{:.2f} ({:.2f}-{:.2f})", contestant.medianSeconds(), contestant.leastSeconds(), contestant.mostSeconds());
}

/// The table of compareMethods(), a row at a time.
class MethodTable {
 public:
  explicit MethodTable(const BenchOptions& options) : m_options(options) {}

  void head() const {
    fmt::print("{:<17}{:>19}{:>7}{:>7}{:>6}{:>19}{:>7}", "method", "layerloom s", "cpu s", "GB/s", "MB", "floor s", "ratio");
    if (!m_options.against.empty()) {
      fmt::print("{:>19}{:>7}", "against s", "ratio");
    }
    if (!m_options.mergekit.empty()) {
      fmt::print("{:>24}{:>7}{:>7}", "mergekit s", "MB", "times");
    }
    fmt::print("\n");
  }

  /// Contestants in the order of `contestantsFor`.
  void row(const BenchMethod& method, const std::vector<Contestant>& contestants) const {
    const Contestant& own = contestants[0];
    const double seconds = own.medianSeconds();
    const double traffic = static_cast<double>(trafficOf(method, m_options));
    fmt::print("{:<17}{:>19}{:>7.2f}{:>7.2f}{:>6.0f}{:>19}{:>7.2f}", method.name, spread(own), own.medianCpuSeconds(), traffic / seconds / kGiga,
               static_cast<double>(own.peakBytes()) / kMega, spread(contestants[1]), seconds / contestants[1].medianSeconds());
    std::size_t next = 2;
    if (!m_options.against.empty()) {
      const Contestant& other = contestants[next++];
      fmt::print("{:>19}{:>7.2f}", spread(other), seconds / other.medianSeconds());
    }
    if (!m_options.mergekit.empty()) {
      const Contestant& peer = contestants[next];
      fmt::print("{:>24}{:>7.0f}{:>7.1f}", spread(peer), static_cast<double>(peer.peakBytes()) / kMega, peer.medianSeconds() / seconds);
    }
    fmt::print("\n");
    std::fflush(stdout);
  }

 private:
  const BenchOptions& m_options;
};

std::vector<Contestant> contestantsFor(const Workshop& workshop, const BenchMethod& method) {
  const BenchOptions& options = workshop.options();
  std::vector<Contestant> contestants = {{workshop.mergeCommand(options.cli, options.threads)}, {workshop.floorCommand(method)}};
  if (!options.against.empty()) {
    contestants.push_back({workshop.mergeCommand(options.against, options.threads)});
  }
  if (!options.mergekit.empty()) {
    contestants.push_back({workshop.mergekitCommand()});
  }
  return contestants;
}

/// Brings the inputs into the page cache.
Status warmUp(const Workshop& workshop, const BenchMethod& method) {
  workshop.removeOutput();
  return run(workshop.floorCommand(method), workshop.errorFile()).map([](const ChildResult&) {});
}

std::vector<int> threadCounts() {
  const int most = std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<int> counts;
  for (int count = 1; count < most; count *= 2) {
    counts.push_back(count);
  }
  counts.push_back(most);
  return counts;
}

}  // namespace

Status compareMethods(const Workshop& workshop) {
  LAYERLOOM_TRY(const auto methods, workshop.methods());
  printConditions();
  fmt::print("Seconds: median (least-most) of {} runs in turn. Ratio: layerloom to floor (reading all inputs and copying one). GB/s: inputs "
             "once and output. MB: peak resident memory.\n",
             workshop.options().runs);
  const MethodTable table(workshop.options());
  table.head();
  for (const BenchMethod& method : methods) {
    LAYERLOOM_CHECK(workshop.writeRecipe(method, workshop.options().family, method.tunes));
    LAYERLOOM_CHECK(warmUp(workshop, method));
    std::vector<Contestant> contestants = contestantsFor(workshop, method);
    LAYERLOOM_CHECK(workshop.compete(contestants, workshop.options().runs));
    table.row(method, contestants);
  }
  printConditions();
  return {};
}

Status compareThreads(const Workshop& workshop) {
  LAYERLOOM_TRY(const auto methods, workshop.methods());
  printConditions();
  const std::vector<int> counts = threadCounts();
  fmt::print("{:<17}", "method");
  for (const int count : counts) {
    fmt::print("{:>19}{:>8}", fmt::format("{} thread{} s", count, count == 1 ? "" : "s"), "gain");
  }
  fmt::print("\n");
  for (const BenchMethod& method : methods) {
    LAYERLOOM_CHECK(workshop.writeRecipe(method, workshop.options().family, method.tunes));
    LAYERLOOM_CHECK(warmUp(workshop, method));
    std::vector<Contestant> contestants;
    for (const int count : counts) {
      contestants.push_back({workshop.mergeCommand(workshop.options().cli, count)});
    }
    LAYERLOOM_CHECK(workshop.compete(contestants, workshop.options().runs));
    fmt::print("{:<17}", method.name);
    for (const Contestant& contestant : contestants) {
      fmt::print("{:>19}{:>8.2f}", spread(contestant), contestants[0].medianSeconds() / contestant.medianSeconds());
    }
    fmt::print("\n");
    std::fflush(stdout);
  }
  printConditions();
  return {};
}

}  // namespace layerloom::bench
