// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/model_legend.h"

#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kGap = 6;
constexpr double kBetween = 14;
constexpr double kMarker = 9;

}  // namespace

ModelLegend::ModelLegend(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void ModelLegend::setEntries(std::vector<Entry> entries, bool lines) {
  m_entries = std::move(entries);
  m_lines = lines;
  QStringList texts;
  for (const Entry& entry : m_entries) {
    texts << entry.text;
  }
  setAccessibleName(texts.join(QStringLiteral(", ")));
  setToolTip(plainToolTip(texts.join(QLatin1Char('\n'))));
  updateGeometry();
  update();
}

QSize ModelLegend::sizeHint() const {
  const QFontMetricsF metrics(smallFont());
  double width = 0;
  for (const Entry& entry : m_entries) {
    width += sampleWidth() + kGap + metrics.horizontalAdvance(entry.text) + kBetween;
  }
  return {static_cast<int>(std::ceil(width)), 24};
}

QSize ModelLegend::minimumSizeHint() const {
  return {40, 24};
}

void ModelLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QFontMetricsF metrics(smallFont());
  const double middle = height() / 2.0;
  double x = 0;
  for (const Entry& entry : m_entries) {
    if (x + sampleWidth() + kGap >= width()) {
      return;
    }
    if (m_lines) {
      paintModelSample(painter, {x, middle}, sampleWidth(), entry.colourIndex);
    } else {
      paintMarker(painter, {x + sampleWidth() / 2, middle}, kMarker, entry.colourIndex);
    }
    x += sampleWidth() + kGap;
    const double text = metrics.horizontalAdvance(entry.text);
    paintLine(painter, QRectF(x, 0, std::min(text + 1, width() - x), height()), smallFont(), currentTheme().text2, entry.text);
    x += text + kBetween;
  }
}

}  // namespace layerloom
