// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemView>

#include "ui/evidence/heat_layout.h"

namespace layerloom {

class HeatModel;

/// The heat map as a picture of its model: layers across in the order of the curves, kinds down, the tensors outside the layers as tall
/// cells beside them. Arrows move the cell cursor, Space picks the cell as a click does, Enter and a double click lead to the tensor.
class HeatMapView : public QAbstractItemView {
  Q_OBJECT

 public:
  explicit HeatMapView(HeatModel* model, QWidget* parent = nullptr);

  /// Rings the column of a layer that is looked at elsewhere; −1: none.
  void setMarkedLayer(int layer);
  int markedLayer() const { return m_marked; }
  /// Puts the columns on those of a chart above or below, where they are the same; nothing: the map takes all its room.
  void setColumnSpan(const std::optional<ColumnSpan>& span);

  QRect visualRect(const QModelIndex& index) const override;
  void scrollTo(const QModelIndex& index, ScrollHint hint) override;
  QModelIndex indexAt(const QPoint& point) const override;
  QSize sizeHint() const override { return {480, 170}; }
  QSize minimumSizeHint() const override { return {240, 90}; }

 signals:
  void picked(const QModelIndex& index);
  void opened(const QModelIndex& index);
  /// The layer under the pointer or, while the map has the focus, under the cell cursor; −1: none.
  void layerPointedAt(int layer);

 protected:
  QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
  int horizontalOffset() const override;
  int verticalOffset() const override;
  bool isIndexHidden(const QModelIndex&) const override { return false; }
  void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags flags) override;
  QRegion visualRegionForSelection(const QItemSelection& selection) const override;
  void updateGeometries() override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void dataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight, const QList<int>& roles) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

 private:
  void layOut();
  void setHovered(const QModelIndex& index);
  void tellLayer();
  QRectF cellRect(int row, int column) const;
  void paintCells(QPainter& painter) const;
  void paintCell(QPainter& painter, int row, int column) const;
  void paintCaptions(QPainter& painter) const;
  void paintMarks(QPainter& painter) const;

  HeatModel* m_heat;
  HeatLayout m_layout;
  double m_left = 0;  ///< room of the row captions
  std::optional<ColumnSpan> m_span;
  QPersistentModelIndex m_hovered;
  int m_marked = -1;
  int m_pointedAt = -1;
};

}  // namespace layerloom
