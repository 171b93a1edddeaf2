// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report.h"

namespace layerloom {

/// The language of the window, for a report.
report::ReportLanguage reportLanguage();

}  // namespace layerloom
