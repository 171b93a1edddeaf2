// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/curve_accessible.h"

#include <algorithm>
#include <map>

#include <QAccessible>
#include <QAccessibleWidget>

#include "ui/curves/curve_view.h"

namespace layerloom {
namespace {

const LayerCurve* activeCurveOf(const CurveView& view) {
  const ChartData& data = view.data();
  const bool valid =
      data.layers > 0 && data.activeTrack >= 0 && data.activeTrack < static_cast<int>(data.tracks.size());
  return valid ? &data.tracks[static_cast<std::size_t>(data.activeTrack)].curve : nullptr;
}

/// One control point: a slider over its value. Stands for an index, not for a point: what it says is read when it is
/// asked.
class PointAccessible : public QAccessibleInterface, public QAccessibleValueInterface {
 public:
  PointAccessible(CurveView* view, int index) : m_view(view), m_index(index) {}

  bool isValid() const override { return m_view && point(); }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::Role role() const override { return QAccessible::Slider; }
  void setText(QAccessible::Text, const QString&) override {}

  QString text(QAccessible::Text kind) const override {
    const CurvePoint* at = isValid() ? point() : nullptr;
    if (!at) return {};
    if (kind == QAccessible::Value) return valueText(at->value);
    const ChartData& data = m_view->data();
    return kind == QAccessible::Name ? CurveView::tr("Layer %1, %2")
                                           .arg(at->layer)
                                           .arg(data.tracks[static_cast<std::size_t>(data.activeTrack)].name)
                                     : QString();
  }

  QRect rect() const override {
    const CurvePoint* at = isValid() ? point() : nullptr;
    if (!at) return {};
    const ChartGeometry& g = m_view->geometry();
    const QPoint centre = QPointF(g.layerToX(at->layer), g.valueToY(at->value)).toPoint();
    return {m_view->viewport()->mapToGlobal(centre) - QPoint(12, 12), QSize(24, 24)};
  }

  QAccessible::State state() const override {
    QAccessible::State state;
    state.focusable = state.selectable = true;
    if (!isValid()) return state;
    state.selected = std::ranges::binary_search(m_view->selection(), m_index);
    state.focused = state.selected && m_view->hasFocus();
    return state;
  }

  void* interface_cast(QAccessible::InterfaceType type) override {
    return type == QAccessible::ValueInterface ? static_cast<QAccessibleValueInterface*>(this) : nullptr;
  }

  QVariant currentValue() const override { return isValid() ? QVariant(point()->value) : QVariant(); }
  void setCurrentValue(const QVariant& value) override {
    if (isValid()) m_view->setPointValue(m_index, value.toDouble());
  }
  QVariant maximumValue() const override {
    return m_view ? m_view->data().greatest.value_or(m_view->geometry().high) : 1.0;
  }
  QVariant minimumValue() const override {
    return m_view ? m_view->data().least.value_or(m_view->geometry().low) : 0.0;
  }
  QVariant minimumStepSize() const override { return 0.01; }

 private:
  const CurvePoint* point() const {
    const LayerCurve* curve = activeCurveOf(*m_view);
    return curve && m_index < static_cast<int>(curve->points.size()) ? &curve->points[static_cast<std::size_t>(m_index)]
                                                                     : nullptr;
  }

  QPointer<CurveView> m_view;
  int m_index;
};

class ChartAccessible : public QAccessibleWidget {
 public:
  explicit ChartAccessible(CurveView* view) : QAccessibleWidget(view, QAccessible::Chart), m_view(view) {}
  ~ChartAccessible() override {
    for (const auto& [index, id] : m_points) QAccessible::deleteAccessibleInterface(id);
  }

  int childCount() const override {
    const LayerCurve* curve = activeCurveOf(*m_view);
    return curve ? static_cast<int>(curve->points.size()) : 0;
  }

  QAccessibleInterface* child(int index) const override {
    if (index < 0 || index >= childCount()) return nullptr;
    const auto known = m_points.find(index);
    if (known != m_points.end()) return QAccessible::accessibleInterface(known->second);
    auto* point = new PointAccessible(m_view, index);
    m_points.emplace(index, QAccessible::registerAccessibleInterface(point));
    return point;
  }

  int indexOfChild(const QAccessibleInterface* child) const override {
    for (const auto& [index, id] : m_points)
      if (QAccessible::accessibleInterface(id) == child) return index;
    return -1;
  }

 private:
  CurveView* m_view;
  mutable std::map<int, QAccessible::Id> m_points;  // made when first asked for
};

QAccessibleInterface* curveFactory(const QString&, QObject* object) {
  auto* view = qobject_cast<CurveView*>(object);
  return view ? new ChartAccessible(view) : nullptr;
}

}  // namespace

void installCurveAccessible() {
  static const bool installed = (QAccessible::installFactory(curveFactory), true);
  Q_UNUSED(installed);
}

void tellPointChanged(CurveView& view, int point) {
  if (!QAccessible::isActive()) return;
  QAccessibleInterface* chart = QAccessible::queryAccessibleInterface(&view);
  QAccessibleInterface* slider = chart ? chart->child(point) : nullptr;
  if (!slider) return;
  QAccessibleEvent focus(slider, QAccessible::Focus);
  QAccessible::updateAccessibility(&focus);
  QAccessibleValueChangeEvent value(slider, slider->valueInterface()->currentValue());
  QAccessible::updateAccessibility(&value);
}

}  // namespace layerloom
