// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/scale_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/conditions.h"

namespace layerloom::bench {
namespace {

constexpr double kGiga = 1e9;
constexpr double kMega = 1e6;
constexpr int kManyModels = 8;
/// Layers and tokens of models of 0.05, 0.2, 0.5, 1 and 2 GB.
struct Size {
  const char* layers;
  const char* vocabulary;
};
constexpr std::array kSizes = {Size{"1", "7600"}, Size{"4", "43000"}, Size{"13", "60000"}, Size{"24", "151936"}, Size{"48", "310000"}};

const BenchMethod& methodNamed(std::string_view name) {
  const auto& all = benchMethods();
  return *std::find_if(all.begin(), all.end(), [&](const BenchMethod& method) { return method.name == name; });
}

void removeFolder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::remove_all(folder, code);
}

std::filesystem::path beside(const Workshop& workshop, const std::string& name) {
  return workshop.output().parent_path() / name;
}

Status measureSizes(const Workshop& workshop) {
  const BenchOptions& options = workshop.options();
  fmt::print("{:<17}{:>11}{:>11}{:>14}{:>8}\n", "method", "input GB", "seconds", "ns per byte", "MB");
  for (const Size& size : kSizes) {
    const auto family = beside(workshop, "family");
    LAYERLOOM_CHECK(workshop.makeFamily(family, {"--layers", size.layers, "--vocab", size.vocabulary}));
    for (const std::string_view name : {"linear", "slerp", "ties"}) {
      const BenchMethod& method = methodNamed(name);
      LAYERLOOM_CHECK(workshop.writeRecipe(method, family, method.tunes));
      std::vector<Contestant> contestants = {{workshop.mergeCommand(options.cli, options.threads)}};
      LAYERLOOM_CHECK(workshop.compete(contestants, options.runs));
      double bytes = 0;
      for (const auto& input : method.inputs(family, method.tunes)) {
        bytes += static_cast<double>(modelBytes(input));
      }
      fmt::print("{:<17}{:>11.2f}{:>11.3f}{:>14.3f}{:>8.0f}\n", name, bytes / kGiga, contestants[0].medianSeconds(),
                 contestants[0].medianSeconds() / bytes * kGiga, static_cast<double>(contestants[0].peakBytes()) / kMega);
      std::fflush(stdout);
    }
    removeFolder(family);
  }
  return {};
}

Status measureManyTensors(const Workshop& workshop) {
  const BenchOptions& options = workshop.options();
  LAYERLOOM_TRY(const auto methods, workshop.methods());
  const auto family = beside(workshop, "tiny");
  LAYERLOOM_CHECK(workshop.makeFamily(family, {"--tiny-tensors", "100000"}));
  fmt::print("100,000 tensors of a few elements\n{:<17}{:>11}{:>8}\n", "method", "seconds", "MB");
  for (const BenchMethod& method : methods) {
    LAYERLOOM_CHECK(workshop.writeRecipe(method, family, method.tunes));
    std::vector<Contestant> contestants = {{workshop.mergeCommand(options.cli, options.threads)}};
    LAYERLOOM_CHECK(workshop.compete(contestants, options.runs));
    fmt::print("{:<17}{:>11.2f}{:>8.0f}\n", method.name, contestants[0].medianSeconds(), static_cast<double>(contestants[0].peakBytes()) / kMega);
    std::fflush(stdout);
  }
  removeFolder(family);
  return {};
}

Status measureCheck(const Workshop& workshop) {
  const auto family = beside(workshop, "shards");
  LAYERLOOM_CHECK(workshop.makeFamily(family, {"--tiny-tensors", "50000", "--shards", "100"}));
  for (const std::string_view name : {"passthrough", "linear", "ties"}) {
    const BenchMethod& method = methodNamed(name);
    LAYERLOOM_CHECK(workshop.writeRecipe(method, family, method.tunes));
    const auto merge = workshop.mergeCommand(workshop.options().cli, 0);
    std::vector<Contestant> contestants = {{{merge[0], "check", merge[2]}}};
    LAYERLOOM_CHECK(workshop.compete(contestants, workshop.options().runs));
    fmt::print("check of {} ({} of 50,000 tensors in 100 shards): {:.3f} s\n", name, method.inputs(family, method.tunes).size(),
               contestants[0].medianSeconds());
  }
  removeFolder(family);
  return {};
}

/// The peak of one merge, in MB.
Result<double> peakOf(const Workshop& workshop, const BenchMethod& method, const std::filesystem::path& family, int tunes) {
  LAYERLOOM_CHECK(workshop.writeRecipe(method, family, tunes));
  std::vector<Contestant> contestants = {{workshop.mergeCommand(workshop.options().cli, workshop.options().threads)}};
  LAYERLOOM_CHECK(workshop.compete(contestants, 1));
  return static_cast<double>(contestants[0].peakBytes()) / kMega;
}

}  // namespace

Status measureScale(const Workshop& workshop) {
  printConditions();
  LAYERLOOM_CHECK(measureSizes(workshop));
  LAYERLOOM_CHECK(measureManyTensors(workshop));
  LAYERLOOM_CHECK(measureCheck(workshop));
  printConditions();
  return {};
}

Status measureMemory(const Workshop& workshop) {
  LAYERLOOM_TRY(const auto methods, workshop.methods());
  struct Peaks {
    double own = 0;
    std::optional<double> eightfold;
    double fourfold = 0;
  };
  std::vector<Peaks> peaks(methods.size());
  // One family after the other, so that there need not be room for both.
  const auto many = beside(workshop, "many");
  LAYERLOOM_CHECK(workshop.makeFamily(many, {"--tunes", std::to_string(kManyModels)}));
  for (std::size_t i = 0; i < methods.size(); ++i) {
    LAYERLOOM_TRY(peaks[i].own, peakOf(workshop, methods[i], many, methods[i].tunes));
    if (methods[i].moreTunes) {
      LAYERLOOM_TRY(peaks[i].eightfold, peakOf(workshop, methods[i], many, kManyModels));
    }
  }
  removeFolder(many);
  // Twice as wide: four times the parameters in about as many tensors, each of them larger.
  const auto large = beside(workshop, "large");
  LAYERLOOM_CHECK(workshop.makeFamily(large, {"--hidden", "1792", "--intermediate", "9728", "--heads", "28", "--kv-heads", "4", "--layers", "29"}));
  fmt::print("Peak resident memory in MB\n{:<17}{:>9}{:>9}{:>9}\n", "method", "family", "8 models", "4 times");
  for (std::size_t i = 0; i < methods.size(); ++i) {
    LAYERLOOM_TRY(peaks[i].fourfold, peakOf(workshop, methods[i], large, methods[i].tunes));
    const std::string eightfold = peaks[i].eightfold ? fmt::format("{:.0f}", *peaks[i].eightfold) : "-";
    fmt::print("{:<17}{:>9.0f}{:>9}{:>9.0f}\n", methods[i].name, peaks[i].own, eightfold, peaks[i].fourfold);
    std::fflush(stdout);
  }
  removeFolder(large);
  return {};
}

}  // namespace layerloom::bench
