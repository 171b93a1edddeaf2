// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <memory>
#include <set>

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "tests/gui/evidence_fixture.h"
#include "ui/evidence/colour_legend.h"
#include "ui/evidence/evidence_export.h"
#include "ui/evidence/evidence_panel.h"
#include "ui/evidence/heat_map_view.h"
#include "ui/evidence/heat_page.h"
#include "ui/evidence/histogram_view.h"
#include "ui/evidence/pair_matrix.h"
#include "ui/evidence/pairs_page.h"
#include "ui/evidence/ranking_view.h"
#include "ui/evidence/scope_box.h"
#include "ui/evidence/sizes_page.h"
#include "ui/parts/text_button.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

using test::madeUpBase;
using test::madeUpIndex;
using test::madeUpSquared;

// Columns of the fixture's heat map: emb, 0, 1, 2, norm, head. Rows: q, up, norm.
enum Column { Emb, Layer0, Layer1, Layer2, LastNorm, Head };
enum Row { Q, Up, Norm };

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

/// ‖Δ‖ / ‖W‖ by the definition, over tensors of the fixture.
double relativeDelta(const std::vector<const char*>& tensors, int model) {
  double squared = 0;
  double base = 0;
  for (const char* tensor : tensors) {
    squared += madeUpSquared(madeUpIndex(tensor), model);
    base += madeUpBase(madeUpIndex(tensor));
  }
  return std::sqrt(squared) / std::sqrt(base);
}

bool same(const QVariant& value, double expected) {
  return value.isValid() && std::abs(value.toDouble() - expected) <= 1e-12 * std::abs(expected);
}

}  // namespace

class TestEvidence : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { applyTheme(*qApp, ThemeMode::Light); }
  void init();
  void cleanup();

  void mapHoldsTheFigures();
  void mapFollowsFigureAndSubject();
  void cellsAreColouredByValue();
  void cellsWithoutValueAreHatched();
  void cellsToComeAreEmpty();
  void outerCellsStandBesideTheLayers();
  void clickChoosesThePlace();
  void doubleClickLeadsToTheTensor();
  void arrowsMoveTheCursorAndEnterLeadsToTheTensor();
  void toolTipTellsAll();
  void tableTwinSharesTheCursor();
  void logAndClipChangeTheScale();
  void scaleOfSignedFiguresIsCentred();
  void scaleOfOddValues_data();
  void scaleOfOddValues();
  void rankingHoldsTheFigures();
  void rankingSortsByClick();
  void rankingFiltersByTyping();
  void rankingKeepsItsPlaceWhileFiguresCome();
  void rankingShowsOneModel();
  void rankingOpensThePlace();
  void csvHoldsWhatIsShown();
  void csvNamesRunNoFormula();
  void csvThatCannotBeWritten();
  void pictureIsWritten();
  void histogramHoldsTheShares();
  void matricesHoldTheFigures();
  void statesAreTold_data();
  void statesAreTold();
  void measuringTellsHowFar();
  void failureCanBeTriedAgain();
  void oneModelHasNoPairs();
  void withoutBaseItSaysSo();
  void hiddenPanelDoesNothing();

 private:
  HeatMapView& map() { return m_panel->heat().view(); }
  const HeatModel& heat() { return m_panel->heat().model(); }
  QTableView& ranking() { return m_panel->ranking().table(); }
  QPoint centre(int row, int column) { return map().visualRect(heat().index(row, column)).center(); }
  QVariant valueAt(int row, int column) { return heat().index(row, column).data(ValueRole); }
  void doubleClickCell(int row, int column) {
    clickCell(row, column);  // QTest sends the second click of the two only
    QTest::mouseDClick(map().viewport(), Qt::LeftButton, Qt::NoModifier, centre(row, column));
  }
  void clickCell(int row, int column) { QTest::mouseClick(map().viewport(), Qt::LeftButton, Qt::NoModifier, centre(row, column)); }
  QString currentTensor() { return ranking().currentIndex().siblingAtColumn(0).data().toString(); }
  QStringList rankedNames();
  void choose(const char* box, const QString& entry);
  void chooseLevel(const char* level) { choose("RankingLevel", text(level)); }
  int columnOf(const char* header);
  QString shownText(const char* name) { return m_panel->findChild<QLabel*>(text(name))->text(); }

  std::unique_ptr<EvidencePanel> m_panel;
};

