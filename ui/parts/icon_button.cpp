// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/parts/icon_button.h"

namespace layerloom {

IconButton::IconButton(const QString& icon, const QString& words, QWidget* parent, IconTone tone)
    : QToolButton(parent) {
  setAutoRaise(true);
  setIcon(themedIcon(icon, tone));
  setIconSize(QSize(16, 16));
  setFixedSize(28, 28);
  setFocusPolicy(Qt::StrongFocus);
  setWords(words);
}

void IconButton::setWords(const QString& words) {
  setToolTip(words);
  setAccessibleName(words);
}

}  // namespace layerloom
