// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/plan/plan.h"

namespace layerloom {

/// The names of all files that a merge by this plan will write, weights first.
std::vector<std::string> outputFileNames(const MergePlan& plan);

/// The most passes over its inputs that any tensor of the plan needs.
int passesOver(const MergePlan& plan);

/// What a merge by this plan would read and write, for people; several lines.
std::string describePlan(const MergePlan& plan, const std::filesystem::path& output);

}  // namespace layerloom