void TestEvidence::init() {
  QTest::failOnWarning(QRegularExpression(text("\\A(?!This plugin does not support)")));
  m_panel = std::make_unique<EvidencePanel>();
  m_panel->resize(900, 300);
  m_panel->setData(test::madeUpEvidence());
  m_panel->show();
  QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestEvidence::cleanup() {
  m_panel.reset();
}

void TestEvidence::choose(const char* box, const QString& entry) {
  auto* combo = m_panel->findChild<QComboBox*>(text(box));
  QVERIFY(combo != nullptr);
  const int index = combo->findText(entry);
  QVERIFY2(index >= 0, qPrintable(entry));
  combo->setCurrentIndex(index);
}

QStringList TestEvidence::rankedNames() {
  QStringList names;
  for (int row = 0; row < ranking().model()->rowCount(); ++row) {
    names << ranking().model()->index(row, 0).data().toString();
  }
  return names;
}

int TestEvidence::columnOf(const char* header) {
  for (int column = 0; column < ranking().model()->columnCount(); ++column) {
    if (ranking().model()->headerData(column, Qt::Horizontal, Qt::AccessibleTextRole).toString() == text(header)) {
      return column;
    }
  }
  return -1;
}

// Heat map
// ---------------------------------------------------------------------------------------------------------------------

void TestEvidence::mapHoldsTheFigures() {
  QCOMPARE(heat().columnCount(), 6);
  QCOMPARE(heat().rowCount(), 3);
  // Two tensors in one cell: their squares are added, not their ratios.
  const double two = relativeDelta({"model.layers.0.self_attn.q_proj.bias", "model.layers.0.self_attn.q_proj.weight"}, 0);
  QVERIFY(same(valueAt(Q, Layer0), two));
  QVERIFY(same(valueAt(Q, Layer1), relativeDelta({"model.layers.1.self_attn.q_proj.weight"}, 0)));
  QVERIFY(same(valueAt(Up, Layer2), relativeDelta({"model.layers.2.mlp.up_proj.weight"}, 0)));
  QVERIFY(same(valueAt(Norm, Layer1), relativeDelta({"model.layers.1.input_layernorm.weight"}, 0)));
  for (const Row row : {Q, Up, Norm}) {
    QVERIFY(same(valueAt(row, Emb), relativeDelta({"model.embed_tokens.weight"}, 0)));
    QVERIFY(same(valueAt(row, LastNorm), relativeDelta({"model.norm.weight"}, 0)));
  }
  QVERIFY(!valueAt(Up, Layer1).isValid());
  QVERIFY(!valueAt(Q, Head).isValid());
}

void TestEvidence::mapFollowsFigureAndSubject() {
  const int up2 = madeUpIndex("model.layers.2.mlp.up_proj.weight");
  choose("HeatSubject", text("code"));
  QVERIFY(same(valueAt(Up, Layer2), relativeDelta({"model.layers.2.mlp.up_proj.weight"}, 1)));
  choose("HeatFigure", text("‖Δ‖"));
  QVERIFY(same(valueAt(Up, Layer2), std::sqrt(madeUpSquared(up2, 1))));
  choose("HeatFigure", text("RMS of Δ"));
  QVERIFY(same(valueAt(Up, Layer2), std::sqrt(madeUpSquared(up2, 1) / 1000)));
  choose("HeatFigure", text("max |Δ|"));
  QVERIFY(same(valueAt(Up, Layer2), up2 + 10));
  choose("HeatFigure", text("unchanged"));
  QVERIFY(same(valueAt(Up, Layer2), 0.2));
  QCOMPARE(heat().index(Up, Layer2).data().toString(), text("20.0 %"));
  choose("HeatFigure", text("stable rank"));
  QVERIFY(same(valueAt(Up, Layer2), up2 + 1));
  choose("HeatFigure", text("sign conflict"));
  choose("HeatSubject", text("prose · a, \"b\""));
  QVERIFY(same(valueAt(Up, Layer2), (200.0 + up2) / 800));
  choose("HeatFigure", text("cosine of deltas"));
  QVERIFY(same(valueAt(Up, Layer2), -0.5 * madeUpSquared(up2, 0) / std::sqrt(madeUpSquared(up2, 0) * madeUpSquared(up2, 2))));
}

void TestEvidence::cellsAreColouredByValue() {
  // The value of the cell is written in its middle: look at a corner.
  for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
    applyTheme(*qApp, mode);
    QCoreApplication::processEvents();
    const QImage picture = map().viewport()->grab().toImage();
    std::set<QRgb> seen;
    for (const auto& [row, column] : {std::pair(Q, Layer0), std::pair(Q, Layer2), std::pair(Norm, Layer1), std::pair(Up, Layer0)}) {
      const QRect rect = map().visualRect(heat().index(row, column));
      const double share = valueAt(row, column).toDouble() / heat().scale().high;
      const QColor pixel = picture.pixelColor(rect.topLeft() + QPoint(3, 3));
      QCOMPARE(pixel, rampColour(Ramp::Magnitude, share));
      seen.insert(pixel.rgb());
    }
    QCOMPARE(seen.size(), std::size_t(4));
  }
  applyTheme(*qApp, ThemeMode::Light);
}

