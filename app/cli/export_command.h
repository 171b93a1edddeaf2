// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace layerloom {

/// `export RECIPE`: writes a recipe in the canonical form that mergekit reads.
class ExportCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  std::string m_recipe;
  std::string m_file;
  std::vector<std::string> m_modelDirs;
};

}  // namespace layerloom
