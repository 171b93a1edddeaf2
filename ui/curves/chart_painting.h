// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QString>

#include "ui/curves/chart_state.h"

namespace layerloom {

/// Space round the plot for the present fonts.
ChartMargins chartMargins(bool withCells, bool withLane);

/// What stands still while the pointer moves and while one curve is drawn: cells, bar scale, ghost, the other curves'
/// handles.
void paintChartFrame(QPainter& painter, const ChartState& state);

/// What follows the pointer: figures, crosshair, the curve in hand, its handles, labels, value tab, read-out, rubber
/// band.
void paintChartPointer(QPainter& painter, const ChartState& state);

/// Icon and sentence of a chart without layers or curves.
void paintEmptyChart(QPainter& painter, const QRectF& area, const QString& sentence);

/// Three decimals where the value needs them, else two.
QString valueText(double value);

}  // namespace layerloom
