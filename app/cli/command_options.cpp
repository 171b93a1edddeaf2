// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_options.h"

#include <CLI/CLI.hpp>

namespace layerloom {

void addRecipeArgument(CLI::App& command, std::string& recipe) {
  command.add_option("RECIPE", recipe, "The recipe, a YAML file; \"-\" reads standard input")
      ->required()
      ->option_text(" ");
}

void addModelDirOption(CLI::App& command, std::vector<std::string>& modelDirs) {
  command.add_option("--model-dir", modelDirs, "Look models up in this folder too; may be given several times")
      ->option_text("DIR")
      ->allow_extra_args(false);
}

void addMeasuringOptions(CLI::App& command, int& threads, bool& noCache) {
  command.add_option("--threads", threads, "Threads; 0: as many as the machine has")->check(CLI::Range(0, 1024));
  command.add_flag("--no-cache", noCache, "Neither use nor keep figures of earlier times");
}

std::vector<std::filesystem::path> toPaths(const std::vector<std::string>& folders) {
  return {folders.begin(), folders.end()};
}

}  // namespace layerloom
