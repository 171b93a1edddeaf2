// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QPainter>

#include "ui/curves/chart_state.h"

namespace layerloom {

inline constexpr double kSelectedHandle = 12;  ///< across, in pixels
inline constexpr double kLinkIcon = 12;        ///< side of the link icon of a cell

/// Visible tracks in painting order: the active one last.
std::vector<int> paintingOrder(const ChartState& state);

/// Centres of all handles, cells included, in painting order.
std::vector<HitCandidate> handlesOf(const ChartState& state);

/// Value of a track in a cell: its own or layer 0's.
double cellValueOf(const ChartState& state, int track, int cell);

/// Where the link icon of a cell stands; empty for tied cells.
QRectF linkRect(const ChartState& state, int cell);

void paintCells(QPainter& painter, const ChartState& state);

/// Handles of the active curve and all cells, or of the other curves. Where points crowd, handles shrink, and those of
/// other curves give way to their lines.
void paintHandles(QPainter& painter, const ChartState& state, bool ofActive);

}  // namespace layerloom