void TestEvidence::cellsWithoutValueAreHatched() {
  choose("HeatSubject", text("a, \"b\""));
  const QImage picture = map().viewport()->grab().toImage();
  const auto coloursIn = [&](int row, int column) {
    std::set<QRgb> colours;
    const QRect rect = map().visualRect(heat().index(row, column)).adjusted(2, 2, -3, -3);
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
      for (int x = rect.left(); x <= rect.right(); ++x) {
        colours.insert(picture.pixelColor(x, y).rgb());
      }
    }
    return colours;
  };
  // No such tensor; not in this model; tied.
  for (const auto& [row, column] : {std::pair(int(Up), int(Layer1)), std::pair(int(Q), int(Layer2)), std::pair(int(Q), int(Head))}) {
    const auto colours = coloursIn(row, column);
    QVERIFY2(colours.size() > 2 && colours.contains(currentTheme().panel.rgb()), "lines on the panel");
  }
  QCOMPARE(heat().cellAt(heat().index(Up, Layer1))->state, CellState::Absent);
  QCOMPARE(heat().cellAt(heat().index(Q, Layer2))->state, CellState::Missing);
  QCOMPARE(heat().cellAt(heat().index(Q, Head))->state, CellState::Tied);
  choose("HeatFigure", text("cosine of deltas"));  // of prose and code; code did not change the embedding
  QCOMPARE(heat().cellAt(heat().index(Q, Emb))->state, CellState::Undefined);
}

void TestEvidence::cellsToComeAreEmpty() {
  EvidenceData data = test::madeUpEvidence();
  auto part = std::make_shared<Statistics>(*data.statistics);
  part->complete = false;
  std::erase_if(part->tensors, [](const TensorStatistics& tensor) { return tensor.layer == 2; });
  data.statistics = part;
  data.state = EvidenceState::Measuring;
  m_panel->setData(data);
  QCOMPARE(heat().columnCount(), 6);  // the picture has its shape from the start
  const QRect rect = map().visualRect(heat().index(Q, Layer2)).adjusted(2, 2, -3, -3);
  const QImage picture = map().viewport()->grab().toImage();
  for (int x = rect.left(); x <= rect.right(); ++x) {
    QCOMPARE(picture.pixelColor(x, rect.center().y()), currentTheme().panel);
  }
  m_panel->setData(test::madeUpEvidence());
  QVERIFY(map().viewport()->grab().toImage().pixelColor(rect.topLeft() + QPoint(2, 2)) != currentTheme().panel);
}

void TestEvidence::outerCellsStandBesideTheLayers() {
  const auto rect = [&](int row, int column) { return map().visualRect(heat().index(row, column)); };
  QVERIFY(rect(Q, Emb).right() < rect(Q, Layer0).left());
  QVERIFY(rect(Q, Layer2).right() < rect(Q, LastNorm).left());
  QVERIFY(rect(Q, LastNorm).right() < rect(Q, Head).left());
  QCOMPARE(rect(Q, Emb), rect(Norm, Emb));
  QCOMPARE(rect(Q, Emb).top(), rect(Q, Layer0).top());
  QCOMPARE(rect(Q, Emb).bottom(), rect(Norm, Layer0).bottom());
  QVERIFY(std::abs(rect(Q, Layer0).width() - rect(Q, Layer2).width()) <= 1);
}

void TestEvidence::clickChoosesThePlace() {
  QSignalSpy chosen(m_panel.get(), &EvidencePanel::placeChosen);
  clickCell(Up, Layer2);
  QCOMPARE(chosen.count(), 1);
  QCOMPARE(chosen[0][0].toInt(), 2);
  QCOMPARE(chosen[0][2].toString(), text("model.layers.2.mlp.up_proj.weight"));
  QCOMPARE(m_panel->page(), EvidencePanel::Page::HeatMap);
  QCOMPARE(currentTensor(), text("model.layers.2.mlp.up_proj.weight"));
  QVERIFY2(shownText("EvidenceDetail").contains(text("model.layers.2.mlp.up_proj.weight")), qPrintable(shownText("EvidenceDetail")));
  clickCell(Norm, Emb);
  QCOMPARE(chosen.count(), 2);
  QCOMPARE(chosen[1][0].toInt(), -1);
  QCOMPARE(chosen[1][2].toString(), text("model.embed_tokens.weight"));
  clickCell(Up, Layer1);  // no such tensor
  QCOMPARE(chosen.count(), 2);
}

void TestEvidence::doubleClickLeadsToTheTensor() {
  doubleClickCell(Q, Layer1);
  QCOMPARE(m_panel->page(), EvidencePanel::Page::Ranking);
  QVERIFY(ranking().isVisible());
  QCOMPARE(currentTensor(), text("model.layers.1.self_attn.q_proj.weight"));
}

void TestEvidence::arrowsMoveTheCursorAndEnterLeadsToTheTensor() {
  QSignalSpy chosen(m_panel.get(), &EvidencePanel::placeChosen);
  clickCell(Q, Layer0);
  QTest::keyClick(&map(), Qt::Key_Right);
  QTest::keyClick(&map(), Qt::Key_Right);
  QTest::keyClick(&map(), Qt::Key_Down);
  QCOMPARE(map().currentIndex(), heat().index(Up, Layer2));
  QVERIFY(map().accessibleDescription().contains(text("layer 2 · up")));
  QCOMPARE(chosen.count(), 1);  // the cursor alone turns nothing
  QTest::keyClick(&map(), Qt::Key_Space);
  QCOMPARE(chosen.count(), 2);
  QCOMPARE(m_panel->page(), EvidencePanel::Page::HeatMap);
  QTest::keyClick(&map(), Qt::Key_Home);
  QTest::keyClick(&map(), Qt::Key_Down);  // a tall cell has nothing below
  QCOMPARE(map().currentIndex(), heat().index(Up, Emb));
  QTest::keyClick(&map(), Qt::Key_Right);
  QCOMPARE(map().currentIndex(), heat().index(Up, Layer0));
  QTest::keyClick(&map(), Qt::Key_Return);
  QCOMPARE(m_panel->page(), EvidencePanel::Page::Ranking);
  QCOMPARE(currentTensor(), text("model.layers.0.mlp.up_proj.weight"));
}

