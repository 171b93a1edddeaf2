// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/heat_map_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include "ui/evidence/heat_model.h"
#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kTop = 3;
constexpr double kRight = 6;
constexpr double kCaptionGap = 8;
constexpr double kHatchStep = 6;

/// 45° lines in border on the panel: no value here.
void paintHatch(QPainter& painter, const QRectF& rect) {
  painter.save();
  painter.setClipRect(rect, Qt::IntersectClip);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(currentTheme().highContrast ? currentTheme().gridStrong : currentTheme().border, 1));
  // Counted from the origin, so that the lines of neighbouring cells meet.
  const double first = std::floor((rect.left() + rect.top()) / kHatchStep) * kHatchStep;
  for (double sum = first; sum < rect.right() + rect.bottom(); sum += kHatchStep) {
    painter.drawLine(QPointF(sum - rect.top(), rect.top()), QPointF(sum - rect.bottom(), rect.bottom()));
  }
  painter.restore();
}

double captionHeight() {
  return QFontMetricsF(smallFont()).height() + 4;
}

}  // namespace

HeatMapView::HeatMapView(HeatModel* model, QWidget* parent) : QAbstractItemView(parent), m_heat(model) {
  setObjectName(QStringLiteral("HeatMap"));
  setAccessibleName(tr("Heat map"));
  setFrameShape(QFrame::NoFrame);
  setEditTriggers(NoEditTriggers);
  setSelectionMode(SingleSelection);
  setMouseTracking(true);
  setModel(model);
  connect(this, &QAbstractItemView::clicked, this, &HeatMapView::picked);
  connect(this, &QAbstractItemView::doubleClicked, this, &HeatMapView::opened);
}

void HeatMapView::layOut() {
  const QFontMetricsF metrics(smallFont());
  m_left = metrics.horizontalAdvance(QStringLiteral("gate+up"));
  for (int row = 0; row < m_heat->rowCount(); ++row) {
    m_left = std::max(m_left, metrics.horizontalAdvance(m_heat->headerData(row, Qt::Vertical, Qt::DisplayRole).toString()));
  }
  m_left = std::ceil(m_left) + kCaptionGap;
  const QSizeF size(viewport()->size());
  const HeatMargins margins = alignedMargins(m_heat->grid(), size, {m_left, kTop, kRight, captionHeight()}, m_span);
  m_left = margins.left;
  m_layout = layOutHeat(m_heat->grid(), size, margins);
}

void HeatMapView::setColumnSpan(const std::optional<ColumnSpan>& span) {
  if (span != m_span) {
    m_span = span;
    updateGeometries();
  }
}

void HeatMapView::updateGeometries() {
  layOut();
  // Sums of widths are a hair more than the whole at times; that is nothing to scroll for.
  const int beyondX = static_cast<int>(std::ceil(m_layout.content.width() - 0.5)) - viewport()->width();
  const int beyondY = static_cast<int>(std::ceil(m_layout.content.height() - 0.5)) - viewport()->height();
  horizontalScrollBar()->setRange(0, std::max(0, beyondX));
  horizontalScrollBar()->setPageStep(viewport()->width());
  horizontalScrollBar()->setSingleStep(24);
  verticalScrollBar()->setRange(0, std::max(0, beyondY));
  verticalScrollBar()->setPageStep(viewport()->height());
  QAbstractItemView::updateGeometries();
  viewport()->update();
}

void HeatMapView::resizeEvent(QResizeEvent* event) {
  QAbstractItemView::resizeEvent(event);
  updateGeometries();
}

void HeatMapView::dataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight, const QList<int>& roles) {
  QAbstractItemView::dataChanged(topLeft, bottomRight, roles);
  updateGeometries();
}

void HeatMapView::setMarkedLayer(int layer) {
  if (layer != m_marked) {
    m_marked = layer;
    viewport()->update();
  }
}

int HeatMapView::horizontalOffset() const {
  return horizontalScrollBar()->value();
}

int HeatMapView::verticalOffset() const {
  return verticalScrollBar()->value();
}

QRectF HeatMapView::cellRect(int row, int column) const {
  return m_layout.cell(m_heat->grid(), row, column).translated(-horizontalOffset(), -verticalOffset());
}

QRect HeatMapView::visualRect(const QModelIndex& index) const {
  const bool known = index.isValid() && static_cast<std::size_t>(index.column()) < m_layout.columns.size();
  return known ? cellRect(index.row(), index.column()).toAlignedRect() : QRect();
}

