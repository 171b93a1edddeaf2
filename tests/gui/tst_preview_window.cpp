// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>
#include <memory>
#include <set>

#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTranslator>

#include "tests/common/safetensors_data.h"
#include "ui/advice/advice_panel.h"
#include "ui/advice/advice_summary.h"
#include "ui/advice/threshold_dialog.h"
#include "ui/preview/preview_panel.h"
#include "ui/preview/preview_table.h"
#include "ui/theme/theme.h"
#include "ui/window/curves_panel.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

namespace layerloom {
namespace {

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

/// Another language, as far as a report needs it.
class Quoting : public QTranslator {
 public:
  QString translate(const char* context, const char* sourceText, const char*, int) const override {
    return qstrcmp(context, "Report") == 0 ? QStringLiteral("«%1»").arg(QString::fromUtf8(sourceText)) : QString();
  }
  bool isEmpty() const override { return false; }
};

}  // namespace

/// What the window foretells of a merge, and the advice it gives.
class TestPreviewWindow : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void init();
  void cleanup() { m_window.reset(); }

  void everyLayerAndCellIsPredicted();
  void theLaneFollowsADrag();
  void theGroupInViewCounts();
  void aRealMergeAgrees();
  void aRealMergeIsCancelled();
  void aRealMergeSaysNothingOfAnotherRecipe();
  void theTitleOfTheLaneStandsFree();
  void figuresStandBelowTheirHeadings();
  void sampledMethodsShowIntervals();
  void withoutModelsThereIsNone();
  void adviceLeadsToItsPlace();
  void adviceOnModelsBesideTheMergeIsFolded();
  void levelsDifferInShapeAndWord();
  void adviceIsCountedInTheTitle();
  void adviceKnowsTheMethod();
  void thresholdsAreKept();
  void theReportIsWritten();
  void theReportSpeaksTheWindowsLanguage();

 private:
  CurveView& view() { return m_window->curves().view(); }
  PreviewPanel& panel() { return *m_window->findChild<PreviewPanel*>(); }
  AdvicePanel& advice() { return *m_window->findChild<AdvicePanel*>(); }
  QAbstractItemModel& table() { return *panel().findChild<QTableView*>()->model(); }
  const ChartPreview& preview() { return view().data().preview; }
  void settle() { QTRY_VERIFY_WITH_TIMEOUT(m_window->workspace().isSettled(), 30000); }
  void show(const char* dock);

  std::unique_ptr<MainWindow> m_window;
};

void TestPreviewWindow::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(text("LayerloomTest"));
  QCoreApplication::setApplicationName(text("tst_preview_window"));
  applyTheme(*qApp, ThemeMode::Light);
}

void TestPreviewWindow::init() {
  QTest::failOnWarning(QRegularExpression(text("\\A(?!This plugin does not support)")));
  QSettings().clear();
  m_window = std::make_unique<MainWindow>(text(LAYERLOOM_CLI));
  m_window->show();
  m_window->openAtStart(text(LAYERLOOM_SAMPLES "/starter.layerloom.yml"));
  QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
  settle();
}

void TestPreviewWindow::show(const char* dock) {
  auto* found = m_window->findChild<QDockWidget*>(text(dock));
  QVERIFY(found != nullptr);
  found->show();
  found->raise();
  QTRY_VERIFY(found->isVisible());
}

void TestPreviewWindow::everyLayerAndCellIsPredicted() {
  QCOMPARE(preview().layers.size(), std::size_t{8});
  QVERIFY(!preview().sampled);
  for (const auto& layer : preview().layers) {
    QVERIFY(layer.has_value());
    QVERIFY(layer->value > 0.005 && layer->value < 0.05);
    QCOMPARE(layer->low, layer->high);
  }
  QCOMPARE(preview().cells.size(), view().data().cells.size());
  QVERIFY(preview().cells.front().has_value());
  QVERIFY(!view().geometry().lane.isEmpty());
  QVERIFY2(view().data().notes[3].startsWith(text("result 0.0")), qPrintable(view().data().notes[3]));
}

