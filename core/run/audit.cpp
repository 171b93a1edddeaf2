// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/audit.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace layerloom {
namespace {

constexpr double kLeastDeviation = 1;  ///< a factor of two
constexpr double kDeviations = 6;
/// From the median deviation to the standard deviation of a normal distribution.
constexpr double kNormalScale = 1.4826;
/// Stands for an infinite measure: a result that is not zero of inputs that are, or the other way round.
constexpr double kFarthest = 1100;

struct Measure {
  double excess = 0;  ///< in powers of two; see makeAudit
  double ratio = 1;   ///< of the result's norm and the nearest end of the span
};

std::optional<Measure> measure(const TensorAudit& audit) {
  const auto [least, most] = std::minmax_element(audit.squaredInputNorms.begin(), audit.squaredInputNorms.end());
  if (least == audit.squaredInputNorms.end() || !std::isfinite(*most) || !std::isfinite(*least) || !std::isfinite(audit.squaredNorm)) {
    return std::nullopt;
  }
  if (audit.squaredNorm >= *least && audit.squaredNorm <= *most) {
    return Measure{};
  }
  const double nearest = audit.squaredNorm > *most ? *most : *least;
  const double ratio = std::sqrt(audit.squaredNorm / nearest);
  return Measure{std::clamp(std::log2(ratio), -kFarthest, kFarthest), ratio};
}

double medianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The range of measures that are no outliers.
std::pair<double, double> usualRange(const std::vector<double>& measures) {
  const double median = medianOf(measures);
  std::vector<double> deviations(measures.size());
  std::transform(measures.begin(), measures.end(), deviations.begin(), [&](double value) { return std::abs(value - median); });
  const double width = std::max(kLeastDeviation, kDeviations * kNormalScale * medianOf(std::move(deviations)));
  return {median - width, median + width};
}

}  // namespace

void MergeAudit::add(const MergeAudit& other) {
  inputNans += other.inputNans;
  inputInfinities += other.inputInfinities;
  outputNans += other.outputNans;
  outputInfinities += other.outputInfinities;
  created += other.created;
  saturations += other.saturations;
  normOutliers += other.normOutliers;
  findingCount += other.findingCount;
  const std::size_t room = kMostFindings - std::min(kMostFindings, findings.size());
  findings.insert(findings.end(), other.findings.begin(),
                  other.findings.begin() + static_cast<std::ptrdiff_t>(std::min(room, other.findings.size())));
}

MergeAudit makeAudit(const MergePlan& plan, std::span<const TensorRecord> records) {
  std::vector<double> measures;
  for (const TensorRecord& record : records) {
    if (const auto found = measure(record.audit)) {
      measures.push_back(found->excess);
    }
  }
  const auto [least, most] = measures.empty() ? std::pair{0.0, 0.0} : usualRange(measures);
  MergeAudit all;
  for (const TensorRecord& record : records) {
    const TensorAudit& audit = record.audit;
    const std::uint64_t before = audit.inputNans + audit.inputInfinities;
    const std::uint64_t after = audit.outputNans + audit.outputInfinities;
    const auto found = measure(audit);
    const bool outlier = found && (found->excess < least || found->excess > most);
    MergeAudit one;
    one.inputNans = audit.inputNans;
    one.inputInfinities = audit.inputInfinities;
    one.outputNans = audit.outputNans;
    one.outputInfinities = audit.outputInfinities;
    one.created = after - std::min(before, after);
    one.saturations = audit.saturations;
    one.normOutliers = outlier ? 1 : 0;
    if (before + after + audit.saturations > 0 || outlier) {
      one.findingCount = 1;
      one.findings.push_back({plan.jobs[record.job].output.name, audit.inputNans, audit.inputInfinities, audit.outputNans,
                              audit.outputInfinities, audit.saturations, outlier ? std::optional(found->ratio) : std::nullopt});
    }
    all.add(one);
  }
  return all;
}

}  // namespace layerloom
