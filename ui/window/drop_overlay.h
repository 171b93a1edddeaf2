// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace layerloom {

/// Shown over the whole window while something is dragged onto it: an inset frame and what a drop would do.
class DropOverlay : public QWidget {
  Q_OBJECT

 public:
  explicit DropOverlay(QWidget* window);

  /// Covers the window. An empty `refusal` means that the drop is welcome.
  void show(const QString& offer, const QString& refusal);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_text;
  bool m_refused = false;
};

}  // namespace layerloom
