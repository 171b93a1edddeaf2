// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/layerloom_style.h"

#include <algorithm>

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QTableView>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kFieldRadius = 4;
constexpr int kFieldHeight = 28;
constexpr int kToolButton = 28;
constexpr int kArrowWidth = 22;
constexpr int kItemMargin = 6;
/// Item views leave one pixel more beside their text; a header's text stands above it.
constexpr int kHeaderMargin = kItemMargin + 1;
constexpr int kButtonMargin = 6;

bool has(const QStyleOption* option, QStyle::StateFlag flag) {
  return option->state.testFlag(flag);
}

bool isAccent(const QWidget* widget) {
  return widget && widget->property("accent").toBool();
}

/// Outline on whole pixels: the rectangle shrunk by half the line.
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
  const bool enabled = has(option, QStyle::State_Enabled);
  const bool focused = enabled && has(option, QStyle::State_HasFocus);
  const QColor line = !enabled ? t.border : focused ? t.focus : t.control;
  drawBox(painter, option->rect, enabled ? t.base : t.panel, line, focused ? 2 : 1, kFieldRadius);
}

void drawPushButton(QPainter* painter, const QStyleOption* option, const QWidget* widget) {
  const Theme& t = currentTheme();
  const bool enabled = has(option, QStyle::State_Enabled);
  const bool down = has(option, QStyle::State_Sunken) || has(option, QStyle::State_On);
  const bool hovered = has(option, QStyle::State_MouseOver);
  QColor fill = down ? t.pressed : hovered ? t.hover : t.raised;
  QColor line = t.control;
  if (isAccent(widget)) {
    fill = down || hovered ? t.accentHover : t.accent;
    line = QColor();
  }
  if (!enabled) {
    fill = QColor();
    line = t.border;
  }
  drawBox(painter, option->rect, fill, line, 1, kFieldRadius);
}

/// Ground of a tool button: nothing, hover, pressed or the selection's colour.
void drawToolButton(QPainter* painter, const QStyleOption* option) {
  const Theme& t = currentTheme();
  const bool enabled = has(option, QStyle::State_Enabled);
  QColor fill;
  if (has(option, QStyle::State_On)) fill = t.accentSoft;
  if (enabled && has(option, QStyle::State_MouseOver) && !has(option, QStyle::State_On)) fill = t.hover;
  if (enabled && has(option, QStyle::State_Sunken)) fill = t.pressed;
  // In high contrast the soft grounds are faint by design: the outline says it.
  const QColor line = t.highContrast && has(option, QStyle::State_On) ? t.accent : QColor();
  drawBox(painter, option->rect, fill, line, 1, kFieldRadius);
}

void drawTick(QPainter* painter, QRectF box, const QColor& colour) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(colour, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  const auto at = [&box](double x, double y) { return QPointF(box.x() + box.width() * x, box.y() + box.height() * y); };
  painter->drawLine(at(0.24, 0.53), at(0.42, 0.71));
  painter->drawLine(at(0.42, 0.71), at(0.77, 0.31));
  painter->restore();
}

void drawCheckBox(QPainter* painter, const QStyleOption* option, double radius) {
  const Theme& t = currentTheme();
  const bool enabled = has(option, QStyle::State_Enabled);
  const bool set = has(option, QStyle::State_On) || has(option, QStyle::State_NoChange);
  const double side = std::min(option->rect.width(), option->rect.height());
  const QRectF box(option->rect.x(), option->rect.y() + (option->rect.height() - side) / 2, side, side);
  QColor fill = set ? t.accent : t.base;
  if (!set && has(option, QStyle::State_MouseOver)) fill = t.hover;
  QColor line = set ? t.accent : t.control;
  if (!enabled) fill = set ? t.disabled : QColor(), line = t.disabled;
  drawBox(painter, box, fill, line, 1, radius);
  if (has(option, QStyle::State_NoChange)) {
    painter->fillRect(QRectF(box.x() + 4, box.center().y() - 1, box.width() - 8, 2), t.onAccent);
  } else if (set && radius < side / 2) {
    drawTick(painter, box, enabled ? t.onAccent : t.panel);
  } else if (set) {
    drawBox(painter, box.adjusted(5, 5, -5, -5), t.onAccent, QColor(), 0, side / 2);
  }
}

