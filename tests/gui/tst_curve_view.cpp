// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>
#include <QtWidgets/QtWidgets>

#include "ui/curves/curve_tool_bar.h"
#include "ui/curves/curve_view.h"
#include "ui/curves/value_field.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

using namespace layerloom;

namespace {

using Points = std::vector<CurvePoint>;

ChartData sampleData() {
  ChartData data;
  data.layers = 20;
  data.parameter = QStringLiteral("weight");
  data.group = QStringLiteral("all tensors");
  data.cells = {{QStringLiteral("emb"), QStringLiteral("embed"), false, false},
                {QStringLiteral("norm"), QStringLiteral("norm"), true, false},
                {QStringLiteral("head"), QStringLiteral("lm_head"), true, true}};
  ChartTrack first;
  first.name = QStringLiteral("math");
  first.curve.points = {{0, 0.2}, {6, 0.62}, {12, 0.8}, {19, 0.4}};
  ChartTrack second;
  second.name = QStringLiteral("code");
  second.colourIndex = 1;
  second.curve.points = {{3, 0.1}, {15, 0.1}};
  data.tracks = {first, second};
  data.activeTrack = 0;
  return data;
}

}  // namespace

class TestCurveView : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { applyTheme(*qApp, ThemeMode::Light); }
  void init();
  void cleanup() { m_view.reset(); }

  void dragMovesOnePointAndReportsOnce();
  void clickAloneChangesNothing();
  void grabOffsetIsKept();
  void dragStopsAtNeighbours();
  void modifiersFreeFineLock();
  void snappingCanBeSwitchedOff();
  void addByPressAndDrag();
  void controlClickKeepsTheCurve();
  void dragOutDeletesAndComingBackRestores();
  void lastPointCannotBeDeleted();
  void escapeLeavesNoTrace();
  void otherEndsCancel_data();
  void otherEndsCancel();
  void bandSelectsAndMovesTogether();
  void keyboardSelectsAndMoves();
  void keyboardAddsAndDeletes();
  void lettersChooseTools();
  void pencilLineEraserBrush();
  void hardLimits();
  void pressOnOtherCurveActivates();
  void cellsUnlinkAndLink();
  void fieldTakesDotAndComma();
  void fieldIsLeftByEscape();
  void menuOffersEdits();
  void dataDuringGesture();
  void hoverTellsLayer();
  void shapes();
  void emptyStateTakesNoEdits();
  void themeChangeReachesThePicture();
  void pointsAreAccessible();
  void toolBarFollowsTheView();

 private:
  QWidget* port() const { return m_view->viewport(); }
  QPoint at(double layer, double value) const {
    return QPointF(m_view->geometry().layerToX(layer), m_view->geometry().valueToY(value)).toPoint();
  }
  void press(QPoint where, Qt::KeyboardModifiers modifiers = {}) {
    QTest::mousePress(port(), Qt::LeftButton, modifiers, where);
  }
  /// QTest::mouseMove() knows neither buttons nor modifiers.
  void move(QPoint where, Qt::KeyboardModifiers modifiers = {}) {
    QMouseEvent event(QEvent::MouseMove, where, port()->mapToGlobal(where), Qt::NoButton, Qt::LeftButton, modifiers);
    QApplication::sendEvent(port(), &event);
  }
  void release(QPoint where) { QTest::mouseRelease(port(), Qt::LeftButton, {}, where); }
  void key(int code, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(m_view.get(), static_cast<Qt::Key>(code), modifiers);
  }
  const Points& points(std::size_t track = 0) const { return m_view->data().tracks[track].curve.points; }

  std::unique_ptr<CurveView> m_view;
};

void TestCurveView::init() {
#if QT_VERSION >= QT_VERSION_CHECK(6, 3, 0)
  // The offscreen platform warns of this by itself.
  QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
#endif
  m_view = std::make_unique<CurveView>();
  m_view->resize(1000, 420);
  m_view->setData(sampleData());
  m_view->show();
  QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
  m_view->activateWindow();
  m_view->setFocus();
  QTRY_VERIFY(m_view->hasFocus());
}

