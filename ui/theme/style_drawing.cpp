// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_drawing.h"

#include <algorithm>

#include <QAbstractButton>
#include <QListView>
#include <QStyle>
#include <QTableView>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

void drawTick(QPainter* painter, QRectF box, const QColor& colour) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(colour, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  const auto at = [&box](double x, double y) { return QPointF(box.x() + box.width() * x, box.y() + box.height() * y); };
  painter->drawLine(at(0.24, 0.53), at(0.42, 0.71));
  painter->drawLine(at(0.42, 0.71), at(0.77, 0.31));
  painter->restore();
}

}  // namespace

bool hasState(const QStyleOption* option, QStyle::StateFlag flag) {
  return option->state.testFlag(flag);
}

bool isAccentButton(const QWidget* widget) {
  return widget && widget->property("accent").toBool();
}

void drawBox(QPainter* painter, QRectF rect, const QColor& fill, const QColor& line, double width, double radius) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(line.isValid() ? QPen(line, width) : QPen(Qt::NoPen));
  painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
  const double inset = line.isValid() ? width / 2 : 0;
  painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius);
  painter->restore();
}

void drawField(QPainter* painter, const QStyleOption* option) {
  const Theme& t = currentTheme();
  const bool enabled = hasState(option, QStyle::State_Enabled);
  const bool focused = enabled && hasState(option, QStyle::State_HasFocus);
  const QColor line = !enabled ? t.border : focused ? t.focus : t.control;
  drawBox(painter, option->rect, enabled ? t.base : t.panel, line, focused ? 2 : 1, kFieldRadius);
}

void drawPushButton(QPainter* painter, const QStyleOption* option, const QWidget* widget) {
  const Theme& t = currentTheme();
  const bool enabled = hasState(option, QStyle::State_Enabled);
  const bool down = hasState(option, QStyle::State_Sunken) || hasState(option, QStyle::State_On);
  const bool hovered = hasState(option, QStyle::State_MouseOver);
  QColor fill = down ? t.pressed : hovered ? t.hover : t.raised;
  QColor line = t.control;
  if (isAccentButton(widget)) {
    fill = down || hovered ? t.accentHover : t.accent;
    line = QColor();
  }
  if (!enabled) {
    fill = QColor();
    line = t.border;
  }
  drawBox(painter, option->rect, fill, line, 1, kFieldRadius);
}

void drawToolButton(QPainter* painter, const QStyleOption* option) {
  const Theme& t = currentTheme();
  const bool enabled = hasState(option, QStyle::State_Enabled);
  QColor fill;
  if (hasState(option, QStyle::State_On)) fill = t.accentSoft;
  if (enabled && hasState(option, QStyle::State_MouseOver) && !hasState(option, QStyle::State_On)) fill = t.hover;
  if (enabled && hasState(option, QStyle::State_Sunken)) fill = t.pressed;
  // In high contrast the soft grounds are faint by design: the outline says it.
  const QColor line = t.highContrast && hasState(option, QStyle::State_On) ? t.accent : QColor();
  drawBox(painter, option->rect, fill, line, 1, kFieldRadius);
}

void drawCheckBox(QPainter* painter, const QStyleOption* option, double radius) {
  const Theme& t = currentTheme();
  const bool enabled = hasState(option, QStyle::State_Enabled);
  const bool set = hasState(option, QStyle::State_On) || hasState(option, QStyle::State_NoChange);
  const double side = std::min(option->rect.width(), option->rect.height());
  const QRectF box(option->rect.x(), option->rect.y() + (option->rect.height() - side) / 2, side, side);
  QColor fill = set ? t.accent : t.base;
  if (!set && hasState(option, QStyle::State_MouseOver)) fill = t.hover;
  QColor line = set ? t.accent : t.control;
  if (!enabled) fill = set ? t.disabled : QColor(), line = t.disabled;
  drawBox(painter, box, fill, line, 1, radius);
  if (hasState(option, QStyle::State_NoChange)) {
    painter->fillRect(QRectF(box.x() + 4, box.center().y() - 1, box.width() - 8, 2), t.onAccent);
  } else if (set && radius < side / 2) {
    drawTick(painter, box, enabled ? t.onAccent : t.panel);
  } else if (set) {
    drawBox(painter, box.adjusted(5, 5, -5, -5), t.onAccent, QColor(), 0, side / 2);
  }
}

