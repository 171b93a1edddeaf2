// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/curve_view.h"

#include <algorithm>
#include <cmath>

#include <QGraphicsLayout>
#include <QHelpEvent>
#include <QToolTip>
#include <QtCharts/QChart>

#include "ui/curves/chart_series.h"
#include "ui/curves/curve_accessible.h"
#include "ui/curves/value_field.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

/// One entry per cell, whatever the owner left out.
void completeCells(ChartData& data) {
  for (ChartTrack& track : data.tracks) track.cellValues.resize(data.cells.size());
}

}  // namespace

CurveView::CurveView(QWidget* parent) : QChartView(parent) {
  installCurveAccessible();
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  setRubberBand(QChartView::NoRubberBand);
  setRenderHint(QPainter::Antialiasing);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setViewportUpdateMode(QGraphicsView::NoViewportUpdate);  // paintEvent() paints from a picture of its own
  viewport()->setMouseTracking(true);
  setAccessibleName(tr("Layer curves"));
  buildScene();
}

CurveView::~CurveView() = default;

void CurveView::buildScene() {
  m_series = std::make_unique<ChartSeries>(*chart());
  // Qt Charts lays out later than it is told to; whatever it changes is painted anew.
  connect(scene(), &QGraphicsScene::changed, this, &CurveView::repaintAll);
  // A pointer on its way crosses many curves; only the one it rests on is brought out.
  m_emphasisDelay.setSingleShot(true);
  m_emphasisDelay.setInterval(60);
  connect(&m_emphasisDelay, &QTimer::timeout, this, &CurveView::updateEmphasis);
}

// ---- painting

// Qt Charts strokes a dozen dashed curves of a hundred points in about 40 ms, too long for each move of the pointer. So
// its picture is kept, and only what the pointer changes is painted on it; a curve being dragged is left out of the
// picture and painted by us.

void CurveView::paintEvent(QPaintEvent*) {
  const double ratio = devicePixelRatioF();
  if (!m_baseValid || m_base.devicePixelRatioF() != ratio || m_base.size() != viewport()->size() * ratio) renderBase();
  QPainter painter(viewport());
  painter.drawPixmap(0, 0, m_base);
  if (hasLayers()) paintChartPointer(painter, m_state);
  if (!m_state.focusRing) return;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(currentTheme().focus, 2));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(QRectF(viewport()->rect()).adjusted(1, 1, -1, -1), 4, 4);
}

void CurveView::renderBase() {
  m_base = QPixmap(viewport()->size() * devicePixelRatioF());
  m_base.setDevicePixelRatio(devicePixelRatioF());
  m_base.fill(currentTheme().base);
  m_baseValid = true;
  QPainter painter(&m_base);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF area(viewport()->rect());
  if (!hasLayers()) return paintEmptyChart(painter, area, emptyText());
  chart()->layout()->activate();
  scene()->render(&painter, area, area);
  paintChartFrame(painter, m_state);
}

QString CurveView::emptyText() const {
  return m_state.data.emptyText.isEmpty() ? tr("Add a model to draw its weights.") : m_state.data.emptyText;
}

void CurveView::repaintOverlay() {
  viewport()->update();
}

void CurveView::repaintAll() {
  m_baseValid = false;
  viewport()->update();
}

// ---- data

void CurveView::setData(const ChartData& data) {
  const bool sameFrame = data.layers == m_state.data.layers && data.tracks.size() == m_state.data.tracks.size() &&
                         data.cells.size() == m_state.data.cells.size();
  if (m_gesture && !sameFrame) {
    m_gesture.reset();
    m_state.gesture.reset();
    m_series->hideCurve(-1);
    emit gestureCancelled();
  }
  const ChartData running = m_state.data;
  const bool figuresOnly = m_gesture && onlyFiguresDiffer(data);
  if (!m_gesture && data.activeTrack != running.activeTrack) {
    // Indices of another curve's points mean nothing here.
    m_state.selection.clear();
    m_state.selectedCell = -1;
  }
  m_state.data = data;
  completeCells(m_state.data);
  if (m_gesture && m_gesture->track >= 0) {
    // The pointer holds the curve; what came for it is older than what is on the screen.
    track(m_gesture->track).curve = running.tracks[static_cast<std::size_t>(m_gesture->track)].curve;
    track(m_gesture->track).cellValues = running.tracks[static_cast<std::size_t>(m_gesture->track)].cellValues;
    m_state.data.activeTrack = running.activeTrack;
  }
  if (m_state.hoveredLayer >= data.layers) setHovered(-1);
  clampSelection();
  if (figuresOnly) return repaintOverlay();
  refreshAll();
}

