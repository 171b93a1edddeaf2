// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of CurveView that menu, keyboard and tool bar share, the menu and the field for exact values.
#include <algorithm>

#include <QMenu>

#include "ui/curves/curve_view.h"
#include "ui/curves/chart_handles.h"
#include "ui/curves/value_field.h"
#include "ui/theme/icons.h"

namespace layerloom {
namespace {

/// The middle of the free layers between two points' layers; nothing when they are neighbours.
std::optional<int> middle(int before, int after) {
  return after - before >= 2 ? std::optional((before + after) / 2) : std::nullopt;
}

/// A layer without a point: in the gap after `selected`, else before it, else in the widest gap.
std::optional<int> freeLayer(const LayerCurve& curve, int selected, int layers) {
  std::vector<int> stops{-1};
  for (const CurvePoint& point : curve.points)
    if (point.layer < layers) stops.push_back(point.layer);
  stops.push_back(layers);
  const int count = static_cast<int>(stops.size());
  const auto gap = [&stops](int i) {
    return middle(stops[static_cast<std::size_t>(i)], stops[static_cast<std::size_t>(i + 1)]);
  };
  if (selected >= 0 && selected + 2 < count)
    for (const int i : {selected + 1, selected})
      if (const auto layer = gap(i)) return layer;
  int widest = 0;
  for (int i = 1; i + 1 < count; ++i)
    if (stops[static_cast<std::size_t>(i + 1)] - stops[static_cast<std::size_t>(i)] >
        stops[static_cast<std::size_t>(widest + 1)] - stops[static_cast<std::size_t>(widest)])
      widest = i;
  return gap(widest);
}

bool hasPointAt(const LayerCurve& curve, int layer) {
  return std::ranges::find(curve.points, layer, &CurvePoint::layer) != curve.points.end();
}

}  // namespace

// One and many are two texts: without a translation file, as in English, Qt writes %n but knows no plural.
QString CurveView::movedText(int count) {
  return count == 1 ? tr("Move point") : tr("Move %n points", nullptr, count);
}

QString CurveView::deletedText(int count) {
  return count == 1 ? tr("Delete point") : tr("Delete %n points", nullptr, count);
}

void CurveView::commit(const LayerCurve& curve, const QString& what) {
  const int index = m_state.data.activeTrack;
  if (track(index).curve == curve) return;
  track(index).curve = curve;
  clampSelection();
  refreshAll();
  emit curveChanged(index, curve, what);
}

void CurveView::commitCell(int cell, std::optional<double> value, const QString& what) {
  const int index = m_state.data.activeTrack;
  std::optional<double>& own = track(index).cellValues[static_cast<std::size_t>(cell)];
  if (own == value) return;
  own = value;
  refreshAll();
  emit cellChanged(index, cell, value, what);
}

void CurveView::setShape(CurveShape shape) {
  if (!activeValid()) return;
  cancelGesture();
  LayerCurve curve = activeCurve();
  curve.shape = shape;
  commit(curve, tr("Change shape"));
}

void CurveView::addPoint() {
  if (!activeValid()) return;
  LayerCurve curve = activeCurve();
  std::optional<int> layer;
  if (m_state.pointer && m_state.hoveredLayer >= 0 && !hasPointAt(curve, m_state.hoveredLayer))
    layer = m_state.hoveredLayer;
  if (!layer) layer = freeLayer(curve, m_state.selection.empty() ? -1 : m_state.selection.back(), m_state.data.layers);
  if (!layer) return;
  const auto& values = m_state.values[static_cast<std::size_t>(m_state.data.activeTrack)];
  const auto index = static_cast<int>(setPoint(curve, {*layer, values[static_cast<std::size_t>(*layer)]}));
  commit(curve, tr("Add point"));
  setSelection({index});
}

void CurveView::deleteSelected() {
  if (!activeValid()) return;
  if (m_state.selectedCell >= 0) return commitCell(m_state.selectedCell, std::nullopt, tr("Link to layer 0"));
  if (m_state.selection.empty()) return;
  const int before = static_cast<int>(activeCurve().points.size());
  const int first = m_state.selection.front();
  const LayerCurve curve = withoutPoints(activeCurve(), m_state.selection);
  const int removed = before - static_cast<int>(curve.points.size());
  if (removed == 0) return;
  // The nearest one left is selected, so that Delete can be pressed again.
  m_state.selection = {std::min(first, static_cast<int>(curve.points.size()) - 1)};
  commit(curve, deletedText(removed));
  emit selectionChanged();
}

void CurveView::resetToNeutral() {
  if (!activeValid()) return;
  m_state.selection.clear();
  LayerCurve curve = constantCurve(m_state.data.neutral);
  curve.shape = activeCurve().shape;
  commit(curve, tr("Reset to neutral"));
}

void CurveView::selectAllPoints() {
  if (!activeValid()) return;
  std::vector<int> all;
  for (int i = 0; i < static_cast<int>(activeCurve().points.size()); ++i) all.push_back(i);
  setSelection(all);
}

void CurveView::setPointValue(int point, double value) {
  if (!activeValid() || point < 0 || point >= static_cast<int>(activeCurve().points.size())) return;
  LayerCurve curve = activeCurve();
  curve.points[static_cast<std::size_t>(point)].value = limits().clamped(value);
  commit(curve, tr("Set value"));
}

void CurveView::toggleLink(int cell) {
  if (!activeValid() || m_state.data.cells[static_cast<std::size_t>(cell)].tied) return;
  const int index = m_state.data.activeTrack;
  const bool linked = !track(index).cellValues[static_cast<std::size_t>(cell)];
  const auto first = m_state.values[static_cast<std::size_t>(index)].front();
  if (linked) return commitCell(cell, first, tr("Unlink from layer 0"));
  commitCell(cell, std::nullopt, tr("Link to layer 0"));
}

// ---- exact values

void CurveView::editValue() {
  if (!activeValid()) return;
  if (const int cell = m_state.selectedCell; cell >= 0) {
    const double value = cellValueOf(m_state, m_state.data.activeTrack, cell);
    const QPointF at(m_state.geometry.cells[static_cast<std::size_t>(cell)].center().x(),
                     m_state.geometry.valueToY(value));
    return openField(at, value, [this, cell](double typed) { commitCell(cell, typed, tr("Set value")); });
  }
  if (m_state.selection.empty()) return;
  const int point = m_state.selection.back();
  const CurvePoint now = activeCurve().points[static_cast<std::size_t>(point)];
  openField(QPointF(m_state.geometry.layerToX(now.layer), m_state.geometry.valueToY(now.value)), now.value,
            [this, point](double typed) { setPointValue(point, typed); });
}

void CurveView::editConstant() {
  if (!activeValid()) return;
  const double value = m_state.values[static_cast<std::size_t>(m_state.data.activeTrack)].front();
  openField(m_state.geometry.plot.center(), value, [this](double typed) {
    m_state.selection.clear();
    LayerCurve curve = constantCurve(typed);
    curve.shape = activeCurve().shape;
    commit(curve, tr("Set constant"));
  });
}

void CurveView::openField(QPointF at, double value, const std::function<void(double)>& accept) {
  cancelGesture();
  delete m_field;
  m_field = new ValueField(viewport());
  if (m_state.data.least) m_field->setMinimum(*m_state.data.least);
  if (m_state.data.greatest) m_field->setMaximum(*m_state.data.greatest);
  m_field->setValue(value);
  m_field->setAccessibleName(tr("Value"));
  const QSize size(96, m_field->sizeHint().height());
  const double x =
      std::clamp(at.x() - size.width() / 2.0, 4.0, std::max(4.0, viewport()->width() - size.width() - 4.0));
  double y = at.y() - size.height() - 12;
  if (y < 4) y = at.y() + 12;
  m_field->setGeometry(QRect(QPoint(qRound(x), qRound(y)), size));
  connect(m_field, &ValueField::accepted, this, accept);
  connect(m_field, &ValueField::finished, this, [this, field = m_field.data()] {
    const bool had = field->hasFocus();
    field->hide();
    field->deleteLater();
    m_field = nullptr;
    if (had) setFocus(Qt::OtherFocusReason);
  });
  m_field->show();
  m_field->selectAll();
  m_field->setFocus(Qt::OtherFocusReason);
}

void CurveView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (!hasLayers() || event->button() != Qt::LeftButton) return;
  const auto hit = hitHandle(handlesOf(m_state), event->position(), m_state.data.activeTrack);
  const bool shapes = m_tool == Tool::Select || m_tool == Tool::Points;
  // The second press of two quick clicks on empty plot is a press like any other.
  if (!hit || (!shapes && !hit->cell)) return mousePressEvent(event);
  cancelGesture();
  setActiveTrack(hit->track);
  if (hit->cell) {
    m_state.selection.clear();
    m_state.selectedCell = hit->point;
  } else {
    setSelection({hit->point});
  }
  editValue();
}

