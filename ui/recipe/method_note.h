// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/methods/spec.h"

namespace layerloom {

class QuietLabel;

/// What the method does, in words and as a formula, with its origin in small.
class MethodNote : public QWidget {
  Q_OBJECT

 public:
  explicit MethodNote(QWidget* parent = nullptr);

  /// Null: nothing is shown.
  void setMethod(const MethodSpec* method);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QuietLabel* m_summary = nullptr;
  QuietLabel* m_formula = nullptr;
  QuietLabel* m_reference = nullptr;
};

}  // namespace layerloom
