// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Keyboard and wheel of CurveView.
#include <algorithm>
#include <cmath>

#include <QAccessible>
#include <QApplication>

#include "ui/curves/curve_accessible.h"
#include "ui/curves/chart_handles.h"
#include "ui/curves/curve_view.h"

namespace layerloom {
namespace {

constexpr double kStep = 0.01;
constexpr double kFineStep = 0.001;
constexpr double kLargeStep = 0.1;

double stepFor(Qt::KeyboardModifiers modifiers) {
  if (modifiers.testFlag(Qt::ControlModifier)) return kFineStep;
  return modifiers.testFlag(Qt::ShiftModifier) ? kLargeStep : kStep;
}

std::optional<CurveView::Tool> toolOf(int key) {
  switch (key) {
    case Qt::Key_V:
      return CurveView::Tool::Select;
    case Qt::Key_P:
      return CurveView::Tool::Points;
    case Qt::Key_D:
      return CurveView::Tool::Pencil;
    case Qt::Key_L:
      return CurveView::Tool::Line;
    case Qt::Key_B:
      return CurveView::Tool::Brush;
    case Qt::Key_X:
      return CurveView::Tool::Eraser;
    default:
      return std::nullopt;
  }
}

}  // namespace

void CurveView::keyPressEvent(QKeyEvent* event) {
  if (!hasLayers()) return event->ignore();
  if (m_gesture) {
    if (event->key() == Qt::Key_Escape) cancelGesture();
    return event->accept();  // no edit in the middle of another
  }
  if (handleToolKey(event) || handleEditKey(event) || handlePointKey(event) || handleValueKey(event))
    return event->accept();
  event->ignore();
}

bool CurveView::handleToolKey(QKeyEvent* event) {
  if ((event->modifiers() & ~Qt::KeypadModifier) != Qt::NoModifier) return false;
  if (const auto tool = toolOf(event->key())) {
    setTool(*tool);
    return true;
  }
  if (event->key() != Qt::Key_E) return false;
  setBarsShown(!barsShown());
  return true;
}

bool CurveView::handleEditKey(QKeyEvent* event) {
  if (event->matches(QKeySequence::SelectAll)) return selectAllPoints(), true;
  if (event->modifiers().testFlag(Qt::ControlModifier)) return false;
  switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      return deleteSelected(), true;
    case Qt::Key_Insert:
    case Qt::Key_A:
      return addPoint(), showAtSelection(), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2:
      return editValue(), true;
    case Qt::Key_Escape:
      if (m_state.selection.empty() && m_state.selectedCell < 0) return false;
      m_state.selectedCell = -1;
      return setSelection({}), repaintOverlay(), true;
    default:
      return false;
  }
}

bool CurveView::handlePointKey(QKeyEvent* event) {
  if (!activeValid()) return false;
  const bool ctrl = event->modifiers().testFlag(Qt::ControlModifier);
  const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
  const int last = static_cast<int>(activeCurve().points.size()) - 1;
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
      const int direction = event->key() == Qt::Key_Left ? -1 : 1;
      if (ctrl) {
        nudge(direction, 0);
      } else {
        selectNeighbour(direction, shift);
      }
      return true;
    }
    case Qt::Key_Home:
      return selectPoint(0), true;
    case Qt::Key_End:
      return selectPoint(last), true;
    default:
      return false;
  }
}

bool CurveView::handleValueKey(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Up:
      return nudge(0, stepFor(event->modifiers())), true;
    case Qt::Key_Down:
      return nudge(0, -stepFor(event->modifiers())), true;
    case Qt::Key_PageUp:
      return nudge(0, kLargeStep), true;
    case Qt::Key_PageDown:
      return nudge(0, -kLargeStep), true;
    default:
      return false;
  }
}

void CurveView::selectPoint(int point) {
  setSelection({point});
  showAtSelection();
}

