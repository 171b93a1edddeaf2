// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QEvent>
#include <QPalette>
#include <QStyleFactory>
#include <QStyleHints>
#include <QToolTip>

#include "ui/theme/layerloom_style.h"

namespace layerloom {
namespace {

/// Shorthand for the tables: 0xRRGGBB.
QColor rgb(unsigned value) {
  return QColor::fromRgb(static_cast<QRgb>(0xFF000000u | value));
}

Theme lightTheme() {
  Theme t;
  t.window = rgb(0xE7EAED), t.panel = rgb(0xF5F6F8), t.base = rgb(0xFFFFFF), t.raised = rgb(0xFFFFFF);
  t.alt = rgb(0xF0F2F4), t.hover = rgb(0xE3E8EB), t.pressed = rgb(0xD5DCE1);
  t.toolTip = rgb(0x1C232B), t.toolTipText = rgb(0xF2F4F6);
  t.border = rgb(0xD0D6DC), t.control = rgb(0x7F8994);
  t.grid = rgb(0xE9ECEF), t.gridStrong = rgb(0xD5DAE0), t.axis = rgb(0x7A8490);
  t.text = rgb(0x161B21), t.text2 = rgb(0x45505C), t.text3 = rgb(0x5F6A76), t.disabled = rgb(0x8E98A3);
  t.accent = rgb(0x0B6670), t.accentHover = rgb(0x095059), t.onAccent = rgb(0xFFFFFF);
  t.accentSoft = rgb(0xD3E9EB), t.onAccentSoft = rgb(0x083F46), t.focus = rgb(0x0B6670);
  t.ok = rgb(0x1B7340), t.okSoft = rgb(0xDDF1E4), t.warning = rgb(0x8A5200), t.warningSoft = rgb(0xFBEBCF);
  t.error = rgb(0xB3221B), t.errorSoft = rgb(0xFBE2E0), t.info = rgb(0x1F5FA8), t.infoSoft = rgb(0xDFEAF7);
  t.models = {rgb(0x168AFE), rgb(0x963500), rgb(0x187457), rgb(0xE73A99),
              rgb(0x9E8839), rgb(0x731BCB), rgb(0x004464), rgb(0x4A3026)};
  return t;
}

Theme darkTheme() {
  Theme t;
  t.dark = true;
  t.window = rgb(0x101317), t.panel = rgb(0x1A1E24), t.base = rgb(0x14181D), t.raised = rgb(0x222830);
  t.alt = rgb(0x1E232A), t.hover = rgb(0x2A313A), t.pressed = rgb(0x343C47);
  t.toolTip = rgb(0xE9ECEF), t.toolTipText = rgb(0x161B21);
  t.border = rgb(0x2E353E), t.control = rgb(0x6F7A87);
  t.grid = rgb(0x20262D), t.gridStrong = rgb(0x303842), t.axis = rgb(0x75808D);
  t.text = rgb(0xE8EBEE), t.text2 = rgb(0xB6BFC9), t.text3 = rgb(0x97A1AD), t.disabled = rgb(0x66707C);
  t.accent = rgb(0x4FBFC9), t.accentHover = rgb(0x74D3DB), t.onAccent = rgb(0x04262A);
  t.accentSoft = rgb(0x173B41), t.onAccentSoft = rgb(0xBFEBEF), t.focus = rgb(0x4FBFC9);
  t.ok = rgb(0x5CC98A), t.okSoft = rgb(0x163324), t.warning = rgb(0xF0B44C), t.warningSoft = rgb(0x3A2C12);
  t.error = rgb(0xFF8A80), t.errorSoft = rgb(0x43201F), t.info = rgb(0x7FB4F0), t.infoSoft = rgb(0x1A2F49);
  t.models = {rgb(0x6390FE), rgb(0xD15306), rgb(0x88EDB5), rgb(0xE98EB7),
              rgb(0xEDD557), rgb(0xC2B7FF), rgb(0x558288), rgb(0x9D745E)};
  return t;
}

Theme highContrastLightTheme() {
  Theme t;
  t.highContrast = true;
  t.window = t.panel = t.base = t.raised = rgb(0xFFFFFF);
  t.alt = rgb(0xF2F2F2), t.hover = rgb(0xE2E2E2), t.pressed = rgb(0xCCCCCC);
  t.toolTip = rgb(0xFFFFFF), t.toolTipText = rgb(0x000000);
  t.border = t.control = t.axis = t.text = t.text2 = rgb(0x000000);
  t.grid = rgb(0xCFCFCF), t.gridStrong = rgb(0x949494), t.text3 = rgb(0x222222), t.disabled = rgb(0x5C5C5C);
  t.accent = rgb(0x00444C), t.accentHover = rgb(0x002B30), t.onAccent = rgb(0xFFFFFF);
  t.accentSoft = rgb(0xC9EDF1), t.onAccentSoft = rgb(0x000000), t.focus = rgb(0x7A0090);
  t.ok = rgb(0x00501F), t.okSoft = rgb(0xDDF7E6), t.warning = rgb(0x5E3600), t.warningSoft = rgb(0xFFEFCC);
  t.error = rgb(0x8A0000), t.errorSoft = rgb(0xFFE3E0), t.info = rgb(0x003A80), t.infoSoft = rgb(0xDDEBFF);
  t.models = {rgb(0x046DFA), rgb(0x520A00), rgb(0x084E41), rgb(0xC80A7C),
              rgb(0x5F5119), rgb(0x5B02A1), rgb(0x456A83), rgb(0x886E5F)};
  return t;
}

Theme highContrastDarkTheme() {
  Theme t;
  t.dark = t.highContrast = true;
  t.window = t.panel = t.base = t.raised = rgb(0x000000);
  t.alt = rgb(0x101010), t.hover = rgb(0x1F1F1F), t.pressed = rgb(0x333333);
  t.toolTip = rgb(0x000000), t.toolTipText = rgb(0xFFFFFF);
  t.border = t.control = t.axis = t.text = t.text2 = rgb(0xFFFFFF);
  t.grid = rgb(0x3A3A3A), t.gridStrong = rgb(0x6B6B6B), t.text3 = rgb(0xE0E0E0), t.disabled = rgb(0xA0A0A0);
  t.accent = rgb(0x00E5FF), t.accentHover = rgb(0x80F2FF), t.onAccent = rgb(0x000000);
  t.accentSoft = rgb(0x00414A), t.onAccentSoft = rgb(0xFFFFFF), t.focus = rgb(0xFFE600);
  t.ok = rgb(0x5CFF9D), t.okSoft = rgb(0x003316), t.warning = rgb(0xFFD000), t.warningSoft = rgb(0x332900);
  t.error = rgb(0xFF9C94), t.errorSoft = rgb(0x3D0602), t.info = rgb(0x9CCBFF), t.infoSoft = rgb(0x001F40);
  t.models = darkTheme().models;
  return t;
}

struct ThemeState {
  Theme theme = lightTheme();
  ThemeMode mode = ThemeMode::Light;
};

ThemeState& themeState() {
  static ThemeState state;
  return state;
}

/// Qt 6.4 cannot be asked for the desktop's scheme; the lightness of the palette it gave the program tells. That
/// palette is gone once ours is set, hence the static.
bool systemIsDark(const QApplication& app) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
  if (app.styleHints()->colorScheme() != Qt::ColorScheme::Unknown)
    return app.styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#endif
  static const bool dark = app.palette().window().color().lightness() < 128;
  return dark;
}

const Theme& themeFor(const QApplication& app, ThemeMode mode) {
  switch (mode) {
    case ThemeMode::System:
      return themeTable(systemIsDark(app), false);
    case ThemeMode::Light:
      return themeTable(false, false);
    case ThemeMode::Dark:
      return themeTable(true, false);
    case ThemeMode::HighContrastLight:
      return themeTable(false, true);
    case ThemeMode::HighContrastDark:
      return themeTable(true, true);
  }
  return themeTable(false, false);
}

void setDisabledRoles(QPalette& palette, const Theme& t) {
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText, QPalette::HighlightedText,
                          QPalette::PlaceholderText, QPalette::Link})
    palette.setColor(QPalette::Disabled, role, t.disabled);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, t.alt);
  palette.setColor(QPalette::Disabled, QPalette::Base, t.panel);
}

