// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace layerloom::report {

// A page as values, apart from how it is drawn. Texts are plain; whoever draws them escapes what needs it.

struct Paragraph {
  std::string label;  ///< printed first and strong; may be empty
  std::string text;
};

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header
  std::size_t textColumns = 1;                 ///< the first columns hold text, the others figures
};

/// Lines over the layers.
struct LineChart {
  struct Line {
    std::string name;
    std::vector<std::optional<double>> values;  ///< per layer
  };
  std::string axis;  ///< what the values are, over the layers
  std::vector<Line> lines;
};

/// A colour for each cell, from 0 to the greatest value.
struct HeatMap {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::string> rows;
  std::vector<std::vector<std::optional<double>>> cells;  ///< by row, then column; nothing: no such cell
};

/// Text that keeps its lines.
struct Code {
  std::string text;
};

using Block = std::variant<Paragraph, Table, LineChart, HeatMap, Code>;

struct Section {
  std::string heading;
  std::vector<Block> blocks;
};

struct Document {
  std::string title;
  std::vector<std::string> subtitle;
  std::vector<Section> sections;
  std::string language = "en";
  std::string decimalPoint = ".";
};

/// Red, green and blue, 0 to 1.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};
/// Of the n-th line of a chart; eight colours that stay apart for the kinds of colour vision, then again from the first.
Colour lineColour(std::size_t line);
/// Of a share from 0 to 1 in a heat map: even steps of lightness from light to dark.
Colour heatColour(double share);

/// The value that gets the darkest colour of a map, so that a few outliers do not leave all others pale.
struct HeatScale {
  double greatest = 0;    ///< 0 for a map without values
  bool isClipped = false;  ///< some values are greater
};
HeatScale scaleOf(const HeatMap& map);

/// The axis of a chart: round figures around all values and 0.
struct Axis {
  double least = 0;
  double greatest = 1;
  double step = 1;

  std::vector<double> ticks() const;
};
Axis axisOf(const LineChart& chart);
/// Layers of the longest line.
std::size_t layersOf(const LineChart& chart);
/// "0.0123", "1.2e-05": three digits.
std::string shortNumber(double value, std::string_view decimalPoint = ".");
/// A figure that is written with a point, with another in its place.
std::string withDecimalPoint(std::string figure, std::string_view decimalPoint);

}  // namespace layerloom::report
