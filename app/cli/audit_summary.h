// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/run/audit.h"
#include "core/run/plan_executor.h"

namespace layerloom {

/// What people should know of a merge's audit, a line each; empty when there is nothing. Under NonFinitePolicy::Pass nothing is said of NaN
/// and infinite numbers that the inputs held already.
std::string describeAudit(const MergeAudit& audit, NonFinitePolicy policy);

}  // namespace layerloom