void drawChevron(QPainter* painter, const QRectF& rect, bool up, bool enabled, double half = 3.5) {
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
  const bool selected = has(tab, QStyle::State_Selected);
  if (!selected && has(tab, QStyle::State_MouseOver) && has(tab, QStyle::State_Enabled))
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
  if (share > 0) drawBox(painter, done, has(bar, QStyle::State_Enabled) ? t.accent : t.disabled, QColor(), 0, 2);
}

void drawScrollBar(QPainter* painter, const QStyleOptionSlider* bar, const QRect& thumb) {
  const Theme& t = currentTheme();
  if (bar->maximum <= bar->minimum) return;
  const bool busy = has(bar, QStyle::State_MouseOver) || has(bar, QStyle::State_Sunken);
  drawBox(painter, QRectF(thumb).adjusted(3, 3, -3, -3), busy ? t.text3 : t.control, QColor(), 0, 3);
}

void drawSpinArrows(QPainter* painter, const QStyleOptionSpinBox* spin, const QRect& up, const QRect& down) {
  const Theme& t = currentTheme();
  if (spin->buttonSymbols == QAbstractSpinBox::NoButtons) return;
  for (const auto& [part, rect] : {std::pair{QStyle::SC_SpinBoxUp, up}, std::pair{QStyle::SC_SpinBoxDown, down}}) {
    const bool active = spin->activeSubControls == part && has(spin, QStyle::State_MouseOver);
    if (active) drawBox(painter, QRectF(rect).adjusted(0, 1, -1, -1), t.hover, QColor(), 0, 2);
    const auto flag =
        part == QStyle::SC_SpinBoxUp ? QAbstractSpinBox::StepUpEnabled : QAbstractSpinBox::StepDownEnabled;
    drawChevron(painter, rect, part == QStyle::SC_SpinBoxUp,
                has(spin, QStyle::State_Enabled) && (spin->stepEnabled & flag), 2.5);
  }
}

/// Row of a list: hover one step, selection soft with an accent bar on the leading edge.
void drawItem(QPainter* painter, const QStyleOptionViewItem* item) {
  const Theme& t = currentTheme();
  const bool selected = has(item, QStyle::State_Selected);
  if (item->backgroundBrush.style() != Qt::NoBrush) painter->fillRect(item->rect, item->backgroundBrush);
  const bool enabled = has(item, QStyle::State_Enabled);
  if (selected) {
    painter->fillRect(item->rect, enabled ? t.accentSoft : t.alt);
  } else if (enabled && has(item, QStyle::State_MouseOver)) {
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

QRect spinPart(const QStyleOptionSpinBox* spin, QStyle::SubControl part) {
  const QRect r = spin->rect;
  const bool buttons = spin->buttonSymbols != QAbstractSpinBox::NoButtons;
  const int width = buttons ? kArrowWidth : 0;
  const int half = r.height() / 2;
  QRect result = r;
  switch (part) {
    case QStyle::SC_SpinBoxUp:
      result = buttons ? QRect(r.right() - width, r.top() + 2, width - 1, half - 2) : QRect();
      break;
    case QStyle::SC_SpinBoxDown:
      result = buttons ? QRect(r.right() - width, r.top() + half, width - 1, half - 2) : QRect();
      break;
    case QStyle::SC_SpinBoxEditField:
      result = r.adjusted(4, 2, -width - 2, -2);
      break;
    default:
      break;
  }
  return QStyle::visualRect(spin->direction, r, result);
}

QRect comboPart(const QStyleOptionComboBox* combo, QStyle::SubControl part) {
  const QRect r = combo->rect;
  QRect result = r;
  if (part == QStyle::SC_ComboBoxArrow) result = QRect(r.right() - kArrowWidth, r.top(), kArrowWidth, r.height());
  if (part == QStyle::SC_ComboBoxEditField) result = r.adjusted(8, 2, -kArrowWidth - 2, -2);
  if (part == QStyle::SC_ComboBoxListBoxPopup) return r;
  return QStyle::visualRect(combo->direction, r, result);
}

/// Menu names stand on the window's ground like the gaps between the docks.
void drawMenuBarItem(QPainter* painter, const QStyleOptionMenuItem* item) {
  const Theme& t = currentTheme();
  painter->fillRect(item->rect, t.window);
  if (has(item, QStyle::State_Selected)) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(has(item, QStyle::State_Sunken) ? t.pressed : t.hover);
    painter->drawRoundedRect(QRectF(item->rect).adjusted(1, 1, -1, -1), 4, 4);
    painter->restore();
  }
  painter->setPen(has(item, QStyle::State_Enabled) ? t.text : t.disabled);
  painter->drawText(item->rect, Qt::AlignCenter | Qt::TextHideMnemonic | Qt::TextSingleLine, item->text);
}

}  // namespace

