// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/recipe_check.h"

namespace layerloom {

/// `check RECIPE`: lists all problems of a recipe and of the models it names.
class CheckCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  std::string m_recipe;
  std::vector<std::string> m_modelDirs;
  bool m_json = false;
};

}  // namespace layerloom
