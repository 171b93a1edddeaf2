// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace layerloom {

/// KL(softmax(x) ‖ softmax(y)) of rows of equal length, 1e-8 added to each probability, in float64 with the same bits on every
/// instruction set. Exponentials are right to 10⁻¹¹, logarithms of quotients near 1 to 10⁻¹⁵ and others to 10⁻⁹: far below the share of
/// 10⁻⁷ that float32 tells apart.
class PreciseDivergence {
 public:
  /// Not negative. NaN where an input is, or is infinite. The rows must not be empty.
  double operator()(std::span<const float> x, std::span<const float> y);

 private:
  std::vector<double> m_ofX;
  std::vector<double> m_ofY;
};

}  // namespace layerloom
