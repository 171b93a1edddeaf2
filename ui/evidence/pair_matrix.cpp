// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/pair_matrix.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kSide = 20;  ///< room of the markers
constexpr double kMarker = 9;
constexpr double kGreatestCell = 44;

double titleHeight() {
  return QFontMetricsF(smallFont()).height() + 6;
}

}  // namespace

PairMatrix::PairMatrix(Figure figure, QWidget* parent) : QWidget(parent), m_figure(figure) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(figureName(figure));
  setToolTip(plainToolTip(figureDefinition(figure)));
}

void PairMatrix::setContent(const EvidenceData& evidence, const GroupStatistics& figures) {
  m_data = evidence;
  m_figures = figures;
  // A fixed scale: matrices of two scopes can be compared by their colours.
  m_scale = {isSigned(m_figure) ? Ramp::Signed : Ramp::Magnitude, isSigned(m_figure) ? -1.0 : 0.0, 1.0, false, false, false};
  setCursorCell(m_row, m_column);
  updateGeometry();
}

std::optional<double> PairMatrix::valueAt(int row, int column) const {
  if (row == column || row < 0 || column < 0 || row >= count() || column >= count()) {
    return std::nullopt;
  }
  const std::size_t pair = pairIndex(static_cast<std::size_t>(row), static_cast<std::size_t>(column), m_data.models.size());
  return figureOf(m_figures, m_figure, static_cast<int>(pair));
}

double PairMatrix::cellWidth() const {
  const QFontMetricsF metrics(smallFont());
  return std::ceil(std::max(metrics.horizontalAdvance(QStringLiteral("88.8 %")), metrics.horizontalAdvance(QStringLiteral("−0.88")))) + 8;
}

double PairMatrix::cellHeight() const {
  const double least = QFontMetricsF(smallFont()).height() + 4;
  const double room = (height() - titleHeight() - kSide) / std::max(1, count());
  return std::clamp(std::floor(room), least, std::max(least, kGreatestCell));
}

QSize PairMatrix::minimumSizeHint() const {
  const double titleWidth = QFontMetricsF(strongFont()).horizontalAdvance(figureName(m_figure));
  const double least = QFontMetricsF(smallFont()).height() + 4;
  return {static_cast<int>(std::ceil(std::max(titleWidth, kSide + count() * cellWidth()))) + 4,
          static_cast<int>(std::ceil(titleHeight() + kSide + count() * least)) + 4};
}

QSize PairMatrix::sizeHint() const {
  return minimumSizeHint();
}

QRectF PairMatrix::cellRect(int row, int column) const {
  return {2 + kSide + column * cellWidth(), titleHeight() + kSide + row * cellHeight(), cellWidth() - 1, cellHeight() - 1};
}

QString PairMatrix::words(int row, int column) const {
  if (row == column) {
    return modelName(m_data, row);
  }
  return QStringLiteral("%1 · %2  %3").arg(modelName(m_data, row), modelName(m_data, column), figureText(m_figure, valueAt(row, column)));
}

void PairMatrix::setCursorCell(int row, int column) {
  m_row = std::clamp(row, 0, std::max(0, count() - 1));
  m_column = std::clamp(column, 0, std::max(0, count() - 1));
  describe();
  update();
}

void PairMatrix::describe() {
  setAccessibleDescription(count() == 0 ? QString() : words(m_row, m_column));
}

void PairMatrix::paintCell(QPainter& painter, int row, int column) const {
  const QRectF rect = cellRect(row, column);
  const auto value = valueAt(row, column);
  if (row == column) {
    painter.fillRect(rect, currentTheme().alt);
    return;
  }
  const QColor ground = value ? m_scale.colourOf(*value) : currentTheme().alt;
  painter.fillRect(rect, ground);
  painter.setPen(value ? textOn(ground) : currentTheme().text3);
  painter.setFont(smallFont());
  painter.drawText(rect, Qt::AlignCenter, figureText(m_figure, value));
}

void PairMatrix::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintLine(painter, QRectF(2, 0, width() - 4, titleHeight()), strongFont(), currentTheme().text2, figureName(m_figure));
  for (int model = 0; model < count(); ++model) {
    const int colour = m_data.models[static_cast<std::size_t>(model)].colourIndex;
    paintMarker(painter, {cellRect(0, model).center().x(), titleHeight() + kSide / 2}, kMarker, colour);
    paintMarker(painter, {2 + kSide / 2, cellRect(model, 0).center().y()}, kMarker, colour);
  }
  for (int row = 0; row < count(); ++row) {
    for (int column = 0; column < count(); ++column) {
      paintCell(painter, row, column);
    }
  }
  if (hasFocus() && count() > 0) {
    paintFocusRing(painter, cellRect(m_row, m_column).adjusted(-2, -2, 2, 2), 3);
  }
}

void PairMatrix::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
      return setCursorCell(m_row, m_column - 1);
    case Qt::Key_Right:
      return setCursorCell(m_row, m_column + 1);
    case Qt::Key_Up:
      return setCursorCell(m_row - 1, m_column);
    case Qt::Key_Down:
      return setCursorCell(m_row + 1, m_column);
    default:
      QWidget::keyPressEvent(event);
  }
}

void PairMatrix::mousePressEvent(QMouseEvent* event) {
  for (int row = 0; row < count(); ++row) {
    for (int column = 0; column < count(); ++column) {
      if (cellRect(row, column).contains(event->position())) {
        setCursorCell(row, column);
      }
    }
  }
}

bool PairMatrix::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int row = 0; row < count(); ++row) {
      for (int column = 0; column < count(); ++column) {
        if (row != column && cellRect(row, column).contains(help->pos())) {
          const QString exact = exactFigureText(valueAt(row, column));
          QToolTip::showText(help->globalPos(), plainToolTip(words(row, column) + QLatin1Char('\n') + exact), this);
          return true;
        }
      }
    }
  }
  return QWidget::event(event);
}

void PairMatrix::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void PairMatrix::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

}  // namespace layerloom
