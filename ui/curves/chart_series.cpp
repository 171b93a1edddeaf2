// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/chart_series.h"

#include <algorithm>
#include <cmath>

#include <QGraphicsLayout>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kActiveWidth = 2.5;
constexpr double kCurveWidth = 2;
constexpr double kDimmedWidth = 1.5;
constexpr double kCasing = 1.3;
constexpr double kCasingOpacity = 0.85;
constexpr double kBarHeight = 0.38;
constexpr double kBarsOfPitch = 0.76;
constexpr double kLeastBar = 4;

QColor withOpacity(QColor colour, double opacity) {
  colour.setAlphaF(static_cast<float>(opacity));
  return colour;
}

double greatestDelta(const ChartData& data) {
  double greatest = 0;
  for (const ChartTrack& track : data.tracks)
    for (const double delta : track.relativeDelta)
      if (track.visible && std::isfinite(delta)) greatest = std::max(greatest, delta);
  return greatest;
}

}  // namespace

ChartSeries::ChartSeries(QChart& chart) : m_chart(chart) {
  m_chart.legend()->hide();
  m_chart.setAnimationOptions(QChart::NoAnimation);
  m_chart.setBackgroundRoundness(0);
  m_chart.setMargins(QMargins());
  m_chart.layout()->setContentsMargins(0, 0, 0, 0);
  makeAxes();
  rePen();
}

void ChartSeries::makeAxes() {
  m_layers = new QValueAxis;
  m_values = new QValueAxis;
  m_barValues = new QValueAxis;
  m_chart.addAxis(m_layers, Qt::AlignBottom);
  m_chart.addAxis(m_values, Qt::AlignLeft);
  m_chart.addAxis(m_barValues, Qt::AlignRight);
  for (QValueAxis* axis : {m_layers, m_values, m_barValues}) {
    // Figures are painted by us: Qt Charts can neither leave out the ones that touch nor set them tabular.
    axis->setLabelsVisible(false);
    axis->setLineVisible(false);
    axis->setTickType(QValueAxis::TicksDynamic);
    axis->setTickAnchor(0);
  }
  m_layers->setTickInterval(4);
  m_values->setTickInterval(1);
  m_values->setMinorTickCount(3);
  m_barValues->setVisible(false);
}

void ChartSeries::makeSeries(std::size_t tracks) {
  m_chart.removeAllSeries();
  m_slots.clear();
  m_bars.clear();
  for (std::size_t i = 0; i < tracks; ++i) addBars();
  for (std::size_t i = 0; i < tracks; ++i) m_slots.push_back({addLine(), addLine(), -1});
}

void ChartSeries::addBars() {
  auto* top = new QLineSeries;
  auto* bottom = new QLineSeries;  // without it the area would reach down past 0 to the edge of the plot
  auto* bars = new QAreaSeries(top, bottom);
  for (QLineSeries* border : {top, bottom}) border->setParent(bars);  // an area series does not own its border lines
  m_chart.addSeries(bars);
  bars->attachAxis(m_layers);
  bars->attachAxis(m_barValues);
  m_bars.push_back(bars);
}

QLineSeries* ChartSeries::addLine() {
  auto* line = new QLineSeries;
  m_chart.addSeries(line);
  line->attachAxis(m_layers);
  line->attachAxis(m_values);
  return line;
}

void ChartSeries::setData(const ChartData& data, const ChartGeometry& geometry, const ChartEmphasis& emphasis) {
  m_data = data;
  m_emphasis = emphasis;
  if (m_slots.size() != data.tracks.size()) makeSeries(data.tracks.size());
  m_barMaximum = greatestDelta(data) > 0 ? niceCeiling(greatestDelta(data)) : 0;
  setGeometry(geometry);
  rePen();
}

void ChartSeries::setGeometry(const ChartGeometry& geometry) {
  m_geometry = geometry;
  m_chart.setPlotArea(geometry.plot);
  if (geometry.layers <= 0) return;
  m_layers->setRange(-0.5, geometry.layers - 0.5);
  m_values->setRange(geometry.yToValue(geometry.plot.bottom()), geometry.yToValue(geometry.plot.top()));
  m_layers->setTickInterval(4.0 * std::max(1, layerFigureStep(geometry.pitch(), 24) / 4));
  rangeBarAxis();
  assignSlots();
  fillBars();
}

void ChartSeries::rangeBarAxis() {
  if (m_barMaximum <= 0) return;
  const double scale = m_geometry.valueToY(m_geometry.low) - m_geometry.valueToY(m_geometry.high);
  const double pixelsPerUnit = kBarHeight * scale / m_barMaximum;
  m_barValues->setRange(-kPlotPadBottom / pixelsPerUnit, (scale + kPlotPadTop) / pixelsPerUnit);
}

void ChartSeries::assignSlots() {
  // Series are drawn in the order they were added, and adding is dear: so the slots stay and change their tracks.
  std::vector<int> order;
  const int tracks = static_cast<int>(m_data.tracks.size());
  for (int track = 0; track < tracks; ++track)
    if (track != m_emphasis.activeTrack) order.push_back(track);
  if (m_emphasis.activeTrack >= 0 && m_emphasis.activeTrack < tracks) order.push_back(m_emphasis.activeTrack);
  for (std::size_t i = 0; i < order.size(); ++i) {
    m_slots[i].track = order[i];
    const ChartTrack& track = m_data.tracks[static_cast<std::size_t>(order[i])];
    setOutline(order[i], curveOutline(track.curve, m_geometry.layers, m_geometry.pitch()));
  }
  showSlots();
}

