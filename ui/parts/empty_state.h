// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace layerloom {

class TextButton;

/// What a list shows while it is empty: a drawing, a sentence and at most one button, centred.
class EmptyState : public QWidget {
  Q_OBJECT

 public:
  /// Without `action` there is no button.
  EmptyState(const QString& icon, const QString& sentence, const QString& action = {}, QWidget* parent = nullptr);

  void setSentence(const QString& sentence);

 signals:
  void actionTriggered();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void renderDrawing();

  QString m_icon;
  QLabel* m_drawing = nullptr;
  QLabel* m_words = nullptr;
};

}  // namespace layerloom
