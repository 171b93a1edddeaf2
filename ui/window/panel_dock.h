// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>
#include <QList>

class QAction;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace layerloom {

/// The title of a dock: name, a count as a small pill, actions as icons, float and close while the pointer is over it.
class DockTitle : public QWidget {
  Q_OBJECT

 public:
  explicit DockTitle(QDockWidget& dock);

  void addActions(const QList<QAction*>& actions);
  /// Stands behind the name, or in its place while the dock is a tab, which has the name already.
  void setLeading(QWidget* widget);
  /// The pill beside the name; nothing for 0. `urgent`: in the colours of a warning.
  void setCount(int count, bool urgent);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  QToolButton* addButton(const QString& icon, const QString& text);
  void makeWindowButtons(QDockWidget& dock);
  void showWindowButtons(bool shown);
  bool isTab() const;
  int nameWidth() const;
  void placeLeading();

  QDockWidget& m_dock;
  QString m_name;
  int m_count = 0;
  bool m_urgent = false;
  QHBoxLayout* m_layout = nullptr;
  QWidget* m_leading = nullptr;
  QToolButton* m_float = nullptr;
  QToolButton* m_close = nullptr;
};

/// A dock drawn as a rounded panel on the window's ground.
class PanelDock : public QDockWidget {
  Q_OBJECT

 public:
  /// `name` is the object name that the window's saved state knows the dock by; it is not shown.
  PanelDock(const QString& name, const QString& title, QWidget* content, QWidget* parent);

  DockTitle& title() { return *m_title; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  DockTitle* m_title = nullptr;
};

}  // namespace layerloom