void TestEvidence::toolTipTellsAll() {
  const auto tip = [&](int row, int column) { return heat().index(row, column).data(Qt::ToolTipRole).toString(); };
  QVERIFY2(tip(Q, Layer0).contains(text("layer 0 · q")), qPrintable(tip(Q, Layer0)));
  QVERIFY(tip(Q, Layer0).contains(text("relative delta: prose")));
  QVERIFY(tip(Q, Layer0).contains(QLocale().toString(valueAt(Q, Layer0).toDouble(), 'g', 17)));
  QVERIFY(tip(Q, Layer0).contains(text("model.layers.0.self_attn.q_proj.bias")));
  QVERIFY(tip(Up, Layer1).contains(text("no such tensor")));
  QVERIFY(tip(Q, Head).contains(text("tied to the embedding")));
}

void TestEvidence::tableTwinSharesTheCursor() {
  clickCell(Up, Layer0);
  QTableView& table = m_panel->heat().table();
  QVERIFY(!table.isVisible());
  m_panel->titleActions()[0]->trigger();
  QVERIFY(table.isVisible() && !map().isVisible());
  QCOMPARE(table.currentIndex(), heat().index(Up, Layer0));
  QCOMPARE(table.rowSpan(0, Emb), 3);
  QTest::keyClick(&table, Qt::Key_Right);
  QTest::keyClick(&table, Qt::Key_Right);
  QCOMPARE(map().currentIndex(), heat().index(Up, Layer2));
  const QString spoken = table.model()->data(table.currentIndex(), Qt::AccessibleTextRole).toString();
  QVERIFY2(spoken.contains(text("layer 2 · up")) && spoken.contains(table.currentIndex().data().toString()), qPrintable(spoken));
  QTest::keyClick(&table, Qt::Key_Return);
  QCOMPARE(m_panel->page(), EvidencePanel::Page::Ranking);
  QCOMPARE(currentTensor(), text("model.layers.2.mlp.up_proj.weight"));
}

void TestEvidence::logAndClipChangeTheScale() {
  const auto click = [&](const char* name) { QTest::mouseClick(m_panel->findChild<QAbstractButton*>(text(name)), Qt::LeftButton, Qt::NoModifier, QPoint(8, 8)); };
  double least = INFINITY;
  double greatest = 0;
  for (const double value : heat().grid().values()) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  click("HeatClip");
  QCOMPARE(heat().scale().low, 0.0);
  QCOMPARE(heat().scale().high, greatest);
  QCOMPARE(m_panel->heat().legend().highText(), figureText(Figure::RelativeDelta, greatest));
  click("HeatLog");
  QCOMPARE(heat().scale().low, least);
  QCOMPARE(heat().scale().shareOf(std::sqrt(least * greatest)), 0.5);
  QCOMPARE(m_panel->heat().legend().lowText(), figureText(Figure::RelativeDelta, least));
}

void TestEvidence::scaleOfSignedFiguresIsCentred() {
  choose("HeatFigure", text("cosine of deltas"));
  choose("HeatSubject", text("prose · a, \"b\""));
  QVERIFY(heat().scale().high > 0);
  QCOMPARE(heat().scale().low, -heat().scale().high);
  QCOMPARE(heat().scale().shareOf(0), 0.5);
  QVERIFY(!m_panel->findChild<QAbstractButton*>(text("HeatLog"))->isEnabled());
}

void TestEvidence::scaleOfOddValues_data() {
  QTest::addColumn<QList<double>>("values");
  QTest::addColumn<bool>("log");
  QTest::addColumn<bool>("clip");
  QTest::addColumn<double>("low");
  QTest::addColumn<double>("high");
  QTest::addColumn<bool>("clips");
  QList<double> outlier(100, 1.0);
  outlier[50] = 1000;
  QTest::newRow("none") << QList<double>() << true << true << 0.0 << 1.0 << false;
  QTest::newRow("zeros") << QList<double>{0, 0} << true << false << 0.0 << 1.0 << false;
  QTest::newRow("infinite") << QList<double>{2, INFINITY} << false << false << 0.0 << 2.0 << false;
  QTest::newRow("zero among others, log") << QList<double>{0, 1, 4} << true << false << 1.0 << 4.0 << false;
  QTest::newRow("outlier") << outlier << false << true << 0.0 << 1.0 << true;
  QTest::newRow("outlier kept") << outlier << false << false << 0.0 << 1000.0 << false;
  QTest::newRow("nearly all zero") << QList<double>(QList<double>(99, 0.0) << 5.0) << false << true << 0.0 << 5.0 << false;
}

