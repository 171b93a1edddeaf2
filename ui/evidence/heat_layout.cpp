// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/heat_layout.h"

#include <algorithm>
#include <cmath>

namespace layerloom {
namespace {

constexpr double kLeastPitch = 5;
constexpr double kLeastRow = 13;
constexpr double kGreatestRow = 30;
constexpr double kOuterWidth = 30;
constexpr double kNarrowOuter = 24;
constexpr double kNarrow = 520;  ///< below this width the cells beside the layers give way
constexpr double kGap = 14;
constexpr double kOuterGap = 6;

/// Room before a column: between the layers and what stands beside them, between modules, between outer cells.
double gapBefore(const HeatGrid& grid, std::size_t column) {
  if (column == 0) {
    return 0;
  }
  const HeatColumn& before = grid.columns[column - 1];
  const HeatColumn& here = grid.columns[column];
  if (before.isOuter() && here.isOuter()) {
    return kOuterGap;
  }
  return before.isOuter() != here.isOuter() || before.module != here.module ? kGap : 0;
}

}  // namespace

QRectF HeatLayout::cell(const HeatGrid& grid, int row, int column) const {
  const QRectF all = columns[static_cast<std::size_t>(column)];
  if (grid.columns[static_cast<std::size_t>(column)].isOuter()) {
    return all;
  }
  return {all.left(), top + row * rowHeight, all.width(), rowHeight};
}

int HeatLayout::columnAt(double x) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const QRectF& rect) { return x >= rect.left() && x < rect.right(); });
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

int HeatLayout::rowAt(double y) const {
  const bool inside = !columns.empty() && y >= top && y < columns.front().bottom() && rowHeight > 0;
  return inside ? static_cast<int>((y - top) / rowHeight) : -1;
}

HeatMargins alignedMargins(const HeatGrid& grid, QSizeF size, const HeatMargins& margins, const std::optional<ColumnSpan>& span) {
  if (!span || size.width() < kNarrow || static_cast<int>(grid.columns.size()) != span->columns) {
    return margins;
  }
  const auto otherModule = [](const HeatColumn& a, const HeatColumn& b) { return !a.isOuter() && !b.isOuter() && a.module != b.module; };
  const bool oneStack = std::adjacent_find(grid.columns.begin(), grid.columns.end(), otherModule) == grid.columns.end();
  HeatMargins aligned = margins;
  aligned.left = span->left;
  aligned.right = size.width() - span->right;
  return oneStack && aligned.left >= margins.left && aligned.right >= margins.right ? aligned : margins;
}

HeatLayout layOutHeat(const HeatGrid& grid, QSizeF size, const HeatMargins& margins) {
  HeatLayout layout;
  const auto rows = static_cast<double>(grid.kinds.size());
  if (grid.columns.empty() || rows == 0) {
    return layout;
  }
  const double outerWidth = size.width() < kNarrow ? kNarrowOuter : kOuterWidth;
  double fixed = 0;
  double layers = 0;
  for (std::size_t column = 0; column < grid.columns.size(); ++column) {
    fixed += gapBefore(grid, column) + (grid.columns[column].isOuter() ? outerWidth : 0);
    layers += grid.columns[column].isOuter() ? 0 : 1;
  }
  const double room = size.width() - margins.left - margins.right - fixed;
  layout.pitch = layers > 0 ? std::max(kLeastPitch, room / layers) : 0;
  layout.top = margins.top;
  layout.rowHeight = std::clamp(std::floor((size.height() - margins.top - margins.bottom) / rows), kLeastRow, kGreatestRow);
  double x = margins.left;
  for (std::size_t column = 0; column < grid.columns.size(); ++column) {
    x += gapBefore(grid, column);
    const double width = grid.columns[column].isOuter() ? outerWidth : layout.pitch;
    layout.columns.emplace_back(x, layout.top, width, rows * layout.rowHeight);
    x += width;
  }
  layout.content = {x + margins.right, layout.columns.front().bottom() + margins.bottom};
  return layout;
}

std::vector<int> captionedColumns(const HeatGrid& grid, double pitch, double width) {
  int step = 1;
  while (pitch > 0 && step * pitch < width) {
    step *= 2;
  }
  std::vector<int> columns;
  const int count = static_cast<int>(grid.columns.size());
  for (int column = 0; column < count; ++column) {
    const HeatColumn& here = grid.columns[static_cast<std::size_t>(column)];
    const bool last = column + 1 == count || grid.columns[static_cast<std::size_t>(column) + 1].module != here.module ||
                      grid.columns[static_cast<std::size_t>(column) + 1].isOuter();
    if (here.isOuter() || (here.layer % step != 0 && !last)) {
      continue;
    }
    if (last && here.layer % step != 0 && !columns.empty() && (column - columns.back()) * pitch < width) {
      columns.pop_back();  // the last layer's figure is worth more than its neighbour's
    }
    columns.push_back(column);
  }
  return columns;
}

}  // namespace layerloom
