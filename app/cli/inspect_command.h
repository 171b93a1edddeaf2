// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace layerloom {

/// `inspect MODEL…`: says what a model is, from its headers and config.
class InspectCommand : public Command {
 public:
  CLI::App* addTo(CLI::App& program) override;
  ExitStatus run(CommandContext& context) override;

 private:
  std::vector<std::string> m_models;
  std::vector<std::string> m_modelDirs;
  bool m_json = false;
  bool m_tensors = false;
};

}  // namespace layerloom