void TestEvidence::scaleOfOddValues() {
  QFETCH(QList<double>, values);
  QFETCH(bool, log);
  QFETCH(bool, clip);
  QFETCH(double, low);
  QFETCH(double, high);
  QFETCH(bool, clips);
  const ColourScale scale = fitScale({values.begin(), values.end()}, false, {log, clip});
  QCOMPARE(scale.low, low);
  QCOMPARE(scale.high, high);
  QCOMPARE(scale.clipsHigh, clips);
  QCOMPARE(scale.shareOf(INFINITY), 1.0);
  QCOMPARE(scale.shareOf(low), 0.0);
}

// Ranking
// ---------------------------------------------------------------------------------------------------------------------

void TestEvidence::rankingHoldsTheFigures() {
  m_panel->setPage(EvidencePanel::Page::Ranking);
  QCOMPARE(ranking().model()->rowCount(), 3);  // layers
  const auto cell = [&](const QString& name, const char* header) {
    const int row = static_cast<int>(rankedNames().indexOf(name));
    return ranking().model()->index(row, columnOf(header)).data(ValueRole);
  };
  const std::vector<const char*> layer1 = {"model.layers.1.input_layernorm.weight", "model.layers.1.self_attn.q_proj.weight"};
  QVERIFY(same(cell(text("layer 1"), "relative delta: prose"), relativeDelta(layer1, 0)));
  QVERIFY(same(cell(text("layer 1"), "greatest: relative delta"), relativeDelta(layer1, 2)));
  QVERIFY(same(cell(text("layer 1"), "unchanged: code"), 0.2));
  QVERIFY(same(cell(text("layer 1"), "top 5 %: code"), 0.25));
  QVERIFY(same(cell(text("layer 1"), "elements"), 2000));
  chooseLevel("Kinds");
  QVERIFY(same(cell(text("embedding"), "‖Δ‖: a, \"b\""), std::sqrt(3.0)));
  QVERIFY(!cell(text("embedding"), "cosine of deltas: prose · code").isValid());
  chooseLevel("Tensors");
  QCOMPARE(ranking().model()->rowCount(), 11);
  QVERIFY(!cell(text("model.layers.2.self_attn.q_proj.weight"), "relative delta: a, \"b\"").isValid());
  chooseLevel("Whole model");
  QCOMPARE(ranking().model()->rowCount(), 1);
  double squared = 0;
  for (int tensor = 1; tensor <= 11; ++tensor) {
    squared += madeUpSquared(tensor, 1);
  }
  QVERIFY(same(cell(text("all tensors"), "‖Δ‖: code"), std::sqrt(squared)));
}

void TestEvidence::rankingSortsByClick() {
  m_panel->setPage(EvidencePanel::Page::Ranking);
  chooseLevel("Tensors");
  const auto sorted = [&](int column, bool descending) {
    std::vector<double> values;
    bool gap = false;
    for (int row = 0; row < ranking().model()->rowCount(); ++row) {
      const QVariant value = ranking().model()->index(row, column).data(ValueRole);
      if (value.isValid() && gap) {
        return false;  // a value behind a missing one
      }
      gap = gap || !value.isValid();
      if (value.isValid()) {
        values.push_back(value.toDouble());
      }
    }
    return descending ? std::is_sorted(values.rbegin(), values.rend()) : std::is_sorted(values.begin(), values.end());
  };
  QVERIFY(sorted(columnOf("greatest: relative delta"), true));
  QCOMPARE(rankedNames().front(), text("model.layers.2.mlp.up_proj.weight"));
  const int column = columnOf("relative delta: a, \"b\"");  // one tensor has none
  QHeaderView* header = ranking().horizontalHeader();
  const auto clickHeader = [&] {
    ranking().scrollTo(ranking().model()->index(0, column));
    const QPoint at(header->sectionViewportPosition(column) + header->sectionSize(column) / 2, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, Qt::NoModifier, at);
  };
  clickHeader();
  QVERIFY(sorted(column, ranking().horizontalHeader()->sortIndicatorOrder() == Qt::DescendingOrder));
  const Qt::SortOrder first = header->sortIndicatorOrder();
  QCOMPARE(rankedNames().back(), text("model.layers.2.self_attn.q_proj.weight"));
  clickHeader();
  QVERIFY(header->sortIndicatorOrder() != first);
  QVERIFY(sorted(column, first != Qt::DescendingOrder));
  QCOMPARE(rankedNames().back(), text("model.layers.2.self_attn.q_proj.weight"));
}

