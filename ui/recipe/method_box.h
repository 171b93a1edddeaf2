// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

#include "core/methods/spec.h"

namespace layerloom {

/// The list of all merge methods under headings that cannot be chosen. The data of an entry is the method in mergekit's spelling, that of a
/// heading is null.
class MethodBox : public QComboBox {
  Q_OBJECT

 public:
  explicit MethodBox(QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void addHeading(const QString& words);
  void addMethod(const MethodSpec& method);
  void colourHeadings();
};

/// What a method does, as a tool tip says it.
QString methodToolTip(const MethodSpec& method);

}  // namespace layerloom
