// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis/preview_tensor.h"
#include "core/analysis/sketch_sample.h"

namespace layerloom {

/// InputTally per entry.
struct Shares {
  double kept = 0;
  double won = 0;
  double lost = 0;
};

/// What a run of the method on some entries gave, per entry. Of vectors the base is first, then the sources.
struct RunMeans {
  double moved = 0;  ///< d²
  Eigen::VectorXd dots;       ///< d · base, d · Δ
  Eigen::VectorXd apart;      ///< (result − model)²; nothing at the base's place
  std::vector<std::optional<double>> factors;  ///< these: by input
  bool trims = false;
  bool elects = false;
  std::vector<std::optional<Shares>> shares;
};

/// a ← a + factor · b
void addScaled(RunMeans& a, double factor, const RunMeans& b);
/// Sets every mean to 0.
void clear(RunMeans& means);

/// Runs the method of a job on samples of its inputs.
class SampleRunner {
 public:
  /// `sources` are the models of the samples. The task must outlive the object.
  SampleRunner(const PreviewTask& task, std::span<const std::size_t> sources);

  /// `draw` tells apart the random numbers of runs.
  Result<RunMeans> run(const SampleView& view, bool isWhole, std::uint64_t draw);
  std::uint64_t entries() const { return m_entries; }

 private:
  static constexpr double kBelowOne = 1 - 1e-9;

  void ditherShares(std::uint64_t draw);
  std::vector<std::span<const float>> inputsOf(const SampleView& view) const;

  const PreviewTask& m_task;
  MergeSettings m_settings;
  std::vector<std::size_t> m_vectors;  ///< per input, which of the sample's
  std::uint64_t m_entries = 0;
};

}  // namespace layerloom
