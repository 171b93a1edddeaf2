// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace layerloom {

/// Lies over square content and gives it round corners, an outline and a focus ring. Lets the mouse
/// through.
class RoundedFrame : public QWidget {
  Q_OBJECT

 public:
  /// Keeps `margins` off the edges of `parent`; shows the ring while `focused` has the focus.
  RoundedFrame(QWidget* focused, const QMargins& margins, QWidget* parent);

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* m_focused;
  QMargins m_margins;
};

}  // namespace layerloom