void TestEvidence::rankingFiltersByTyping() {
  m_panel->setPage(EvidencePanel::Page::Ranking);
  chooseLevel("Tensors");
  auto* filter = m_panel->findChild<QLineEdit*>(text("RankingFilter"));
  QTest::keyClicks(filter, text("Q_PROJ"));
  QCOMPARE(rankedNames().size(), 4);
  const QStringList names = rankedNames();
  QVERIFY(std::all_of(names.begin(), names.end(), [](const QString& name) { return name.contains(text("q_proj")); }));
  QTest::keyClicks(filter, text("(["));  // words, not a pattern
  QCOMPARE(rankedNames().size(), 0);
  // A tensor that is asked for shows itself.
  m_panel->setPage(EvidencePanel::Page::HeatMap);
  doubleClickCell(Up, Layer0);
  QCOMPARE(currentTensor(), text("model.layers.0.mlp.up_proj.weight"));
  QCOMPARE(rankedNames().size(), 11);
}

void TestEvidence::rankingKeepsItsPlaceWhileFiguresCome() {
  m_panel->setPage(EvidencePanel::Page::Ranking);
  EvidenceData data = test::madeUpEvidence();
  auto part = std::make_shared<Statistics>(*data.statistics);
  part->tensors.erase(part->tensors.begin() + 3, part->tensors.end() - 2);
  data.statistics = part;
  chooseLevel("Tensors");
  m_panel->setData(data);
  QCOMPARE(rankedNames().size(), 5);
  const int row = static_cast<int>(rankedNames().indexOf(text("model.norm.weight")));
  ranking().setCurrentIndex(ranking().model()->index(row, 0));
  m_panel->setData(test::madeUpEvidence());
  QCOMPARE(rankedNames().size(), 11);
  QCOMPARE(currentTensor(), text("model.norm.weight"));
  QCOMPARE(rankedNames().front(), text("model.layers.2.mlp.up_proj.weight"));
}

void TestEvidence::rankingShowsOneModel() {
  m_panel->setPage(EvidencePanel::Page::Ranking);
  choose("RankingModels", text("code"));
  QCOMPARE(columnOf("relative delta: prose"), -1);
  QCOMPARE(columnOf("greatest: relative delta"), -1);
  QCOMPARE(columnOf("cosine of deltas: prose · a, \"b\""), -1);
  QCOMPARE(columnOf("relative delta: code"), 1);
  QVERIFY(columnOf("cosine of deltas: prose · code") > 0);
}

void TestEvidence::rankingOpensThePlace() {
  m_panel->setPage(EvidencePanel::Page::Ranking);
  QSignalSpy chosen(m_panel.get(), &EvidencePanel::placeChosen);
  const int layer = static_cast<int>(rankedNames().indexOf(text("layer 1")));
  const QRect rect = ranking().visualRect(ranking().model()->index(layer, 0));
  QTest::mouseClick(ranking().viewport(), Qt::LeftButton, Qt::NoModifier, rect.center());
  QTest::mouseDClick(ranking().viewport(), Qt::LeftButton, Qt::NoModifier, rect.center());
  QCOMPARE(chosen.count(), 1);
  QCOMPARE(chosen[0][0].toInt(), 1);
  QCOMPARE(chosen[0][2].toString(), QString());
  chooseLevel("Tensors");
  ranking().setCurrentIndex(ranking().model()->index(0, 0));
  QTest::keyClick(&ranking(), Qt::Key_Return);
  QCOMPARE(chosen.count(), 2);
  QCOMPARE(chosen[1][0].toInt(), 2);
  QCOMPARE(chosen[1][2].toString(), text("model.layers.2.mlp.up_proj.weight"));
  QCOMPARE(map().currentIndex(), heat().index(Up, Layer2));
}

// Export
// ---------------------------------------------------------------------------------------------------------------------

void TestEvidence::csvHoldsWhatIsShown() {
  QTemporaryDir folder;
  QString reason;
  m_panel->setPage(EvidencePanel::Page::Ranking);
  chooseLevel("Tensors");
  QTest::keyClicks(m_panel->findChild<QLineEdit*>(text("RankingFilter")), text("up_proj"));
  const QString ranked = folder.filePath(text("ranking.csv"));
  QVERIFY2(m_panel->exportCsv(ranked, reason), qPrintable(reason));
  QFile file(ranked);
  QVERIFY(file.open(QIODevice::ReadOnly));
  const QStringList lines = QString::fromUtf8(file.readAll()).split(text("\r\n"));
  QCOMPARE(lines.size(), 4);  // header, two tensors, the end
  QVERIFY2(lines[0].startsWith(text("Tensor,greatest: relative delta,relative delta: prose,relative delta: code,\"relative delta: a, \"\"b\"\"\"")),
           qPrintable(lines[0]));
  const QStringList first = lines[1].split(QLatin1Char(','));
  QCOMPARE(first[0], text("model.layers.2.mlp.up_proj.weight"));
  QCOMPARE(first[2].toDouble(), relativeDelta({"model.layers.2.mlp.up_proj.weight"}, 0));
  m_panel->setPage(EvidencePanel::Page::HeatMap);
  const QString mapped = folder.filePath(text("map.csv"));
  QVERIFY2(m_panel->exportCsv(mapped, reason), qPrintable(reason));
  QFile map(mapped);
  QVERIFY(map.open(QIODevice::ReadOnly));
  const QStringList rows = QString::fromUtf8(map.readAll()).split(text("\r\n"));
  QCOMPARE(rows[0], text(",emb,layer 0,layer 1,layer 2,norm,head"));
  QCOMPARE(rows[2].split(QLatin1Char(','))[0], text("up"));
  QCOMPARE(rows[2].split(QLatin1Char(','))[3], QString());  // no such tensor
  QCOMPARE(rows[1].split(QLatin1Char(','))[3].toDouble(), relativeDelta({"model.layers.1.self_attn.q_proj.weight"}, 0));
}

