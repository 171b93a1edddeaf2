// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace layerloom {

/// Adds the positional RECIPE.
void addRecipeArgument(CLI::App& command, std::string& recipe);

/// Adds `--model-dir DIR`, which may be given several times.
void addModelDirOption(CLI::App& command, std::vector<std::string>& modelDirs);

/// Adds `--threads N` and `--no-cache`, for commands that measure models.
void addMeasuringOptions(CLI::App& command, int& threads, bool& noCache);

/// The folders as paths.
std::vector<std::filesystem::path> toPaths(const std::vector<std::string>& folders);

}  // namespace layerloom
