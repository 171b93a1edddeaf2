// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stats_command.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/statistics_report.h"
#include "core/analysis/statistics_cache.h"
#include "core/checkpoint/locator.h"

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
  command->add_flag("--no-cache", m_noCache, "Neither use nor keep figures of earlier times");
  command->add_option("--threads", m_threads, "Threads; 0: as many as the machine has")->check(CLI::Range(0, 1024));
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

ExitStatus StatsCommand::run(CommandContext& context) {
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
  if (m_json) {
    context.out << dumpJson(statisticsToJson(*statistics)) << '\n';
  } else {
    context.out << (m_csv ? statisticsToCsv(*statistics) : describeStatistics(*statistics));
  }
  return ExitStatus::Done;
}

}  // namespace layerloom
