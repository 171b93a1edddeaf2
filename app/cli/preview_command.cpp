// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/preview_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/preview_report.h"
#include "app/cli/recipe_check.h"
#include "core/analysis/dry_run.h"
#include "core/analysis/statistics_cache.h"

namespace layerloom {
namespace {

/// The base model that the recipe names for the whole or for a slice; empty where there is none.
std::string baseOf(const MergePlan& plan) {
  const auto found = std::find_if(plan.jobs.begin(), plan.jobs.end(), [](const TensorJob& job) { return job.settings.base.has_value(); });
  return found == plan.jobs.end() ? std::string() : plan.references[found->inputs[*found->settings.base].model];
}

std::string previewFooter() {
  return "Example:\n"
         "  layerloom-cli preview recipe.yml --model-dir ~/models --verify --layer 7\n"
         "\n"
         "Predicts for each tensor, each layer and the whole how far the result will lie from the base and from every model.\n"
         "Methods that add up whole tensors are predicted exactly, others from a sample, with 95 % intervals. The models are\n"
         "read once and their statistics kept, as by \"stats\".\n"
         "\n" +
         exitStatusHelp();
}

}  // namespace

CLI::App* PreviewCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("preview", "Say what a merge will make of the models, without making it");
  addRecipeArgument(*command, m_recipe);
  addModelDirOption(*command, m_modelDirs);
  command->add_option("--base", m_base, "Compare with this model, where the recipe has no base model (standard: the mean of the models)")
      ->option_text("MODEL");
  command->add_option("--seed", m_seed, "Seed of the random methods");
  command->add_flag("--verify", m_verify, "Merge the tensors for real as well, without writing them, and show both");
  command->add_option("--layer", m_layer, "This layer of the result only; -1: what lies outside the layers")->check(CLI::Range(-1, 1'000'000));
  addMeasuringOptions(*command, m_threads, m_noCache);
  command->add_flag("--json", m_json, "Write JSON (preview_json.md)");
  command->footer(previewFooter);
  return command;
}

/// The base of the recipe, else that of the option; all other models of the plan are compared with it.
Result<StatisticsSources> PreviewCommand::sourcesOf(const MergePlan& plan, const LocatorOptions& locator) const {
  StatisticsSources sources;
  const std::string base = baseOf(plan);
  sources.baseName = base.empty() ? m_base : base;
  for (std::size_t i = 0; i < plan.models.size(); ++i) {
    if (plan.references[i] == sources.baseName) {
      sources.base = plan.models[i];
    } else {
      sources.models.push_back(plan.models[i]);
      sources.names.push_back(plan.references[i]);
    }
  }
  if (sources.base == nullptr && !sources.baseName.empty()) {
    LAYERLOOM_TRY(sources.base, openModel(sources.baseName, locator));
  }
  if (sources.models.empty()) {
    return refused("the recipe has no model beside the base model, so there is nothing to compare", "list another model");
  }
  if (sources.models.size() > kMostStatisticsModels) {
    return refused(fmt::format("the recipe has {} models beside the base model, but a preview compares at most {}", sources.models.size(), kMostStatisticsModels),
                   "merge in stages");
  }
  return sources;
}

ExitStatus PreviewCommand::tell(CommandContext& context, const MergePlan& plan, const StatisticsSources& sources, const Statistics& statistics) const {
  const PreviewLinks links = linkPreview(plan, statistics);
  std::vector<std::size_t> jobs(plan.jobs.size());
  std::iota(jobs.begin(), jobs.end(), std::size_t{0});
  if (m_layer) {
    jobs = jobsOfLayer(links, *m_layer);
  }
  if (jobs.empty()) {
    printError(context.err, {ErrorKind::Refused, fmt::format("the result has no layer {}", m_layer.value_or(0)),
                             fmt::format("give a number from 0 to {}", plan.layers - 1)});
    return ExitStatus::Refused;
  }
  const Preview preview = predictJobs(plan, statistics, links, jobs, {0, m_threads}, context.stop);
  std::optional<Preview> truth;
  if (m_verify) {
    Result<Preview> run = dryRun(plan, sources, statistics, links, jobs, m_threads, context.stop);
    if (!run) {
      printError(context.err, run.error());
      return exitStatusOf(run.error().kind);
    }
    truth = *std::move(run);
  }
  if (!preview.complete || (truth && !truth->complete)) {
    return ExitStatus::Cancelled;
  }
  if (m_json) {
    context.out << dumpJson(previewToJson(*plan.method, preview, truth)) << '\n';
  } else {
    context.out << describePreview(*plan.method, preview, truth);
  }
  return ExitStatus::Done;
}

ExitStatus PreviewCommand::run(CommandContext& context) {
  const Result<RecipeText> recipe = readRecipe(m_recipe, context.in);
  if (!recipe) {
    printError(context.err, recipe.error());
    return exitStatusOf(recipe.error().kind);
  }
  PlanOptions options;
  options.locator = {recipe->folder, toPaths(m_modelDirs)};
  options.seed = m_seed;
  const CheckedRecipe checked = checkRecipe(*recipe, options);
  printProblems(context.err, checked.problems, recipe->name);
  if (!checked.plan) {
    return ExitStatus::Refused;
  }
  if (!checked.recipe->stages.empty()) {
    printError(context.err, {ErrorKind::Refused, "the recipe has several stages, and what an earlier one makes cannot be compared before it is made",
                             "merge the earlier stages, and preview the last one by itself"});
    return ExitStatus::Refused;
  }
  const Result<StatisticsSources> sources = sourcesOf(*checked.plan, options.locator);
  if (!sources) {
    printError(context.err, sources.error());
    return exitStatusOf(sources.error().kind);
  }
  const StatisticsCache cache = m_noCache ? StatisticsCache() : StatisticsCache::ofUser();
  const Result<Statistics> statistics = cachedStatistics(*sources, {m_threads, false}, cache, context.stop, {});
  if (!statistics) {
    printError(context.err, statistics.error());
    return exitStatusOf(statistics.error().kind);
  }
  return statistics->complete ? tell(context, *checked.plan, *sources, *statistics) : ExitStatus::Cancelled;
}

}  // namespace layerloom