void HeatMapView::scrollTo(const QModelIndex& index, ScrollHint) {
  const QRect rect = visualRect(index);
  const QRect room = viewport()->rect().adjusted(static_cast<int>(m_left), 0, 0, 0);
  if (rect.left() < room.left()) {
    horizontalScrollBar()->setValue(horizontalOffset() + rect.left() - room.left());
  } else if (rect.right() > room.right()) {
    horizontalScrollBar()->setValue(horizontalOffset() + rect.right() - room.right() + static_cast<int>(kRight));
  }
  if (rect.top() < 0 || rect.height() > room.height()) {
    verticalScrollBar()->setValue(verticalOffset() + rect.top());
  } else if (rect.bottom() > room.bottom()) {
    verticalScrollBar()->setValue(verticalOffset() + rect.bottom() - room.bottom());
  }
}

QModelIndex HeatMapView::indexAt(const QPoint& point) const {
  if (point.x() < m_left) {
    return {};
  }
  const int column = m_layout.columnAt(point.x() + horizontalOffset());
  const int row = m_layout.rowAt(point.y() + verticalOffset());
  return column < 0 || row < 0 ? QModelIndex() : m_heat->index(row, column);
}

QModelIndex HeatMapView::moveCursor(CursorAction action, Qt::KeyboardModifiers) {
  const int rows = m_heat->rowCount();
  const int columns = m_heat->columnCount();
  if (rows == 0 || columns == 0) {
    return {};
  }
  int row = std::max(0, currentIndex().row());
  int column = std::max(0, currentIndex().column());
  if (!currentIndex().isValid()) {
    return m_heat->index(0, 0);
  }
  const bool tall = m_heat->grid().columns[static_cast<std::size_t>(column)].isOuter();
  switch (action) {
    case MoveLeft:
    case MovePrevious:
      --column;
      break;
    case MoveRight:
    case MoveNext:
      ++column;
      break;
    case MoveUp:
      row -= tall ? 0 : 1;
      break;
    case MoveDown:
      row += tall ? 0 : 1;
      break;
    case MoveHome:
      column = 0;
      break;
    case MoveEnd:
      column = columns - 1;
      break;
    case MovePageUp:
      row = 0;
      break;
    case MovePageDown:
      row = rows - 1;
      break;
  }
  return m_heat->index(std::clamp(row, 0, rows - 1), std::clamp(column, 0, columns - 1));
}

void HeatMapView::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags flags) {
  const QModelIndex index = indexAt(rect.center());
  selectionModel()->select(QItemSelection(index, index), flags);
}

QRegion HeatMapView::visualRegionForSelection(const QItemSelection& selection) const {
  QRegion region;
  for (const QModelIndex& index : selection.indexes()) {
    region += visualRect(index);
  }
  return region;
}

void HeatMapView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QAbstractItemView::currentChanged(current, previous);
  // What a screen reader says of a widget that paints its own items.
  setAccessibleDescription(m_heat->data(current, Qt::AccessibleTextRole).toString());
  viewport()->update();
  tellLayer();
}

void HeatMapView::keyPressEvent(QKeyEvent* event) {
  const bool opens = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (currentIndex().isValid() && (opens || event->key() == Qt::Key_Space)) {
    emit picked(currentIndex());
    if (opens) {
      emit opened(currentIndex());
    }
    return;
  }
  QAbstractItemView::keyPressEvent(event);
}

void HeatMapView::setHovered(const QModelIndex& index) {
  if (index != m_hovered) {
    m_hovered = index;
    viewport()->update();
    tellLayer();
  }
}

void HeatMapView::tellLayer() {
  const QModelIndex index = m_hovered.isValid() || !hasFocus() ? QModelIndex(m_hovered) : currentIndex();
  const int layer = index.isValid() ? m_heat->grid().columns[static_cast<std::size_t>(index.column())].layer : -1;
  if (layer != m_pointedAt) {
    m_pointedAt = layer;
    emit layerPointedAt(layer);
  }
}

void HeatMapView::focusInEvent(QFocusEvent* event) {
  QAbstractItemView::focusInEvent(event);
  tellLayer();
}

void HeatMapView::focusOutEvent(QFocusEvent* event) {
  QAbstractItemView::focusOutEvent(event);
  tellLayer();
}

void HeatMapView::mouseMoveEvent(QMouseEvent* event) {
  setHovered(indexAt(event->pos()));
  QAbstractItemView::mouseMoveEvent(event);
}

bool HeatMapView::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::Leave) {
    setHovered({});
  }
  return QAbstractItemView::viewportEvent(event);
}

void HeatMapView::changeEvent(QEvent* event) {
  QAbstractItemView::changeEvent(event);
  if (isThemeChange(event) || event->type() == QEvent::FontChange) {
    updateGeometries();
  }
}