void TestCurveView::dragMovesOnePointAndReportsOnce() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  QSignalSpy changing(m_view.get(), &CurveView::curveChanging);
  press(at(12, 0.8));
  QCOMPARE(m_view->selection(), std::vector{2});
  move(at(13, 0.7));
  move(at(14, 0.51));
  QCOMPARE(changed.count(), 0);
  QVERIFY(changing.count() >= 1);
  release(at(14, 0.51));
  QCOMPARE(changed.count(), 1);
  QCOMPARE(changed[0][0].toInt(), 0);
  QCOMPARE(changed[0][2].toString(), QStringLiteral("Move point"));
  QCOMPARE(points(), (Points{{0, 0.2}, {6, 0.62}, {14, 0.5}, {19, 0.4}}));
  QVERIFY(!m_view->gestureRunning());
}

void TestCurveView::clickAloneChangesNothing() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  QSignalSpy changing(m_view.get(), &CurveView::curveChanging);
  press(at(6, 0.62));
  move(at(6, 0.62) + QPoint(1, 1));
  release(at(6, 0.62));
  QCOMPARE(changed.count() + changing.count(), 0);
  QCOMPARE(points(), sampleData().tracks[0].curve.points);  // 0.62 is off the grid and stays so
}

void TestCurveView::grabOffsetIsKept() {
  m_view->setSnapping(false);
  const QPoint offset(7, 5);
  press(at(12, 0.8) + offset);
  move(at(12, 0.6) + offset);
  release(at(12, 0.6) + offset);
  QVERIFY(std::abs(points()[2].value - 0.6) < 0.004);
}

void TestCurveView::dragStopsAtNeighbours() {
  press(at(6, 0.62));
  move(at(19, 0.62));
  release(at(19, 0.62));
  QCOMPARE(points()[1], (CurvePoint{11, 0.62}));  // along the layers: the value is not pulled onto the grid
}

void TestCurveView::modifiersFreeFineLock() {
  press(at(12, 0.8));
  move(at(12, 0.733), Qt::AltModifier);
  release(at(12, 0.733));
  QVERIFY(std::abs(points()[2].value - 0.733) < 0.004);
  QVERIFY(std::abs(points()[2].value * 20 - std::round(points()[2].value * 20)) > 0.01);

  m_view->setData(sampleData());
  press(at(12, 0.8));
  move(at(12, 0.5), Qt::ControlModifier);
  release(at(12, 0.5));
  QVERIFY(std::abs(points()[2].value - 0.77) < 0.002);  // a tenth of 0.3

  m_view->setData(sampleData());
  press(at(12, 0.8));
  move(at(14, 0.79), Qt::ShiftModifier);
  move(at(15, 0.3), Qt::ShiftModifier);
  release(at(15, 0.3));
  QCOMPARE(points()[2], (CurvePoint{15, 0.8}));
}

void TestCurveView::snappingCanBeSwitchedOff() {
  QSignalSpy switched(m_view.get(), &CurveView::snappingChanged);
  m_view->setSnapping(false);
  m_view->setSnapping(false);
  QCOMPARE(switched.count(), 1);
  press(at(12, 0.8));
  move(at(12, 0.733));
  release(at(12, 0.733));
  QVERIFY(std::abs(points()[2].value - 0.733) < 0.004);
}

void TestCurveView::addByPressAndDrag() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  press(at(9, 0.3));
  QCOMPARE(points().size(), std::size_t(5));
  move(at(10, 0.46));
  release(at(10, 0.46));
  QCOMPARE(changed.count(), 1);
  QCOMPARE(changed[0][2].toString(), QStringLiteral("Add point"));
  QCOMPARE(points()[2], (CurvePoint{10, 0.45}));
  QCOMPARE(m_view->selection(), std::vector{2});
}

