// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/analysis/statistics_pass.h"
#include "core/plan/plan.h"

namespace layerloom {

/// `preview RECIPE`: says what a merge will make of the models, without making it.
class PreviewCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  Result<StatisticsSources> sourcesOf(const MergePlan& plan, const LocatorOptions& locator) const;
  ExitStatus tell(CommandContext& context, const MergePlan& plan, const StatisticsSources& sources, const Statistics& statistics) const;

  std::string m_recipe;
  std::vector<std::string> m_modelDirs;
  std::string m_base;
  std::optional<int> m_layer;
  std::uint64_t m_seed = 0;
  int m_threads = 0;
  bool m_verify = false;
  bool m_json = false;
  bool m_noCache = false;
};

}  // namespace layerloom
