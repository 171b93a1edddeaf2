// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/support/result.h"
#include "tests/bench/bench_method.h"
#include "tests/bench/child_process.h"

namespace layerloom::bench {

struct BenchOptions {
  std::filesystem::path cli;        ///< layerloom-cli
  std::filesystem::path modelMaker; ///< layerloom-bench-models
  std::string mergekit;             ///< mergekit-yaml; empty: without
  std::filesystem::path against;    ///< another layerloom-cli to compare with; empty: none
  std::filesystem::path family;     ///< models made by makeFamily()
  std::filesystem::path work;       ///< where recipes and results go
  std::vector<std::string> methods; ///< empty: all
  int runs = 5;
  int threads = 0;                  ///< 0: as many as the machine has
};

/// A program in a contest and what its runs took.
struct Contestant {
  std::vector<std::string> command;
  std::vector<ChildResult> results = {};

  double medianSeconds() const;
  double leastSeconds() const;
  double mostSeconds() const;
  double medianCpuSeconds() const;
  std::uint64_t peakBytes() const;
};

/// What the benchmarks share: a folder of their own for recipes and results, removed at the end, and the commands that they run in it.
class Workshop {
 public:
  static Result<Workshop> open(const BenchOptions& options);
  Workshop(Workshop&& other) noexcept;
  Workshop& operator=(Workshop&&) = delete;
  ~Workshop();

  const BenchOptions& options() const { return m_options; }
  /// The chosen methods; refused where a name is none.
  Result<std::vector<BenchMethod>> methods() const;
  std::filesystem::path output() const { return m_folder / "merged"; }
  std::filesystem::path errorFile() const { return m_folder / "errors.txt"; }
  /// Writes the recipe anew, for a family and so many models.
  Status writeRecipe(const BenchMethod& method, const std::filesystem::path& family, int tunes) const;

  std::vector<std::string> mergeCommand(const std::filesystem::path& cli, int threads, const std::string& progress = "none") const;
  std::vector<std::string> mergekitCommand() const;
  /// Reads all inputs and copies one: what no merge can do without.
  std::vector<std::string> floorCommand(const BenchMethod& method) const;
  /// Makes a family beside the results, where it is not there yet; `arguments` as of layerloom-bench-models.
  Status makeFamily(const std::filesystem::path& folder, const std::vector<std::string>& arguments) const;

  /// Runs the contestants in turn, `runs` rounds, each with no output there.
  Status compete(std::vector<Contestant>& contestants, int runs) const;
  void removeOutput() const;

 private:
  explicit Workshop(const BenchOptions& options) : m_options(options) {}

  BenchOptions m_options;
  std::filesystem::path m_folder;
};

/// The bytes of a model's weight files.
std::uint64_t modelBytes(const std::filesystem::path& folder);

}  // namespace layerloom::bench
