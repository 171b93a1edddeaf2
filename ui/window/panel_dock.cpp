// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/panel_dock.h"

#include <QAction>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QMainWindow>
#include <QPainter>
#include <QPainterPath>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kTitleHeight = 32;
constexpr int kTabHeight = 4;
constexpr int kOwnItems = 3;  ///< of the layout: stretch, float, close
constexpr int kPadding = 12;
constexpr double kRadius = 6;

/// An undocked dock cannot be docked again on native Wayland before Qt 6.6 (QTBUG-87332).
bool canFloat() {
  return QT_VERSION >= QT_VERSION_CHECK(6, 6, 0) || !QGuiApplication::platformName().startsWith(QLatin1String("wayland"));
}

}  // namespace

DockTitle::DockTitle(QDockWidget& dock) : QWidget(&dock), m_dock(dock), m_name(dock.windowTitle()) {
  m_layout = new QHBoxLayout(this);
  m_layout->setContentsMargins(kPadding, 2, 6, 2);
  m_layout->setSpacing(2);
  m_layout->addStretch(1);
  makeWindowButtons(dock);
  setMouseTracking(true);
  for (const auto change : {&QDockWidget::visibilityChanged, &QDockWidget::topLevelChanged}) {
    connect(&dock, change, this, &DockTitle::placeLeading);
  }
}

QToolButton* DockTitle::addButton(const QString& icon, const QString& text) {
  auto* button = new QToolButton(this);
  button->setIcon(themedIcon(icon, IconTone::Quiet));
  button->setToolTip(text);
  button->setAccessibleName(text);
  button->setAutoRaise(true);
  button->setIconSize({16, 16});
  m_layout->addWidget(button);
  return button;
}

void DockTitle::makeWindowButtons(QDockWidget& dock) {
  m_float = addButton(QStringLiteral("float"), tr("Float"));
  m_close = addButton(QStringLiteral("close"), tr("Close"));
  connect(m_float, &QToolButton::clicked, &dock, [&dock] { dock.setFloating(!dock.isFloating()); });
  connect(m_close, &QToolButton::clicked, &dock, &QWidget::close);
  showWindowButtons(false);
}

void DockTitle::showWindowButtons(bool shown) {
  const bool fits = sizeHint().height() == kTitleHeight;
  m_float->setVisible(shown && canFloat() && fits);
  m_close->setVisible(shown && fits);
}

void DockTitle::addActions(const QList<QAction*>& actions) {
  for (QAction* action : actions) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setIconSize({16, 16});
    button->setAccessibleName(action->text());
    m_layout->addWidget(button);  // behind float and close: it must not move when these appear under the pointer
  }
}

void DockTitle::setLeading(QWidget* widget) {
  m_leading = widget;
  m_layout->insertWidget(0, widget);
  placeLeading();
}

/// A tab shares its place with another dock that is open; the tab then has the name.
bool DockTitle::isTab() const {
  const auto* window = qobject_cast<const QMainWindow*>(m_dock.parentWidget());
  if (window == nullptr || m_dock.isFloating()) {
    return false;
  }
  const auto others = window->tabifiedDockWidgets(&m_dock);
  return std::any_of(others.begin(), others.end(), [](const QDockWidget* other) { return !other->isHidden(); });
}

int DockTitle::nameWidth() const {
  return isTab() ? 0 : QFontMetrics(strongFont()).horizontalAdvance(m_name);
}

void DockTitle::placeLeading() {
  const int left = nameWidth() == 0 ? kPadding - 6 : nameWidth() + 2 * kPadding;
  m_layout->setContentsMargins(m_leading == nullptr ? kPadding : left, 2, 6, 2);
  updateGeometry();
  update();
}

void DockTitle::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  placeLeading();
}

void DockTitle::setCount(int count, bool urgent) {
  m_count = count;
  m_urgent = urgent;
  setAccessibleName(count > 0 ? tr("%1, %2").arg(m_name, QLocale().toString(count)) : m_name);
  // A tab has no pill; the menu keeps the plain name.
  m_dock.setWindowTitle(count > 0 ? QStringLiteral("%1 (%2)").arg(m_name, QLocale().toString(count)) : m_name);
  m_dock.toggleViewAction()->setText(m_name);
  update();
}

QSize DockTitle::sizeHint() const {
  // A tab without actions has nothing to show here.
  const bool empty = isTab() && m_leading == nullptr && m_layout->count() == kOwnItems;
  const int room = m_leading == nullptr ? nameWidth() + 4 * kPadding : 0;
  return {m_layout->sizeHint().width() + room, empty ? kTabHeight : kTitleHeight};
}

void DockTitle::enterEvent(QEnterEvent* event) {
  showWindowButtons(true);
  QWidget::enterEvent(event);
}

void DockTitle::leaveEvent(QEvent* event) {
  showWindowButtons(false);
  QWidget::leaveEvent(event);
}

void DockTitle::paintEvent(QPaintEvent*) {
  const Theme& theme = currentTheme();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(strongFont());
  painter.setPen(theme.text2);
  const QRect line = rect().adjusted(kPadding, 0, 0, 0);
  if (isTab()) {
    return;
  }
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, m_name);
  if (m_count == 0 || m_leading != nullptr) {
    return;  // what stands behind the name takes the pill's place
  }
  const QString figure = QLocale().toString(m_count);
  const double left = kPadding + painter.fontMetrics().horizontalAdvance(m_name) + 8;
  painter.setFont(smallFont());
  const double width = std::max(18.0, painter.fontMetrics().horizontalAdvance(figure) + 10.0);
  const QRectF pill(left, (height() - 18) / 2.0, width, 18);
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_urgent ? theme.warningSoft : theme.accentSoft);
  painter.drawRoundedRect(pill, 9, 9);
  painter.setPen(m_urgent ? theme.warning : theme.onAccentSoft);
  painter.drawText(pill, Qt::AlignCenter, figure);
}

PanelDock::PanelDock(const QString& name, const QString& title, QWidget* content, QWidget* parent) : QDockWidget(title, parent) {
  setObjectName(name);
  m_title = new DockTitle(*this);
  setTitleBarWidget(m_title);
  setWidget(content);
}

void PanelDock::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(currentTheme().panel);
  painter.drawRoundedRect(rect(), kRadius, kRadius);
}

}  // namespace layerloom
