// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <optional>
#include <vector>

namespace layerloom {

/// Perceptually even colours: lightness grows or falls in even steps, told apart in the four kinds of vision.
enum class Ramp {
  Magnitude,  ///< 0 → most
  Signed,     ///< − 0 +
};

/// The colour at `share` (clamped to 0 … 1) of the ramp in the theme in force.
QColor rampColour(Ramp ramp, double share);
/// The text colour that reads best on a ground: the theme's text or its opposite.
QColor textOn(const QColor& ground);

/// How values become shares of a ramp.
struct ColourScale {
  Ramp ramp = Ramp::Magnitude;
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  bool clipsLow = false;   ///< there are values below `low`
  bool clipsHigh = false;  ///< there are values above `high`

  double shareOf(double value) const;
  QColor colourOf(double value) const { return rampColour(ramp, shareOf(value)); }
};

struct ScaleWishes {
  bool logarithmic = false;  ///< has no effect on signed values
  bool clip = false;         ///< leave the outermost 2 % out, so that one outlier does not take all the colours
};

/// The scale for these values: from 0 to the greatest; signed ones centred on 0; logarithmic ones from the least that is above 0.
ColourScale fitScale(std::vector<double> values, bool isSigned, const ScaleWishes& wishes);

}  // namespace layerloom