void TestPreviewWindow::theLaneFollowsADrag() {
  const ChartPreview before = preview();
  const ChartTrack& track = view().data().tracks[0];
  const QPointF handle(view().geometry().layerToX(track.curve.points[0].layer), view().geometry().valueToY(track.curve.points[0].value));
  QTest::mousePress(view().viewport(), Qt::LeftButton, Qt::NoModifier, handle.toPoint());
  QTest::mouseMove(view().viewport(), handle.toPoint() + QPoint(0, -40));
  QTest::mouseMove(view().viewport(), handle.toPoint() + QPoint(0, -80));
  QVERIFY(view().gestureRunning());
  QTRY_VERIFY(preview().layers.size() == 8 && preview().layers[0] && preview().layers[0]->value > 1.2 * before.layers[0]->value);
  QCOMPARE(preview().layers[7], before.layers[7]);
  QTest::keyClick(&view(), Qt::Key_Escape);
  QTest::mouseRelease(view().viewport(), Qt::LeftButton);
  QTRY_COMPARE(preview(), before);
}

void TestPreviewWindow::theGroupInViewCounts() {
  const ChartPreview all = preview();
  const int norms = static_cast<int>(m_window->workspace().groupLabels().indexOf(text("Norm")));
  QVERIFY(norms > 0);
  m_window->workspace().chooseGroup(norms);
  QVERIFY(preview().layers[2]->value < 0.5 * all.layers[2]->value);
}

void TestPreviewWindow::aRealMergeAgrees() {
  show("PreviewDock");
  auto& scope = *panel().findChild<QComboBox*>(text("PreviewScope"));
  auto& button = *panel().findChild<QPushButton*>(text("PreviewDryRun"));
  QCOMPARE(scope.count(), 10);  // the whole, outside, eight layers
  QVERIFY(!button.isEnabled());
  panel().showLayer(2);
  QVERIFY(button.isEnabled());
  QCOMPARE(table().rowCount(), 2);
  QTest::mouseClick(&button, Qt::LeftButton);
  QTRY_COMPARE_WITH_TIMEOUT(table().rowCount(), 4, 20000);
  const auto number = [&](int row, int column) { return QLocale().toDouble(table().index(row, column).data().toString()); };
  for (const int column : {PreviewTable::Distance, PreviewTable::Cosine}) {
    QVERIFY(number(0, column) != 0);
    // The result is stored in bfloat16: the prediction knows no rounding.
    QVERIFY2(std::abs(number(0, column) - number(1, column)) < 0.02 * std::abs(number(0, column)),
             qPrintable(table().index(1, column).data().toString()));
  }
  QCOMPARE(table().index(1, PreviewTable::Model).data().toString(), text("measured"));
}

void TestPreviewWindow::aRealMergeIsCancelled() {
  show("PreviewDock");
  auto& button = *panel().findChild<QPushButton*>(text("PreviewDryRun"));
  auto& progress = *panel().findChild<QProgressBar*>();
  const QString compare = button.text();
  panel().showLayer(2);
  QVERIFY(!progress.isVisible());
  QTest::mouseClick(&button, Qt::LeftButton);
  // The result comes through the event loop: until then it is running.
  QCOMPARE(button.text(), text("Cancel"));
  QVERIFY(button.isEnabled() && progress.isVisible());
  QTest::mouseClick(&button, Qt::LeftButton);
  QTRY_COMPARE_WITH_TIMEOUT(button.text(), compare, 20000);
  QVERIFY(!progress.isVisible());
  QVERIFY(!m_window->workspace().preview().dryRun.has_value());
  QCOMPARE(table().rowCount(), 2);
  QSignalSpy advanced(&m_window->workspace().previews(), &PreviewStore::dryRunAdvanced);
  QTest::mouseClick(&button, Qt::LeftButton);
  QTRY_COMPARE_WITH_TIMEOUT(table().rowCount(), 4, 20000);
  QVERIFY(!advanced.isEmpty());
  QCOMPARE(advanced.last().first().toInt(), 100);
}

