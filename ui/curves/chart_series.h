// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QtCharts/QChart>

#include "ui/curves/chart_geometry.h"

class QAreaSeries;
class QLineSeries;
class QValueAxis;

namespace layerloom {

/// Which curves are drawn strong, and whether bars are drawn.
struct ChartEmphasis {
  int activeTrack = -1;
  int highlightedTrack = -1;  ///< the one under the pointer or whose card is; the others become thin
  bool bars = true;
  bool operator==(const ChartEmphasis&) const = default;
};

/// All that Qt Charts draws: grid, evidence bars, and each curve as a line on a casing. The one place that knows Qt
/// Charts' series and axes. The active track's line is drawn last.
class ChartSeries {
 public:
  /// `chart` must outlive this; it owns the axes and series.
  explicit ChartSeries(QChart& chart);

  void setData(const ChartData& data, const ChartGeometry& geometry, const ChartEmphasis& emphasis);
  /// Replaces one curve's line only: for the moves of a drag.
  void setOutline(int track, const std::vector<QPointF>& outline);
  /// Leaves out the curve that somebody else paints for the time being; -1: none.
  void hideCurve(int track);
  void setEmphasis(const ChartEmphasis& emphasis);
  void setGeometry(const ChartGeometry& geometry);
  /// Sets all pens and brushes from the theme again.
  void rePen();
  /// Value at the top of the bars; 0 when there are none.
  double barMaximum() const { return m_barMaximum; }

 private:
  struct Slot {
    QLineSeries* casing = nullptr;
    QLineSeries* line = nullptr;
    int track = -1;
  };

  void makeAxes();
  void makeSeries(std::size_t tracks);
  void addBars();
  QLineSeries* addLine();
  void assignSlots();
  void showSlots();
  void fillBars();
  void fillBar(std::size_t track, int place, int count);
  void penGrid();
  void penLines();
  void penBars();
  std::vector<int> barTracks() const;
  void rangeBarAxis();

  QChart& m_chart;
  QValueAxis* m_layers = nullptr;
  QValueAxis* m_values = nullptr;
  QValueAxis* m_barValues = nullptr;
  std::vector<Slot> m_slots;
  std::vector<QAreaSeries*> m_bars;
  ChartData m_data;
  ChartGeometry m_geometry;
  ChartEmphasis m_emphasis;
  double m_barMaximum = 0;
  int m_hidden = -1;
};

}  // namespace layerloom