LayerloomStyle::LayerloomStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void LayerloomStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                   const QWidget* widget) const {
  const Theme& t = currentTheme();
  switch (element) {
    case PE_PanelLineEdit:
      // Inside a spin or combo box the line edit has no frame of its own; the box has drawn it.
      if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option); frame && frame->lineWidth > 0)
        drawField(painter, option);
      return;
    case PE_FrameLineEdit:
      return;
    case PE_PanelButtonCommand:
      return drawPushButton(painter, option, widget);
    case PE_PanelButtonTool:
    case PE_FrameButtonTool:
      return drawToolButton(painter, option);
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
      return drawCheckBox(painter, option, 3);
    case PE_IndicatorRadioButton:
      return drawCheckBox(painter, option, 99);
    case PE_FrameFocusRect:
      return drawBox(painter, option->rect, QColor(), t.focus, 2, kFieldRadius);
    case PE_Frame:
      return drawBox(painter, option->rect, QColor(), t.border, 1, kFieldRadius);
    case PE_PanelItemViewItem:
      if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option)) return drawItem(painter, item);
      return;
    case PE_FrameTabBarBase:
      return;
    case PE_PanelTipLabel:
      return drawBox(painter, option->rect, t.toolTip, t.highContrast ? t.border : QColor(), 1, 0);
    case PE_IndicatorArrowDown:
      return drawChevron(painter, option->rect, false, has(option, State_Enabled));
    case PE_IndicatorArrowUp:
      return drawChevron(painter, option->rect, true, has(option, State_Enabled));
    default:
      return QProxyStyle::drawPrimitive(element, option, painter, widget);
  }
}

void LayerloomStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                                 const QWidget* widget) const {
  const Theme& t = currentTheme();
  switch (element) {
    case CE_TabBarTabShape:
      if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) return drawTab(painter, tab);
      break;
    case CE_DockWidgetTitle:
      if (const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option))
        return drawDockTitle(painter, dock);
      break;
    case CE_ProgressBarGroove:
    case CE_ProgressBarLabel:
      return;
    case CE_ProgressBarContents:
      if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option))
        return drawProgress(painter, bar);
      break;
    case CE_Splitter:
      return;
    case CE_HeaderSection:
      painter->fillRect(option->rect, t.panel);
      if (has(option, State_Horizontal)) painter->fillRect(QRect(option->rect.bottomLeft(), QSize(option->rect.width(), 1)), t.border);
      return;
    case CE_HeaderLabel:
      if (has(option, State_Horizontal)) {
        return drawHeaderLabel(option, painter, widget);
      }
      break;
    case CE_ToolBar:
    case CE_MenuBarEmptyArea:
      return painter->fillRect(option->rect, t.window);
    case CE_MenuBarItem:
      if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) return drawMenuBarItem(painter, item);
      break;
    case CE_PushButtonLabel:
      if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option); button && isAccent(widget)) {
        QStyleOptionButton copy = *button;
        if (has(option, State_Enabled)) copy.palette.setColor(QPalette::ButtonText, t.onAccent);
        return QProxyStyle::drawControl(element, &copy, painter, widget);
      }
      break;
    default:
      break;
  }
  QProxyStyle::drawControl(element, option, painter, widget);
}

/// The base style asks only itself for the label's place, hence not by subElementRect().
void LayerloomStyle::drawHeaderLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
  const int more = kHeaderMargin - pixelMetric(PM_HeaderMargin, option, widget);
  const auto draw = [&](auto label) {
    label.rect.adjust(more, 0, -more, 0);
    QProxyStyle::drawControl(CE_HeaderLabel, &label, painter, widget);
  };
  if (const auto* second = qstyleoption_cast<const QStyleOptionHeaderV2*>(option)) {
    draw(*second);
  } else if (const auto* first = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
    draw(*first);
  }
}

void LayerloomStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                        const QWidget* widget) const {
  if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option); control == CC_ComboBox && combo) {
    drawField(painter, option);
    return drawChevron(painter, comboPart(combo, SC_ComboBoxArrow).adjusted(0, 0, -4, 0), false,
                       has(option, State_Enabled));
  }
  if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option); control == CC_SpinBox && spin) {
    if (spin->frame) drawField(painter, option);
    return drawSpinArrows(painter, spin, spinPart(spin, SC_SpinBoxUp), spinPart(spin, SC_SpinBoxDown));
  }
  if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option); control == CC_ScrollBar && bar)
    return drawScrollBar(painter, bar, subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget));
  QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect LayerloomStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                     const QWidget* widget) const {
  if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option); control == CC_ComboBox && combo)
    return comboPart(combo, part);
  if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option); control == CC_SpinBox && spin)
    return spinPart(spin, part);
  return QProxyStyle::subControlRect(control, option, part, widget);
}

QRect LayerloomStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
  const QRect rect = QProxyStyle::subElementRect(element, option, widget);
  const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
  const bool framed = element == SE_LineEditContents && frame && frame->lineWidth > 0;
  return framed ? rect.adjusted(4, 0, -4, 0) : rect;
}

QSize LayerloomStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                       const QWidget* widget) const {
  QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
  switch (type) {
    case CT_ComboBox:
      result.setWidth(result.width() + 8);
      [[fallthrough]];
    case CT_LineEdit:
    case CT_SpinBox:
      result.setHeight(std::max(result.height(), kFieldHeight));
      break;
    case CT_PushButton:
      result.setWidth(result.width() + 2 * kButtonMargin);
      result = result.expandedTo(isAccent(widget) ? QSize(104, 30) : QSize(0, kFieldHeight));
      break;
    case CT_HeaderSection:
      if (has(option, State_Horizontal)) {
        result.setWidth(result.width() + 2 * (kHeaderMargin - pixelMetric(PM_HeaderMargin, option, widget)));
      }
      break;
    case CT_ToolButton:
      result = result.expandedTo(QSize(kToolButton, kToolButton));
      break;
    case CT_MenuItem:
      if (result.height() > 16) result.setHeight(std::max(result.height(), 28));
      break;
    case CT_ItemViewItem:
      result.setHeight(std::max(result.height(), qobject_cast<const QListView*>(widget) ? 28 : 24));
      break;
    case CT_TabBarTab:
      result.setHeight(std::max(result.height(), 32));
      break;
    default:
      break;
  }
  return result;
}

int LayerloomStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
  switch (metric) {
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_TabBarIconSize:
    case PM_ListViewIconSize:
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
      return 16;
    case PM_FocusFrameHMargin:  // what item views leave beside their text
      return kItemMargin;
    case PM_ToolBarFrameWidth:
    case PM_ToolBarItemMargin:
    case PM_ToolBarItemSpacing:
    case PM_MenuBarPanelWidth:
      return 0;
    case PM_DockWidgetTitleMargin:
    case PM_TabBarTabVSpace:
      return 8;
    case PM_DockWidgetSeparatorExtent:
      return 6;
    case PM_SplitterWidth:
      return 6;
    case PM_ScrollBarExtent:
      return 12;
    case PM_ScrollBarSliderMin:
      return 28;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
      return 0;
    default:
      return QProxyStyle::pixelMetric(metric, option, widget);
  }
}

int LayerloomStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                              QStyleHintReturn* returned) const {
  switch (hint) {
    case SH_EtchDisabledText:
    case SH_DockWidget_ButtonsHaveFrame:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ComboBox_Popup:
      return 0;
    default:
      return QProxyStyle::styleHint(hint, option, widget, returned);
  }
}

void LayerloomStyle::polish(QWidget* widget) {
  QProxyStyle::polish(widget);
  // Fields and buttons say on hover that they react.
  if (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
      qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QTabBar*>(widget))
    widget->setAttribute(Qt::WA_Hover);
}

}  // namespace layerloom
