// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/column_aligner.h"

#include <QDockWidget>
#include <QEvent>
#include <algorithm>

#include "ui/curves/curve_view.h"
#include "ui/evidence/heat_map_view.h"

namespace layerloom {

ColumnAligner::ColumnAligner(CurveView& curves, HeatMapView& map, QDockWidget& dock, QObject* parent)
    : QObject(parent), m_curves(curves), m_map(map), m_dock(dock) {
  m_later.setSingleShot(true);
  m_later.setInterval(0);
  connect(&m_later, &QTimer::timeout, this, &ColumnAligner::align);
  for (QWidget* watched : {static_cast<QWidget*>(&m_dock), m_curves.viewport(), m_map.viewport()}) {
    watched->installEventFilter(this);
  }
  connect(&m_dock, &QDockWidget::topLevelChanged, this, &ColumnAligner::later);
}

bool ColumnAligner::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize || event->type() == QEvent::Move || event->type() == QEvent::Show) {
    later();
  }
  return QObject::eventFilter(watched, event);
}

void ColumnAligner::align() {
  const ChartGeometry& chart = m_curves.geometry();
  const QWidget* window = m_curves.window();
  if (chart.layers == 0 || m_map.window() != window) {
    m_map.setColumnSpan(std::nullopt);
    return;
  }
  ColumnSpan span{chart.plot.left(), chart.plot.right(), chart.layers + static_cast<int>(chart.cells.size())};
  for (const QRectF& cell : chart.cells) {
    span.left = std::min(span.left, cell.left());
    span.right = std::max(span.right, cell.right());
  }
  const double shift = m_curves.viewport()->mapTo(window, QPoint()).x() - m_map.viewport()->mapTo(window, QPoint()).x();
  span.left += shift;
  span.right += shift;
  m_map.setColumnSpan(span);
}

}  // namespace layerloom