// ---- menu

void CurveView::contextMenuEvent(QContextMenuEvent* event) {
  if (!hasLayers() || m_gesture) return;
  QPointF at = event->pos();
  if (event->reason() == QContextMenuEvent::Mouse) {
    if (const auto hit = hitHandle(handlesOf(m_state), at, m_state.data.activeTrack)) {
      setActiveTrack(hit->track);
      m_state.selectedCell = -1;
      if (!hit->cell && !std::ranges::binary_search(m_state.selection, hit->point)) setSelection({hit->point});
      if (hit->cell) m_state.selection.clear(), m_state.selectedCell = hit->point;
      repaintOverlay();
    }
  } else if (activeValid() && !m_state.selection.empty()) {
    const CurvePoint point = activeCurve().points[static_cast<std::size_t>(m_state.selection.back())];
    at = {m_state.geometry.layerToX(point.layer), m_state.geometry.valueToY(point.value)};
  }
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("curveMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  fillMenu(*menu);
  menu->popup(viewport()->mapToGlobal(at.toPoint()));
}

void CurveView::fillMenu(QMenu& menu) {
  const bool active = activeValid();
  const bool point = active && !m_state.selection.empty();
  const int removable = point ? static_cast<int>(m_state.selection.size()) : 0;
  QAction* add = menu.addAction(themedIcon(QStringLiteral("add")), tr("Add point"), this, &CurveView::addPoint);
  add->setEnabled(active);
  QAction* edit = menu.addAction(tr("Edit value…"), this, &CurveView::editValue);
  edit->setEnabled(point || (active && m_state.selectedCell >= 0));
  QAction* remove = menu.addAction(themedIcon(QStringLiteral("trash")), deletedText(std::max(1, removable)), this,
                                   &CurveView::deleteSelected);
  remove->setEnabled(point && activeCurve().points.size() > 1);
  addCellActions(menu);
  menu.addSeparator();
  fillShapeMenu(*menu.addMenu(tr("Shape")));
  menu.addAction(tr("Set constant…"), this, &CurveView::editConstant)->setEnabled(active);
  menu.addAction(tr("Reset to neutral"), this, &CurveView::resetToNeutral)->setEnabled(active);
  menu.addSeparator();
  menu.addAction(tr("Select all points"), this, &CurveView::selectAllPoints)->setEnabled(active);
}

void CurveView::fillShapeMenu(QMenu& menu) {
  auto* group = new QActionGroup(&menu);
  const auto add = [&](CurveShape shape, const QString& icon, const QString& text) {
    QAction* action = menu.addAction(themedIcon(icon), text, this, [this, shape] { setShape(shape); });
    action->setCheckable(true);
    action->setChecked(activeValid() && activeCurve().shape == shape);
    group->addAction(action);
  };
  add(CurveShape::Step, QStringLiteral("step"), tr("Step"));
  add(CurveShape::Linear, QStringLiteral("linear"), tr("Linear"));
  add(CurveShape::Smooth, QStringLiteral("smooth"), tr("Smooth"));
}

void CurveView::addCellActions(QMenu& menu) {
  const int cell = m_state.selectedCell;
  if (cell < 0 || !activeValid()) return;
  const bool linked = !track(m_state.data.activeTrack).cellValues[static_cast<std::size_t>(cell)];
  menu.addAction(themedIcon(linked ? QStringLiteral("unlink") : QStringLiteral("link")),
                 linked ? tr("Unlink from layer 0") : tr("Link to layer 0"), this, [this, cell] { toggleLink(cell); });
}

}  // namespace layerloom