void drawChevron(QPainter* painter, const QRectF& rect, bool up, bool enabled, double half) {
  const Theme& t = currentTheme();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(enabled ? t.text2 : t.disabled, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  const QPointF tip = rect.center() + QPointF(0, up ? -half / 2 : half / 2);
  const double base = up ? half : -half;
  const QPointF corners[] = {tip + QPointF(-half, base), tip, tip + QPointF(half, base)};
  painter->drawPolyline(corners, 3);
  painter->restore();
}

void drawTab(QPainter* painter, const QStyleOptionTab* tab) {
  const Theme& t = currentTheme();
  const bool selected = hasState(tab, QStyle::State_Selected);
  if (!selected && hasState(tab, QStyle::State_MouseOver) && hasState(tab, QStyle::State_Enabled))
    drawBox(painter, QRectF(tab->rect).adjusted(2, 2, -2, -4), t.hover, QColor(), 0, kFieldRadius);
  if (!selected) return;
  QRectF line(tab->rect);
  const bool below = tab->shape == QTabBar::RoundedSouth || tab->shape == QTabBar::TriangularSouth;
  line.setTop(below ? line.top() : line.bottom() - 2);
  line.setHeight(2);
  painter->fillRect(line.adjusted(8, 0, -8, 0), t.accent);
}

void drawDockTitle(QPainter* painter, const QStyleOptionDockWidget* dock) {
  const Theme& t = currentTheme();
  painter->save();
  painter->fillRect(dock->rect, t.panel);
  painter->setFont(strongFont());
  painter->setPen(t.text2);
  const QRect text = dock->rect.adjusted(12, 0, -52, 0);
  painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeading,
                    painter->fontMetrics().elidedText(dock->title, Qt::ElideRight, text.width()));
  painter->restore();
}

void drawProgress(QPainter* painter, const QStyleOptionProgressBar* bar) {
  const Theme& t = currentTheme();
  const QRectF groove(bar->rect.x(), bar->rect.center().y() - 1, bar->rect.width(), 4);
  drawBox(painter, groove, t.gridStrong, QColor(), 0, 2);
  const double range = bar->maximum - bar->minimum;
  const double share = range > 0 ? std::clamp((bar->progress - bar->minimum) / range, 0.0, 1.0) : 0;
  QRectF done = groove;
  done.setWidth(groove.width() * share);
  if (share > 0) drawBox(painter, done, hasState(bar, QStyle::State_Enabled) ? t.accent : t.disabled, QColor(), 0, 2);
}

void drawScrollBar(QPainter* painter, const QStyleOptionSlider* bar, const QRect& thumb) {
  const Theme& t = currentTheme();
  if (bar->maximum <= bar->minimum) return;
  const bool busy = hasState(bar, QStyle::State_MouseOver) || hasState(bar, QStyle::State_Sunken);
  drawBox(painter, QRectF(thumb).adjusted(3, 3, -3, -3), busy ? t.text3 : t.control, QColor(), 0, 3);
}

void drawSpinArrows(QPainter* painter, const QStyleOptionSpinBox* spin, const QRect& up, const QRect& down) {
  const Theme& t = currentTheme();
  if (spin->buttonSymbols == QAbstractSpinBox::NoButtons) return;
  for (const auto& [part, rect] : {std::pair{QStyle::SC_SpinBoxUp, up}, std::pair{QStyle::SC_SpinBoxDown, down}}) {
    const bool active = spin->activeSubControls == part && hasState(spin, QStyle::State_MouseOver);
    if (active) drawBox(painter, QRectF(rect).adjusted(0, 1, -1, -1), t.hover, QColor(), 0, 2);
    const auto flag =
        part == QStyle::SC_SpinBoxUp ? QAbstractSpinBox::StepUpEnabled : QAbstractSpinBox::StepDownEnabled;
    drawChevron(painter, rect, part == QStyle::SC_SpinBoxUp,
                hasState(spin, QStyle::State_Enabled) && (spin->stepEnabled & flag), 2.5);
  }
}

void drawItem(QPainter* painter, const QStyleOptionViewItem* item) {
  const Theme& t = currentTheme();
  const bool selected = hasState(item, QStyle::State_Selected);
  if (item->backgroundBrush.style() != Qt::NoBrush) painter->fillRect(item->rect, item->backgroundBrush);
  const bool enabled = hasState(item, QStyle::State_Enabled);
  if (selected) {
    painter->fillRect(item->rect, enabled ? t.accentSoft : t.alt);
  } else if (enabled && hasState(item, QStyle::State_MouseOver)) {
    painter->fillRect(item->rect, t.hover);
  }
  using Item = QStyleOptionViewItem;
  // Only a tree says where in its row an item stands; of a table its header knows.
  const auto* table = qobject_cast<const QTableView*>(item->widget);
  const bool follows = table != nullptr && table->horizontalHeader()->visualIndex(item->index.column()) > 0;
  const bool leads = !follows && item->viewItemPosition != Item::Middle && item->viewItemPosition != Item::End;
  if (!selected || !enabled || !leads) return;
  const QRect bar(item->rect.left(), item->rect.top(), 3, item->rect.height());
  painter->fillRect(QStyle::visualRect(item->direction, item->rect, bar), t.accent);
}

void drawMenuBarItem(QPainter* painter, const QStyleOptionMenuItem* item) {
  const Theme& t = currentTheme();
  painter->fillRect(item->rect, t.window);
  if (hasState(item, QStyle::State_Selected)) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(hasState(item, QStyle::State_Sunken) ? t.pressed : t.hover);
    painter->drawRoundedRect(QRectF(item->rect).adjusted(1, 1, -1, -1), 4, 4);
    painter->restore();
  }
  painter->setPen(hasState(item, QStyle::State_Enabled) ? t.text : t.disabled);
  painter->drawText(item->rect, Qt::AlignCenter | Qt::TextHideMnemonic | Qt::TextSingleLine, item->text);
}

}  // namespace layerloom
