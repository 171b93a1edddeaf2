// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

class QDockWidget;

namespace layerloom {

class CurveView;
class HeatMapView;

/// Keeps the columns of the heat map on the layers of the curves while its dock lies in the window below or above them.
class ColumnAligner : public QObject {
  Q_OBJECT

 public:
  /// The parent owns all three.
  ColumnAligner(CurveView& curves, HeatMapView& map, QDockWidget& dock, QObject* parent);

  /// The curves show other layers.
  void later() { m_later.start(); }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void align();

  CurveView& m_curves;
  HeatMapView& m_map;
  QDockWidget& m_dock;
  QTimer m_later;  ///< when both have taken their new places
};

}  // namespace layerloom
