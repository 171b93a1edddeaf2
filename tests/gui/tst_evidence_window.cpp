// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>
#include <memory>

#include <QAction>
#include <QDockWidget>
#include <QMenuBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>

#include "tests/common/safetensors_data.h"
#include "ui/evidence/evidence_panel.h"
#include "ui/evidence/heat_map_view.h"
#include "ui/evidence/heat_page.h"
#include "ui/evidence/ranking_view.h"
#include "ui/theme/theme.h"
#include "ui/window/curves_panel.h"
#include "ui/window/main_window.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

/// ‖Δ‖ / ‖W‖ over the tensors whose names contain both parts, by the definition.
double relativeDelta(const fs::path& base, const fs::path& model, const std::string& place, const std::string& kind) {
  const auto others = test::readModelFolder(model);
  long double delta = 0;
  long double whole = 0;
  for (const auto& [name, tensor] : test::readModelFolder(base)) {
    if (name.find(place) == std::string::npos || name.find(kind) == std::string::npos) {
      continue;
    }
    const std::vector<double> a = test::valuesOf(tensor);
    const std::vector<double> b = test::valuesOf(others.at(name));
    for (std::size_t i = 0; i < a.size(); ++i) {
      delta += (static_cast<long double>(b[i]) - a[i]) * (static_cast<long double>(b[i]) - a[i]);
      whole += static_cast<long double>(a[i]) * a[i];
    }
  }
  return static_cast<double>(std::sqrt(delta / whole));
}

}  // namespace

class TestEvidenceWindow : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void init();
  void cleanup() { m_window.reset(); }

  void dockIsATabBesideTheProblems();
  void figuresAreThoseOfTheFiles();
  void clickTurnsTheCurvesToThePlace();
  void outerCellShowsAllTensors();
  void pointerInTheCurvesMarksTheColumn();
  void pointerInTheMapMarksTheLayer();
  void columnsStandOnTheLayersOfTheCurves();
  void mapFollowsTheActiveCard();
  void withoutBaseAgainstTheMean();
  void newRecipeHasNoEvidence();

 private:
  EvidencePanel& panel() { return m_window->evidence(); }
  const HeatModel& heat() { return panel().heat().model(); }
  QModelIndex cell(int layer, TensorKind kind) { return heat().find(layer, "", kind); }
  void click(const QModelIndex& index);
  fs::path sample(const char* name) const { return fs::path(LAYERLOOM_SAMPLES) / name; }

  std::unique_ptr<MainWindow> m_window;
};

void TestEvidenceWindow::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(text("LayerloomTest"));
  QCoreApplication::setApplicationName(text("tst_evidence_window"));
  applyTheme(*qApp, ThemeMode::Light);
}

void TestEvidenceWindow::init() {
  QTest::failOnWarning(QRegularExpression(text("\\A(?!This plugin does not support)")));
  QSettings().clear();
  m_window = std::make_unique<MainWindow>(text(LAYERLOOM_CLI));
  m_window->show();
  m_window->openAtStart(QString::fromStdString(sample("starter.layerloom.yml").string()));
  m_window->showEvidence();
  QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
  QTRY_VERIFY_WITH_TIMEOUT(m_window->workspace().isSettled(), 30000);
  QTRY_COMPARE(heat().columnCount(), 11);
}

void TestEvidenceWindow::click(const QModelIndex& index) {
  HeatMapView& view = panel().heat().view();
  QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::NoModifier, view.visualRect(index).center());
}

