// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace layerloom {

/// KL(softmax(x) ‖ softmax(y)) of rows of equal length, 1e-8 added to each probability.
///
/// The divergence of similar rows is a small sum of large terms, so float32 leaves it few digits, and methods that hold it
/// against a threshold decide by them. It is therefore formed in the very order of mergekit's runtime (PyTorch on
/// processors with AVX-512): probabilities, quotients and logarithms rounded to float32, sums in 16 lanes, those of the
/// terms in four accumulators per lane and a cascade above them.
class RowDivergence {
 public:
  /// Not negative. NaN where an input is. The rows must not be empty.
  float operator()(std::span<const float> x, std::span<const float> y);

 private:
  std::vector<float> m_ofX;
  std::vector<float> m_ofY;
};

}  // namespace layerloom
