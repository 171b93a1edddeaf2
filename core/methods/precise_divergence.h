// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace layerloom {

/// KL(softmax(x) ‖ softmax(y)) of rows of equal length, 1e-8 added to each probability, in float64 with the same bits on every
/// instruction set. Right to a share of 10⁻⁸, where float32 tells 10⁻⁷ apart.
class PreciseDivergence {
 public:
  /// Not negative. NaN where an input is, or is infinite. The rows must not be empty.
  double operator()(std::span<const float> x, std::span<const float> y);

 private:
  std::vector<double> m_ofX;
  std::vector<double> m_ofY;
};

}  // namespace layerloom
