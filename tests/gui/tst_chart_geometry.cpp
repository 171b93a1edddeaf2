// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QtTest/QtTest>

#include "ui/curves/chart_geometry.h"
#include "ui/curves/curve_gesture.h"

using namespace layerloom;

namespace {

ChartGeometry plainGeometry(int layers = 10) {
  ChartGeometry g;
  g.layers = layers;
  g.plot = QRectF(100, 50, 500, 200 + kPlotPadTop + kPlotPadBottom);
  return g;
}

LayerCurve curveOf(CurveShape shape, std::vector<CurvePoint> points) {
  return {shape, std::move(points)};
}

}  // namespace

class TestChartGeometry : public QObject {
  Q_OBJECT
 private slots:
  void layersAndValuesMapBothWays();
  void nearestLayerStaysInside();
  void columnsStandWhereTheLookSays();
  void rangeWidensByQuarters();
  void figuresNeverTouch();
  void niceNumbers();
  void activeCurveWinsThenNearest();
  void handlesDodge();
  void snapping();
  void fineAndLockedDrags();
  void betweenLayersAgreesWithLayers_data();
  void betweenLayersAgreesWithLayers();
  void outlineOfSteps();
  void groupMovesStopTogether();
  void deletingKeepsOnePoint();
  void freehandFillsSkippedLayers();
  void brushFadesOut();
};

void TestChartGeometry::layersAndValuesMapBothWays() {
  const ChartGeometry g = plainGeometry();
  QCOMPARE(g.pitch(), 50.0);
  QCOMPARE(g.layerToX(0), 125.0);
  QCOMPARE(g.layerToX(9), 575.0);
  QCOMPARE(g.xToLayer(150), 0.5);
  QCOMPARE(g.valueToY(1), 58.0);
  QCOMPARE(g.valueToY(0), 258.0);
  QCOMPARE(g.yToValue(108), 0.75);
}

void TestChartGeometry::nearestLayerStaysInside() {
  const ChartGeometry g = plainGeometry();
  QCOMPARE(g.nearestLayer(-1000), 0);
  QCOMPARE(g.nearestLayer(149), 0);
  QCOMPARE(g.nearestLayer(151), 1);
  QCOMPARE(g.nearestLayer(5000), 9);
}

void TestChartGeometry::columnsStandWhereTheLookSays() {
  ChartData data;
  data.layers = 4;
  data.cells = {{QStringLiteral("emb"), {}, false, false},
                {QStringLiteral("norm"), {}, true, false},
                {QStringLiteral("head"), {}, true, true}};
  const ChartGeometry g = layOutChart({600, 300}, data, {0, 1}, {52, 12, 12, 22});
  QCOMPARE(g.plot, QRectF(96, 12, 600 - 12 - 80 - 96, 300 - 12 - 22));  // 52 + 30 + 14; 14 + 30 + 6 + 30
  QCOMPARE(g.cells[0].left(), 52.0);
  QCOMPARE(g.cells[1].left(), g.plot.right() + 14);
  QCOMPARE(g.cells[2].left(), g.cells[1].right() + 6);
  QCOMPARE(g.cells[2].right(), 588.0);
  QCOMPARE(g.cellAt(g.cells[1].center()), 1);
  QCOMPARE(g.cellAt(g.plot.center()), -1);
}

void TestChartGeometry::rangeWidensByQuarters() {
  ChartData data;
  data.layers = 4;
  data.tracks.resize(1);
  QCOMPARE(valueRangeOf(data), (ValueRange{0, 1}));
  data.tracks[0].curve.points = {{0, 1.0}, {2, -0.1}};
  QCOMPARE(valueRangeOf(data), (ValueRange{-0.25, 1}));
  data.tracks[0].cellValues = {1.3};
  QCOMPARE(valueRangeOf(data), (ValueRange{-0.25, 1.5}));
  data.tracks[0].curve.points = {{0, 1.5}, {2, -0.25}};
  QCOMPARE(valueRangeOf(data), (ValueRange{-0.25, 1.5}));
}

