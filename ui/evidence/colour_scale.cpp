// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/colour_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr std::size_t kStops = 9;
constexpr std::size_t kSteps = 256;
constexpr double kClipped = 0.02;

using Stops = std::array<QRgb, kStops>;
using Table = std::array<QRgb, kSteps>;

constexpr Stops kMagnitudeLight = {0xEEF5F5, 0xC1DFE0, 0x94C9C9, 0x6AAFB3, 0x3B959E, 0x24788F, 0x185C7D, 0x1F3F68, 0x1F244D};
constexpr Stops kMagnitudeDark = {0x1D2126, 0x242F41, 0x2C3D5D, 0x2C5777, 0x24738E, 0x2D92A2, 0x41B2B2, 0x7ED4C3, 0xB6F5D8};
constexpr Stops kSignedLight = {0x034D71, 0x2277A5, 0x5AA2CE, 0xA7CBE3, 0xF1F4F6, 0xE4BBAD, 0xCD846A, 0xA2573D, 0x782C0C};
constexpr Stops kSignedDark = {0x5FCDF5, 0x39A1C4, 0x0A7695, 0x234B5A, 0x212326, 0x5C3D2C, 0x985934, 0xC87F56, 0xF9A779};

using Triple = std::array<double, 3>;

double toLinear(int channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

int fromLinear(double c) {
  const double encoded = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
  return std::clamp(static_cast<int>(std::lround(encoded * 255)), 0, 255);
}

Triple times(const std::array<Triple, 3>& m, const Triple& v) {
  Triple out{};
  for (std::size_t row = 0; row < 3; ++row) {
    out[row] = m[row][0] * v[0] + m[row][1] * v[1] + m[row][2] * v[2];
  }
  return out;
}

// The two matrices each way are the definition of OKLab.
Triple toOklab(QRgb colour) {
  const Triple rgb = {toLinear(qRed(colour)), toLinear(qGreen(colour)), toLinear(qBlue(colour))};
  Triple lms = times({{{0.4122214708, 0.5363325363, 0.0514459929}, {0.2119034982, 0.6806995451, 0.1073969566}, {0.0883024619, 0.2817188376, 0.6299787005}}}, rgb);
  std::transform(lms.begin(), lms.end(), lms.begin(), [](double c) { return std::cbrt(c); });
  return times({{{0.2104542553, 0.7936177850, -0.0040720468}, {1.9779984951, -2.4285922050, 0.4505937099}, {0.0259040371, 0.7827717662, -0.8086757660}}}, lms);
}

QRgb fromOklab(const Triple& lab) {
  Triple lms = times({{{1, 0.3963377774, 0.2158037573}, {1, -0.1055613458, -0.0638541728}, {1, -0.0894841775, -1.2914855480}}}, lab);
  std::transform(lms.begin(), lms.end(), lms.begin(), [](double c) { return c * c * c; });
  const Triple rgb = times({{{4.0767416621, -3.3077115913, 0.2309699292}, {-1.2684380046, 2.6097574011, -0.3413193965}, {-0.0041960863, -0.7034186147, 1.7076147010}}}, lms);
  return qRgb(fromLinear(rgb[0]), fromLinear(rgb[1]), fromLinear(rgb[2]));
}

Table interpolated(const Stops& stops) {
  Table table{};
  for (std::size_t i = 0; i < kSteps; ++i) {
    const double at = static_cast<double>(i) * (kStops - 1) / (kSteps - 1);
    const auto stop = std::min(static_cast<std::size_t>(at), kStops - 2);
    const double part = at - static_cast<double>(stop);
    const Triple a = toOklab(stops[stop]);
    const Triple b = toOklab(stops[stop + 1]);
    table[i] = fromOklab({std::lerp(a[0], b[0], part), std::lerp(a[1], b[1], part), std::lerp(a[2], b[2], part)});
  }
  return table;
}

const Table& tableOf(Ramp ramp, bool dark) {
  static const std::array tables = {interpolated(kMagnitudeLight), interpolated(kMagnitudeDark), interpolated(kSignedLight), interpolated(kSignedDark)};
  return tables[(ramp == Ramp::Signed ? 2U : 0U) + (dark ? 1U : 0U)];
}

double luminance(const QColor& colour) {
  return 0.2126 * toLinear(colour.red()) + 0.7152 * toLinear(colour.green()) + 0.0722 * toLinear(colour.blue());
}

double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

/// The value that `share` of the sorted values do not exceed.
double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
}

}  // namespace

QColor rampColour(Ramp ramp, double share) {
  const double clamped = std::isnan(share) ? 0 : std::clamp(share, 0.0, 1.0);
  return QColor::fromRgb(tableOf(ramp, currentTheme().dark)[static_cast<std::size_t>(std::lround(clamped * (kSteps - 1)))]);
}

QColor textOn(const QColor& ground) {
  const QColor light(0xFF, 0xFF, 0xFF);
  const QColor dark = themeTable(false, false).text;
  return contrast(light, ground) > contrast(dark, ground) ? light : dark;
}

double ColourScale::shareOf(double value) const {
  if (ramp == Ramp::Magnitude && logarithmic) {
    return value <= low || high <= low ? (value >= high ? 1.0 : 0.0) : std::clamp(std::log(value / low) / std::log(high / low), 0.0, 1.0);
  }
  return high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.0;
}

ColourScale fitScale(std::vector<double> values, bool isSigned, const ScaleWishes& wishes) {
  ColourScale scale;
  scale.ramp = isSigned ? Ramp::Signed : Ramp::Magnitude;
  scale.logarithmic = wishes.logarithmic && !isSigned;
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (isSigned) {
    std::transform(values.begin(), values.end(), values.begin(), [](double value) { return std::abs(value); });
  } else if (scale.logarithmic) {
    std::erase_if(values, [](double value) { return value <= 0; });
  }
  std::sort(values.begin(), values.end());
  if (values.empty() || values.back() <= 0) {
    scale.low = isSigned ? -1 : 0;
    scale.logarithmic = false;
    return scale;
  }
  scale.high = wishes.clip ? quantile(values, 1 - kClipped) : values.back();
  if (scale.high <= 0) {
    scale.high = values.back();  // nearly all are 0: clipping would leave nothing to see
  }
  scale.clipsHigh = values.back() > scale.high;
  if (isSigned) {
    scale.low = -scale.high;
    scale.clipsLow = scale.clipsHigh;
  } else if (scale.logarithmic) {
    scale.low = wishes.clip ? quantile(values, kClipped) : values.front();
    scale.clipsLow = values.front() < scale.low;
  }
  return scale;
}

}  // namespace layerloom
