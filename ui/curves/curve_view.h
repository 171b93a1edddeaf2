// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <QPixmap>
#include <QPointer>
#include <QTimer>
#include <QtCharts/QChartView>

#include "ui/curves/chart_data.h"
#include "ui/curves/chart_painting.h"
#include "ui/curves/curve_gesture.h"

class QMenu;

namespace layerloom {

class ChartSeries;
class ValueField;

/// The editor of layer curves. It shows a ChartData and turns gestures into new curves; it owns no recipe and no undo
/// stack.
///
/// A finished gesture is reported once by curveChanged() or cellChanged(). The view shows the result at once; the owner
/// answers with setData() when its recipe took it over. While a gesture runs, curveChanging() reports each step;
/// setData() may then bring new effective values, the gesture's own curve stays.
class CurveView : public QChartView {
  Q_OBJECT
  Q_PROPERTY(bool snapping READ snapping WRITE setSnapping NOTIFY snappingChanged)
  Q_PROPERTY(bool barsShown READ barsShown WRITE setBarsShown NOTIFY barsShownChanged)

 public:
  enum class Tool { Select, Points, Pencil, Line, Brush, Eraser };
  Q_ENUM(Tool)

  explicit CurveView(QWidget* parent = nullptr);
  ~CurveView() override;

  void setData(const ChartData& data);
  const ChartData& data() const { return m_state.data; }

  /// Where layers and cells stand.
  const ChartGeometry& geometry() const { return m_state.geometry; }

  Tool tool() const { return m_tool; }
  void setTool(Tool tool);
  bool snapping() const { return m_snapping; }
  void setSnapping(bool on);
  bool barsShown() const { return m_state.barsShown; }
  void setBarsShown(bool shown);
  /// Shape of the active track's curve.
  void setShape(CurveShape shape);

  /// The curve whose card is under the pointer; -1: none.
  void setHighlightedTrack(int track);
  void setActiveTrack(int track);
  /// Puts crosshair and read-out on a layer, until the pointer moves over the chart.
  void showLayer(int layer);
  /// Puts the crosshair alone on a layer that is pointed at elsewhere, while the pointer is not over the chart; −1: none.
  void setMarkedLayer(int layer);

  /// Selected points of the active curve, as indices.
  const std::vector<int>& selection() const { return m_state.selection; }
  void setSelection(std::vector<int> points);
  bool gestureRunning() const { return m_gesture.has_value(); }

  // The edits of menu and keyboard; each acts on the active curve and reports itself.
  void addPoint();  ///< on the curve, at the hovered layer or in the middle of the widest gap after the selection
  void deleteSelected();
  void editValue();     ///< opens the field for the selected point's or cell's value
  void editConstant();  ///< opens the field for a value for all layers
  void resetToNeutral();
  void selectAllPoints();
  void setPointValue(int point, double value);
  void toggleLink(int cell);

  QSize sizeHint() const override { return {760, 360}; }
  QSize minimumSizeHint() const override { return {320, 160}; }

 signals:
  void curveChanging(int track, const layerloom::LayerCurve& curve);
  void curveChanged(int track, const layerloom::LayerCurve& curve, const QString& what);
  void cellChanging(int track, int cell, std::optional<double> value);
  void cellChanged(int track, int cell, std::optional<double> value, const QString& what);
  void gestureCancelled();
  void activeTrackChanged(int track);
  void hoveredLayerChanged(int layer);
  void selectionChanged();
  void toolChanged(layerloom::CurveView::Tool tool);
  void snappingChanged(bool on);
  void barsShownChanged(bool shown);
  void hintChanged(const QString& hint);

 protected:
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  enum class GestureKind { Move, Cell, Pencil, Line, Brush, Erase, Band };

  /// Everything a running gesture has to remember; dropping it takes the gesture back.
  struct Gesture {
    GestureKind kind = GestureKind::Move;
    int track = -1;
    int cell = -1;
    int lead = 0;             ///< index of the point under the pointer
    LayerCurve before;        ///< as it was when the button went down
    LayerCurve start;         ///< what the move is measured from: before, with the point that was added
    std::vector<int> points;  ///< indices, in start, of what moves
    std::vector<int> selectionBefore;
    std::optional<double> cellBefore;
    std::optional<FreehandStroke> stroke;
    CurvePoint anchor;  ///< where the line begins
    DragTrack drag;
    QPointF grab;  ///< from the pointer to the handle's centre
    bool added = false;
    bool reported = false;  ///< a step was told by curveChanging
    bool moved = false;
  };

