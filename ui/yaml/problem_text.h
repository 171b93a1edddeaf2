// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

#include "core/recipe/recipe.h"

namespace layerloom {

// How a problem is said and shown, in the list and in the editor alike.

QString severityWord(Severity severity);
QIcon severityIcon(Severity severity);
QColor severityColour(Severity severity);
QColor severitySoftColour(Severity severity);

/// "line 5", or nothing when the problem has no place in the text.
QString problemPlace(const Problem& problem);
/// Path in the recipe and remedy, in one line.
QString problemDetail(const Problem& problem);
/// Severity, message, place and remedy in lines, for the clipboard, screen readers and tool tips; plain text.
QString problemWords(const Problem& problem);

}  // namespace layerloom
