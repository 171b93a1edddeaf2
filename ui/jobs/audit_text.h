// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include <QString>

#include "ui/jobs/job_data.h"

namespace layerloom {

// A merge's audit in the user's language.

/// "no NaN, no overflow", "3 tensors look odd", "1 remark on the sources".
QString auditChip(const AuditData& audit);
/// The counts over all tensors, each with its label.
std::vector<std::pair<QString, QString>> auditFacts(const AuditData& audit);
/// "2 NaN in the result, norm 31 times that of the nearest input".
QString findingText(const AuditTensor& tensor);
/// Of tensors that are not named one by one; empty: all are.
QString moreFindingsText(const AuditData& audit);
/// "linear · 75 tensors · 0.4 s · 40 kept from the interrupted merge".
QString mergeSummary(const JobData& job);
/// All of it, line by line, to be pasted elsewhere.
QString auditAsText(const JobData& job);

}  // namespace layerloom
