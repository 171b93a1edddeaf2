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
#include "ui/theme/style_drawing.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kFieldHeight = 28;
constexpr int kToolButton = 28;
constexpr int kArrowWidth = 22;
constexpr int kItemMargin = 6;
/// Item views leave one pixel more beside their text; a header's text stands above it.
constexpr int kHeaderMargin = kItemMargin + 1;
constexpr int kButtonMargin = 6;

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
      return drawChevron(painter, option->rect, false, hasState(option, State_Enabled));
    case PE_IndicatorArrowUp:
      return drawChevron(painter, option->rect, true, hasState(option, State_Enabled));
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
      if (hasState(option, State_Horizontal)) painter->fillRect(QRect(option->rect.bottomLeft(), QSize(option->rect.width(), 1)), t.border);
      return;
    case CE_HeaderLabel:
      if (hasState(option, State_Horizontal)) {
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
      if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option); button && isAccentButton(widget)) {
        QStyleOptionButton copy = *button;
        if (hasState(option, State_Enabled)) copy.palette.setColor(QPalette::ButtonText, t.onAccent);
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
                       hasState(option, State_Enabled));
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
      result = result.expandedTo(isAccentButton(widget) ? QSize(104, 30) : QSize(0, kFieldHeight));
      break;
    case CT_HeaderSection:
      if (hasState(option, State_Horizontal)) {
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
