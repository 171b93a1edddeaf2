// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

#include "ui/theme/icons.h"

namespace layerloom {

/// A tool button with an icon alone, 28 high; its words are tool tip and accessible name.
class IconButton : public QToolButton {
  Q_OBJECT

 public:
  IconButton(const QString& icon, const QString& words, QWidget* parent = nullptr, IconTone tone = IconTone::Plain);

  void setWords(const QString& words);
};

}  // namespace layerloom
