// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/run/run.h"

namespace layerloom {

/// The models that a merge reads, each once; in place of results of earlier stages those that they were made of.
std::vector<std::string> sourceModels(const MergePlan& plan, const RunOptions& options);

/// The model card (README.md) of a merged model: what was merged how, and the recipe.
std::string makeModelCard(const MergePlan& plan, const std::string& title, const RunOptions& options);

}  // namespace layerloom