void TestChartGeometry::figuresNeverTouch() {
  QCOMPARE(layerFigures(10, 30, 14), (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  QCOMPARE(layerFigures(10, 15, 14), (std::vector{0, 2, 4, 6, 9}));  // 8 would touch 9
  QCOMPARE(layerFigures(28, 6, 14), (std::vector{0, 4, 8, 12, 16, 20, 27}));
  QCOMPARE(layerFigures(1, 30, 14), (std::vector{0}));
  QVERIFY(layerFigures(0, 30, 14).empty());
  for (int layers = 2; layers < 130; ++layers) {
    const double pitch = 500.0 / layers;
    const auto figures = layerFigures(layers, pitch, 14);
    QCOMPARE(figures.front(), 0);
    QCOMPARE(figures.back(), layers - 1);
    for (std::size_t i = 1; i < figures.size(); ++i) QVERIFY((figures[i] - figures[i - 1]) * pitch >= 14);
  }
}

void TestChartGeometry::niceNumbers() {
  QCOMPARE(niceCeiling(0.108), 0.12);
  QCOMPARE(niceCeiling(0.12), 0.12);
  QCOMPARE(niceCeiling(7), 8.0);
  QCOMPARE(niceCeiling(9), 10.0);
  QCOMPARE(niceCeiling(0), 1.0);
  QCOMPARE(niceCeiling(std::nan("")), 1.0);
}

void TestChartGeometry::activeCurveWinsThenNearest() {
  const std::vector<HitCandidate> handles = {
      {{100, 100}, 0, 0, false}, {{108, 100}, 1, 0, false}, {{104, 100}, 2, 0, false}};
  QCOMPARE(hitHandle(handles, {105, 100}, 1)->track, 1);
  QCOMPARE(hitHandle(handles, {101, 100}, 2)->track, 2);  // although another is nearer and was found first
  QCOMPARE(hitHandle(handles, {105, 100}, -1)->track, 2);
  QVERIFY(hitHandle(handles, {100, 112}, 0).has_value());
  QVERIFY(!hitHandle(handles, {100, 112.1}, 0).has_value());
}

void TestChartGeometry::handlesDodge() {
  const std::vector<double> ys = {50, 51, 200};
  QCOMPARE(dodgeShifts(ys, 9, 11), (std::vector{-4.5, 4.5, 0.0}));
}

void TestChartGeometry::snapping() {
  const ChartGeometry g = plainGeometry();  // 200 px per unit: 5 px = 0.025
  SnapRules rules;
  QCOMPARE(snapValue(g, g.valueToY(0.62), rules).value, 0.6);
  QCOMPARE(snapValue(g, g.valueToY(0.15), rules).value, 0.15);
  rules.magnets = {0, 1, 0.33};
  QCOMPARE(snapValue(g, g.valueToY(0.345), rules).value, 0.33);
  QVERIFY(snapValue(g, g.valueToY(0.345), rules).snapped);
  rules.enabled = false;
  QCOMPARE(snapValue(g, g.valueToY(0.62341), rules).value, 0.623);
  QVERIFY(!snapValue(g, g.valueToY(0.62341), rules).snapped);
}

void TestChartGeometry::fineAndLockedDrags() {
  DragTrack plain({10, 10});
  QCOMPARE(plain.moveTo({30, 15}, false, false), QPointF(30, 15));
  QCOMPARE(plain.moveTo({40, 15}, true, false), QPointF(31, 15));  // fine from here on, no jump
  DragTrack locked({10, 10});
  QCOMPARE(locked.moveTo({13, 12}, false, true), QPointF(13, 12));  // not yet 4 px
  QCOMPARE(locked.moveTo({30, 12}, false, true), QPointF(30, 10));
  QCOMPARE(locked.moveTo({30, 90}, false, true), QPointF(30, 10));  // the axis stays
  QCOMPARE(locked.moveTo({30, 90}, false, false), QPointF(30, 90));
}

void TestChartGeometry::betweenLayersAgreesWithLayers_data() {
  QTest::addColumn<int>("shape");
  QTest::newRow("step") << static_cast<int>(CurveShape::Step);
  QTest::newRow("linear") << static_cast<int>(CurveShape::Linear);
  QTest::newRow("smooth") << static_cast<int>(CurveShape::Smooth);
}

void TestChartGeometry::betweenLayersAgreesWithLayers() {
  QFETCH(int, shape);
  const LayerCurve curve = curveOf(static_cast<CurveShape>(shape), {{1, 0.1}, {4, 0.9}, {5, 0.4}, {11, 0.5}});
  const std::vector<double> layers = evaluateCurve(curve, 12);
  const std::vector<double> dense = evaluateBetween(curve, 12, 7);
  QCOMPARE(dense.size(), std::size_t(11 * 7 + 1));
  for (std::size_t i = 0; i < layers.size(); ++i) QVERIFY(std::abs(dense[i * 7] - layers[i]) < 1e-12);
}

void TestChartGeometry::outlineOfSteps() {
  const auto outline = curveOutline(curveOf(CurveShape::Step, {{0, 0.2}, {2, 0.8}}), 4, 30);
  const std::vector<QPointF> expected = {{0, 0.2}, {1.5, 0.2}, {1.5, 0.8}, {3, 0.8}};
  QCOMPARE(outline, expected);
  QCOMPARE(outlineAt(outline, 0.7), 0.2);
  QCOMPARE(outlineAt(outline, 2.0), 0.8);
}

void TestChartGeometry::groupMovesStopTogether() {
  const LayerCurve start = curveOf(CurveShape::Linear, {{0, 0.1}, {3, 0.5}, {5, 0.9}, {9, 0.2}});
  LayerCurve moved = movedPoints(start, {1, 2}, 10, 0.05, 12, {});
  QCOMPARE(moved.points, (std::vector<CurvePoint>{{0, 0.1}, {6, 0.55}, {8, 0.95}, {9, 0.2}}));
  moved = movedPoints(start, {1, 2}, -10, 0.5, 12, {0.0, 1.0});
  QCOMPARE(moved.points, (std::vector<CurvePoint>{{0, 0.1}, {1, 0.6}, {3, 1.0}, {9, 0.2}}));
  moved = movedPoints(start, {0, 1, 2, 3}, 10, -1, 12, {0.0, 1.0});
  QCOMPARE(moved.points, (std::vector<CurvePoint>{{2, 0.0}, {5, 0.4}, {7, 0.8}, {11, 0.1}}));
}

void TestChartGeometry::deletingKeepsOnePoint() {
  const LayerCurve start = curveOf(CurveShape::Linear, {{0, 0.1}, {3, 0.5}, {5, 0.9}});
  QCOMPARE(withoutPoints(start, {0, 2}).points, (std::vector<CurvePoint>{{3, 0.5}}));
  QCOMPARE(withoutPoints(start, {0, 1, 2}).points, (std::vector<CurvePoint>{{0, 0.1}}));
}

void TestChartGeometry::freehandFillsSkippedLayers() {
  FreehandStroke stroke(std::vector<double>(6, 0.0), 1, 0.2);
  stroke.drawTo(4, 0.8);
  for (const auto& [layer, value] : {std::pair{0, 0.0}, {1, 0.2}, {2, 0.4}, {3, 0.6}, {4, 0.8}, {5, 0.0}})
    QVERIFY(std::abs(stroke.values()[static_cast<std::size_t>(layer)] - value) < 1e-12);
  stroke.drawTo(3, 0.1);  // and backwards
  QCOMPARE(stroke.values()[3], 0.1);
  QCOMPARE(stroke.values()[2], 0.4);
}

void TestChartGeometry::brushFadesOut() {
  const auto values = withBrush(std::vector<double>(9, 0.5), 4, 3, 0.4, {std::nullopt, 0.8});
  QCOMPARE(values[4], 0.8);  // the limit
  QVERIFY(values[3] > values[2] && values[2] > 0.5);
  QCOMPARE(values[1], 0.5);
  QCOMPARE(values[7], 0.5);
}

QTEST_GUILESS_MAIN(TestChartGeometry)
#include "tst_chart_geometry.moc"