void TestCurveView::controlClickKeepsTheCurve() {
  const auto before = evaluateCurve(m_view->data().tracks[0].curve, 20);
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  press(at(9, 0.3), Qt::ControlModifier);
  release(at(9, 0.3));
  QCOMPARE(changed.count(), 1);
  QCOMPARE(points().size(), std::size_t(5));
  const auto after = evaluateCurve(m_view->data().tracks[0].curve, 20);
  for (std::size_t i = 0; i < before.size(); ++i) QVERIFY(std::abs(before[i] - after[i]) < 1e-9);
}

void TestCurveView::dragOutDeletesAndComingBackRestores() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  const QPoint outside(at(12, 0).x(), static_cast<int>(m_view->geometry().plot.bottom()) + 45);
  press(at(12, 0.8));
  move(outside);
  QCOMPARE(points().size(), std::size_t(3));
  move(at(12, 0.7));
  QCOMPARE(points().size(), std::size_t(4));
  QCOMPARE(changed.count(), 0);
  move(outside);
  QTest::mouseRelease(port(), Qt::LeftButton, {}, at(12, 0.1));
  QCOMPARE(changed.count(), 1);
  QCOMPARE(changed[0][2].toString(), QStringLiteral("Delete point"));
  QCOMPARE(points(), (Points{{0, 0.2}, {6, 0.62}, {19, 0.4}}));
}

void TestCurveView::lastPointCannotBeDeleted() {
  ChartData data = sampleData();
  data.tracks[0].curve.points = {{5, 0.5}};
  m_view->setData(data);
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  m_view->setSelection({0});
  key(Qt::Key_Delete);
  QCOMPARE(changed.count(), 0);
  press(at(5, 0.5));
  move(QPoint(at(5, 0).x(), static_cast<int>(m_view->geometry().plot.bottom()) + 60));
  release(at(5, 0.1));
  QCOMPARE(points(), (Points{{5, 0.0}}));
}

void TestCurveView::escapeLeavesNoTrace() {
  m_view->setSelection({1});
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  QSignalSpy cancelled(m_view.get(), &CurveView::gestureCancelled);
  press(at(12, 0.8));
  move(at(15, 0.2));
  QVERIFY(points() != sampleData().tracks[0].curve.points);
  key(Qt::Key_Escape);
  QCOMPARE(points(), sampleData().tracks[0].curve.points);
  QCOMPARE(m_view->selection(), std::vector{1});  // the selection, too, is as before the press
  release(at(15, 0.2));
  QCOMPARE(changed.count(), 0);
  QCOMPARE(cancelled.count(), 1);
  press(at(9, 0.3));
  key(Qt::Key_Escape);
  release(at(9, 0.3));
  QCOMPARE(points(), sampleData().tracks[0].curve.points);
  QCOMPARE(changed.count(), 0);
}

void TestCurveView::otherEndsCancel_data() {
  QTest::addColumn<int>("type");
  QTest::newRow("focus out") << static_cast<int>(QEvent::FocusOut);
  QTest::newRow("deactivate") << static_cast<int>(QEvent::WindowDeactivate);
  QTest::newRow("right button") << static_cast<int>(QEvent::MouseButtonPress);
}

void TestCurveView::otherEndsCancel() {
  QFETCH(int, type);
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  press(at(12, 0.8));
  move(at(15, 0.2));
  if (type == QEvent::FocusOut) {
    m_view->clearFocus();
  } else if (type == QEvent::WindowDeactivate) {
    QEvent event(QEvent::WindowDeactivate);
    QApplication::sendEvent(m_view.get(), &event);
  } else {
    QTest::mousePress(port(), Qt::RightButton, {}, at(15, 0.2));
  }
  QVERIFY(!m_view->gestureRunning());
  QCOMPARE(points(), sampleData().tracks[0].curve.points);
  release(at(15, 0.2));
  QCOMPARE(changed.count(), 0);
}

