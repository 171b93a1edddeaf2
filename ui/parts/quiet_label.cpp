// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/parts/quiet_label.h"

#include <QEvent>
#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

QColor toneColour(LabelTone tone) {
  const Theme& theme = currentTheme();
  switch (tone) {
    case LabelTone::Text:
      return theme.text;
    case LabelTone::Text2:
      return theme.text2;
    case LabelTone::Text3:
      return theme.text3;
    case LabelTone::Error:
      return theme.error;
  }
  return theme.text;
}

QFont labelFont(LabelFont font) {
  switch (font) {
    case LabelFont::Body:
      return bodyFont();
    case LabelFont::Small:
      return smallFont();
    case LabelFont::Strong:
      return strongFont();
    case LabelFont::Code:
      return codeFont();
  }
  return bodyFont();
}

}  // namespace

QuietLabel::QuietLabel(const QString& text, LabelTone tone, LabelFont font, QWidget* parent)
    : QLabel(text, parent), m_tone(tone), m_font(font) {
  setTextFormat(Qt::PlainText);
  applyFont();
  applyTone();
}

void QuietLabel::setTone(LabelTone tone) {
  m_tone = tone;
  applyTone();
}

void QuietLabel::setElided() {
  m_elided = true;
  setSizePolicy(QSizePolicy::Maximum, sizePolicy().verticalPolicy());
}

QSize QuietLabel::minimumSizeHint() const {
  const QSize size = QLabel::minimumSizeHint();
  return m_elided ? QSize(0, size.height()) : size;
}

void QuietLabel::paintEvent(QPaintEvent* event) {
  if (!m_elided) {
    QLabel::paintEvent(event);
    return;
  }
  QPainter painter(this);
  paintLine(painter, contentsRect(), font(), toneColour(m_tone), text(), Qt::ElideRight,
            alignment() & Qt::AlignHorizontal_Mask);
}

void QuietLabel::changeEvent(QEvent* event) {
  QLabel::changeEvent(event);
  if (isThemeChange(event)) applyTone();
  if (event->type() == QEvent::ApplicationFontChange) applyFont();
}

void QuietLabel::applyTone() {
  const QColor colour = toneColour(m_tone);
  // Setting a palette sends PaletteChange to this very label: stop when there is nothing to change.
  if (palette().color(QPalette::Active, QPalette::WindowText) == colour) return;
  QPalette changed = palette();
  changed.setColor(QPalette::Active, QPalette::WindowText, colour);
  changed.setColor(QPalette::Inactive, QPalette::WindowText, colour);
  setPalette(changed);
}

void QuietLabel::applyFont() {
  if (m_font != LabelFont::Body) setFont(labelFont(m_font));
}

}  // namespace layerloom