void ChartSeries::showSlots() {
  for (const Slot& slot : m_slots) {
    if (slot.track < 0 || slot.track >= static_cast<int>(m_data.tracks.size())) continue;
    const bool shown = m_data.tracks[static_cast<std::size_t>(slot.track)].visible && slot.track != m_hidden;
    slot.casing->setVisible(shown);
    slot.line->setVisible(shown);
  }
}

void ChartSeries::hideCurve(int track) {
  m_hidden = track;
  showSlots();
}

void ChartSeries::setOutline(int track, const std::vector<QPointF>& outline) {
  const auto slot = std::ranges::find(m_slots, track, &Slot::track);
  if (slot == m_slots.end()) return;
  const QList<QPointF> points(outline.begin(), outline.end());
  slot->casing->replace(points);
  slot->line->replace(points);
}

void ChartSeries::setEmphasis(const ChartEmphasis& emphasis) {
  if (emphasis == m_emphasis) return;
  const bool order = emphasis.activeTrack != m_emphasis.activeTrack;
  m_emphasis = emphasis;
  if (order && m_geometry.layers > 0) assignSlots();
  if (m_geometry.layers > 0) fillBars();
  penLines();
  penBars();
}

std::vector<int> ChartSeries::barTracks() const {
  std::vector<int> tracks;
  if (!m_emphasis.bars || m_barMaximum <= 0) return tracks;
  for (std::size_t i = 0; i < m_data.tracks.size(); ++i)
    if (m_data.tracks[i].visible && !m_data.tracks[i].relativeDelta.empty()) tracks.push_back(static_cast<int>(i));
  const double width = tracks.empty() ? 0 : m_geometry.pitch() * kBarsOfPitch / static_cast<double>(tracks.size());
  if (width < kLeastBar) std::erase_if(tracks, [this](int track) { return track != m_emphasis.activeTrack; });
  return tracks;
}

void ChartSeries::fillBars() {
  const std::vector<int> shown = barTracks();
  for (std::size_t i = 0; i < m_bars.size(); ++i) {
    const auto place = std::ranges::find(shown, static_cast<int>(i));
    m_bars[i]->setVisible(place != shown.end());
    if (place != shown.end()) fillBar(i, static_cast<int>(place - shown.begin()), static_cast<int>(shown.size()));
  }
}

void ChartSeries::fillBar(std::size_t track, int place, int count) {
  const std::vector<double>& deltas = m_data.tracks[track].relativeDelta;
  const double pitch = m_geometry.pitch();
  const double width = pitch * kBarsOfPitch / count;
  const double gap = width >= 3 ? 1 : 0;
  QList<QPointF> outline;
  for (int layer = 0; layer < std::min<int>(m_geometry.layers, static_cast<int>(deltas.size())); ++layer) {
    const double delta = deltas[static_cast<std::size_t>(layer)];
    if (!std::isfinite(delta)) continue;
    // On whole pixels: a bar with soft edges would look like two.
    const double start = m_geometry.layerToX(layer) - pitch * kBarsOfPitch / 2 + place * width;
    const double left = m_geometry.xToLayer(std::round(start));
    const double right = m_geometry.xToLayer(std::round(start + width) - gap);
    outline << QPointF(left, 0) << QPointF(left, delta) << QPointF(right, delta) << QPointF(right, 0);
  }
  m_bars[track]->upperSeries()->replace(outline);
  if (outline.isEmpty()) return m_bars[track]->lowerSeries()->clear();
  m_bars[track]->lowerSeries()->replace({QPointF(outline.first().x(), 0), QPointF(outline.last().x(), 0)});
}

void ChartSeries::rePen() {
  m_chart.setBackgroundBrush(currentTheme().base);
  m_chart.setBackgroundPen(Qt::NoPen);
  penGrid();
  penLines();
  penBars();
}

void ChartSeries::penGrid() {
  const Theme& t = currentTheme();
  m_layers->setGridLinePen(QPen(t.grid, 1));
  m_values->setGridLinePen(QPen(t.gridStrong, 1));
  m_values->setMinorGridLinePen(QPen(t.grid, 1));
}

void ChartSeries::penLines() {
  const bool dims = m_emphasis.highlightedTrack >= 0;
  for (const Slot& slot : m_slots) {
    if (slot.track < 0 || slot.track >= static_cast<int>(m_data.tracks.size())) continue;
    const ChartTrack& track = m_data.tracks[static_cast<std::size_t>(slot.track)];
    double width = slot.track == m_emphasis.activeTrack ? kActiveWidth : kCurveWidth;
    if (dims && slot.track != m_emphasis.highlightedTrack) width = kDimmedWidth;
    QPen pen = modelPen(track.colourIndex, width);
    // Qt Charts draws a solid line piece by piece; with flat ends the joints show.
    if (pen.style() == Qt::SolidLine) pen.setCapStyle(Qt::RoundCap);
    slot.line->setPen(pen);
    slot.casing->setPen(QPen(withOpacity(currentTheme().base, kCasingOpacity), width + 2 * kCasing, Qt::SolidLine,
                             Qt::FlatCap, Qt::RoundJoin));
  }
}

void ChartSeries::penBars() {
  const Theme& t = currentTheme();
  for (std::size_t i = 0; i < m_bars.size() && i < m_data.tracks.size(); ++i) {
    const bool active = static_cast<int>(i) == m_emphasis.activeTrack;
    const double opacity = active ? (t.dark ? 0.42 : 0.38) : (t.dark ? 0.25 : 0.20);
    m_bars[i]->setPen(Qt::NoPen);
    m_bars[i]->setBrush(withOpacity(modelColour(m_data.tracks[i].colourIndex), opacity));
  }
}

}  // namespace layerloom