bool CurveView::onlyFiguresDiffer(const ChartData& data) const {
  for (std::size_t i = 0; i < data.tracks.size(); ++i) {
    const ChartTrack& now = m_state.data.tracks[i];
    const ChartTrack& then = data.tracks[i];
    const bool held = m_gesture && m_gesture->track == static_cast<int>(i);
    if (now.name != then.name || now.colourIndex != then.colourIndex || now.visible != then.visible) return false;
    if (!held && now.curve != then.curve) return false;
    if (now.relativeDelta != then.relativeDelta) return false;
  }
  return true;
}

void CurveView::clampSelection() {
  const int count = activeValid() ? static_cast<int>(activeCurve().points.size()) : 0;
  std::erase_if(m_state.selection, [count](int point) { return point >= count; });
  if (m_state.selectedCell >= static_cast<int>(m_state.data.cells.size()) || !activeValid()) m_state.selectedCell = -1;
}

bool CurveView::activeValid() const {
  const int active = m_state.data.activeTrack;
  return m_state.data.layers > 0 && active >= 0 && active < static_cast<int>(m_state.data.tracks.size());
}

const LayerCurve& CurveView::activeCurve() const {
  return m_state.data.tracks[static_cast<std::size_t>(m_state.data.activeTrack)].curve;
}

void CurveView::refreshAll() {
  layOut();
  m_state.outlines.clear();
  m_state.values.clear();
  if (hasLayers()) {
    for (const ChartTrack& each : m_state.data.tracks) {
      m_state.outlines.push_back(curveOutline(each.curve, m_state.data.layers, m_state.geometry.pitch()));
      m_state.values.push_back(evaluateCurve(each.curve, m_state.data.layers));
    }
  }
  m_series->setData(m_state.data, m_state.geometry,
                    {m_state.data.activeTrack, m_state.highlightedTrack, m_state.barsShown});
  m_state.barMaximum = m_series->barMaximum();
  describe();
  repaintAll();
}

void CurveView::refreshTrack(int index) {
  const auto at = static_cast<std::size_t>(index);
  const LayerCurve& curve = track(index).curve;
  m_state.outlines[at] = curveOutline(curve, m_state.data.layers, m_state.geometry.pitch());
  m_state.values[at] = evaluateCurve(curve, m_state.data.layers);
  repaintOverlay();
}

void CurveView::layOut() {
  // While the pointer holds something the scale stands still: it would slide away under the hand.
  const ValueRange range =
      m_gesture ? ValueRange{m_state.geometry.low, m_state.geometry.high} : valueRangeOf(m_state.data);
  const ChartGeometry geometry =
      layOutChart(viewport()->size(), m_state.data, range,
                  chartMargins(!m_state.data.cells.empty(), m_state.data.previewed && viewport()->height() >= kLeastHeightWithLane));
  if (geometry == m_state.geometry) return;
  m_state.geometry = geometry;
}

void CurveView::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  refreshAll();
}

void CurveView::describe() {
  if (!activeValid()) {
    setAccessibleDescription(emptyText());
    return;
  }
  const ChartTrack& active = track(m_state.data.activeTrack);
  QString text = tr("%1 of %2 over %3 layers, points: %n.", nullptr, static_cast<int>(active.curve.points.size()))
                     .arg(m_state.data.parameter, active.name)
                     .arg(m_state.data.layers);
  if (m_state.selection.size() == 1) {
    const CurvePoint point = active.curve.points[static_cast<std::size_t>(m_state.selection.front())];
    text += QLatin1Char(' ') + tr("Layer %1: %2.").arg(point.layer).arg(valueText(point.value));
  }
  if (text != accessibleDescription()) setAccessibleDescription(text);
}

// ---- properties

void CurveView::setTool(Tool tool) {
  if (tool == m_tool) return;
  cancelGesture();
  m_tool = tool;
  m_state.brushRadius = 0;
  emit toolChanged(tool);
  tellHint();
  repaintOverlay();
}

