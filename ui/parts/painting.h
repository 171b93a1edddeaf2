// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace layerloom {

// What the docks paint alike. Text painted here or put into a tool tip is plain: it may come from a file.

/// The ring that shows keyboard focus: 2 wide, drawn inside `rect` so that it is never cut off.
void paintFocusRing(QPainter& painter, const QRectF& rect, double radius);

/// One line of text, vertically centred, elided where it does not fit.
void paintLine(QPainter& painter, const QRectF& rect, const QFont& font, const QColor& colour, const QString& text,
               Qt::TextElideMode elide = Qt::ElideRight, Qt::Alignment alignment = Qt::AlignLeading);

/// A small rounded label (role, count, audit) whose trailing end is at `rightMiddle`. Returns the rectangle it took.
QRectF paintPill(QPainter& painter, QPointF rightMiddle, const QString& text, const QColor& ground,
                 const QColor& colour);
double pillWidth(const QString& text);

/// A horizontal bar filled up to `share` (clamped to 0 … 1) on grid strong.
void paintBar(QPainter& painter, const QRectF& rect, double share, const QColor& colour);

/// `rect` mirrored inside `within` where the layout runs from right to left.
QRectF mirrored(const QRectF& rect, const QRectF& within, Qt::LayoutDirection direction);

/// `text` with a capital at its start: the core's messages and remedies begin small, to stand after a colon.
QString capitalised(const QString& text);

/// `text` so that a tool tip shows it as it is, even if it looks like HTML.
QString plainToolTip(const QString& text);

}  // namespace layerloom
