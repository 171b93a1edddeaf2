// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace layerloom {

// What arcee_fusion decides by, formed in float64: with the same bits on every instruction set.

/// KL(softmax(x) ‖ softmax(y)) of rows of equal length, 1e-8 added to each probability. Exponentials and logarithms are right to about 10⁻¹⁴;
/// of rows whose values differ by d the divergence, about d²/2, has a relative error of about 10⁻¹⁴/d.
class PreciseDivergence {
 public:
  /// Not negative. NaN where an input is, or is infinite. The rows must not be empty.
  double operator()(std::span<const float> x, std::span<const float> y);

 private:
  std::vector<double> m_ofX;
  std::vector<double> m_ofY;
};

/// out ← |other − base| · weight, rounded to float32 once.
void preciseImportances(std::span<const float> base, std::span<const float> other, double weight, std::span<float> out);
/// out ← other where that is at least the threshold, base elsewhere.
void takePreciselyImportant(std::span<const float> base, std::span<const float> other, double weight, double threshold,
                            std::span<float> out);

}  // namespace layerloom
