// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>

#include "ui/curves/chart_state.h"

namespace layerloom {

/// The lane below the plot: how far the result will be from the base, per layer and cell, with the intervals of sampled figures; while a gesture
/// runs, what it was before as a dotted line. Nothing where the geometry has no lane.
void paintPreviewLane(QPainter& painter, const ChartState& state);

/// The lane's title on a ground of its own, for after the crosshair, which would cross it.
void paintLaneTitle(QPainter& painter, const ChartState& state);

}  // namespace layerloom