void TestCurveView::bandSelectsAndMovesTogether() {
  m_view->setTool(CurveView::Tool::Select);
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  press(at(4, 0.95));
  move(at(14, 0.5));
  release(at(14, 0.5));
  QCOMPARE(m_view->selection(), (std::vector{1, 2}));
  QCOMPARE(changed.count(), 0);
  press(at(12, 0.8));
  move(at(14, 0.9));
  release(at(14, 0.9));
  QCOMPARE(changed.count(), 1);
  QCOMPARE(points(), (Points{{0, 0.2}, {8, 0.72}, {14, 0.9}, {19, 0.4}}));
  QCOMPARE(changed[0][2].toString(), QStringLiteral("Move 2 points"));
  press(at(10, 0.3));  // a click on nothing
  release(at(10, 0.3));
  QVERIFY(m_view->selection().empty());
}

void TestCurveView::keyboardSelectsAndMoves() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  key(Qt::Key_Right);
  QCOMPARE(m_view->selection(), std::vector{0});
  key(Qt::Key_Right);
  QCOMPARE(m_view->selection(), std::vector{1});
  key(Qt::Key_Up);
  QCOMPARE(points()[1].value, 0.63);
  key(Qt::Key_Down, Qt::ControlModifier);
  QCOMPARE(points()[1].value, 0.629);
  key(Qt::Key_Up, Qt::ShiftModifier);
  QCOMPARE(points()[1].value, 0.729);
  key(Qt::Key_PageDown);
  QCOMPARE(points()[1].value, 0.629);
  key(Qt::Key_Right, Qt::ControlModifier);
  QCOMPARE(points()[1].layer, 7);
  QCOMPARE(changed.count(), 5);
  key(Qt::Key_End);
  QCOMPARE(m_view->selection(), std::vector{3});
  key(Qt::Key_Left, Qt::ShiftModifier);
  QCOMPARE(m_view->selection(), (std::vector{2, 3}));
  key(Qt::Key_Home);
  QCOMPARE(m_view->selection(), std::vector{0});
  key(Qt::Key_A, Qt::ControlModifier);
  QCOMPARE(m_view->selection().size(), std::size_t(4));
  QCOMPARE(changed.count(), 5);
}

void TestCurveView::keyboardAddsAndDeletes() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  m_view->setSelection({1});
  key(Qt::Key_Insert);
  QCOMPARE(points().size(), std::size_t(5));
  QCOMPARE(points()[2].layer, 9);
  QVERIFY(std::abs(points()[2].value - 0.71) < 1e-9);
  key(Qt::Key_Delete);
  QCOMPARE(points(), sampleData().tracks[0].curve.points);
  m_view->setSelection({0, 1, 2, 3});
  key(Qt::Key_Backspace);
  QCOMPARE(points(), (Points{{0, 0.2}}));
  QCOMPARE(changed.count(), 3);
  QCOMPARE(changed[2][2].toString(), QStringLiteral("Delete 3 points"));
}

void TestCurveView::lettersChooseTools() {
  QSignalSpy chosen(m_view.get(), &CurveView::toolChanged);
  key(Qt::Key_D);
  QCOMPARE(m_view->tool(), CurveView::Tool::Pencil);
  key(Qt::Key_V);
  QCOMPARE(m_view->tool(), CurveView::Tool::Select);
  QCOMPARE(chosen.count(), 2);
  key(Qt::Key_E);
  QVERIFY(!m_view->barsShown());
}

