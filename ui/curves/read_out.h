// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QPainter>

#include "ui/curves/chart_state.h"

namespace layerloom {

/// Paints the box with all curves' figures at the hovered layer, beside the pointer: where it covers least of the
/// active curve and of `keepFree`, and always inside the painted area.
void paintReadOut(QPainter& painter, const ChartState& state, const std::vector<QRectF>& keepFree);

}  // namespace layerloom
