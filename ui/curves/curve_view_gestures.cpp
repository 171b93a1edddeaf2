// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Pointer and gestures of CurveView.
#include <algorithm>
#include <cmath>

#include <QApplication>

#include "ui/curves/chart_series.h"
#include "ui/curves/chart_handles.h"
#include "ui/curves/curve_view.h"

namespace layerloom {
namespace {

constexpr double kLineReach = 6;    // pixels from a curve that still mean the curve
constexpr double kClickPixels = 3;  // a press that moves less is a click

double away(QPointF a, QPointF b) {
  return std::hypot(a.x() - b.x(), a.y() - b.y());
}

}  // namespace

// ---- what is under the pointer

std::optional<HitCandidate> CurveView::hitAt(QPointF at) const {
  return hitHandle(handlesOf(m_state), at, m_state.data.activeTrack);
}

int CurveView::trackLineAt(QPointF at) const {
  const ChartGeometry& g = m_state.geometry;
  if (!hasLayers() || !g.plot.contains(at)) return -1;
  int best = -1;
  double bestDistance = kLineReach;
  for (int i = 0; i < static_cast<int>(m_state.outlines.size()); ++i) {
    if (!m_state.data.tracks[static_cast<std::size_t>(i)].visible) continue;
    const double y = g.valueToY(outlineAt(m_state.outlines[static_cast<std::size_t>(i)], g.xToLayer(at.x())));
    // A small bonus lets the active curve win where two lie on each other.
    const double distance = std::abs(y - at.y()) - (i == m_state.data.activeTrack ? 2 : 0);
    if (distance <= bestDistance) best = i, bestDistance = distance;
  }
  return best;
}

int CurveView::linkAt(QPointF at) const {
  for (int cell = 0; cell < static_cast<int>(m_state.data.cells.size()); ++cell)
    if (const QRectF link = linkRect(m_state, cell); !link.isEmpty() && link.adjusted(-6, -4, 6, 4).contains(at))
      return cell;
  return -1;
}

SnapRules CurveView::snapRules(Qt::KeyboardModifiers modifiers) const {
  SnapRules rules;
  rules.enabled = m_snapping && !modifiers.testFlag(Qt::AltModifier) && !modifiers.testFlag(Qt::ControlModifier);
  rules.magnets = {0, 1, m_state.data.neutral};
  return rules;
}

double CurveView::pointerValue(double y, Qt::KeyboardModifiers modifiers, bool* snapped) const {
  const Snapped result = snapValue(m_state.geometry, y, snapRules(modifiers));
  if (snapped) *snapped = result.snapped;
  return limits().clamped(std::clamp(result.value, m_state.geometry.low, m_state.geometry.high));
}

// ---- press

void CurveView::mousePressEvent(QMouseEvent* event) {
  if (!hasLayers()) return;
  if (m_gesture) return cancelGesture();  // another button takes the gesture back
  if (event->button() != Qt::LeftButton) return;
  setFocusRing(false);
  const QPointF at = event->position();
  if (const int cell = linkAt(at); cell >= 0) return toggleLink(cell);
  const bool shapes = m_tool == Tool::Select || m_tool == Tool::Points;
  const auto hit = hitAt(at);
  if (hit && (shapes || hit->cell)) return pressHandle(*hit, *event);
  if (m_state.geometry.plot.adjusted(-kHitRadius, -kHitRadius, kHitRadius, kHitRadius).contains(at)) pressPlot(*event);
}

CurveView::Gesture CurveView::newGesture(GestureKind kind, QPointF at) const {
  Gesture gesture;
  gesture.kind = kind;
  gesture.track = m_state.data.activeTrack;
  gesture.before = gesture.start = activeCurve();
  gesture.selectionBefore = m_state.selection;
  gesture.drag = DragTrack(at);
  return gesture;
}

void CurveView::begin(Gesture gesture) {
  m_gesture = std::move(gesture);
  m_state.gesture = GestureLook{};
  m_state.gesture->track = m_gesture->kind == GestureKind::Band ? -1 : m_gesture->track;
  if (m_gesture->kind != GestureKind::Band) m_state.gesture->preview = m_state.data.preview;
  tellHint();
}

void CurveView::pressHandle(const HitCandidate& hit, const QMouseEvent& event) {
  setActiveTrack(hit.track);
  Gesture gesture = newGesture(hit.cell ? GestureKind::Cell : GestureKind::Move, event.position());
  gesture.grab = hit.centre - event.position();
  if (hit.cell) {
    gesture.cell = hit.point;
    gesture.cellBefore = track(hit.track).cellValues[static_cast<std::size_t>(hit.point)];
    m_state.selection.clear();
    m_state.selectedCell = hit.point;
    emit selectionChanged();
  } else {
    std::vector<int> selection = m_state.selection;
    const bool had = std::ranges::binary_search(selection, hit.point);
    if (!had && !event.modifiers().testFlag(Qt::ShiftModifier)) selection.clear();
    if (!had) selection.push_back(hit.point);
    setSelection(selection);
    gesture.lead = hit.point;
    gesture.points = m_state.selection;
  }
  begin(std::move(gesture));
  repaintOverlay();
}

void CurveView::pressPlot(const QMouseEvent& event) {
  const QPointF at = event.position();
  const int line = trackLineAt(at);
  const bool shapes = m_tool == Tool::Select || m_tool == Tool::Points;
  if (shapes && line >= 0 && line != m_state.data.activeTrack) return setActiveTrack(line);
  if (!activeValid() || !track(m_state.data.activeTrack).visible) return;
  if (m_tool == Tool::Select) return begin(newGesture(GestureKind::Band, at));
  if (m_tool != Tool::Points) return beginTool(event);
  if (event.modifiers().testFlag(Qt::ControlModifier)) return addOnCurve(at);
  beginAdd(event);
}

void CurveView::beginAdd(const QMouseEvent& event) {
  Gesture gesture = newGesture(GestureKind::Move, event.position());
  bool snapped = false;
  const double value = pointerValue(event.position().y(), event.modifiers(), &snapped);
  const int layer = m_state.geometry.nearestLayer(event.position().x());
  gesture.lead = static_cast<int>(setPoint(gesture.start, {layer, value}));
  gesture.points = {gesture.lead};
  gesture.added = true;
  const LayerCurve curve = gesture.start;
  begin(std::move(gesture));
  m_state.selection = m_gesture->points;
  m_state.selectedCell = -1;
  m_state.gesture->value = value;
  m_state.gesture->snapped = snapped;
  setHovered(layer);
  showGhost();
  showStep(curve);
}

void CurveView::addOnCurve(QPointF at) {
  const int layer = m_state.geometry.nearestLayer(at.x());
  LayerCurve curve = activeCurve();
  const double value =
      m_state.values[static_cast<std::size_t>(m_state.data.activeTrack)][static_cast<std::size_t>(layer)];
  const auto index = static_cast<int>(setPoint(curve, {layer, value}));
  commit(curve, tr("Add point"));
  setSelection({index});
}

void CurveView::beginTool(const QMouseEvent& event) {
  const QPointF at = event.position();
  const int layer = m_state.geometry.nearestLayer(at.x());
  const double value = pointerValue(at.y(), event.modifiers());
  const std::vector<double>& values = m_state.values[static_cast<std::size_t>(m_state.data.activeTrack)];
  const GestureKind kind = m_tool == Tool::Pencil  ? GestureKind::Pencil
                           : m_tool == Tool::Line  ? GestureKind::Line
                           : m_tool == Tool::Brush ? GestureKind::Brush
                                                   : GestureKind::Erase;
  Gesture gesture = newGesture(kind, at);
  gesture.anchor = {layer, value};
  gesture.stroke = FreehandStroke(values, layer,
                                  kind == GestureKind::Erase    ? m_state.data.neutral
                                  : kind == GestureKind::Pencil ? value
                                                                : values[static_cast<std::size_t>(layer)]);
  gesture.moved = true;
  begin(std::move(gesture));
  m_state.selection.clear();
  showGhost();
  step(at, event.modifiers());
}

// ---- move

void CurveView::mouseMoveEvent(QMouseEvent* event) {
  if (!hasLayers()) return;
  if (m_gesture) return step(event->position(), event->modifiers());
  hover(event->position());
}

void CurveView::step(QPointF at, Qt::KeyboardModifiers modifiers) {
  m_state.pointer = at;
  switch (m_gesture->kind) {
    case GestureKind::Move:
      return stepMove(at, modifiers);
    case GestureKind::Cell:
      return stepCell(at, modifiers);
    case GestureKind::Pencil:
      return stepPencil(at, modifiers);
    case GestureKind::Line:
      return stepLine(at, modifiers);
    case GestureKind::Brush:
      return stepBrush(at);
    case GestureKind::Erase:
      return stepErase(at);
    case GestureKind::Band:
      return stepBand(at);
  }
}

void CurveView::stepMove(QPointF at, Qt::KeyboardModifiers modifiers) {
  Gesture& g = *m_gesture;
  if (!g.moved && away(at, g.drag.press) < kClickPixels) return;
  if (!g.moved && !g.added) showGhost();
  g.moved = true;
  const bool fine = modifiers.testFlag(Qt::ControlModifier);
  const QPointF target = g.drag.moveTo(at, fine, modifiers.testFlag(Qt::ShiftModifier)) + g.grab;
  const QRectF& plot = m_state.geometry.plot;
  const bool outside = at.y() < plot.top() - kDeleteMargin || at.y() > plot.bottom() + kDeleteMargin;
  const bool deletable = g.added || g.start.points.size() > g.points.size();
  m_state.gesture->willDelete = outside && deletable;
  if (m_state.gesture->willDelete) {
    m_state.gesture->value.reset();
    m_state.selection.clear();
    return showStep(g.added ? g.before : withoutPoints(g.start, g.points));
  }
  const CurvePoint lead = g.start.points[static_cast<std::size_t>(g.lead)];
  const double startY = m_state.geometry.valueToY(lead.value);
  // A drag along the layers must not pull the value onto the grid.
  const bool level =
      g.drag.lock == DragTrack::Lock::Horizontal || (!g.added && std::abs(target.y() - startY) < kClickPixels);
  bool snapped = false;
  const double value = level ? lead.value : pointerValue(target.y(), modifiers, &snapped);
  const int layer = g.drag.lock == DragTrack::Lock::Vertical ? lead.layer : m_state.geometry.nearestLayer(target.x());
  const LayerCurve curve =
      movedPoints(g.start, g.points, layer - lead.layer, value - lead.value, m_state.data.layers, limits());
  const CurvePoint now = curve.points[static_cast<std::size_t>(g.lead)];
  m_state.selection = g.points;
  m_state.gesture->value = now.value;
  m_state.gesture->snapped = snapped && std::abs(now.value - value) < 1e-9;
  setHovered(now.layer);
  showStep(curve);
}

void CurveView::stepCell(QPointF at, Qt::KeyboardModifiers modifiers) {
  Gesture& g = *m_gesture;
  if (!g.moved && away(at, g.drag.press) < kClickPixels) return;
  g.moved = g.reported = true;
  const QPointF target = g.drag.moveTo(at, modifiers.testFlag(Qt::ControlModifier), false) + g.grab;
  bool snapped = false;
  const double value = pointerValue(target.y(), modifiers, &snapped);
  track(g.track).cellValues[static_cast<std::size_t>(g.cell)] = value;
  m_state.gesture->value = value;
  m_state.gesture->snapped = snapped;
  repaintOverlay();
  tellHint();
  emit cellChanging(g.track, g.cell, value);
}

void CurveView::stepPencil(QPointF at, Qt::KeyboardModifiers modifiers) {
  const int layer = m_state.geometry.nearestLayer(at.x());
  bool snapped = false;
  const double value = pointerValue(at.y(), modifiers, &snapped);
  m_gesture->stroke->drawTo(layer, value);
  m_state.gesture->value = value;
  m_state.gesture->snapped = snapped;
  setHovered(layer);
  showStep(drawnCurve(m_gesture->stroke->values()));
}

void CurveView::stepLine(QPointF at, Qt::KeyboardModifiers modifiers) {
  Gesture& g = *m_gesture;
  bool snapped = false;
  CurvePoint to{m_state.geometry.nearestLayer(at.x()), pointerValue(at.y(), modifiers, &snapped)};
  if (modifiers.testFlag(Qt::ShiftModifier)) to.value = g.anchor.value;
  m_state.gesture->value = to.value;
  m_state.gesture->snapped = snapped;
  m_state.gesture->line = QLineF(m_state.geometry.layerToX(g.anchor.layer), m_state.geometry.valueToY(g.anchor.value),
                                 m_state.geometry.layerToX(to.layer), m_state.geometry.valueToY(to.value));
  setHovered(to.layer);
  showStep(exactCurve(withLine(evaluateCurve(g.before, m_state.data.layers), g.anchor, to)));
}

void CurveView::stepBrush(QPointF at) {
  Gesture& g = *m_gesture;
  // From the press on, not from step to step: going back takes back what was done.
  const double by = m_state.geometry.yToValue(at.y()) - m_state.geometry.yToValue(g.drag.press.y());
  const double centre = m_state.geometry.xToLayer(g.drag.press.x());
  const auto values =
      withBrush(evaluateCurve(g.before, m_state.data.layers), centre, m_brushLayers + 0.5, by, limits());
  setHovered(m_state.geometry.nearestLayer(g.drag.press.x()));
  showStep(exactCurve(values));
}

void CurveView::stepErase(QPointF at) {
  const int layer = m_state.geometry.nearestLayer(at.x());
  m_gesture->stroke->drawTo(layer, m_state.data.neutral);
  setHovered(layer);
  showStep(exactCurve(m_gesture->stroke->values()));
}

void CurveView::stepBand(QPointF at) {
  m_gesture->moved = true;
  const QRectF band = QRectF(m_gesture->drag.press, at).normalized();
  m_state.gesture->rubberBand = band;
  std::vector<int> inside;
  for (const HitCandidate& handle : handlesOf(m_state))
    if (!handle.cell && handle.track == m_state.data.activeTrack && band.contains(handle.centre))
      inside.push_back(handle.point);
  setSelection(inside);
  repaintOverlay();
}

void CurveView::showGhost() {
  const auto index = static_cast<std::size_t>(m_gesture->track);
  m_state.gesture->ghost = m_state.outlines[index];
  m_state.gesture->oldValues = m_state.values[index];
  m_state.gesture->drawsCurve = true;
  m_series->hideCurve(m_gesture->track);
  repaintAll();
}

void CurveView::showStep(const LayerCurve& curve) {
  if (track(m_gesture->track).curve != curve || !m_gesture->reported) {
    track(m_gesture->track).curve = curve;
    m_gesture->reported = true;
    refreshTrack(m_gesture->track);
    emit curveChanging(m_gesture->track, curve);
  }
  repaintOverlay();
  tellHint();
}

// ---- release

void CurveView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && m_gesture) finishGesture();
}