void TestCurveView::pencilLineEraserBrush() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  const auto valueAt = [this](int layer) {
    return evaluateCurve(m_view->data().tracks[0].curve, 20)[static_cast<std::size_t>(layer)];
  };
  const auto drag = [this](CurveView::Tool tool, QPoint from, QPoint to) {
    m_view->setTool(tool);
    press(from);
    move(to);
    release(to);
  };
  drag(CurveView::Tool::Pencil, at(2, 0.5), at(8, 0.9));
  QVERIFY(std::abs(valueAt(2) - 0.5) < 0.005);
  QVERIFY(std::abs(valueAt(5) - 0.7) < 0.005);  // skipped by the pointer
  QVERIFY(std::abs(valueAt(8) - 0.9) < 0.005);
  drag(CurveView::Tool::Line, at(19, 0), at(10, 0.9));
  QVERIFY(std::abs(valueAt(10) - 0.9) < 1e-6);
  QVERIFY(std::abs(valueAt(19) - 0.0) < 1e-6);
  QVERIFY(std::abs(valueAt(13) - 0.6) < 1e-6);
  drag(CurveView::Tool::Eraser, at(3, 0.5), at(5, 0.2));
  for (const int layer : {3, 4, 5}) QVERIFY(std::abs(valueAt(layer)) < 1e-6);
  QVERIFY(std::abs(valueAt(2) - 0.5) < 0.005);
  const double before = valueAt(15);
  drag(CurveView::Tool::Brush, at(15, 0.4), at(15, 0.6));
  QVERIFY(std::abs(valueAt(15) - before - 0.2) < 0.01);
  QVERIFY(valueAt(16) > 0.3 && valueAt(10) < 0.901);
  QCOMPARE(changed.count(), 4);
}

void TestCurveView::hardLimits() {
  ChartData data = sampleData();
  data.least = 0.1;
  data.greatest = 0.9;
  m_view->setData(data);
  press(at(12, 0.8));
  move(at(12, 1.0));
  release(at(12, 1.0));
  QCOMPARE(points()[2].value, 0.9);
  m_view->setSelection({2});
  key(Qt::Key_Up, Qt::ShiftModifier);
  QCOMPARE(points()[2].value, 0.9);
  m_view->setPointValue(0, -5);
  QCOMPARE(points()[0].value, 0.1);
}

void TestCurveView::pressOnOtherCurveActivates() {
  QSignalSpy activated(m_view.get(), &CurveView::activeTrackChanged);
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  press(at(9, 0.1));
  release(at(9, 0.1));
  QCOMPARE(activated.count(), 1);
  QCOMPARE(m_view->data().activeTrack, 1);
  QCOMPARE(changed.count(), 0);
  press(at(6, 0.62));  // a handle of the first curve
  release(at(6, 0.62));
  QCOMPARE(m_view->data().activeTrack, 0);
  QCOMPARE(m_view->selection(), std::vector{1});
}

void TestCurveView::cellsUnlinkAndLink() {
  QSignalSpy changed(m_view.get(), &CurveView::cellChanged);
  const QRectF cell = m_view->geometry().cells[1];
  // The curves' first values, 0.2 and 0.1, are far enough apart: no dodging.
  const QPoint handle(qRound(cell.center().x()), at(0, 0.2).y());
  press(handle);
  move(QPoint(handle.x(), at(0, 0.7).y()));
  release(QPoint(handle.x(), at(0, 0.7).y()));
  QCOMPARE(changed.count(), 1);
  QCOMPARE(changed[0][1].toInt(), 1);
  QCOMPARE(m_view->data().tracks[0].cellValues[1], std::optional(0.7));
  QVERIFY(!m_view->data().tracks[0].cellValues[0]);
  key(Qt::Key_Up);
  QCOMPARE(m_view->data().tracks[0].cellValues[1], std::optional(0.71));
  m_view->toggleLink(1);
  QCOMPARE(changed.count(), 3);
  QVERIFY(!m_view->data().tracks[0].cellValues[1]);
  press(handle);
  move(QPoint(handle.x(), at(0, 0.7).y()));
  key(Qt::Key_Escape);
  QVERIFY(!m_view->data().tracks[0].cellValues[1]);
  m_view->toggleLink(2);  // tied: nothing to link
  QCOMPARE(changed.count(), 3);
}