void CurveView::selectNeighbour(int direction, bool extend) {
  const int count = static_cast<int>(activeCurve().points.size());
  // Cells stand before point 0 and after the last point, as on the screen.
  std::vector<std::pair<bool, int>> stops;
  for (const bool after : {false, true}) {
    for (int point = 0; after && point < count; ++point) stops.emplace_back(false, point);
    for (int cell = 0; cell < static_cast<int>(m_state.data.cells.size()); ++cell)
      if (const ChartCell& c = m_state.data.cells[static_cast<std::size_t>(cell)]; c.afterLayers == after && !c.tied)
        stops.emplace_back(true, cell);
  }
  if (m_state.selection.empty() && m_state.selectedCell < 0) return selectPoint(direction > 0 ? 0 : count - 1);
  const int edge = m_state.selection.empty() ? 0 : direction > 0 ? m_state.selection.back() : m_state.selection.front();
  const std::pair<bool, int> now =
      m_state.selectedCell >= 0 ? std::pair(true, m_state.selectedCell) : std::pair(false, edge);
  const int at = static_cast<int>(std::ranges::find(stops, now) - stops.begin()) + direction;
  if (at < 0 || at >= static_cast<int>(stops.size())) return;
  const auto [cell, index] = stops[static_cast<std::size_t>(at)];
  if (extend && !cell && m_state.selectedCell < 0) {
    std::vector<int> selection = m_state.selection;
    selection.push_back(index);
    setSelection(selection);
  } else if (cell && !extend) {
    setSelection({});
    m_state.selectedCell = index;
    emit selectionChanged();
  } else if (!cell) {
    setSelection({index});
  }
  showAtSelection();
}

void CurveView::nudge(int layersBy, double valueBy) {
  if (!activeValid()) return;
  if (const int cell = m_state.selectedCell; cell >= 0) {
    if (valueBy == 0) return;
    const double value = cellValueOf(m_state, m_state.data.activeTrack, cell) + valueBy;
    return commitCell(cell, limits().clamped(std::round(value * 1e6) / 1e6),
                      tr("Set %1").arg(m_state.data.cells[static_cast<std::size_t>(cell)].caption));
  }
  if (m_state.selection.empty()) return;
  const int count = static_cast<int>(m_state.selection.size());
  commit(movedPoints(activeCurve(), m_state.selection, layersBy, valueBy, m_state.data.layers, limits()),
         movedText(count));
  showAtSelection();
}

void CurveView::showAtSelection() {
  setFocusRing(hasFocus());
  if (m_state.selection.size() == 1) {
    const CurvePoint point = activeCurve().points[static_cast<std::size_t>(m_state.selection.front())];
    if (point.layer < m_state.data.layers) {
      setHovered(point.layer);
      m_state.pointer = QPointF(m_state.geometry.layerToX(point.layer), m_state.geometry.valueToY(point.value));
    }
    tellPointChanged(*this, m_state.selection.front());
  }
  describe();
  repaintOverlay();
}

void CurveView::showLayer(int layer) {
  if (!activeValid() || m_gesture || layer < 0 || layer >= m_state.data.layers) return;
  const double value = evaluateCurve(activeCurve(), m_state.data.layers)[static_cast<std::size_t>(layer)];
  setHovered(layer);
  m_state.pointer = QPointF(m_state.geometry.layerToX(layer), m_state.geometry.valueToY(value));
  repaintOverlay();
}

void CurveView::wheelEvent(QWheelEvent* event) {
  const int notches = event->angleDelta().y() > 0 ? 1 : -1;
  if (event->angleDelta().y() == 0 || !activeValid() || m_gesture) return event->ignore();
  if (m_tool == Tool::Brush && m_state.pointer) {
    m_brushLayers = std::clamp(m_brushLayers + notches, 1.0, m_state.data.layers / 2.0 + 1);
    hover(*m_state.pointer);
    return event->accept();
  }
  const auto hit = hitAt(event->position());
  if (!hit || hit->cell || hit->track != m_state.data.activeTrack) return event->ignore();
  setSelection({hit->point});
  commit(movedPoints(activeCurve(), m_state.selection, 0, notches * stepFor(event->modifiers()), m_state.data.layers,
                     limits()),
         movedText(1));
  event->accept();
}

}  // namespace layerloom