void TestPreviewWindow::aRealMergeSaysNothingOfAnotherRecipe() {
  show("PreviewDock");
  panel().showLayer(2);
  m_window->workspace().runDry(2);
  QTRY_COMPARE_WITH_TIMEOUT(table().rowCount(), 4, 20000);
  m_window->workspace().setParameterValue(text("lambda"), 0.5);
  settle();
  QTRY_COMPARE(table().rowCount(), 2);
}

/// No pixel of the title's ground changes when the crosshair comes to layer 0.
void TestPreviewWindow::theTitleOfTheLaneStandsFree() {
  const QRectF lane = view().geometry().lane;
  const double layer0 = view().geometry().layerToX(0);
  QVERIFY(layer0 - lane.left() < 60);  // the title is longer
  const QRect title(qRound(lane.left()), qRound(lane.top()), qRound(layer0 - lane.left()) + 40, 10);
  view().setMarkedLayer(-1);
  const QImage before = view().viewport()->grab(title).toImage();
  const QImage laneBefore = view().viewport()->grab(lane.toRect()).toImage();
  view().setMarkedLayer(0);
  QCOMPARE(view().viewport()->grab(title).toImage(), before);
  QVERIFY(view().viewport()->grab(lane.toRect()).toImage() != laneBefore);  // it goes on below the title
}

void TestPreviewWindow::figuresStandBelowTheirHeadings() {
  show("PreviewDock");
  const auto& shown = *panel().findChild<QTableView*>();
  const QHeaderView& header = *shown.horizontalHeader();
  const auto ink = [](const QImage& image, const QColor& ground) {
    int first = image.width();
    int last = -1;
    for (int y = 2; y < image.height() - 3; ++y) {  // without the line below the headings
      for (int x = 0; x < image.width(); ++x) {
        if (std::abs(qGray(image.pixel(x, y)) - qGray(ground.rgb())) > 60) {
          first = std::min(first, x);
          last = std::max(last, x);
        }
      }
    }
    return std::pair(first, last);
  };
  for (const int column : {PreviewTable::Model, PreviewTable::Distance}) {
    const int left = header.sectionViewportPosition(column);
    const QRect row(left, 0, header.sectionSize(column), 24);
    const auto heading = ink(header.viewport()->grab(QRect(left, 0, row.width(), header.height())).toImage(), currentTheme().panel);
    const auto figure = ink(shown.viewport()->grab(row).toImage(), currentTheme().panel);
    QVERIFY(heading.second > 0 && figure.second > 0);
    // Letters have bearings of a pixel or so.
    const int apart = column == PreviewTable::Model ? heading.first - figure.first : heading.second - figure.second;
    QVERIFY2(std::abs(apart) <= 1, qPrintable(QString::number(apart)));
  }
}

void TestPreviewWindow::sampledMethodsShowIntervals() {
  show("PreviewDock");
  m_window->workspace().setMethod(text("ties"));
  m_window->workspace().setParameterValue(text("density"), 0.4);
  settle();
  QVERIFY(preview().sampled);
  QVERIFY(preview().layers[4] && preview().layers[4]->low < preview().layers[4]->high);
  QTRY_VERIFY(table().rowCount() >= 2);
  QVERIFY2(table().index(0, PreviewTable::Kept).data().toString() != text("–"), "kept");
  QVERIFY(table().index(0, PreviewTable::ConflictsLost).data().toString() != text("–"));
}

void TestPreviewWindow::withoutModelsThereIsNone() {
  m_window->workspace().openNew();
  settle();
  QVERIFY(preview().layers.empty());
  QVERIFY(!view().data().previewed);
  QVERIFY(m_window->workspace().advice().empty());
  QVERIFY(!m_window->workspace().preview().emptyText.isEmpty());
}