void TestEvidence::csvNamesRunNoFormula() {
  EvidenceData data = test::madeUpEvidence();
  auto statistics = test::madeUpStatistics();
  statistics->tensors.front().name = "=1+2";
  data.statistics = statistics;
  m_panel->setData(data);
  m_panel->setPage(EvidencePanel::Page::Ranking);
  chooseLevel("Tensors");
  const QString csv = tableAsCsv(m_panel->ranking().shown(), false);
  QVERIFY2(csv.contains(text("\r\n'=1+2,")), qPrintable(csv));
  QVERIFY2(csv.contains(text(",-0.")) && !csv.contains(text("'-0.")), qPrintable(csv));  // cosines stay numbers
}

void TestEvidence::csvThatCannotBeWritten() {
  QTemporaryDir folder;
  QString reason;
  QVERIFY(!m_panel->exportCsv(folder.filePath(text("nowhere/x.csv")), reason));
  QVERIFY2(reason.contains(text("nowhere/x.csv")), qPrintable(reason));
  m_panel->setPage(EvidencePanel::Page::Pairs);
  QVERIFY(!m_panel->exportCsv(folder.filePath(text("x.csv")), reason));
  QVERIFY(!QFile::exists(folder.filePath(text("x.csv"))));
  QVERIFY(!m_panel->titleActions()[1]->isEnabled());
}

void TestEvidence::pictureIsWritten() {
  QTemporaryDir folder;
  for (const auto page : {EvidencePanel::Page::HeatMap, EvidencePanel::Page::Sizes, EvidencePanel::Page::Pairs}) {
    m_panel->setPage(page);
    QString reason;
    const QString path = folder.filePath(text("page%1.png").arg(static_cast<int>(page)));
    QVERIFY2(m_panel->exportPicture(path, reason), qPrintable(reason));
    const QImage picture(path);
    QVERIFY(picture.width() > 800 && picture.height() > 200);
    std::set<QRgb> colours;
    for (int y = 80; y < picture.height(); y += 3) {
      for (int x = 0; x < picture.width(); x += 3) {
        colours.insert(picture.pixel(x, y));
      }
    }
    QVERIFY2(colours.size() > 8, "the figures are on it");
  }
  m_panel->setPage(EvidencePanel::Page::Ranking);
  QVERIFY(!m_panel->titleActions()[2]->isEnabled());
}

// Histogram and matrices
// ---------------------------------------------------------------------------------------------------------------------

void TestEvidence::histogramHoldsTheShares() {
  m_panel->setPage(EvidencePanel::Page::Sizes);
  choose("SizesScope", text("layer 1"));
  const HistogramView& view = m_panel->sizes().view();
  QCOMPARE(view.bins(), std::optional(std::pair(30, 34)));
  for (int model = 0; model < 3; ++model) {
    QCOMPARE(view.share(model, 30 + model), 0.6);
    QCOMPARE(view.share(model, 32 + model), 0.3 - 0.1 * model);
    QCOMPARE(view.share(model, 29), 0.0);
  }
  QCOMPARE(shownText("EvidenceDetail"), text("Unchanged entries: prose 10.0 %, code 20.0 %, a, \"b\" 30.0 %"));
  choose("SizesModels", text("code"));
  QCOMPARE(view.bins(), std::optional(std::pair(31, 33)));
  choose("SizesScope", text("kind embedding"));  // code changed nothing there
  QCOMPARE(view.bins(), std::nullopt);
  QCOMPARE(view.accessibleDescription(), text("No entry changed"));
}

void TestEvidence::matricesHoldTheFigures() {
  clickCell(Up, Layer2);  // the picked tensor becomes the scope
  m_panel->setPage(EvidencePanel::Page::Pairs);
  const auto matrices = m_panel->findChildren<PairMatrix*>();
  QCOMPARE(matrices.size(), 3);
  const int up2 = madeUpIndex("model.layers.2.mlp.up_proj.weight");
  const auto value = [&](Figure figure, int row, int column) -> std::optional<double> {
    for (const PairMatrix* matrix : matrices) {
      if (matrix->figure() == figure) {
        return matrix->valueAt(row, column);
      }
    }
    return std::nullopt;
  };
  QCOMPARE(value(Figure::SignConflict, 0, 1), std::optional((200.0 + up2) / 800));
  QCOMPARE(value(Figure::SignConflict, 1, 0), value(Figure::SignConflict, 0, 1));
  QCOMPARE(value(Figure::WeightedSignConflict, 0, 2), std::optional(0.125));
  QVERIFY(*value(Figure::Cosine, 0, 2) < 0 && *value(Figure::Cosine, 0, 1) > 0);
  QCOMPARE(value(Figure::Cosine, 1, 1), std::nullopt);
  PairMatrix* cosine = matrices.front();
  QTest::mouseClick(cosine, Qt::LeftButton, Qt::NoModifier, cosine->cellRect(0, 1).center().toPoint());
  QTest::keyClick(cosine, Qt::Key_Right);
  QCOMPARE(cosine->accessibleDescription(), cosine->words(0, 2));
  QVERIFY(cosine->accessibleDescription().startsWith(text("prose · a, \"b\"  −")));
}

