// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace layerloom {

/// `resolve RECIPE`: which values hold for a tensor, and which rule of the recipe set them.
class ResolveCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  std::string m_recipe;
  std::vector<std::string> m_modelDirs;
  std::vector<std::string> m_tensors;
  bool m_all = false;
  bool m_json = false;
};

}  // namespace layerloom
