// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/merge_command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <utility>

#include "app/cli/byte_count.h"
#include "app/cli/command_options.h"
#include "app/cli/json_reporter.h"
#include "app/cli/pause_watch.h"
#include "app/cli/recipe_check.h"
#include "app/cli/text_reporter.h"
#include "app/version.h"
#include "core/run/staged_run.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr int kMostThreads = 1024;

std::string mergeFooter() {
  return "Example:\n"
         "  layerloom-cli merge recipe.yml merged-model --model-dir ~/models --seed 1\n"
         "\n"
         "The model appears under its name only when it is complete. Until then it is made in OUT.partial, which stays when the\n"
         "disk is full or the program is killed; the same command with --resume goes on from there, to the same result.\n"
         "SIGUSR1 pauses a merge, SIGUSR2 lets it go on.\n"
         "\n"
         "The JSON lines of --progress json are described in progress_json.md among the installed documents.\n"
         "\"layerloom-cli methods\" lists the merge methods and their parameters.\n"
         "\n" +
         exitStatusHelp();
}

}  // namespace

CLI::App* MergeCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("merge", "Make a model by a recipe");
  addRecipeArgument(*command, m_recipe);
  command->add_option("OUT", m_output, "The folder to make")->required()->option_text(" ");
  addModelDirOption(*command, m_modelDirs);
  command->add_option("--seed", m_seed, "Start of the random numbers, for methods that draw them (0)")
      ->option_text("N")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--threads", m_threads, "Threads to work with; the result is the same for any number (all)")
      ->option_text("N")
      ->check(CLI::Range(1, kMostThreads));
  command->add_option("--shard-size", m_shardSize, "Largest weight file: 5GB, 500MB, 2GiB or bytes (5GB)")
      ->option_text("SIZE");
  command->add_flag("--dry-run", m_dryRun, "Print what would be read and written, and write nothing");
  command->add_option("--progress", m_progress, "bar on a terminal, json lines on standard output, or none (bar)")
      ->option_text("bar|json|none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  command->add_flag("--allow-crimes", m_allowCrimes, "Merge models of different architectures");
  command->add_option("--stages", m_stages,
                      "Keep the results of a recipe's earlier stages in DIR, and use those that are there already")
      ->option_text("DIR");
  command->add_flag("--overwrite", m_overwrite, "Replace OUT if it exists; without --resume, start an interrupted merge anew");
  command->add_flag("--resume", m_resume, "Go on with a merge into OUT that was interrupted, if there is one");
  command->add_option("--non-finite", m_nonFinite, "What to do with models that hold NaN or infinite numbers (refuse)")
      ->option_text("refuse|warn|pass")
      ->check(CLI::IsMember({"refuse", "warn", "pass"}));
  command->footer(mergeFooter);
  return command;
}

ExitStatus MergeCommand::run(CommandContext& context) {
  const std::unique_ptr<MergeReporter> reporter = makeReporter(context);
  return merge(context, *reporter);
}

Result<PlanOptions> MergeCommand::planOptions(const std::filesystem::path& recipeFolder) const {
  PlanOptions options;
  options.locator = {recipeFolder, toPaths(m_modelDirs)};
  LAYERLOOM_TRY(options.shardBytes, parseByteCount(m_shardSize));
  options.seed = m_seed;
  options.allowDifferentArchitectures = m_allowCrimes;
  return options;
}

std::unique_ptr<MergeReporter> MergeCommand::makeReporter(CommandContext& context) const {
  if (m_progress == "json") {
    return std::make_unique<JsonReporter>(context.out, context.err);
  }
  return std::make_unique<TextReporter>(context.out, context.err, m_progress == "bar", nonFinitePolicy());
}

ExitStatus MergeCommand::merge(CommandContext& context, MergeReporter& reporter) const {
  const Result<RecipeText> recipe = readRecipe(m_recipe, context.in);
  if (!recipe.has_value()) {
    reporter.failed(recipe.error(), {});
    return exitStatusOf(recipe.error().kind);
  }
  const Result<PlanOptions> options = planOptions(recipe->folder);
  if (!options.has_value()) {
    reporter.failed(options.error(), {});
    return exitStatusOf(options.error().kind);
  }
  const CheckedRecipe checked = checkRecipe(*recipe, *options);
  if (!checked.plan) {
    reporter.refusedRecipe(checked.problems, recipe->name);
    return ExitStatus::Refused;
  }
  reporter.warned(checked.problems, recipe->name);
  if (m_dryRun) {
    reporter.planned(*checked.plan, m_output);
    return ExitStatus::Done;
  }
  return carryOut(checked, *options, recipe->text, context, reporter);
}

NonFinitePolicy MergeCommand::nonFinitePolicy() const {
  if (m_nonFinite == "warn") {
    return NonFinitePolicy::Warn;
  }
  return m_nonFinite == "pass" ? NonFinitePolicy::Pass : NonFinitePolicy::Refuse;
}

RunOptions MergeCommand::runOptions(const std::string& recipeText, const CommandContext& context) const {
  RunOptions options;
  options.threads = m_threads;
  options.overwrite = m_overwrite;
  if (m_resume) {
    options.unfinished = UnfinishedMerge::Resume;
  } else if (m_overwrite) {
    options.unfinished = UnfinishedMerge::Discard;
  }
  options.nonFinite = nonFinitePolicy();
  options.pause = context.pause;
  options.recipeText = recipeText;
  options.program = kVersion;
  return options;
}

ExitStatus MergeCommand::carryOut(const CheckedRecipe& checked, const PlanOptions& planOptions,
                                  const std::string& recipeText, const CommandContext& context,
                                  MergeReporter& reporter) const {
  reporter.started(*checked.plan, m_output);
  const Result<MergeReport> report = [&] {
    const PauseWatch watch(context.pause, reporter);
    return runRecipe(*checked.recipe, planOptions, *checked.plan, m_output, m_stages, runOptions(recipeText, context), context.stop,
                     [&](const Progress& progress) { reporter.progressed(progress); });
  }();
  if (!report.has_value()) {
    reporter.failed(report.error(), unfinishedFolder(m_output));
    return exitStatusOf(report.error().kind);
  }
  if (report->cancelled) {
    reporter.cancelled();
    return ExitStatus::Cancelled;
  }
  reporter.finished(*report);
  return ExitStatus::Done;
}

}  // namespace layerloom
