// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/analysis/advice.h"
#include "core/analysis/statistics_pass.h"

namespace layerloom {

/// `stats BASE MODEL…`: says how models differ from a base and from each other.
class StatsCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  Result<StatisticsSources> openSources() const;
  Result<AdviceThresholds> thresholds() const;
  ExitStatus print(const Statistics& statistics, const std::vector<Advice>& advice, CommandContext& context) const;
  ExitStatus report(const Statistics& statistics, const StatisticsSources& sources, const std::vector<Advice>& advice, CommandContext& context) const;

  std::vector<std::string> m_models;
  std::vector<std::string> m_modelDirs;
  bool m_json = false;
  bool m_csv = false;
  bool m_table = false;
  bool m_noBase = false;
  bool m_noCache = false;
  bool m_stableRank = false;
  int m_threads = 0;
  std::vector<std::string> m_thresholds;
  std::string m_report;
  std::string m_recipe;
};

}  // namespace layerloom