void CurveView::finishGesture() {
  const bool deleted = m_state.gesture->willDelete;
  const QString what = gestureText(*m_gesture);
  const Gesture gesture = std::move(*m_gesture);
  m_gesture.reset();
  m_state.gesture.reset();
  m_series->hideCurve(-1);
  if (gesture.kind == GestureKind::Cell) return finishCell(gesture);
  if (gesture.kind == GestureKind::Band && !gesture.moved) setSelection({});
  if (deleted) m_state.selection.clear();
  refreshAll();
  tellHint();
  emit selectionChanged();
  if (gesture.kind == GestureKind::Band) return;
  const LayerCurve curve = track(gesture.track).curve;
  if (curve != gesture.before) {
    emit curveChanged(gesture.track, curve, what);
  } else if (gesture.reported) {
    emit gestureCancelled();  // came back to where it began: whoever previewed must forget it
  }
}

void CurveView::finishCell(const Gesture& gesture) {
  refreshAll();
  tellHint();
  if (!gesture.moved) return;
  const std::optional<double> value = track(gesture.track).cellValues[static_cast<std::size_t>(gesture.cell)];
  if (value != gesture.cellBefore) {
    emit cellChanged(gesture.track, gesture.cell, value, gestureText(gesture));
  } else {
    emit gestureCancelled();
  }
}