void CurveView::setSnapping(bool on) {
  if (on == m_snapping) return;
  m_snapping = on;
  emit snappingChanged(on);
}

void CurveView::setBarsShown(bool shown) {
  if (shown == m_state.barsShown) return;
  m_state.barsShown = shown;
  updateEmphasis();
  emit barsShownChanged(shown);
}

void CurveView::setHighlightedTrack(int index) {
  m_cardTrack = index;
  updateEmphasis();
}

void CurveView::setActiveTrack(int index) {
  if (index == m_state.data.activeTrack || index >= static_cast<int>(m_state.data.tracks.size())) return;
  cancelGesture();
  m_state.data.activeTrack = index;
  m_state.selection.clear();
  m_state.selectedCell = -1;
  updateEmphasis();
  describe();
  emit activeTrackChanged(index);
  emit selectionChanged();
}

void CurveView::updateEmphasis() {
  int highlighted = m_cardTrack >= 0 ? m_cardTrack : m_curveUnderPointer;
  if (m_gesture || highlighted >= static_cast<int>(m_state.data.tracks.size())) highlighted = -1;
  m_state.highlightedTrack = highlighted;
  m_series->setEmphasis({m_state.data.activeTrack, highlighted, m_state.barsShown});
  repaintAll();
}

void CurveView::setSelection(std::vector<int> points) {
  std::ranges::sort(points);
  if (points == m_state.selection && m_state.selectedCell < 0) return;
  m_state.selection = std::move(points);
  m_state.selectedCell = -1;
  clampSelection();
  describe();
  repaintOverlay();
  emit selectionChanged();
}

void CurveView::setHovered(int layer) {
  if (layer == m_state.hoveredLayer) return;
  m_state.hoveredLayer = layer;
  emit hoveredLayerChanged(layer);
}

void CurveView::setMarkedLayer(int layer) {
  m_state.markedLayer = layer;
  repaintOverlay();
}

void CurveView::setFocusRing(bool shown) {
  if (shown == m_state.focusRing) return;
  m_state.focusRing = shown;
  repaintOverlay();
}

// ---- events

void CurveView::changeEvent(QEvent* event) {
  QChartView::changeEvent(event);
  if (!m_series) return;  // the base class's constructor sends some before there is anything to set
  if (isThemeChange(event)) {
    m_series->rePen();
    repaintAll();
  } else if (event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange) {
    refreshAll();
  }
}

bool CurveView::event(QEvent* event) {
  switch (event->type()) {
    case QEvent::ShortcutOverride:
      // Without this a window's shortcuts for Delete, letters and the like would win while the editor has the focus.
      if (auto* key = static_cast<QKeyEvent*>(event);
          (key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier ||
          key->matches(QKeySequence::SelectAll)) {
        event->accept();
        return true;
      }
      break;
    case QEvent::WindowDeactivate:
    case QEvent::Hide:
      cancelGesture();
      break;
    default:
      break;
  }
  return QChartView::event(event);
}

bool CurveView::viewportEvent(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QChartView::viewportEvent(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const int cell = hasLayers() ? m_state.geometry.cellAt(help->pos()) : -1;
  if (cell < 0 || m_gesture) {
    QToolTip::hideText();
  } else {
    QToolTip::showText(help->globalPos(), cellToolTip(cell), viewport());
  }
  return true;
}

QString CurveView::cellToolTip(int cell) const {
  const ChartCell& what = m_state.data.cells[static_cast<std::size_t>(cell)];
  if (what.tied) return tr("%1\nTied: it has no tensor of its own.").arg(what.tensor);
  if (!activeValid()) return what.tensor;
  const auto& own = m_state.data.tracks[static_cast<std::size_t>(m_state.data.activeTrack)].cellValues;
  return own[static_cast<std::size_t>(cell)]
             ? tr("%1\nSet on its own.").arg(what.tensor)
             : tr("%1\nFollows layer 0. Drag its handle to set it apart.").arg(what.tensor);
}

void CurveView::focusInEvent(QFocusEvent* event) {
  QChartView::focusInEvent(event);
  const Qt::FocusReason reason = event->reason();
  setFocusRing(reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason);
  tellHint();
}

void CurveView::focusOutEvent(QFocusEvent* event) {
  QChartView::focusOutEvent(event);
  cancelGesture();
  setFocusRing(false);
}

}  // namespace layerloom
