// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <optional>

#include "ui/jobs/audit_data.h"

namespace layerloom {

/// The audit in a `done` line of the merge program; nothing where the line has none.
std::optional<AuditData> auditOf(const QJsonObject& done);

}  // namespace layerloom