void CurveView::cancelGesture() {
  if (!m_gesture) return;
  const Gesture gesture = std::move(*m_gesture);
  m_gesture.reset();
  m_state.gesture.reset();
  m_series->hideCurve(-1);
  track(gesture.track).curve = gesture.before;
  if (gesture.kind == GestureKind::Cell)
    track(gesture.track).cellValues[static_cast<std::size_t>(gesture.cell)] = gesture.cellBefore;
  m_state.selection = gesture.selectionBefore;
  clampSelection();
  refreshAll();
  tellHint();
  emit gestureCancelled();
}

QString CurveView::gestureText(const Gesture& gesture) const {
  const int count = static_cast<int>(gesture.points.size());
  switch (gesture.kind) {
    case GestureKind::Move:
      if (m_state.gesture && m_state.gesture->willDelete) return deletedText(count);
      return gesture.added ? tr("Add point") : movedText(count);
    case GestureKind::Cell:
      return tr("Set %1").arg(m_state.data.cells[static_cast<std::size_t>(gesture.cell)].caption);
    case GestureKind::Pencil:
      return tr("Draw curve");
    case GestureKind::Line:
      return tr("Draw line");
    case GestureKind::Brush:
      return tr("Brush curve");
    case GestureKind::Erase:
      return tr("Erase to neutral");
    case GestureKind::Band:
      return {};
  }
  return {};
}