void TestPreviewWindow::adviceLeadsToItsPlace() {
  show("AdviceDock");
  auto& list = *advice().findChild<QListWidget*>();
  QVERIFY(list.count() > 3);
  QCOMPARE(static_cast<int>(m_window->workspace().advice().size()) + 1, list.count());  // and the fold
  int row = -1;
  for (int i = 0; i < list.count(); ++i) {
    row = list.item(i)->text().startsWith(text("code moved most in layer 2")) ? i : row;
  }
  QVERIFY(row >= 0);
  list.setCurrentRow(row);
  list.setFocus();
  QSignalSpy shown(&m_window->workspace(), &Workspace::layerShown);
  QTest::keyClick(&list, Qt::Key_Return);
  QCOMPARE(shown.count(), 1);
  QCOMPARE(shown.first().first().toInt(), 2);
  QCOMPARE(view().data().tracks[static_cast<std::size_t>(view().data().activeTrack)].name, text("code"));
}

void TestPreviewWindow::adviceOnModelsBesideTheMergeIsFolded() {
  show("AdviceDock");
  auto& list = *advice().findChild<QListWidget*>();
  const auto row = [&](const char* beginning) {
    for (int i = 0; i < list.count(); ++i) {
      if (list.item(i)->text().startsWith(text(beginning))) {
        return i;
      }
    }
    return -1;
  };
  const auto hidden = [&](int at) { return list.item(at)->isHidden(); };
  const int fold = row("1 model(s) not in the merge: far");
  const int far = row("far moved");
  QVERIFY(fold > 0 && far > fold);
  QVERIFY(row("code moved") < fold && !hidden(fold) && hidden(far));
  QVERIFY(list.item(fold)->data(Qt::AccessibleTextRole).toString().contains(text("closed")));
  const int cautions = advice().cautions();
  list.scrollToItem(list.item(fold));
  QTest::mouseClick(list.viewport(), Qt::LeftButton, Qt::NoModifier, list.visualItemRect(list.item(fold)).center());
  QVERIFY(!hidden(far));
  list.setCurrentRow(far);
  QSignalSpy activated(&advice(), &AdvicePanel::activated);
  QTest::keyClick(&list, Qt::Key_Return);
  QCOMPARE(activated.count(), 1);
  QVERIFY(activated.first().first().value<Advice>().beside);
  list.setCurrentRow(fold);
  QTest::keyClick(&list, Qt::Key_Space);
  QVERIFY(hidden(far));
  QCOMPARE(activated.count(), 1);
  // In the merge it counts, and comes first.
  Workspace& workspace = m_window->workspace();
  int card = 0;
  while (workspace.cards()[static_cast<std::size_t>(card)].name != text("far")) {
    ++card;
  }
  workspace.addToMerge(card);
  settle();
  QCOMPARE(row("1 model(s) not in the merge: far"), -1);
  QCOMPARE(row("far moved"), 0);
  QVERIFY(advice().cautions() > cautions);
}

void TestPreviewWindow::levelsDifferInShapeAndWord() {
  const std::array levels = {AdviceLevel::Note, AdviceLevel::Caution, AdviceLevel::Warning, AdviceLevel::StrongWarning};
  std::set<QString> words;
  std::vector<QImage> shapes;
  for (const AdviceLevel level : levels) {
    words.insert(adviceLevelText(level));
    const QImage shape = adviceIcon(level).pixmap(QSize(32, 32)).toImage().convertToFormat(QImage::Format_Alpha8);
    QVERIFY(!shape.isNull());
    QVERIFY2(std::find(shapes.begin(), shapes.end(), shape) == shapes.end(), qPrintable(adviceLevelText(level)));
    shapes.push_back(shape);
  }
  QCOMPARE(words.size(), levels.size());
  show("AdviceDock");
  const auto& list = *advice().findChild<QListWidget*>();
  QVERIFY(list.item(0)->data(Qt::AccessibleTextRole).toString().startsWith(text("Caution: ")));
}

