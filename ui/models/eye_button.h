// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace layerloom {

/// Shows or hides a model's curve. Drawn only when asked for: while the card is hovered or focused, and always while
/// the curve is hidden. It stays in the tab order throughout.
class EyeButton : public QToolButton {
  Q_OBJECT

 public:
  explicit EyeButton(QWidget* parent = nullptr);

  void setCurveVisible(bool visible);
  void setRevealed(bool revealed);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  bool m_curveVisible = true;
  bool m_revealed = false;
};

}  // namespace layerloom
