// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <random>

#include <QTest>

#include "core/recipe/layer_curve.h"

using layerloom::CurvePoint;
using layerloom::CurveShape;
using layerloom::evaluateCurve;
using layerloom::LayerCurve;

/// Curves through control points.
class TestLayerCurve : public QObject {
  Q_OBJECT

 private slots:
  void constantsAreExact_data();
  void constantsAreExact();
  void linesAreExact_data();
  void linesAreExact();
  void stepsKeepTheirValue();
  void endsAreConstant();
  void pointsAreReproduced_data();
  void pointsAreReproduced();
  void smoothStaysBetweenNeighbours();
  void smoothFollowsTheKnownSpline();
  void pointsPastTheEndShapeTheCurve();
  void anyValuesAreCurves();
  void straightValuesNeedTwoPoints();
  void setPointKeepsOrder();
  void lastPointStays();

 private:
  static void shapes();
};

namespace {

LayerCurve randomCurve(CurveShape shape, std::mt19937& generator) {
  LayerCurve curve{shape, {}};
  int layer = static_cast<int>(generator() % 3);
  const std::size_t count = 2 + generator() % 8;
  for (std::size_t i = 0; i < count; ++i) {
    // Some equal neighbours, so that flat pieces occur.
    const double value = generator() % 4 == 0 && i > 0 ? curve.points.back().value
                                                       : static_cast<double>(generator() % 2001) / 1000.0 - 1;
    curve.points.push_back({layer, value});
    layer += 1 + static_cast<int>(generator() % 9);
  }
  return curve;
}

}  // namespace

void TestLayerCurve::shapes() {
  QTest::addColumn<int>("shape");
  QTest::newRow("step") << static_cast<int>(CurveShape::Step);
  QTest::newRow("linear") << static_cast<int>(CurveShape::Linear);
  QTest::newRow("smooth") << static_cast<int>(CurveShape::Smooth);
}

void TestLayerCurve::constantsAreExact_data() {
  shapes();
}

void TestLayerCurve::constantsAreExact() {
  QFETCH(int, shape);
  const LayerCurve curve{static_cast<CurveShape>(shape), {{2, 0.3}, {5, 0.3}, {11, 0.3}}};
  for (const double value : evaluateCurve(curve, 20)) {
    QVERIFY(std::fabs(value - 0.3) <= 1e-12);
  }
  QCOMPARE(evaluateCurve(layerloom::constantCurve(0.7), 3), (std::vector<double>{0.7, 0.7, 0.7}));
  QVERIFY(evaluateCurve(curve, 0).empty());
}

void TestLayerCurve::linesAreExact_data() {
  QTest::addColumn<int>("shape");
  QTest::newRow("linear") << static_cast<int>(CurveShape::Linear);
  QTest::newRow("smooth") << static_cast<int>(CurveShape::Smooth);
}

void TestLayerCurve::linesAreExact() {
  QFETCH(int, shape);
  const auto line = [](int layer) { return 0.1 + 0.05 * layer; };
  const LayerCurve curve{static_cast<CurveShape>(shape), {{0, line(0)}, {3, line(3)}, {4, line(4)}, {15, line(15)}}};
  const std::vector<double> values = evaluateCurve(curve, 16);
  for (int layer = 0; layer < 16; ++layer) {
    QVERIFY(std::fabs(values[static_cast<std::size_t>(layer)] - line(layer)) <= 1e-12);
  }
}

void TestLayerCurve::stepsKeepTheirValue() {
  const LayerCurve curve{CurveShape::Step, {{1, 0.5}, {3, 0.9}}};
  QCOMPARE(evaluateCurve(curve, 5), (std::vector<double>{0.5, 0.5, 0.5, 0.9, 0.9}));
}

void TestLayerCurve::endsAreConstant() {
  for (const CurveShape shape : {CurveShape::Linear, CurveShape::Smooth}) {
    const std::vector<double> values = evaluateCurve({shape, {{2, 0.2}, {4, 0.8}}}, 7);
    QCOMPARE(values[0], 0.2);
    QCOMPARE(values[1], 0.2);
    QVERIFY(std::fabs(values[3] - 0.5) <= 1e-12);
    QCOMPARE(values[5], 0.8);
    QCOMPARE(values[6], 0.8);
  }
}

void TestLayerCurve::pointsAreReproduced_data() {
  shapes();
}

void TestLayerCurve::pointsAreReproduced() {
  QFETCH(int, shape);
  std::mt19937 generator(1);
  for (int round = 0; round < 500; ++round) {
    const LayerCurve curve = randomCurve(static_cast<CurveShape>(shape), generator);
    const std::vector<double> values = evaluateCurve(curve, curve.points.back().layer + 1);
    for (const CurvePoint& point : curve.points) {
      QVERIFY(std::fabs(values[static_cast<std::size_t>(point.layer)] - point.value) <= 1e-12);
    }
  }
}

