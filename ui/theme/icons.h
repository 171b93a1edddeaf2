// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>

namespace layerloom {

/// What an icon says by its colour when it is neither disabled nor selected.
enum class IconTone { Plain, Quiet, OnAccent, Accent, Ok, Warning, Error, Info };

/// The line icon resources/icons/`name`.svg in the theme's colours. It reads the theme when it is drawn: no icon has to
/// be made again after a change of theme. A name without a file gives a null icon.
QIcon themedIcon(const QString& name, IconTone tone = IconTone::Plain);

/// The program's icon; up to 32 px the simpler drawing.
QIcon applicationIcon();

}  // namespace layerloom
