// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace layerloom {

/// What a list over the layers has to give at position t in [0, 1].
struct KnotSample {
  double t = 0;
  double value = 0;
};

/// Values that differ by no more count as the same.
inline constexpr double kSameKnotValue = 1e-9;

/// mergekit's value of a list at t: linear between evenly spaced values, at s = t·(k − 1). The list is not empty.
double interpolatedKnots(std::span<const double> knots, double t);

/// The shortest list of at least one and fewer than `fewerThan` values that gives all samples to kSameKnotValue; empty where there is none.
std::vector<double> shortestKnots(std::span<const KnotSample> samples, std::size_t fewerThan);

}  // namespace layerloom
