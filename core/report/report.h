// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/advice.h"
#include "core/analysis/statistics.h"
#include "core/analysis/statistics_pass.h"
#include "core/plan/plan.h"
#include "core/report/document.h"

namespace layerloom::report {

/// What a report speaks: English unless the front end says otherwise.
struct ReportLanguage {
  std::string code = "en";
  std::string decimalPoint = ".";
  std::function<std::string(const char* text)> translate = {};    ///< of texts with the context "Report"
  std::function<std::string(const Advice& advice)> advice = {};
};

/// What a report tells colleagues.
struct ReportContent {
  const Statistics& statistics;
  const StatisticsSources& sources;
  const std::vector<Advice>& advice;
  std::string program;                ///< name and version, for the foot of the title
  std::string recipe = {};            ///< its text; empty: none
  const MergePlan* plan = nullptr;    ///< of the recipe, with origins; null: no curves
  ReportLanguage language = {};
};

/// Advice, curves, heat maps, ranking, figures per model and pair, recipe, and fingerprints of the files of the sources.
Result<Document> makeReport(const ReportContent& content);

/// Writes a report to a file that ends in .html or .pdf, replacing one that is there.
Status writeReport(const ReportContent& content, const std::filesystem::path& file);

}  // namespace layerloom::report