void TestCurveView::fieldTakesDotAndComma() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  m_view->setSelection({2});
  for (const auto& [typed, value] : {std::pair{QStringLiteral("0.375"), 0.375}, {QStringLiteral("1,25"), 1.25}}) {
    key(Qt::Key_F2);
    auto* field = m_view->findChild<ValueField*>();
    QVERIFY(field);
    field->selectAll();
    QTest::keyClicks(field, typed);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(points()[2].value, value);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(!m_view->findChild<ValueField*>());
  }
  QCOMPARE(changed.count(), 2);
  QCOMPARE(m_view->geometry().high, 1.25);  // typed values may widen the scale
}

void TestCurveView::fieldIsLeftByEscape() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  QTest::mouseDClick(port(), Qt::LeftButton, {}, at(12, 0.8));
  auto* field = m_view->findChild<ValueField*>();
  QVERIFY(field);
  QTest::keyClicks(field, QStringLiteral("0.1"));
  QTest::keyClick(field, Qt::Key_Escape);
  QCOMPARE(changed.count(), 0);
  QCOMPARE(points()[2].value, 0.8);
}

void TestCurveView::menuOffersEdits() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  QContextMenuEvent event(QContextMenuEvent::Mouse, at(12, 0.8), port()->mapToGlobal(at(12, 0.8)));
  QApplication::sendEvent(port(), &event);
  auto* menu = m_view->findChild<QMenu*>(QStringLiteral("curveMenu"));
  QVERIFY(menu);
  QCOMPARE(m_view->selection(), std::vector{2});
  QStringList texts;
  for (QAction* action : menu->actions()) texts << action->text();
  QVERIFY(texts.contains(QStringLiteral("Edit value…")));
  QVERIFY(texts.contains(QStringLiteral("Set constant…")));
  menu->actions()[2]->trigger();
  QCOMPARE(points().size(), std::size_t(3));
  QCOMPARE(changed.count(), 1);
  menu->close();
  m_view->resetToNeutral();
  QCOMPARE(points(), (Points{{0, 0.0}}));
}

void TestCurveView::dataDuringGesture() {
  press(at(12, 0.8));
  move(at(12, 0.5));
  ChartData fresh = sampleData();
  fresh.tracks[0].effective = std::vector<double>(20, 0.25);
  m_view->setData(fresh);
  QVERIFY(m_view->gestureRunning());
  QCOMPARE(points()[2].value, 0.5);
  QCOMPARE(m_view->data().tracks[0].effective[3], 0.25);
  fresh.tracks.pop_back();
  QSignalSpy cancelled(m_view.get(), &CurveView::gestureCancelled);
  m_view->setData(fresh);
  QVERIFY(!m_view->gestureRunning());
  QCOMPARE(cancelled.count(), 1);
  QCOMPARE(points()[2].value, 0.8);
}

void TestCurveView::hoverTellsLayer() {
  QSignalSpy hovered(m_view.get(), &CurveView::hoveredLayerChanged);
  QMouseEvent inside(QEvent::MouseMove, at(7, 0.3), port()->mapToGlobal(at(7, 0.3)), Qt::NoButton, Qt::NoButton, {});
  QApplication::sendEvent(port(), &inside);
  QCOMPARE(hovered.last()[0].toInt(), 7);
  QEvent leave(QEvent::Leave);
  QApplication::sendEvent(m_view.get(), &leave);
  QCOMPARE(hovered.last()[0].toInt(), -1);
  QCOMPARE(hovered.count(), 2);
}

void TestCurveView::shapes() {
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  m_view->setShape(CurveShape::Smooth);
  m_view->setShape(CurveShape::Smooth);
  QCOMPARE(changed.count(), 1);
  QCOMPARE(m_view->data().tracks[0].curve.shape, CurveShape::Smooth);
}

