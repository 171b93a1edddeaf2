// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
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
constexpr int kRuns = 7;

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

double milliseconds(const std::function<void()>& work) {
  std::vector<double> times;
  for (int run = 0; run < kRuns; ++run) {
    const auto from = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count());
  }
  std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
  return times[kRuns / 2];
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
  fmt::print("{:<18}{:>8}{:>10}{:>10}{:>10}{:>12}{:>12}{:>14}\n", "method", "tensors", "plan ms", "link ms", "drag ms", "drag entries", "all ms", "all entries");
  for (const MethodSpec& method : methodSpecs()) {
    const Recipe recipe = parseRecipe(recipeOf(method, folder)).draft;
    PlanResult planned = planMerge(recipe, options);
    if (!planned.plan) {
      return refused(method.name + ": " + planned.problems.front().message);
    }
    const double plan = milliseconds([&] { planMerge(recipe, options); });
    PreviewLinks links = linkPreview(*planned.plan, statistics);
    const double link = milliseconds([&] { links = linkPreview(*planned.plan, statistics); });
    Preview drag;
    Preview all;
    const double dragged = milliseconds([&] { drag = predictMerge(*planned.plan, statistics, links, {kLeastPreviewEntries, threads}, {}); });
    const double whole = milliseconds([&] { all = predictMerge(*planned.plan, statistics, links, {0, threads}, {}); });
    fmt::print("{:<18}{:>8}{:>10.1f}{:>10.1f}{:>10.1f}{:>12}{:>12.1f}{:>14}\n", method.name, planned.plan->jobs.size(), plan, link, dragged, drag.entries, whole,
               all.entries);
  }
  return {};
}

}  // namespace
}  // namespace layerloom::bench

int main(int argc, char** argv) {
  CLI::App program("Measures plan and preview of a merge of 126 layers and 8 models, the median of several runs");
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
