// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stats_command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/recipe_check.h"
#include "app/cli/statistics_report.h"
#include "app/version.h"
#include "core/analysis/statistics_cache.h"
#include "core/checkpoint/locator.h"
#include "core/report/report.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

std::string statsFooter() {
  return "Example:\n"
         "  layerloom-cli stats base prose code --json\n"
         "\n"
         "Every file is read once. Figures are kept in the user's cache folder under the fingerprints of the files, so that\n"
         "the second time is quick.\n"
         "\n" +
         exitStatusHelp();
}

}  // namespace

CLI::App* StatsCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("stats", "Say how models differ from a base and from each other, layer by layer");
  command->add_option("MODEL", m_models, "The base model, then the models that are compared with it; each a folder, a .safetensors file or a name")
      ->required()
      ->option_text("BASE MODEL ...");
  addModelDirOption(*command, m_modelDirs);
  CLI::Option* json = command->add_flag("--json", m_json, "Write JSON (statistics_json.md)");
  CLI::Option* csv = command->add_flag("--csv", m_csv, "Write a table for other programs");
  CLI::Option* table = command->add_flag("--table", m_table, "Write tables for people (standard)");
  json->excludes(csv)->excludes(table);
  csv->excludes(table);
  command->add_flag("--no-base", m_noBase, "The first model is no base: compare all with their mean");
  command->add_flag("--stable-rank", m_stableRank, "Measure stable ranks too, which reads every matrix many times");
  addMeasuringOptions(*command, m_threads, m_noCache);
  command->add_option("--threshold", m_thresholds, "Where advice begins, NAME=VALUE: " + fmt::format("{}", fmt::join(AdviceThresholds::names(), ", ")));
  CLI::Option* report = command->add_option("--report", m_report, "Write a page for colleagues instead, FILE.html or FILE.pdf");
  report->excludes(json)->excludes(csv)->excludes(table)->option_text("FILE");
  command->add_option("--recipe", m_recipe, "A recipe whose text and curves belong into the report")->needs(report)->option_text("FILE");
  command->footer(statsFooter);
  return command;
}

Result<StatisticsSources> StatsCommand::openSources() const {
  StatisticsSources sources;
  for (std::size_t i = 0; i < m_models.size(); ++i) {
    LAYERLOOM_TRY(auto model, openModel(m_models[i], {".", toPaths(m_modelDirs)}));
    if (i == 0 && !m_noBase) {
      sources.base = std::move(model);
      sources.baseName = m_models[i];
    } else {
      sources.models.push_back(std::move(model));
      sources.names.push_back(m_models[i]);
    }
  }
  return sources;
}

Result<AdviceThresholds> StatsCommand::thresholds() const {
  AdviceThresholds thresholds;
  for (const std::string& text : m_thresholds) {
    const std::size_t border = text.find('=');
    const std::optional<double> value = border == std::string::npos ? std::nullopt : parseDouble(text.substr(border + 1));
    if (!value || !thresholds.set(text.substr(0, border), *value)) {
      return refused(fmt::format("--threshold {}: there is no such threshold, or its value is no number", escaped(text)),
                     fmt::format("write NAME=VALUE with one of {}", fmt::join(AdviceThresholds::names(), ", ")));
    }
  }
  return thresholds;
}

ExitStatus StatsCommand::run(CommandContext& context) {
  const Result<AdviceThresholds> limits = thresholds();
  if (!limits) {
    printError(context.err, limits.error());
    return exitStatusOf(limits.error().kind);
  }
  const Result<StatisticsSources> sources = openSources();
  if (!sources) {
    printError(context.err, sources.error());
    return exitStatusOf(sources.error().kind);
  }
  const StatisticsOptions options{m_threads, m_stableRank};
  const StatisticsCache cache = m_noCache ? StatisticsCache() : StatisticsCache::ofUser();
  const Result<Statistics> statistics = cachedStatistics(*sources, options, cache, context.stop, {});
  if (!statistics) {
    printError(context.err, statistics.error());
    return exitStatusOf(statistics.error().kind);
  }
  if (!statistics->complete) {
    return ExitStatus::Cancelled;
  }
  const std::vector<Advice> advice = adviceOn(*statistics, *limits, false);
  return m_report.empty() ? print(*statistics, advice, context) : report(*statistics, *sources, advice, context);
}

ExitStatus StatsCommand::print(const Statistics& statistics, const std::vector<Advice>& advice, CommandContext& context) const {
  if (m_json) {
    context.out << dumpJson(statisticsToJson(statistics, advice)) << '\n';
  } else {
    context.out << (m_csv ? statisticsToCsv(statistics) : describeStatistics(statistics, advice));
  }
  return ExitStatus::Done;
}

ExitStatus StatsCommand::report(const Statistics& statistics, const StatisticsSources& sources, const std::vector<Advice>& advice,
                                CommandContext& context) const {
  report::ReportContent content{statistics, sources, advice, fmt::format("layerloom-cli {}", kVersion)};
  CheckedRecipe checked;
  if (!m_recipe.empty()) {
    const Result<RecipeText> recipe = readRecipe(m_recipe, context.in);
    if (!recipe) {
      printError(context.err, recipe.error());
      return exitStatusOf(recipe.error().kind);
    }
    PlanOptions options;
    options.locator = {recipe->folder, toPaths(m_modelDirs)};
    options.keepOrigins = true;
    checked = checkRecipe(*recipe, options);
    printProblems(context.err, checked.problems, recipe->name);
    if (!checked.plan) {
      return ExitStatus::Refused;
    }
    content.recipe = recipe->text;
    content.plan = &*checked.plan;
  }
  if (const Status status = report::writeReport(content, m_report); !status) {
    printError(context.err, status.error());
    return exitStatusOf(status.error().kind);
  }
  return ExitStatus::Done;
}

}  // namespace layerloom
