// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QStyleOption>

class QWidget;

namespace layerloom {

// How the parts of controls look; LayerloomStyle says which control is drawn of which parts.

inline constexpr double kFieldRadius = 4;

bool hasState(const QStyleOption* option, QStyle::StateFlag flag);
bool isAccentButton(const QWidget* widget);
/// Outline on whole pixels: the rectangle shrunk by half the line.
void drawBox(QPainter* painter, QRectF rect, const QColor& fill, const QColor& line, double width, double radius);
void drawField(QPainter* painter, const QStyleOption* option);
void drawPushButton(QPainter* painter, const QStyleOption* option, const QWidget* widget);
/// Ground of a tool button: nothing, hover, pressed or the selection's colour.
void drawToolButton(QPainter* painter, const QStyleOption* option);
void drawCheckBox(QPainter* painter, const QStyleOption* option, double radius);
void drawChevron(QPainter* painter, const QRectF& rect, bool up, bool enabled, double half = 3.5);
void drawTab(QPainter* painter, const QStyleOptionTab* tab);
void drawDockTitle(QPainter* painter, const QStyleOptionDockWidget* dock);
void drawProgress(QPainter* painter, const QStyleOptionProgressBar* bar);
void drawScrollBar(QPainter* painter, const QStyleOptionSlider* bar, const QRect& thumb);
void drawSpinArrows(QPainter* painter, const QStyleOptionSpinBox* spin, const QRect& up, const QRect& down);
/// Row of a list: hover one step, selection soft with an accent bar on the leading edge.
void drawItem(QPainter* painter, const QStyleOptionViewItem* item);
/// Menu names stand on the window's ground like the gaps between the docks.
void drawMenuBarItem(QPainter* painter, const QStyleOptionMenuItem* item);

}  // namespace layerloom