QPalette paletteOf(const Theme& t) {
  QPalette p;
  p.setColor(QPalette::Window, t.panel);
  p.setColor(QPalette::Base, t.base);
  p.setColor(QPalette::AlternateBase, t.alt);
  p.setColor(QPalette::Button, t.panel);
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText, QPalette::BrightText})
    p.setColor(role, t.text);
  p.setColor(QPalette::PlaceholderText, t.text3);
  p.setColor(QPalette::Highlight, t.accentSoft);
  p.setColor(QPalette::HighlightedText, t.onAccentSoft);
  p.setColor(QPalette::Link, t.accent);
  p.setColor(QPalette::LinkVisited, t.accent);
  p.setColor(QPalette::ToolTipBase, t.toolTip);
  p.setColor(QPalette::ToolTipText, t.toolTipText);
  p.setColor(QPalette::Light, t.raised);
  p.setColor(QPalette::Midlight, t.hover);
  p.setColor(QPalette::Mid, t.border);
  p.setColor(QPalette::Dark, t.control);
  p.setColor(QPalette::Shadow, t.dark ? Qt::black : t.border);
  setDisabledRoles(p, t);
  return p;
}

/// Only System follows the desktop, and only one connection does so however often the theme is applied.
void followSystem(QApplication& app) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
  static const auto connection = QObject::connect(app.styleHints(), &QStyleHints::colorSchemeChanged, &app, [&app] {
    if (currentThemeMode() == ThemeMode::System) applyTheme(app, ThemeMode::System);
  });
  Q_UNUSED(connection);
#else
  Q_UNUSED(app);
#endif
}

}  // namespace

const Theme& themeTable(bool dark, bool highContrast) {
  static const Theme tables[] = {lightTheme(), darkTheme(), highContrastLightTheme(), highContrastDarkTheme()};
  return tables[(highContrast ? 2 : 0) + (dark ? 1 : 0)];
}

const Theme& currentTheme() {
  return themeState().theme;
}

ThemeMode currentThemeMode() {
  return themeState().mode;
}

void applyTheme(QApplication& app, ThemeMode mode) {
  systemIsDark(app);  // looks at the palette before ours is set
  themeState() = {themeFor(app, mode), mode};
  if (!dynamic_cast<LayerloomStyle*>(QApplication::style())) QApplication::setStyle(new LayerloomStyle);
  const QPalette palette = paletteOf(currentTheme());
  QApplication::setPalette(palette);
  QToolTip::setPalette(palette);
  followSystem(app);
}

bool isThemeChange(const QEvent* event) {
  return event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange;
}

QColor modelColour(int index) {
  const Theme& t = currentTheme();
  return index < 0 ? t.text2 : t.models[static_cast<std::size_t>(index) % t.models.size()];
}

}  // namespace layerloom