// States
// ---------------------------------------------------------------------------------------------------------------------

void TestEvidence::statesAreTold_data() {
  QTest::addColumn<int>("state");
  QTest::addColumn<QString>("words");
  QTest::newRow("no models") << static_cast<int>(EvidenceState::NoModels) << text("Add models to see how they differ.");
  QTest::newRow("one model, no base") << static_cast<int>(EvidenceState::NothingToCompare) << text("Choose a base model to see what the model changed.");
  QTest::newRow("failed") << static_cast<int>(EvidenceState::Failed) << text("model.safetensors: cut short");
}

void TestEvidence::statesAreTold() {
  QFETCH(int, state);
  QFETCH(QString, words);
  EvidenceData data;
  data.state = static_cast<EvidenceState>(state);
  data.message = text("model.safetensors: cut short");
  m_panel->setData(data);
  QStringList seen;
  for (const QLabel* label : m_panel->findChildren<QLabel*>()) {
    if (label->isVisible() && !label->text().isEmpty()) {
      seen << label->text();
    }
  }
  QCOMPARE(seen, QStringList{words});
  QVERIFY(!map().isVisible());
  for (const QAction* action : m_panel->titleActions()) {
    QVERIFY(!action->isEnabled());
  }
  m_panel->setData(test::madeUpEvidence());
  QVERIFY(map().isVisible());
}

void TestEvidence::measuringTellsHowFar() {
  EvidenceData data = test::madeUpEvidence();
  auto part = std::make_shared<Statistics>(*data.statistics);
  part->tensors.resize(4);
  part->complete = false;
  data.statistics = part;
  data.state = EvidenceState::Measuring;
  m_panel->setData(data);
  QVERIFY2(shownText("EvidenceStatus").contains(text("4 of 11")), qPrintable(shownText("EvidenceStatus")));
  m_panel->setData(test::madeUpEvidence());
  QCOMPARE(shownText("EvidenceStatus"), text("against base"));
}

void TestEvidence::failureCanBeTriedAgain() {
  EvidenceData data;
  data.state = EvidenceState::Failed;
  data.message = text("cut short");
  m_panel->setData(data);
  QSignalSpy again(m_panel.get(), &EvidencePanel::measureAgainRequested);
  for (auto* button : m_panel->findChildren<TextButton*>()) {
    if (button->isVisible()) {
      QTest::mouseClick(button, Qt::LeftButton);
    }
  }
  QCOMPARE(again.count(), 1);
}

void TestEvidence::oneModelHasNoPairs() {
  EvidenceData data = test::madeUpEvidence();
  auto single = std::make_shared<Statistics>(*data.statistics);
  single->models.resize(1);
  for (TensorStatistics& tensor : single->tensors) {
    tensor.figures.models.resize(1);
    tensor.figures.pairs.clear();
  }
  data.statistics = single;
  data.models.resize(1);
  m_panel->setData(data);
  QCOMPARE(m_panel->findChild<QComboBox*>(text("HeatFigure"))->findText(text("cosine of deltas")), -1);
  m_panel->setPage(EvidencePanel::Page::Ranking);
  QCOMPARE(columnOf("greatest: relative delta"), -1);
  QCOMPARE(columnOf("relative delta: prose"), 1);
  m_panel->setPage(EvidencePanel::Page::Pairs);
  QVERIFY(!m_panel->pairs().isVisible());
  m_panel->setData(test::madeUpEvidence());
  QVERIFY(m_panel->pairs().isVisible());
}

void TestEvidence::withoutBaseItSaysSo() {
  EvidenceData data = test::madeUpEvidence();
  data.base.clear();
  m_panel->setData(data);
  QVERIFY(shownText("EvidenceStatus").contains(text("against the mean of the models")));
}

void TestEvidence::hiddenPanelDoesNothing() {
  QSignalSpy changes(&heat(), &QAbstractItemModel::dataChanged);
  m_panel->setSeen(false);
  m_panel->setData(test::madeUpEvidence());
  QCOMPARE(changes.count(), 0);
  m_panel->setSeen(true);
  QCOMPARE(changes.count(), 1);
}

}  // namespace layerloom

QTEST_MAIN(layerloom::TestEvidence)
#include "tst_evidence.moc"
