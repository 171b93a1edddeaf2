// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/command.h"

namespace layerloom {

/// `methods`: the merge methods with their formulas and parameters.
class MethodsCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  std::string m_name;
  bool m_json = false;
  bool m_markdown = false;
};

}  // namespace layerloom
