// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace layerloom {

enum class LabelTone { Text, Text2, Text3, Error };
enum class LabelFont { Body, Small, Strong, Code };

/// A plain-text label in one of the theme's text colours and one of the program's fonts.
class QuietLabel : public QLabel {
  Q_OBJECT

 public:
  explicit QuietLabel(const QString& text = {}, LabelTone tone = LabelTone::Text2, LabelFont font = LabelFont::Body,
                      QWidget* parent = nullptr);

  void setTone(LabelTone tone);
  /// One line that ends in "…" where it does not fit, instead of claiming the room.
  void setElided();

  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void applyTone();
  void applyFont();

  LabelTone m_tone;
  LabelFont m_font;
  bool m_elided = false;
};

}  // namespace layerloom
