// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace layerloom::report {
namespace {

Colour colourOf(std::uint32_t rgb) {
  const auto part = [rgb](int shift) { return static_cast<double>((rgb >> shift) & 0xFF) / 255.0; };
  return {part(16), part(8), part(0)};
}

// The window's colours on light ground.
constexpr std::array<std::uint32_t, 8> kLines = {0x168AFE, 0x963500, 0x187457, 0xE73A99, 0x9E8839, 0x731BCB, 0x004464, 0x4A3026};
constexpr std::array<std::uint32_t, 9> kHeat = {0xEEF5F5, 0xC1DFE0, 0x94C9C9, 0x6AAFB3, 0x3B959E, 0x24788F, 0x185C7D, 0x1F3F68, 0x1F244D};

}  // namespace

Colour lineColour(std::size_t line) {
  return colourOf(kLines[line % kLines.size()]);
}

Colour heatColour(double share) {
  const double place = std::clamp(share, 0.0, 1.0) * (kHeat.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), kHeat.size() - 2);
  const double part = place - static_cast<double>(below);
  const Colour a = colourOf(kHeat[below]);
  const Colour b = colourOf(kHeat[below + 1]);
  return {a.red + part * (b.red - a.red), a.green + part * (b.green - a.green), a.blue + part * (b.blue - a.blue)};
}

HeatScale scaleOf(const HeatMap& map) {
  constexpr double kShownShare = 0.98;
  std::vector<double> values;
  for (const auto& row : map.cells) {
    for (const auto& cell : row) {
      if (cell) {
        values.push_back(*cell);
      }
    }
  }
  if (values.empty()) {
    return {};
  }
  std::sort(values.begin(), values.end());
  const double greatest = values[static_cast<std::size_t>(kShownShare * static_cast<double>(values.size() - 1))];
  return {greatest, values.back() > greatest};
}

std::vector<double> Axis::ticks() const {
  std::vector<double> all;
  const auto count = static_cast<int>(std::lround((greatest - least) / step));
  for (int i = 0; i <= count; ++i) {
    all.push_back(least + i * step);
  }
  return all;
}

Axis axisOf(const LineChart& chart) {
  constexpr double kTicks = 5;
  double least = 0;
  double greatest = 0;
  for (const LineChart::Line& line : chart.lines) {
    for (const auto& value : line.values) {
      least = std::min(least, value.value_or(0));
      greatest = std::max(greatest, value.value_or(0));
    }
  }
  const double rough = (greatest > least ? greatest - least : 1.0) / kTicks;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double digit = rough / power;
  const double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  return {step * std::floor(least / step), step * std::max(std::ceil(greatest / step), least < 0 ? 0.0 : 1.0), step};
}

std::size_t layersOf(const LineChart& chart) {
  std::size_t layers = 0;
  for (const LineChart::Line& line : chart.lines) {
    layers = std::max(layers, line.values.size());
  }
  return layers;
}

std::string shortNumber(double value, std::string_view decimalPoint) {
  return withDecimalPoint(fmt::format("{:.3g}", value), decimalPoint);
}

std::string withDecimalPoint(std::string figure, std::string_view decimalPoint) {
  const std::size_t point = figure.find('.');
  return point == std::string::npos ? figure : figure.replace(point, 1, decimalPoint);
}

}  // namespace layerloom::report
