// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>

#include "ui/curves/chart_state.h"

namespace layerloom {

/// Text with a rim of base, so that it can be read on curves and bars.
void paintRimmedText(QPainter& painter, QPointF baseline, const QString& text, const QColor& colour);

void paintValueFigures(QPainter& painter, const ChartState& state);
void paintLayerFigures(QPainter& painter, const ChartState& state);
/// What the height of the bars means.
void paintBarScale(QPainter& painter, const ChartState& state);

}  // namespace layerloom
