// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/analysis/advice.h"

namespace layerloom {

/// As statistics_json.md has it. Figures that do not exist are null.
nlohmann::ordered_json statisticsToJson(const Statistics& statistics, const std::vector<Advice>& advice);

/// One line per tensor, layer, kind and for the whole, with a header line; RFC 4180.
std::string statisticsToCsv(const Statistics& statistics);

/// The layers and kinds as tables for people, the whole, the tensors that diverged most, and the advice.
std::string describeStatistics(const Statistics& statistics, const std::vector<Advice>& advice);

}  // namespace layerloom