void TestEvidenceWindow::dockIsATabBesideTheProblems() {
  auto* dock = m_window->findChild<QDockWidget*>(text("EvidenceDock"));
  auto* problems = m_window->findChild<QDockWidget*>(text("ProblemsDock"));
  QVERIFY(dock != nullptr && problems != nullptr);
  QVERIFY(m_window->tabifiedDockWidgets(problems).contains(dock));
  QStringList tabs;
  for (const auto* bar : m_window->findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
    for (int i = 0; bar->isVisible() && i < bar->count(); ++i) {
      tabs << bar->tabText(i);
    }
  }
  QCOMPARE(tabs.size(), 4);
  QCOMPARE(tabs.mid(0, 2), QStringList({text("Problems"), text("Evidence")}));
  QAction* view = m_window->menuBar()->actions()[2];
  const auto entries = view->menu()->actions();
  const auto entry = std::find_if(entries.begin(), entries.end(), [](const QAction* action) { return action->text() == text("Evidence"); });
  QVERIFY(entry != entries.end());
  (*entry)->trigger();
  QVERIFY(!dock->isVisible());
  QCOMPARE(problems->isVisible(), true);
  // The curves keep the greatest part of the window.
  QVERIFY2(m_window->curves().height() > m_window->height() * 0.58, qPrintable(QString::number(m_window->curves().height())));
}

void TestEvidenceWindow::figuresAreThoseOfTheFiles() {
  const auto near = [](const QModelIndex& index, double expected) { return std::abs(index.data(ValueRole).toDouble() - expected) < 1e-9 * expected; };
  QVERIFY(near(cell(3, TensorKind::Query), relativeDelta(sample("base"), sample("prose"), "layers.3.", "q_proj")));
  QVERIFY(near(cell(7, TensorKind::Down), relativeDelta(sample("base"), sample("prose"), "layers.7.", "down_proj")));
  QVERIFY(near(cell(0, TensorKind::Norm), relativeDelta(sample("base"), sample("prose"), "layers.0.", "norm")));
  QVERIFY(near(cell(-1, TensorKind::Embedding), relativeDelta(sample("base"), sample("prose"), "embed_tokens", "")));
  // The bars of the chart are the layers of the ranking.
  panel().setPage(EvidencePanel::Page::Ranking);
  const QAbstractItemModel& ranked = panel().ranking().shown();
  const auto& bars = m_window->workspace().chart().data.tracks[0].relativeDelta;
  for (int row = 0; row < ranked.rowCount(); ++row) {
    const int layer = ranked.index(row, 0).data().toString().mid(6).toInt();
    QCOMPARE(ranked.index(row, 2).data(ValueRole).toDouble(), bars[static_cast<std::size_t>(layer)]);
  }
}

void TestEvidenceWindow::clickTurnsTheCurvesToThePlace() {
  QSignalSpy hovered(&m_window->curves().view(), &CurveView::hoveredLayerChanged);
  click(cell(5, TensorKind::Value));
  const Workspace& workspace = m_window->workspace();
  QCOMPARE(workspace.groupLabels()[workspace.groupIndex()], text("Attention"));
  QCOMPARE(hovered.last()[0].toInt(), 5);
  const double bar = workspace.chart().data.tracks[0].relativeDelta[5];
  const double attention = relativeDelta(sample("base"), sample("prose"), "layers.5.", "self_attn");
  QVERIFY2(std::abs(bar - attention) < 1e-9 * attention, "only the tensors of the group count");
  click(cell(2, TensorKind::Up));
  QCOMPARE(workspace.groupLabels()[workspace.groupIndex()], text("MLP"));
  QCOMPARE(hovered.last()[0].toInt(), 2);
}

void TestEvidenceWindow::outerCellShowsAllTensors() {
  click(cell(5, TensorKind::Value));
  click(cell(-1, TensorKind::Embedding));
  QCOMPARE(m_window->workspace().groupIndex(), 0);
}

void TestEvidenceWindow::pointerInTheCurvesMarksTheColumn() {
  CurveView& view = m_window->curves().view();
  const ChartGeometry geometry = view.geometry();
  QTest::mouseMove(view.viewport(), QPointF(geometry.layerToX(6), geometry.valueToY(0.8)).toPoint());
  QTRY_COMPARE(panel().heat().view().markedLayer(), 6);
}

