// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/preview_estimate.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <span>

namespace layerloom {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

/// The covariance of two means over parts, given the parts.
double covarianceOfMeans(std::span<const double> a, std::span<const double> b) {
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

SketchEstimate::SketchEstimate(const MeasuredRun& all, const Matrix& whole) : m_whole(whole) {
  const RunMeans& means = all.means;
  // Models may be equal or nearly so: any of the sums that come close will do.
  Matrix products = *all.gram;
  for (Eigen::Index i = 0; i < products.rows(); ++i) {
    products(i, i) += 1e-12 * products(i, i) + 1e-300;
  }
  m_sum = products.ldlt().solve(means.dots);
  if (!m_sum.allFinite()) {
    m_sum = Vector::Zero(means.dots.size());
  }
  m_energy = all.gram->trace() - (*all.gram)(0, 0);
  const double rest = means.moved - 2 * m_sum.dot(means.dots) + m_sum.dot(*all.gram * m_sum);
  m_restPerEnergy = m_energy > 0 ? std::max(0.0, rest) / m_energy : 0;
}

double SketchEstimate::apartFrom(Eigen::Index vector) const {
  const Vector difference = m_sum - Vector::Unit(m_sum.size(), vector);
  return difference.dot(m_whole * difference) + rest();
}

PartRests SketchEstimate::restsOf(const MeasuredRun& part) const {
  const Matrix& gram = *part.gram;
  const Vector products = gram * m_sum;
  const double known = m_sum.dot(products) + m_restPerEnergy * (gram.trace() - gram(0, 0));
  return {part.means.moved - known, part.means.apart - gram.diagonal() + 2 * products - Vector::Constant(m_sum.size(), known),
          part.means.dots - products};
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
  constexpr std::size_t kFigures = 7;
  const std::size_t count = division.parts.size();
  std::vector<double> values(kFigures * count);
  const auto of = [&](std::size_t figure) { return std::span(values).subspan(figure * count, count); };
  for (std::size_t i = 0; i < count; ++i) {
    const RunMeans& part = division.parts[i].means;
    of(0)[i] = division.rests[i].moved;
    of(1)[i] = division.rests[i].apart[source.vector];
    of(2)[i] = division.rests[i].dots[source.vector];
    of(3)[i] = weightOf(part, source.inputs).value_or(0);
    of(4)[i] = shareOf(part, source.inputs, &Shares::kept).value_or(0);
    of(5)[i] = shareOf(part, source.inputs, &Shares::won).value_or(0);
    of(6)[i] = shareOf(part, source.inputs, &Shares::lost).value_or(0);
  }
  std::array<double, kFigures> variances;
  for (std::size_t i = 0; i < kFigures; ++i) {
    variances[i] = division.factor * covarianceOfMeans(of(i), of(i));
  }
  const double weight = estimate.weight() * estimate.weight();
  return {variances[0] * weight, variances[1] * weight, variances[2] * weight, division.factor * covarianceOfMeans(of(0), of(2)) * weight,
          variances[3], variances[4], variances[5], variances[6]};
}

PartSpread sum(const PartSpread& a, const PartSpread& b) {
  return {a.moved + b.moved,   a.apart + b.apart, a.dot + b.dot, a.covariance + b.covariance,
          a.weight + b.weight, a.kept + b.kept,   a.won + b.won, a.lost + b.lost};
}

}  // namespace layerloom
