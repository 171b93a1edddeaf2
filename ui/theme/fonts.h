// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QFontMetricsF>
#include <QPointF>
#include <QString>

class QPainter;

namespace layerloom {

// All sizes follow the system's font, so a user who enlarged it gets everything enlarged.

QFont bodyFont();
QFont smallFont();        ///< × 0.88: hints, axis figures, units
QFont strongFont();       ///< body, semibold: dock titles, names of cards and jobs
QFont boldFont();         ///< body, bold: read-out title
QFont dialogTitleFont();  ///< × 1.3 semibold
QFont codeFont();         ///< system monospace × 0.95: YAML, numbers of the inspector

/// `font` with its size multiplied, never below 10 px at 96 dpi.
QFont scaledFont(QFont font, double factor);

// Tabular figures. Qt gained QFont::setFeature() in 6.7 only; fonts such as Inter have proportional figures unless
// asked. So each figure is set by itself in a box as wide as the widest one: numbers line up, and do not dance while
// they change, in any font.

/// Width of `text` when its figures are set tabular.
double figuresWidth(const QFontMetricsF& metrics, const QString& text);

/// Paints `text` with tabular figures, its end at `rightBaseline`, with the painter's font and pen.
void paintFigures(QPainter& painter, QPointF rightBaseline, const QString& text);

}  // namespace layerloom
