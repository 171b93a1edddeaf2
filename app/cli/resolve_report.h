// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/plan/plan.h"

namespace layerloom {

/// What holds for one tensor and why, for people; several lines. The job must have its origin.
std::string describeResolved(const MergePlan& plan, const TensorJob& job);

/// {"name", "layer", "t", "slice", "method", "formula", "parameters", "inputs"}
nlohmann::ordered_json resolvedToJson(const MergePlan& plan, const TensorJob& job);

}  // namespace layerloom
