// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/preview_estimate.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>

namespace layerloom {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

/// The covariance of two means over parts, given the parts.
double covarianceOfMeans(const std::vector<double>& a, const std::vector<double>& b) {
  const auto count = static_cast<double>(a.size());
  double meanA = 0;
  double meanB = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    meanA += a[i] / count;
    meanB += b[i] / count;
  }
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - meanA) * (b[i] - meanB);
  }
  return sum / (count * (count - 1));
}

}  // namespace

SketchEstimate::SketchEstimate(const RunMeans& all, const Matrix& whole) : m_all(all), m_whole(whole) {
  // Models may be equal or nearly so: any of the sums that come close will do.
  Matrix products = all.gram;
  for (Eigen::Index i = 0; i < products.rows(); ++i) {
    products(i, i) += 1e-12 * products(i, i) + 1e-300;
  }
  m_sum = products.ldlt().solve(all.dots);
  if (!m_sum.allFinite()) {
    m_sum = Vector::Zero(all.dots.size());
  }
  m_energy = all.gram.trace() - all.gram(0, 0);
  const double rest = all.moved - 2 * m_sum.dot(all.dots) + m_sum.dot(all.gram * m_sum);
  m_restPerEnergy = m_energy > 0 ? std::max(0.0, rest) / m_energy : 0;
}

double SketchEstimate::apartFrom(Eigen::Index vector) const {
  const Vector difference = m_sum - unit(vector);
  return difference.dot(m_whole * difference) + rest();
}

double SketchEstimate::apartRest(const RunMeans& part, Eigen::Index vector) const {
  const Vector difference = m_sum - unit(vector);
  return part.apart[vector] - difference.dot(part.gram * difference) - restOf(part);
}

std::vector<std::size_t> inputsOf(const PreviewLinks::Job& link, std::size_t source) {
  std::vector<std::size_t> inputs;
  for (std::size_t i = 0; i < link.inputs.size(); ++i) {
    if (link.inputs[i] == source) {
      inputs.push_back(i);
    }
  }
  return inputs;
}

std::optional<double> weightOf(const RunMeans& means, const std::vector<std::size_t>& inputs) {
  std::optional<double> sum;
  for (const std::size_t input : inputs) {
    if (input < means.factors.size() && means.factors[input]) {
      sum = sum.value_or(0) + *means.factors[input];
    }
  }
  return sum;
}

std::optional<double> shareOf(const RunMeans& means, const std::vector<std::size_t>& inputs, Share share) {
  if (inputs.size() != 1 || inputs[0] >= means.shares.size() || !means.shares[inputs[0]]) {
    return std::nullopt;
  }
  return *means.shares[inputs[0]].*share;
}

PartSpread spreadOf(const Division& division, const SketchEstimate& estimate, const Source& source) {
  std::array<std::vector<double>, 7> of;
  for (const RunMeans& part : division.parts) {
    of[0].push_back(estimate.movedRest(part));
    of[1].push_back(estimate.apartRest(part, source.vector));
    of[2].push_back(estimate.dotRest(part, source.vector));
    of[3].push_back(weightOf(part, source.inputs).value_or(0));
    of[4].push_back(shareOf(part, source.inputs, &Shares::kept).value_or(0));
    of[5].push_back(shareOf(part, source.inputs, &Shares::won).value_or(0));
    of[6].push_back(shareOf(part, source.inputs, &Shares::lost).value_or(0));
  }
  std::array<double, 7> variances;
  for (std::size_t i = 0; i < of.size(); ++i) {
    variances[i] = division.factor * covarianceOfMeans(of[i], of[i]);
  }
  const double weight = estimate.weight() * estimate.weight();
  return {variances[0] * weight, variances[1] * weight, variances[2] * weight, division.factor * covarianceOfMeans(of[0], of[2]) * weight,
          variances[3], variances[4], variances[5], variances[6]};
}

PartSpread sum(const PartSpread& a, const PartSpread& b) {
  return {a.moved + b.moved,   a.apart + b.apart, a.dot + b.dot, a.covariance + b.covariance,
          a.weight + b.weight, a.kept + b.kept,   a.won + b.won, a.lost + b.lost};
}

}  // namespace layerloom