// ---- hovering

void CurveView::hover(QPointF at) {
  const ChartGeometry& g = m_state.geometry;
  const bool inside =
      at.x() >= g.plot.left() && at.x() <= g.plot.right() && at.y() >= g.plot.top() && at.y() <= g.plot.bottom();
  m_state.pointer = inside ? std::optional(at) : std::nullopt;
  m_state.brushRadius = inside && m_tool == Tool::Brush ? m_brushLayers * g.pitch() : 0;
  setHovered(inside ? g.nearestLayer(at.x()) : -1);
  const auto hit = hitAt(at);
  const int line = hit ? hit->track : trackLineAt(at);
  if (line != m_curveUnderPointer) {
    m_curveUnderPointer = line;
    m_emphasisDelay.start();
  }
  setCursorFor(at);
  repaintOverlay();
}

void CurveView::setCursorFor(QPointF at) {
  const bool shapes = m_tool == Tool::Select || m_tool == Tool::Points;
  const auto hit = hitAt(at);
  Qt::CursorShape shape = Qt::ArrowCursor;
  if (linkAt(at) >= 0) {
    shape = Qt::PointingHandCursor;
  } else if (hit && hit->cell) {
    shape = Qt::SizeVerCursor;
  } else if (hit && shapes) {
    shape = Qt::SizeAllCursor;
  } else if (m_state.geometry.plot.contains(at) && m_tool != Tool::Select) {
    shape = Qt::CrossCursor;
  }
  if (viewport()->cursor().shape() != shape) viewport()->setCursor(shape);
}