void TestCurveView::emptyStateTakesNoEdits() {
  m_view->setData({});
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  press(QPoint(300, 200));
  move(QPoint(400, 100));
  release(QPoint(400, 100));
  for (const int code : {Qt::Key_Up, Qt::Key_Insert, Qt::Key_Delete, Qt::Key_F2, Qt::Key_Home, Qt::Key_Right})
    key(code);
  m_view->setShape(CurveShape::Step);
  m_view->addPoint();
  QCOMPARE(changed.count(), 0);
  QVERIFY(!m_view->gestureRunning());
  const QImage picture = port()->grab().toImage();
  bool drawn = false;
  for (int x = 450; x < 550 && !drawn; ++x)
    for (int y = 150; y < 260 && !drawn; ++y) drawn = picture.pixelColor(x, y) != currentTheme().base;
  QVERIFY2(drawn, "icon and sentence");
}

void TestCurveView::themeChangeReachesThePicture() {
  const auto ground = [this] { return port()->grab().toImage().pixelColor(5, 5); };
  QCOMPARE(ground(), themeTable(false, false).base);
  const QImage light = themedIcon(QStringLiteral("curve")).pixmap(16).toImage();
  applyTheme(*qApp, ThemeMode::Dark);
  QTRY_COMPARE(ground(), themeTable(true, false).base);
  QVERIFY(themedIcon(QStringLiteral("curve")).pixmap(16).toImage() != light);
  applyTheme(*qApp, ThemeMode::Light);
  QTRY_COMPARE(ground(), themeTable(false, false).base);
}

void TestCurveView::pointsAreAccessible() {
  QAccessibleInterface* chart = QAccessible::queryAccessibleInterface(m_view.get());
  QVERIFY(chart);
  QCOMPARE(chart->childCount(), 4);
  QAccessibleInterface* point = chart->child(2);
  QCOMPARE(point->role(), QAccessible::Slider);
  QCOMPARE(point->text(QAccessible::Name), QStringLiteral("Layer 12, math"));
  QCOMPARE(point->valueInterface()->currentValue().toDouble(), 0.8);
  QSignalSpy changed(m_view.get(), &CurveView::curveChanged);
  point->valueInterface()->setCurrentValue(0.3);
  QCOMPARE(changed.count(), 1);
  QCOMPARE(points()[2].value, 0.3);
  QVERIFY(m_view->accessibleDescription().contains(QStringLiteral("math")));
}

void TestCurveView::toolBarFollowsTheView() {
  CurveToolBar bar;
  bar.setParameters({QStringLiteral("weight"), QStringLiteral("density")}, 0);
  bar.setGroups({QStringLiteral("All tensors"), QStringLiteral("Attention"), QStringLiteral("MLP")}, 1);
  bar.connectTo(*m_view);
  QAction undo(QStringLiteral("Undo"));
  QAction redo(QStringLiteral("Redo"));
  bar.setHistoryActions(&undo, &redo);
  bar.resize(700, 34);
  bar.show();
  QVERIFY(bar.minimumSizeHint().width() <= 700);
  QToolButton* pencil = nullptr;
  for (auto* button : bar.findChildren<QToolButton*>())
    if (button->toolTip().contains(QStringLiteral("(D)"))) pencil = button;
  QVERIFY(pencil);
  QTest::mouseClick(pencil, Qt::LeftButton);
  QCOMPARE(m_view->tool(), CurveView::Tool::Pencil);
  m_view->setTool(CurveView::Tool::Points);
  QVERIFY(!pencil->isChecked());
  QSignalSpy shape(&bar, &CurveToolBar::shapeChosen);
  bar.setShape(CurveShape::Linear);
  for (auto* button : bar.findChildren<QToolButton*>())
    if (button->toolTip().startsWith(QStringLiteral("Step"))) QTest::mouseClick(button, Qt::LeftButton);
  QCOMPARE(shape.count(), 1);
  QCOMPARE(m_view->data().tracks[0].curve.shape, CurveShape::Step);
}

QTEST_MAIN(TestCurveView)
#include "tst_curve_view.moc"