void HeatMapView::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  painter.fillRect(viewport()->rect(), currentTheme().panel);
  if (m_layout.columns.empty()) {
    return;
  }
  painter.save();
  painter.setClipRect(QRectF(m_left - 3, 0, viewport()->width(), viewport()->height()));
  paintCells(painter);
  paintMarks(painter);
  painter.restore();
  paintCaptions(painter);
}

void HeatMapView::paintCells(QPainter& painter) const {
  for (int column = 0; column < m_heat->columnCount(); ++column) {
    const bool tall = m_heat->grid().columns[static_cast<std::size_t>(column)].isOuter();
    for (int row = 0; row < (tall ? 1 : m_heat->rowCount()); ++row) {
      paintCell(painter, row, column);
    }
  }
}

void HeatMapView::paintCell(QPainter& painter, int row, int column) const {
  const HeatCell& cell = m_heat->grid().cell(row, column);
  QRectF rect = cellRect(row, column);
  // One pixel between cells, unless that would be a good part of them.
  const double gap = m_layout.pitch >= 8 || m_layout.pitch == 0 ? 1 : 0;
  rect = QRectF(QPointF(std::round(rect.left()), std::round(rect.top())), QPointF(std::round(rect.right()) - gap, std::round(rect.bottom()) - gap));
  if (cell.state == CellState::Pending) {
    return;
  }
  if (!cell.value) {
    paintHatch(painter, rect);
    return;
  }
  const QColor ground = m_heat->scale().colourOf(*cell.value);
  painter.fillRect(rect, ground);
  painter.setFont(smallFont());
  const QString figure = figureText(m_heat->grid().figure, cell.value);
  const QFontMetricsF metrics(painter.font());
  if (metrics.horizontalAdvance(figure) + 6 <= rect.width() && metrics.capHeight() + 5 <= rect.height()) {
    painter.setPen(textOn(ground));
    painter.drawText(rect, Qt::AlignCenter, figure);
  }
}

void HeatMapView::paintCaptions(QPainter& painter) const {
  const Theme& theme = currentTheme();
  painter.setFont(smallFont());
  const QFontMetricsF metrics(painter.font());
  painter.setPen(theme.text2);
  for (int row = 0; row < m_heat->rowCount(); ++row) {
    const QRectF line(0, m_layout.top + row * m_layout.rowHeight - verticalOffset(), m_left - kCaptionGap, m_layout.rowHeight - 1);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, m_heat->headerData(row, Qt::Vertical, Qt::DisplayRole).toString());
  }
  painter.setClipRect(QRectF(m_left - 3, 0, viewport()->width(), viewport()->height()));
  painter.setPen(theme.text3);
  std::vector<int> columns = captionedColumns(m_heat->grid(), m_layout.pitch, metrics.horizontalAdvance(QStringLiteral("000")) + 4);
  for (int column = 0; column < m_heat->columnCount(); ++column) {
    if (m_heat->grid().columns[static_cast<std::size_t>(column)].isOuter()) {
      columns.push_back(column);
    }
  }
  for (const int column : columns) {
    const QRectF rect = cellRect(0, column);
    const double bottom = m_layout.columns.front().bottom() - verticalOffset();
    painter.drawText(QRectF(rect.center().x() - 30, bottom + 1, 60, metrics.height()), Qt::AlignCenter,
                     m_heat->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
  }
}

void HeatMapView::paintMarks(QPainter& painter) const {
  const Theme& theme = currentTheme();
  painter.setBrush(Qt::NoBrush);
  for (int column = 0; column < m_heat->columnCount(); ++column) {
    if (m_marked >= 0 && m_heat->grid().columns[static_cast<std::size_t>(column)].layer == m_marked) {
      const QRectF all = m_layout.columns[static_cast<std::size_t>(column)].translated(-horizontalOffset(), -verticalOffset());
      paintFocusRing(painter, all.adjusted(-2.5, -2.5, 1.5, 1.5), 4);
    }
  }
  if (m_hovered.isValid()) {
    painter.setPen(QPen(theme.text, 1));
    painter.drawRect(QRectF(visualRect(m_hovered)).adjusted(0.5, 0.5, -1.5, -1.5));
  }
  if (currentIndex().isValid()) {
    const QRectF rect = QRectF(visualRect(currentIndex())).adjusted(-1, -1, 0, 0);
    painter.setPen(QPen(theme.base, 4));
    painter.drawRect(rect.adjusted(1, 1, -1, -1));
    painter.setPen(QPen(hasFocus() ? theme.focus : theme.text2, 2));
    painter.drawRect(rect.adjusted(1, 1, -1, -1));
  }
}

}  // namespace layerloom
