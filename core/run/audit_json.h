// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include "core/run/audit.h"

namespace layerloom {

/// As it stands in the manifest and in the JSON lines of the command line; described in app/cli/manifest_json.md.
nlohmann::ordered_json auditToJson(const MergeAudit& audit);

}  // namespace layerloom
