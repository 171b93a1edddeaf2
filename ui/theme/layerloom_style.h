// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace layerloom {

/// Fusion with the program's fields, buttons, tabs, dock titles and focus rings. A style, not a style sheet: it reads
/// the theme while painting, so that a change of theme reaches every state of every widget at once, and leaves palettes
/// alone.
///
/// A QPushButton with the property "accent" = true is the window's one filled button.
class LayerloomStyle : public QProxyStyle {
 public:
  LayerloomStyle();

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
  void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                   const QWidget* widget) const override;
  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                          const QWidget* widget) const override;
  QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                       const QWidget* widget) const override;
  QRect subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const override;
  QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                         const QWidget* widget) const override;
  int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* returned) const override;
  using QProxyStyle::polish;
  void polish(QWidget* widget) override;

 private:
  void drawHeaderLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;
};

}  // namespace layerloom