  // Set-up and lay-out
  void buildScene();
  void layOut();
  void refreshTrack(int track);
  void refreshAll();
  void updateEmphasis();
  void repaintOverlay();
  void repaintAll();
  void renderBase();
  QString emptyText() const;
  bool onlyFiguresDiffer(const ChartData& data) const;
  void clampSelection();
  void describe();
  void setFocusRing(bool shown);

  // Questions
  bool hasLayers() const { return m_state.data.layers > 0 && !m_state.data.tracks.empty(); }
  bool activeValid() const;
  ChartTrack& track(int index) { return m_state.data.tracks[static_cast<std::size_t>(index)]; }
  const LayerCurve& activeCurve() const;
  ValueLimits limits() const { return {m_state.data.least, m_state.data.greatest}; }
  SnapRules snapRules(Qt::KeyboardModifiers modifiers) const;
  std::optional<HitCandidate> hitAt(QPointF at) const;
  int trackLineAt(QPointF at) const;
  int linkAt(QPointF at) const;
  double pointerValue(double y, Qt::KeyboardModifiers modifiers, bool* snapped = nullptr) const;

  // Beginning of gestures
  void pressHandle(const HitCandidate& hit, const QMouseEvent& event);
  void pressPlot(const QMouseEvent& event);
  void beginAdd(const QMouseEvent& event);
  void beginTool(const QMouseEvent& event);
  void addOnCurve(QPointF at);
  Gesture newGesture(GestureKind kind, QPointF at) const;
  void begin(Gesture gesture);

  // Steps and ends
  void step(QPointF at, Qt::KeyboardModifiers modifiers);
  void stepMove(QPointF at, Qt::KeyboardModifiers modifiers);
  void stepCell(QPointF at, Qt::KeyboardModifiers modifiers);
  void stepPencil(QPointF at, Qt::KeyboardModifiers modifiers);
  void stepLine(QPointF at, Qt::KeyboardModifiers modifiers);
  void stepBrush(QPointF at);
  void stepErase(QPointF at);
  void stepBand(QPointF at);
  void showStep(const LayerCurve& curve);
  void showGhost();
  void finishGesture();
  void finishCell(const Gesture& gesture);
  void cancelGesture();
  QString gestureText(const Gesture& gesture) const;
  QString gestureHint() const;
  QString cellToolTip(int cell) const;
  void tellHint();

  // Edits
  static QString movedText(int count);
  static QString deletedText(int count);
  void commit(const LayerCurve& curve, const QString& what);
  void commitCell(int cell, std::optional<double> value, const QString& what);
  void openField(QPointF at, double value, const std::function<void(double)>& accept);
  void fillMenu(QMenu& menu);
  void fillShapeMenu(QMenu& menu);
  void addCellActions(QMenu& menu);

  // Keyboard
  bool handleToolKey(QKeyEvent* event);
  bool handleEditKey(QKeyEvent* event);
  bool handlePointKey(QKeyEvent* event);
  bool handleValueKey(QKeyEvent* event);
  void selectNeighbour(int direction, bool extend);
  void selectPoint(int point);
  void nudge(int layersBy, double valueBy);
  void showAtSelection();

  void hover(QPointF at);
  void setHovered(int layer);
  void setCursorFor(QPointF at);

  ChartState m_state;
  std::unique_ptr<ChartSeries> m_series;
  QPixmap m_base;  ///< all but what follows the pointer
  bool m_baseValid = false;
  std::optional<Gesture> m_gesture;
  QPointer<ValueField> m_field;
  Tool m_tool = Tool::Points;
  bool m_snapping = true;
  int m_cardTrack = -1;
  int m_curveUnderPointer = -1;
  QTimer m_emphasisDelay;
  double m_brushLayers = 3;  ///< radius
  QString m_hint;
};

}  // namespace layerloom
