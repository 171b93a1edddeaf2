// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QColor>

class QApplication;
class QEvent;

namespace layerloom {

enum class ThemeMode { System, Light, Dark, HighContrastLight, HighContrastDark };

/// Every colour of the program. Widgets read currentTheme() while painting and keep no copy, so a change of theme needs
/// a repaint only; what Qt Charts or a QPalette copied is set again on isThemeChange().
struct Theme {
  bool dark = false;
  bool highContrast = false;
  QColor window, panel, base, raised, alt;
  QColor hover, pressed;
  QColor toolTip, toolTipText;
  QColor border;   ///< decoration only
  QColor control;  ///< outline of fields and boxes
  QColor grid, gridStrong, axis;
  QColor text, text2, text3, disabled;
  QColor accent, accentHover, onAccent, accentSoft, onAccentSoft, focus;
  QColor ok, okSoft, warning, warningSoft, error, errorSoft, info, infoSoft;
  std::array<QColor, 8> models;
};

/// The table for a brightness; independent of what is in force.
const Theme& themeTable(bool dark, bool highContrast);

/// The theme in force; the light one until applyTheme() ran. The reference stays valid, its target changes with the
/// theme.
const Theme& currentTheme();
ThemeMode currentThemeMode();

/// Puts style, palette and tool tip colours in force; call before the first widget and again to change. Every widget
/// then gets PaletteChange. System follows the desktop: live from Qt 6.5 on, at program start with Qt 6.4.
void applyTheme(QApplication& app, ThemeMode mode);

/// True for the events after which copied colours must be set again: `if (isThemeChange(event)) rePen();` in
/// changeEvent().
bool isThemeChange(const QEvent* event);

/// Colour of the model that arrived as number `index` (from 0); the eight colours repeat. Negative: text 2 (base, whole
/// method).
QColor modelColour(int index);

}  // namespace layerloom
