// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "core/analysis/preview_runner.h"

namespace layerloom {

/// What a run gave, and the inner products of the entries that it was on.
struct MeasuredRun {
  RunMeans means;
  const Eigen::MatrixXd* gram = nullptr;
};

/// What a part of the sample has beyond what is known of it; 0 on average.
struct PartRests {
  double moved = 0;
  Eigen::VectorXd apart;  ///< by vector
  Eigen::VectorXd dots;   ///< by vector
};

/// Estimates figures over a tensor from runs on samples of it: the result is taken apart into a sum of base and Δ, of which the inner products
/// over all entries are known, and a rest, of which only the sample tells (a generalised regression estimator, as survey statistics have it).
class SketchEstimate {
 public:
  /// `whole`: the inner products over all entries, per entry. It must outlive the object.
  SketchEstimate(const MeasuredRun& all, const Eigen::MatrixXd& whole);

  /// How much more the models change in the tensor than in the sample: where a sample has missed what is large, its parts also differ too little.
  double weight() const { return m_energy > 0 ? (m_whole.trace() - m_whole(0, 0)) / m_energy : 1; }
  double moved() const { return m_sum.dot(m_whole * m_sum) + rest(); }
  /// ⟨d, Δ⟩, per entry as all others.
  double dotWith(Eigen::Index vector) const { return m_whole.row(vector) * m_sum; }
  double apartFrom(Eigen::Index vector) const;

  PartRests restsOf(const MeasuredRun& part) const;

 private:
  double rest() const { return m_restPerEnergy * (m_whole.trace() - m_whole(0, 0)); }

  const Eigen::MatrixXd& m_whole;
  Eigen::VectorXd m_sum;
  double m_energy = 0;
  double m_restPerEnergy = 0;
};

/// The parts of a sample as one way of dividing it gives them, and the share of the variance that shows between them in the error.
struct Division {
  std::vector<MeasuredRun> parts;
  double factor = 0;
  std::vector<PartRests> rests;  ///< of the parts, once the whole is estimated
};

/// One source of a task: its place among the vectors, and its inputs.
struct Source {
  Eigen::Index vector = 0;
  std::vector<std::size_t> inputs;
};

/// How far the parts of a sample lie from each other in the figures of one model: variances of the mean of all parts.
struct PartSpread {
  double moved = 0;
  double apart = 0;
  double dot = 0;
  double covariance = 0;
  double weight = 0;
  double kept = 0;
  double won = 0;
  double lost = 0;
};

/// The inputs that are a model of the statistics.
std::vector<std::size_t> inputsOf(const PreviewLinks::Job& link, std::size_t source);

/// The sum of the factors of some inputs; nothing where the method has none.
std::optional<double> weightOf(const RunMeans& means, const std::vector<std::size_t>& inputs);

using Share = double Shares::*;

/// What became of a model that is one input; nothing for others.
std::optional<double> shareOf(const RunMeans& means, const std::vector<std::size_t>& inputs, Share share);

PartSpread spreadOf(const Division& division, const SketchEstimate& estimate, const Source& source);
PartSpread sum(const PartSpread& a, const PartSpread& b);

}  // namespace layerloom
