// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/knots.h"

#include <algorithm>
#include <cmath>

namespace layerloom {
namespace {

bool reproduces(std::span<const double> knots, std::span<const KnotSample> samples) {
  // Written so that a NaN reproduces nothing.
  return std::all_of(samples.begin(), samples.end(), [&](const KnotSample& sample) {
    return std::abs(interpolatedKnots(knots, sample.t) - sample.value) <= kSameKnotValue;
  });
}

/// Solves a symmetric tridiagonal system by elimination (Thomas); `right` becomes the solution. False where it has no single one.
bool solveTridiagonal(std::vector<double>& diagonal, const std::vector<double>& beside, std::vector<double>& right) {
  constexpr double kSingular = 1e-12;
  for (std::size_t i = 1; i < diagonal.size(); ++i) {
    if (diagonal[i - 1] < kSingular) {
      return false;
    }
    const double factor = beside[i - 1] / diagonal[i - 1];
    diagonal[i] -= factor * beside[i - 1];
    right[i] -= factor * right[i - 1];
  }
  if (diagonal.back() < kSingular) {
    return false;
  }
  for (std::size_t i = diagonal.size(); i-- > 0;) {
    const double known = i + 1 < diagonal.size() ? beside[i] * right[i + 1] : 0;
    right[i] = (right[i] - known) / diagonal[i];
  }
  return true;
}

/// The `count` evenly spaced knots, two or more, whose interpolation comes nearest to the samples (least squares over hat functions);
/// empty where the samples leave a knot open.
std::vector<double> nearestKnots(std::span<const KnotSample> samples, std::size_t count) {
  std::vector<double> diagonal(count);
  std::vector<double> beside(count);
  std::vector<double> knots(count);
  for (const KnotSample& sample : samples) {
    const double scaled = sample.t * static_cast<double>(count - 1);
    const std::size_t lower = std::min(static_cast<std::size_t>(scaled), count - 2);
    const double right = scaled - static_cast<double>(lower);
    const double left = 1 - right;
    diagonal[lower] += left * left;
    diagonal[lower + 1] += right * right;
    beside[lower] += left * right;
    knots[lower] += left * sample.value;
    knots[lower + 1] += right * sample.value;
  }
  return solveTridiagonal(diagonal, beside, knots) ? knots : std::vector<double>();
}

/// Removes the noise of the solution: knots that are short decimals to within the tolerance become those decimals.
std::vector<double> tidied(std::vector<double> knots, double tolerance) {
  constexpr double kGrid = 1e6;
  for (double& knot : knots) {
    const double rounded = std::round(knot * kGrid) / kGrid;
    knot = std::abs(rounded - knot) < tolerance ? rounded : knot;
  }
  return knots;
}

}  // namespace

double interpolatedKnots(std::span<const double> knots, double t) {
  // Python's int(): towards zero; t lies in [0, 1], so the index is in range.
  const double scaled = t * static_cast<double>(knots.size() - 1);
  const std::size_t lower = std::min(static_cast<std::size_t>(std::max(0.0, scaled)), knots.size() - 1);
  const std::size_t upper = std::min(knots.size() - 1, lower + 1);
  const double fraction = scaled - static_cast<double>(lower);
  return (1 - fraction) * knots[lower] + fraction * knots[upper];
}

std::vector<double> shortestKnots(std::span<const KnotSample> samples, std::size_t fewerThan) {
  if (samples.empty()) {
    return {};
  }
  for (std::size_t count = 1; count < fewerThan; ++count) {
    const std::vector<double> nearest = count == 1 ? std::vector{samples.front().value} : nearestKnots(samples, count);
    for (const double tolerance : {kSameKnotValue, kSameKnotValue / 10, 0.0}) {
      std::vector<double> knots = tidied(nearest, tolerance);
      if (!knots.empty() && reproduces(knots, samples)) {
        return knots;
      }
    }
  }
  return {};
}

}  // namespace layerloom