void TestLayerCurve::smoothStaysBetweenNeighbours() {
  std::mt19937 generator(2);
  for (int round = 0; round < 2000; ++round) {
    const LayerCurve curve = randomCurve(CurveShape::Smooth, generator);
    const std::vector<double> values = evaluateCurve(curve, curve.points.back().layer + 1);
    for (std::size_t i = 0; i + 1 < curve.points.size(); ++i) {
      const CurvePoint& a = curve.points[i];
      const CurvePoint& b = curve.points[i + 1];
      const double direction = b.value >= a.value ? 1 : -1;
      for (int layer = a.layer; layer < b.layer; ++layer) {
        const double here = values[static_cast<std::size_t>(layer)];
        const double next = values[static_cast<std::size_t>(layer) + 1];
        QVERIFY(here >= std::min(a.value, b.value) - 1e-12 && here <= std::max(a.value, b.value) + 1e-12);
        QVERIFY((next - here) * direction >= -1e-12);
      }
    }
  }
}

// Points (0, 0), (2, 1), (6, 2): slopes 1/2 and 1/4; at the middle, h = 2 and 4, the weighted harmonic mean
// (h0 + h1)·3 / ((h0 + 2 h1)/d0 + (2 h0 + h1)/d1) in Fritsch and Butland's form gives one of two tangents, by which
// width weighs which slope; both lie between the slopes and the value at layer 4 follows from the Hermite form with the
// end slope 1/4.
void TestLayerCurve::smoothFollowsTheKnownSpline() {
  const std::vector<double> values = evaluateCurve({CurveShape::Smooth, {{0, 0}, {2, 1}, {6, 2}}}, 7);
  // w1 = 2·4 + 2 = 10 belongs to the left slope, w2 = 4 + 2·2 = 8 to the right one: 18 / (10/0.5 + 8/0.25) = 18/52.
  const double tangent = 18.0 / 52.0;
  // Hermite at the middle of [2, 6], width 4: (1 + 2)/2 + 4·(m − m')/8.
  const double middle = 1.5 + 4 * (tangent - 0.25) / 8;
  QVERIFY2(std::fabs(values[4] - middle) <= 1e-12, std::to_string(values[4]).c_str());
}

void TestLayerCurve::pointsPastTheEndShapeTheCurve() {
  const std::vector<double> values = evaluateCurve({CurveShape::Linear, {{0, 0}, {10, 1}}}, 6);
  QCOMPARE(values.size(), std::size_t{6});
  QVERIFY(std::fabs(values[5] - 0.5) <= 1e-12);
}

void TestLayerCurve::anyValuesAreCurves() {
  std::mt19937 generator(3);
  for (std::size_t count = 1; count <= 50; ++count) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(static_cast<double>(generator() % 2001) / 1000.0 - 1);
    }
    const std::vector<double> back = evaluateCurve(layerloom::curveThrough(values), static_cast<int>(count));
    QCOMPARE(back.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      QVERIFY(std::fabs(back[i] - values[i]) <= 1e-9);
    }
  }
}

void TestLayerCurve::straightValuesNeedTwoPoints() {
  std::vector<double> line;
  for (int i = 0; i < 32; ++i) {
    line.push_back(0.25 + 0.01 * i);
  }
  QCOMPARE(layerloom::curveThrough(line).points.size(), std::size_t{2});
  QCOMPARE(layerloom::curveThrough(std::vector<double>(32, 0.5)).points.size(), std::size_t{1});
  std::vector<double> tent = {0, 1, 2, 3, 2, 1, 0};
  QCOMPARE(layerloom::curveThrough(tent).points, (std::vector<CurvePoint>{{0, 0}, {3, 3}, {6, 0}}));
  QCOMPARE(layerloom::curveThrough(std::vector<double>{0, 0.04, 0, 0.03, 0}, 0.1).points.size(), std::size_t{1});
}

void TestLayerCurve::setPointKeepsOrder() {
  LayerCurve curve{CurveShape::Linear, {{2, 0.2}, {6, 0.6}}};
  QCOMPARE(layerloom::setPoint(curve, {4, 0.4}), std::size_t{1});
  QCOMPARE(layerloom::setPoint(curve, {0, 0.0}), std::size_t{0});
  QCOMPARE(layerloom::setPoint(curve, {9, 0.9}), std::size_t{4});
  QCOMPARE(layerloom::setPoint(curve, {4, 0.5}), std::size_t{2});
  QCOMPARE(curve.points, (std::vector<CurvePoint>{{0, 0.0}, {2, 0.2}, {4, 0.5}, {6, 0.6}, {9, 0.9}}));
}

void TestLayerCurve::lastPointStays() {
  LayerCurve curve{CurveShape::Linear, {{2, 0.2}, {6, 0.6}}};
  QVERIFY(!layerloom::removePoint(curve, 2));
  QVERIFY(layerloom::removePoint(curve, 0));
  QVERIFY(!layerloom::removePoint(curve, 0));
  QCOMPARE(curve.points, (std::vector<CurvePoint>{{6, 0.6}}));
}

QTEST_APPLESS_MAIN(TestLayerCurve)
#include "tst_layer_curve.moc"
