// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>
#include <optional>
#include <QSizeF>
#include <vector>

#include "ui/evidence/heat_grid.h"

namespace layerloom {

/// Where the cells of a heat map stand, in logical pixels before scrolling: a value without a widget.
struct HeatLayout {
  std::vector<QRectF> columns;  ///< one per column of the grid, over all rows
  double top = 0;
  double rowHeight = 0;
  double pitch = 0;  ///< width of a layer's column
  QSizeF content;    ///< what scrolling has to reach

  /// The cell's rectangle; that of an outer column reaches over all rows.
  QRectF cell(const HeatGrid& grid, int row, int column) const;
  /// −1: between columns or rows.
  int columnAt(double x) const;
  int rowAt(double y) const;
};

struct HeatMargins {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

/// Where a chart beside the map has the same columns, in the map's coordinates.
struct ColumnSpan {
  double left = 0;
  double right = 0;
  int columns = 0;

  bool operator==(const ColumnSpan&) const = default;
};

/// Margins that put the map's columns on the chart's; those given where the map has other columns or no room for it.
HeatMargins alignedMargins(const HeatGrid& grid, QSizeF size, const HeatMargins& margins, const std::optional<ColumnSpan>& span);

HeatLayout layOutHeat(const HeatGrid& grid, QSizeF size, const HeatMargins& margins);

/// The columns of layers that get a figure below them, so that figures `width` wide stay apart.
std::vector<int> captionedColumns(const HeatGrid& grid, double pitch, double width);

}  // namespace layerloom
