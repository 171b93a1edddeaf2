// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <vector>

#include "core/analysis/preview.h"
#include "core/analysis/statistics_pass.h"
#include "core/checkpoint/locator.h"
#include "tests/bench/model_maker.h"

// How long a preview takes while a curve is dragged: plan and prediction for 126 layers and 8 models.

namespace layerloom::bench {
namespace {

constexpr int kModels = 8;

/// Matrices just larger than a sketch: the time depends on the sketches, not on the tensors. As in real models a sample holds few of their
/// rows, so that its error comes from the choice of rows alone.
ModelShape smallMatrices() {
  ModelShape shape;
  shape.layers = 126;
  shape.hidden = 96;
  shape.intermediate = 192;
  shape.heads = 4;
  shape.keyValueHeads = 4;
  shape.vocabulary = 256;
  return shape;
}

/// Milliseconds, the median of several runs.
double milliseconds(int runs, const std::function<void(int)>& work) {
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) {
    const auto from = std::chrono::steady_clock::now();
    work(run);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// What is dragged: one point of a parameter's curve, that of the first model where each model has one.
struct Drag {
  const ParameterSpec* parameter = nullptr;  ///< null: the method has none, and everything is computed anew
  int points = 2;
  const char* flag = "";  ///< of the whole method, "filter_wise: true, "
};

/// A curve of so many values, of which one stands a little higher while it is dragged.
std::string curveOf(const ParameterSpec& parameter, int points, bool dragged) {
  const double middle = parameter.name == "t" ? 0.002 : 0.4;
  std::string text;
  for (int i = 0; i < points; ++i) {
    const double value = middle * (1 + 0.25 * (i % 2)) * (dragged && i == points / 2 - (points == 2 ? 1 : 0) ? 1.1 : 1);
    text += fmt::format("{}{:.6f}", i == 0 ? "[" : ", ", value);
  }
  return text + "]";
}

std::string parametersOf(const MethodSpec& method, ParameterScope scope, const Drag& drag, bool isFirst, bool dragged) {
  std::string text;
  for (const ParameterSpec& parameter : method.parameters) {
    const bool named = parameter.drawn && parameter.hasEffect && (parameter.name != "epsilon" && parameter.name != "gamma" && parameter.name != "lambda");
    if (parameter.scope == scope && named) {
      const bool isDragged = isFirst && &parameter == drag.parameter;
      text += fmt::format("{}: {}, ", parameter.name, curveOf(parameter, isDragged ? drag.points : 3, isDragged && dragged));
    }
  }
  text += scope == ParameterScope::Method ? drag.flag : "";
  return text.empty() ? text : fmt::format("parameters: {{{}}}\n", text);
}

std::string recipeOf(const MethodSpec& method, const std::filesystem::path& folder, const Drag& drag, bool dragged) {
  const int models = method.name == "slerp" ? 1 : method.maxInputs < 0 ? kModels : std::min(kModels, method.maxInputs);
  std::string text = fmt::format("merge_method: {}\ndtype: float32\n", method.name);
  if (method.baseModel != BaseModelUse::None || method.name == "slerp") {
    text += fmt::format("base_model: {}\n", (folder / "base").string());
  }
  text += parametersOf(method, ParameterScope::Method, drag, true, dragged) + "models:\n";
  for (int i = 0; i < models; ++i) {
    text += fmt::format("  - model: {}\n", (folder / fmt::format("tune-{}", i + 1)).string());
    const std::string own = parametersOf(method, ParameterScope::Input, drag, i == 0, dragged);
    text += own.empty() ? "" : "    " + own;
  }
  return text;
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

Result<std::shared_ptr<const Statistics>> measure(const std::filesystem::path& folder, PlanOptions& options) {
  StatisticsSources sources;
  LAYERLOOM_TRY(sources.base, openModel((folder / "base").string(), options.locator));
  sources.baseName = (folder / "base").string();
  options.opened[sources.baseName] = sources.base;
  for (int i = 0; i < kModels; ++i) {
    sources.names.push_back((folder / fmt::format("tune-{}", i + 1)).string());
    LAYERLOOM_TRY(auto model, openModel(sources.names.back(), options.locator));
    options.opened[sources.names.back()] = model;
    sources.models.push_back(std::move(model));
  }
  LAYERLOOM_TRY(Statistics statistics, measureStatistics(sources, {}, {}, [](const TensorStatistics&) {}));
  enlarge(statistics);
  return std::make_shared<const Statistics>(std::move(statistics));
}

/// Times of the steps of a drag.
struct Times {
  double plan = 0;
  double links = 0;
  double predict = 0;
  double rest = 0;  ///< of the prediction that follows when the drag rests, from all entries
  std::uint64_t entries = 0;
  std::size_t tensors = 0;
};

/// As the window does it, at every move of the mouse.
class DragBench {
 public:
  DragBench(const std::filesystem::path& folder, int runs, int threads, bool rests) : m_folder(folder), m_runs(runs), m_threads(threads), m_rests(rests) {}

  Status prepare() {
    LAYERLOOM_TRY(m_statistics, measure(m_folder, m_options));
    return {};
  }

  Result<Times> time(const MethodSpec& method, const Drag& drag) {
    std::array<Recipe, 2> recipes;
    std::array<MergePlan, 2> plans;
    for (std::size_t i = 0; i < 2; ++i) {
      recipes[i] = parseRecipe(recipeOf(method, m_folder, drag, i == 1)).draft;
      PlanResult planned = planMerge(recipes[i], m_options);
      if (!planned.plan) {
        return refused(method.name + ": " + planned.problems.front().message);
      }
      plans[i] = *std::move(planned.plan);
    }
    Times times;
    times.tensors = plans[0].jobs.size();
    times.plan = milliseconds(m_runs, [&](int run) { planMerge(recipes[static_cast<std::size_t>(run % 2)], m_options); });
    times.links = milliseconds(m_runs, [&](int) { linkPreview(plans[0], *m_statistics); });
    const PreviewLinks links = linkPreview(plans[0], *m_statistics);
    PreviewOptions options = quickPreview(plans[0]);
    options.threads = m_threads;
    auto memory = std::make_unique<PreviewMemory>();
    memory->predict(plans[1], m_statistics, links, options, {});
    times.predict = milliseconds(m_runs, [&](int run) {
      memory = drag.parameter == nullptr ? std::make_unique<PreviewMemory>() : std::move(memory);
      times.entries = memory->predict(plans[static_cast<std::size_t>(run % 2)], m_statistics, links, options, {}).entries;
    });
    options.entriesPerTensor = 0;
    times.rest = m_rests ? milliseconds(1, [&](int) { memory->predict(plans[0], m_statistics, links, options, {}); }) : 0;
    return times;
  }

 private:
  const std::filesystem::path m_folder;
  const int m_runs;
  const int m_threads;
  const bool m_rests;
  PlanOptions m_options;
  std::shared_ptr<const Statistics> m_statistics;
};

Status report(DragBench& bench, const MethodSpec& method, const ParameterSpec* parameter, const char* flag = "") {
  constexpr std::array kPoints = {2, 5, 126};
  std::array<Times, kPoints.size()> times;
  for (std::size_t i = 0; i < kPoints.size(); ++i) {
    LAYERLOOM_TRY(times[i], bench.time(method, {parameter, kPoints[i], flag}));
  }
  fmt::print("{:<18}{:<12}{:>8}{:>9.1f}{:>9.1f}", method.name, *flag != 0 ? "(row-wise)" : parameter == nullptr ? "(none)" : parameter->name, times[0].tensors, times[0].plan, times[0].links);
  for (const Times& one : times) {
    fmt::print("{:>9.1f}", one.predict);
  }
  fmt::print("{:>9.1f}{:>11}{:>10.0f}\n", times[0].plan + times[0].links + times[0].predict, times[0].entries, times[0].rest);
  std::fflush(stdout);
  return {};
}

Status run(DragBench& bench, const std::vector<std::string>& methods) {
  LAYERLOOM_CHECK(bench.prepare());
  fmt::print("{:<18}{:<12}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>11}{:>10}\n", "method", "dragged", "tensors", "plan ms", "links", "2 points", "5 points", "126",
             "all of 2", "entries", "rest ms");
  for (const MethodSpec& method : methodSpecs()) {
    if (!methods.empty() && std::find(methods.begin(), methods.end(), method.name) == methods.end()) {
      continue;
    }
    const ParameterSpec* parameter = method.mainParameter();
    LAYERLOOM_CHECK(report(bench, method, parameter));
    if (method.name == "model_stock") {
      LAYERLOOM_CHECK(report(bench, method, parameter, "filter_wise: true, "));
    }
    for (const char* share : {"density", "select_topk"}) {
      const ParameterSpec* other = method.parameter(share);
      if (other != nullptr && other != parameter && other->drawn && other->hasEffect) {
        LAYERLOOM_CHECK(report(bench, method, other));
      }
    }
  }
  return {};
}

}  // namespace
}  // namespace layerloom::bench

int main(int argc, char** argv) {
  CLI::App program("Measures plan and preview of a merge of 126 layers and 8 models while one point of a curve is dragged, the median of several runs");
  std::filesystem::path folder;
  int threads = 0;
  int runs = 9;
  bool dragOnly = false;
  std::vector<std::string> methods;
  program.add_option("--dir", folder, "Where the models are made, 120 MB")->required();
  program.add_option("--threads", threads, "0: as many as the machine has");
  program.add_option("--runs", runs, "Runs of which the median is taken")->check(CLI::PositiveNumber);
  program.add_option("--methods", methods, "Those alone, with commas between them")->delimiter(',');
  program.add_flag("--drag-only", dragOnly, "Leaves out what follows when the drag rests, for profiles");
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
  bench::DragBench dragBench(models, runs, threads, !dragOnly);
  status = status ? bench::run(dragBench, methods) : status;
  if (!status) {
    fmt::print(stderr, "error: {}\n", status.error().message);
    return 1;
  }
  return 0;
}