void TestPreviewWindow::adviceIsCountedInTheTitle() {
  show("AdviceDock");
  const QWidget& summary = *advice().summary();
  QVERIFY(summary.isVisible());
  QVERIFY2(summary.accessibleName().contains(QRegularExpression(text("^3 caution\\(s\\), [0-9]+ note\\(s\\)$"))), qPrintable(summary.accessibleName()));
  // One line for the counts and the button.
  const auto buttons = summary.parentWidget()->findChildren<QToolButton*>();
  const auto found = std::find_if(buttons.begin(), buttons.end(), [](const QToolButton* one) { return one->accessibleName().startsWith(text("Where advice")); });
  QVERIFY(found != buttons.end() && (*found)->isVisible());
  QVERIFY((*found)->geometry().top() < summary.geometry().bottom() && (*found)->geometry().left() > summary.geometry().left());
}

void TestPreviewWindow::adviceKnowsTheMethod() {
  const auto dense = [&] {
    const auto all = m_window->workspace().advice();
    const auto found = std::find_if(all.begin(), all.end(), [](const Advice& one) { return one.topic == AdviceTopic::DenseDelta; });
    return found == all.end() ? std::optional<AdviceLevel>() : std::optional(found->level);
  };
  QCOMPARE(dense(), std::optional(AdviceLevel::Note));
  m_window->workspace().setMethod(text("ties"));
  QCOMPARE(dense(), std::optional(AdviceLevel::Caution));
  AdviceThresholds thresholds;
  thresholds.denseShare = 0.1;
  m_window->workspace().setThresholds(thresholds);
  QCOMPARE(dense(), std::optional<AdviceLevel>());
}

void TestPreviewWindow::thresholdsAreKept() {
  ThresholdDialog dialog(m_window->workspace().thresholds());
  QCOMPARE(dialog.findChildren<QDoubleSpinBox*>().size(), static_cast<qsizetype>(AdviceThresholds::names().size()));
  auto* far = dialog.findChild<QDoubleSpinBox*>(text("farCaution"));
  QCOMPARE(far->value(), AdviceThresholds().farCaution);
  far->setValue(0.02);
  storeThresholds(dialog.thresholds());
  QCOMPARE(storedThresholds().farCaution, 0.02);
  QCOMPARE(storedThresholds().outerRatio, AdviceThresholds().outerRatio);
}

void TestPreviewWindow::theReportIsWritten() {
  QTemporaryDir folder;
  auto& files = *m_window->findChild<FileActions*>();
  QVERIFY(files.exportReportTo(folder.filePath(text("report.html"))));
  const std::string html = test::readBytes(folder.filePath(text("report.html")).toStdString());
  QVERIFY(html.find("Merge report") != std::string::npos && html.find("merge_method: task_arithmetic") != std::string::npos);
  QVERIFY(files.exportReportTo(folder.filePath(text("report.pdf"))));
  QVERIFY(test::readBytes(folder.filePath(text("report.pdf")).toStdString()).starts_with("%PDF"));
}

void TestPreviewWindow::theReportSpeaksTheWindowsLanguage() {
  QTemporaryDir folder;
  Quoting quoting;
  QVERIFY(QCoreApplication::installTranslator(&quoting));
  auto& files = *m_window->findChild<FileActions*>();
  QVERIFY(files.exportReportTo(folder.filePath(text("report.html"))));
  const QString html = QString::fromStdString(test::readBytes(folder.filePath(text("report.html")).toStdString()));
  QVERIFY(html.contains(text("<h1>«Merge report»</h1>")) && html.contains(text("<h2>«Sources»</h2>")));
  // What speaks of a model that the recipe does not use comes under a heading of its own.
  QVERIFY(html.indexOf(text("far moved far from the base")) > html.indexOf(text("«Advice on models that are not in the merge»")));
}

}  // namespace layerloom

QTEST_MAIN(layerloom::TestPreviewWindow)
#include "tst_preview_window.moc"