void TestEvidenceWindow::pointerInTheMapMarksTheLayer() {
  CurveView& view = m_window->curves().view();
  HeatMapView& map = panel().heat().view();
  const ChartGeometry geometry = view.geometry();
  const auto column = [&](int layer) {
    const QRectF rect(geometry.layerToX(layer) - 2, geometry.plot.top() + 20, 5, 30);
    return view.viewport()->grab(rect.toRect()).toImage();
  };
  const QImage plain = column(6);
  QTest::mouseMove(map.viewport(), map.visualRect(cell(6, TensorKind::Up)).center());
  QTRY_VERIFY(column(6) != plain);
  QTest::mouseMove(map.viewport(), map.visualRect(cell(-1, TensorKind::Embedding)).center());
  QTRY_COMPARE(column(6), plain);
  // The keyboard does the same.
  map.setFocus();
  map.setCurrentIndex(cell(5, TensorKind::Up));
  QTest::mouseMove(map.viewport(), QPoint(1, 1));
  QTest::keyClick(&map, Qt::Key_Right);
  QTRY_VERIFY(column(6) != plain);
  view.setFocus();
  QTRY_COMPARE(column(6), plain);
}

void TestEvidenceWindow::columnsStandOnTheLayersOfTheCurves() {
  CurveView& view = m_window->curves().view();
  HeatMapView& map = panel().heat().view();
  /// How far the column of a layer is from the layer in the chart, in pixels.
  const auto apart = [&](int layer) {
    const double chart = view.viewport()->mapToGlobal(QPointF(view.geometry().layerToX(layer), 0)).x();
    const QRectF rect(map.visualRect(cell(layer, TensorKind::Up)));
    return std::abs(map.viewport()->mapToGlobal(rect.center()).x() - chart);
  };
  QVERIFY(apart(0) > 20);  // the dock is too narrow for the chart
  for (const char* name : {"YamlDock", "JobsDock"}) {
    m_window->findChild<QDockWidget*>(text(name))->close();
  }
  QTRY_VERIFY(map.viewport()->width() > view.viewport()->width());
  for (int layer = 0; layer < 8; ++layer) {
    QTRY_VERIFY2(apart(layer) <= 1, qPrintable(QString::number(apart(layer))));
  }
  const QRectF embedding(map.visualRect(cell(-1, TensorKind::Embedding)));
  QVERIFY(std::abs(map.viewport()->mapToGlobal(embedding.center()).x() - view.viewport()->mapToGlobal(view.geometry().cells[0].center()).x()) <= 1);
  // The curves get narrower: the columns follow.
  m_window->resizeDocks({m_window->findChild<QDockWidget*>(text("ModelsDock"))}, {400}, Qt::Horizontal);
  QTRY_VERIFY(map.viewport()->mapToGlobal(QPointF()).x() + 300 < view.viewport()->mapToGlobal(QPointF()).x());
  QTRY_VERIFY2(apart(7) <= 1 && apart(0) <= 1, qPrintable(QString::number(apart(7))));
  m_window->findChild<QDockWidget*>(text("EvidenceDock"))->setFloating(true);
  QTRY_VERIFY(apart(0) > 1);  // on its own the map takes all its room
}

void TestEvidenceWindow::mapFollowsTheActiveCard() {
  m_window->workspace().setActiveCard(2);
  const double expected = relativeDelta(sample("base"), sample("code"), "layers.3.", "q_proj");
  QVERIFY(std::abs(cell(3, TensorKind::Query).data(ValueRole).toDouble() - expected) < 1e-9 * expected);
}

void TestEvidenceWindow::withoutBaseAgainstTheMean() {
  m_window->workspace().setMethod(text("linear"));
  m_window->workspace().setBaseModel({});
  QTRY_VERIFY_WITH_TIMEOUT(m_window->workspace().isSettled(), 30000);
  QTRY_COMPARE(panel().data().state, EvidenceState::Ready);
  QVERIFY(panel().data().base.isEmpty());
  QCOMPARE(panel().data().models.size(), std::size_t(4));
}

void TestEvidenceWindow::newRecipeHasNoEvidence() {
  m_window->workspace().openNew();
  QTRY_COMPARE(panel().data().state, EvidenceState::NoModels);
  QVERIFY(!panel().heat().view().isVisible());
}

}  // namespace layerloom

QTEST_MAIN(layerloom::TestEvidenceWindow)
#include "tst_evidence_window.moc"
