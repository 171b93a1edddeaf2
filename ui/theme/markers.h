// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPen>
#include <QPointF>

class QPainter;

namespace layerloom {

// A model is told by colour, dash and marker together. `modelIndex` is the model's order of arrival from 0; a negative
// one is the base model or the whole method: text 2, solid, round.

enum class MarkerKind { Circle, Square, Diamond, TriangleUp, TriangleDown, Pentagon, Cross, Star };

MarkerKind markerKind(int modelIndex);

/// Lengths in line widths; empty: solid.
QList<qreal> dashPattern(int modelIndex);

/// Pen in the model's colour and dash.
QPen modelPen(int modelIndex, double width);

/// Paints the model's marker in a box of `size`. Not filled: base inside, outline in the model's colour; models 9 and
/// up are never filled. `ring` > 0 puts a ring of base of that width round it, so that it stands clear of lines and
/// bars.
void paintMarker(QPainter& painter, QPointF centre, double size, int modelIndex, bool filled = true, double ring = 0);

/// The same from a cached picture, at the nearest device pixel: for hundreds of markers.
void stampMarker(QPainter& painter, QPointF centre, double size, int modelIndex, bool filled = true, double ring = 0);

/// A piece of the model's line with its marker in the middle, as on model cards and in legends.
void paintModelSample(QPainter& painter, QPointF leftMiddle, double length, int modelIndex);

}  // namespace layerloom
