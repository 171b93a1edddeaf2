// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <vector>

#include "core/analysis/preview.h"
#include "core/analysis/statistics_pass.h"
#include "core/checkpoint/locator.h"
#include "tests/bench/model_maker.h"

// How long a preview takes while a curve is dragged: plan and prediction for 126 layers and 8 models.

namespace layerloom::bench {
namespace {

constexpr int kModels = 8;
constexpr int kRuns = 3;

/// Matrices just larger than a sketch: the time depends on the sketches, not on the tensors.
ModelShape smallMatrices() {
  ModelShape shape;
  shape.layers = 126;
  shape.hidden = 72;
  shape.intermediate = 144;
  shape.heads = 4;
  shape.keyValueHeads = 4;
  shape.vocabulary = 256;
  return shape;
}

/// Time and processor time of all threads, which other programs disturb less; the least of several runs.
struct Times {
  double wall = 0;
  double processor = 0;
};

Times milliseconds(int runs, const std::function<void()>& work) {
  Times least{1e300, 1e300};
  for (int run = 0; run < runs; ++run) {
    const auto from = std::chrono::steady_clock::now();
    const std::clock_t start = std::clock();
    work();
    least.processor = std::min(least.processor, 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    least.wall = std::min(least.wall, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count());
  }
  return least;
}

std::string recipeOf(const MethodSpec& method, const std::filesystem::path& folder) {
  const int models = method.maxInputs < 0 ? kModels : std::min(kModels, method.maxInputs);
  std::string text = fmt::format("merge_method: {}\ndtype: float32\n", method.name);
  if (method.baseModel != BaseModelUse::None || method.name == "slerp") {
    text += fmt::format("base_model: {}\n", (folder / "base").string());
  }
  text += "models:\n";
  for (int i = 0; i < (method.name == "slerp" ? 1 : models); ++i) {
    text += fmt::format("  - model: {}\n", (folder / fmt::format("tune-{}", i + 1)).string());
    std::string own;
    for (const ParameterSpec& parameter : method.parameters) {
      const bool drawn = parameter.scope == ParameterScope::Input && parameter.drawn && parameter.name != "epsilon";
      own += drawn ? fmt::format("      {}: [0.3, 0.6, 0.4]\n", parameter.name) : "";
    }
    text += own.empty() ? "" : "    parameters:\n" + own;
  }
  return method.parameter("t") != nullptr ? text + "parameters:\n  t: [0.001, 0.6]\n" : text;
}

/// The matrices as large as those of a large model, of whose rows a sketch holds few.
void enlarge(Statistics& statistics) {
  constexpr std::uint64_t kSide = 8192;
  for (TensorStatistics& tensor : statistics.tensors) {
    if (tensor.shape.size() == 2) {
      tensor.shape = {kSide, kSide};
      tensor.figures.elements = kSide * kSide;
    }
  }
}

Result<Statistics> measure(const std::filesystem::path& folder, PlanOptions& options) {
  StatisticsSources sources;
  LAYERLOOM_TRY(sources.base, openModel((folder / "base").string(), options.locator));
  sources.baseName = (folder / "base").string();
  options.stages[sources.baseName] = sources.base;
  for (int i = 0; i < kModels; ++i) {
    sources.names.push_back((folder / fmt::format("tune-{}", i + 1)).string());
    LAYERLOOM_TRY(auto model, openModel(sources.names.back(), options.locator));
    options.stages[sources.names.back()] = model;
    sources.models.push_back(std::move(model));
  }
  return measureStatistics(sources, {}, {}, [](const TensorStatistics&) {});
}

Status run(const std::filesystem::path& folder, int threads) {
  PlanOptions options;
  LAYERLOOM_TRY(Statistics statistics, measure(folder, options));
  enlarge(statistics);
  fmt::print("{:<18}{:>8}{:>9}{:>9}{:>9}{:>9}{:>13}{:>10}{:>10}{:>13}\n", "method", "tensors", "plan ms", "cpu", "drag ms", "cpu", "entries", "all ms", "cpu", "entries");
  for (const MethodSpec& method : methodSpecs()) {
    const Recipe recipe = parseRecipe(recipeOf(method, folder)).draft;
    PlanResult planned = planMerge(recipe, options);
    if (!planned.plan) {
      return refused(method.name + ": " + planned.problems.front().message);
    }
    const Times plan = milliseconds(kRuns, [&] { planMerge(recipe, options); });
    const PreviewLinks links = linkPreview(*planned.plan, statistics);
    Preview drag;
    Preview all;
    const Times dragged = milliseconds(kRuns, [&] { drag = predictMerge(*planned.plan, statistics, links, {kLeastPreviewEntries, threads}, {}); });
    const Times whole = milliseconds(1, [&] { all = predictMerge(*planned.plan, statistics, links, {0, threads}, {}); });
    fmt::print("{:<18}{:>8}{:>9.1f}{:>9.1f}{:>9.1f}{:>9.1f}{:>13}{:>10.0f}{:>10.0f}{:>13}\n", method.name, planned.plan->jobs.size(), plan.wall, plan.processor,
               dragged.wall, dragged.processor, drag.entries, whole.wall, whole.processor, all.entries);
    std::fflush(stdout);
  }
  return {};
}

}  // namespace
}  // namespace layerloom::bench

int main(int argc, char** argv) {
  CLI::App program("Measures plan and preview of a merge of 126 layers and 8 models, the least of several runs");
  std::filesystem::path folder;
  int threads = 0;
  program.add_option("--dir", folder, "Where the models are made, 120 MB")->required();
  program.add_option("--threads", threads, "0: as many as the machine has");
  CLI11_PARSE(program, argc, argv);
  using namespace layerloom;
  const std::filesystem::path models = folder / "preview-models";
  Status status;
  if (!std::filesystem::exists(models)) {
    bench::FamilyOptions family;
    family.shape = bench::smallMatrices();
    family.tunes = bench::kModels;
    status = bench::makeFamily(models, family);
  }
  status = status ? bench::run(models, threads) : status;
  if (!status) {
    fmt::print(stderr, "error: {}\n", status.error().message);
    return 1;
  }
  return 0;
}
