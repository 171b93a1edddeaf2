// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/plan/plan.h"

namespace layerloom {

/// The model that a plan will make, as far as it is known before it is made: config and tensors without data.
Result<std::shared_ptr<const Model>> announcedModel(const MergePlan& plan, const std::string& name);

}  // namespace layerloom