void CurveView::leaveEvent(QEvent* event) {
  QChartView::leaveEvent(event);
  if (m_gesture) return;
  m_state.pointer.reset();
  m_curveUnderPointer = -1;
  setHovered(-1);
  m_emphasisDelay.start();
  repaintOverlay();
}

// ---- hints

void CurveView::tellHint() {
  QString hint = gestureHint();
  if (hint.isEmpty()) {
    switch (m_tool) {
      case Tool::Select:
        hint = tr("Drag a frame to select points, drag a point to move it");
        break;
      case Tool::Points:
        hint = tr("Click adds a point · Ctrl+click keeps the curve · Delete removes · Enter types a value");
        break;
      case Tool::Pencil:
        hint = tr("Drag to draw over the layers · Alt no snap · Esc back");
        break;
      case Tool::Line:
        hint = tr("Drag a line over the layers · Shift level · Esc back");
        break;
      case Tool::Brush:
        hint = tr("Drag up or down · wheel sets the width · Esc back");
        break;
      case Tool::Eraser:
        hint = tr("Drag over layers to set them to %1").arg(valueText(m_state.data.neutral));
        break;
    }
  }
  if (hint == m_hint) return;
  m_hint = hint;
  emit hintChanged(hint);
}

QString CurveView::gestureHint() const {
  if (!m_gesture || m_gesture->kind != GestureKind::Move || !m_gesture->moved) return {};
  if (m_state.gesture->willDelete) return tr("Release to delete · move back to keep · Esc back");
  const CurvePoint from = m_gesture->start.points[static_cast<std::size_t>(m_gesture->lead)];
  const CurvePoint to = m_state.data.tracks[static_cast<std::size_t>(m_gesture->track)]
                            .curve.points[static_cast<std::size_t>(m_gesture->lead)];
  return tr("%1: layer %2 → %3, %4 → %5 · Shift one axis · Ctrl fine × 0.1 · Alt no snap · Esc back")
      .arg(m_state.data.tracks[static_cast<std::size_t>(m_gesture->track)].name)
      .arg(from.layer)
      .arg(to.layer)
      .arg(valueText(from.value), valueText(to.value));
}

}  // namespace layerloom
