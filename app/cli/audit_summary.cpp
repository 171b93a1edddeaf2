// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/audit_summary.h"

#include <fmt/format.h>

#include "core/support/text.h"

namespace layerloom {
namespace {

/// A screen's worth; the JSON lines and the manifest have more.
constexpr std::size_t kMostTensors = 5;

std::string warning(const std::string& text) {
  return fmt::format("layerloom-cli: warning: {}\n", text);
}

std::string describe(const TensorFinding& finding) {
  std::string text;
  const auto add = [&](std::uint64_t count, const char* what) {
    if (count > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", formatCount(count), what);
    }
  };
  add(finding.inputNans, "NaN in the inputs");
  add(finding.inputInfinities, "infinite in the inputs");
  add(finding.outputNans, "NaN in the result");
  add(finding.outputInfinities, "infinite in the result");
  add(finding.saturations, "too large for the output type");
  if (finding.normRatio) {
    text += fmt::format("{}norm {:.3g} times that of the nearest input", text.empty() ? "" : ", ", *finding.normRatio);
  }
  return fmt::format("  {}: {}\n", escaped(finding.tensor), text);
}

bool isToldOf(const TensorFinding& finding, NonFinitePolicy policy) {
  return policy != NonFinitePolicy::Pass || finding.saturations > 0 || finding.normRatio ||
         finding.outputNans + finding.outputInfinities > finding.inputNans + finding.inputInfinities;
}

}  // namespace

std::string describeAudit(const MergeAudit& audit, NonFinitePolicy policy) {
  std::string text;
  if (policy != NonFinitePolicy::Pass && audit.inputNans + audit.inputInfinities > 0) {
    text += warning(fmt::format("the inputs hold {} entries that are NaN and {} that are infinite; {} entries of the result are either",
                                formatCount(audit.inputNans), formatCount(audit.inputInfinities),
                                formatCount(audit.outputNans + audit.outputInfinities)));
  }
  if (audit.created > 0) {
    text += warning(fmt::format("{} entries of the result are infinite or not a number though their inputs are neither",
                                formatCount(audit.created)));
  }
  if (audit.saturations > 0) {
    text += warning(fmt::format("{} entries of the result are too large for its type and became infinite; choose a wider out_dtype",
                                formatCount(audit.saturations)));
  }
  if (audit.normOutliers > 0) {
    text += warning(fmt::format("{} tensors have a norm unlike that of their inputs", formatCount(audit.normOutliers)));
  }
  if (text.empty()) {
    return text;
  }
  std::size_t told = 0;
  for (const TensorFinding& finding : audit.findings) {
    if (told < kMostTensors && isToldOf(finding, policy)) {
      text += describe(finding);
      ++told;
    }
  }
  if (audit.findingCount > told) {
    text += fmt::format("  {} more tensors are in layerloom_manifest.json or in --progress json\n", audit.findingCount - told);
  }
  return text;
}

}  // namespace layerloom
