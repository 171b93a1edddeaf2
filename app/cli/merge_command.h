// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/merge_reporter.h"
#include "app/cli/recipe_check.h"
#include "app/cli/recipe_text.h"

namespace layerloom {

/// `merge RECIPE OUT`: makes a model by a recipe.
class MergeCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  Result<PlanOptions> planOptions(const std::filesystem::path& recipeFolder) const;
  std::unique_ptr<MergeReporter> makeReporter(CommandContext& context) const;
  ExitStatus merge(CommandContext& context, MergeReporter& reporter) const;
  ExitStatus carryOut(const CheckedRecipe& checked, const PlanOptions& planOptions, const std::string& recipeText,
                      const CommandContext& context, MergeReporter& reporter) const;
  RunOptions runOptions(const std::string& recipeText, const CommandContext& context) const;
  NonFinitePolicy nonFinitePolicy() const;

  std::string m_recipe;
  std::string m_output;
  std::vector<std::string> m_modelDirs;
  std::uint64_t m_seed = 0;
  int m_threads = 0;
  std::string m_shardSize = "5GB";
  bool m_dryRun = false;
  std::string m_progress = "bar";
  bool m_allowCrimes = false;
  bool m_overwrite = false;
  bool m_resume = false;
  std::string m_nonFinite = "refuse";
  std::string m_stages;
};

}  // namespace layerloom
