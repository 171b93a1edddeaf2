// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>

#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QListView>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <Qsci/qsciscintilla.h>

#include "core/recipe/gradient.h"
#include "tests/common/float_bits.h"
#include "tests/common/safetensors_data.h"
#include "tests/gui/answer.h"
#include "ui/jobs/budget_bar.h"
#include "ui/jobs/job_row.h"
#include "ui/models/model_card.h"
#include "ui/models/models_panel.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"
#include "ui/window/curves_panel.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/merge_dialog.h"
#include "ui/yaml/problems_panel.h"
#include "ui/yaml/yaml_editor.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

constexpr int kLayers = 8;

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

/// The sources' weights in each layer, read from a recipe's text as mergekit would.
std::vector<double> weightsIn(const QString& yaml, std::size_t source, const char* filter = "") {
  const ParsedRecipe parsed = parseRecipe(yaml.toStdString());
  if (!parsed.recipe || sourcesOf(*parsed.recipe).size() <= source) {
    return {};
  }
  const SettingRule* rule = findRule(*parsed.recipe, {source, "weight", filter});
  return rule == nullptr ? std::vector<double>() : layerValues(*rule, kLayers).value_or(std::vector<double>());
}

QStringList filtersIn(const QString& yaml, std::size_t source) {
  const ParsedRecipe parsed = parseRecipe(yaml.toStdString());
  QStringList filters;
  if (const Setting* setting =
          parsed.recipe ? findSetting(parsed.recipe->models[source].parameters, "weight") : nullptr) {
    for (const SettingRule& rule : *setting) {
      filters << QString::fromStdString(rule.filter);
    }
  }
  return filters;
}

bool near(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return std::abs(x - y) <= 1e-9; });
}

QStringList namesIn(const fs::path& folder) {
  QStringList names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    names << QString::fromStdString(fs::relative(entry.path(), folder).string());
  }
  names.sort();
  return names;
}

QString withoutMnemonic(QString words) {
  return words.remove(QLatin1Char('&'));
}

/// One layer's or outer tensor's sum base + Σ w·(model − base) against what was written.
struct SumCheck {
  std::map<std::string, test::RawTensor> base;
  std::vector<std::map<std::string, test::RawTensor>> models;
  std::vector<std::vector<double>> weights;  ///< per model and layer

  /// Entries that are more than one unit in the last place of bfloat16 off.
  int wrongEntries(const std::string& name, const test::RawTensor& written) const;
};

int layerOf(const std::string& tensor) {
  constexpr std::string_view kPrefix = "model.layers.";
  return tensor.starts_with(kPrefix) ? std::stoi(tensor.substr(kPrefix.size())) : 0;  // the others take the first value
}

int SumCheck::wrongEntries(const std::string& name, const test::RawTensor& written) const {
  const auto layer = static_cast<std::size_t>(layerOf(name));
  const std::vector<double> start = test::valuesOf(base.at(name));
  std::vector<double> sum = start;
  std::vector<double> size(start.size());
  std::transform(start.begin(), start.end(), size.begin(), [](double value) { return std::abs(value); });
  for (std::size_t m = 0; m < models.size(); ++m) {
    const std::vector<double> values = test::valuesOf(models[m].at(name));
    for (std::size_t i = 0; i < sum.size(); ++i) {
      sum[i] += weights[m][layer] * (values[i] - start[i]);
      size[i] += std::abs(weights[m][layer] * (values[i] - start[i]));
    }
  }
  const std::vector<std::uint16_t> bits = test::bitsOf16(written);
  int wrong = bits.size() == sum.size() ? 0 : static_cast<int>(sum.size());
  for (std::size_t i = 0; i < std::min(bits.size(), sum.size()); ++i) {
    const int steps = std::abs(test::orderOf16(bits[i]) - test::orderOf16(test::toBf16(static_cast<float>(sum[i]))));
    // Where the terms cancel, the float32 sum that the recipe asks for is off by its own rounding.
    const bool cancelled = std::abs(test::fromBf16(bits[i]) - sum[i]) <= 4e-7 * size[i];
    wrong += steps > 1 && !cancelled ? 1 : 0;
  }
  return wrong;
}

/// A model of 8 layers and about 400 MB whose data is a hole in the file.
void writeHollowModel(const fs::path& folder) {
  constexpr std::uint64_t kBytes = 1024ULL * 12800 * 4;
  std::string header = "{";
  for (int layer = 0; layer < kLayers; ++layer) {
    const auto begin = static_cast<std::uint64_t>(layer) * kBytes;
    header += (layer == 0 ? "" : ",") + std::string("\"model.layers.") + std::to_string(layer) +
              ".mlp.up_proj.weight\":{\"dtype\":\"F32\",\"shape\":[1024,12800],\"data_offsets\":[" +
              std::to_string(begin) + "," + std::to_string(begin + kBytes) + "]}";
  }
  header += "}";
  const fs::path file = folder / "model.safetensors";
  test::writeBytes(file, test::safetensorsBytes(header, {}));
  fs::resize_file(file, 8 + header.size() + kLayers * kBytes);
  test::writeBytes(folder / "config.json", test::tinyLlamaConfig(kLayers));
}

}  // namespace

class TestMainWindow : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void init();
  void cleanup();

  void starterShowsItsCards();
  void cardUnderThePointerBringsOutItsCurve();
  void dragIsOneStepAndReachesText();
  void textFollowsWhileDragging();
  void escapeLeavesNoTrace();
  void nudgesAreOneStepDragsAreTwo();
  void pointIsAddedByClickAndDeletedByKey();
  void embeddingIsUnlinkedAndLinked();
  void groupWritesItsRuleFirst();
  void methodBecomesLinear();
  void slerpShowsTheTrackOfT();
  void typingChangesTheCurve();
  void textErrorBlocksTheMerge_data();
  void textErrorBlocksTheMerge();
  void typingAtOnceBeforeMergeCounts();
  void typingAtOnceBeforeUndoCounts();
  void typingAtOnceBeforeSaveCounts();
  void mergeGivesTheSum();
  void mergeIntoAModelFails();
  void cancelLeavesNothing();
  void badModelIsNamed_data();
  void badModelIsNamed();
  void shapesThatDifferAreNamed();
  void droppedFolderBecomesAModel();
  void droppedRecipeOpens();
  void dropOfOtherThingsIsRefused();
  void dropOnTheEditorIsNoText();
  void removedModelComesBack();
  void layoutIsRemembered();
  void closingAsksForUnsavedChanges();
  void savingWritesTheFile();

 private:
  QString path(const char* name) const { return m_folder->filePath(text(name)); }
  fs::path stdPath(const char* name) const { return path(name).toStdString(); }
  void makeWindow();
  void open(const char* name = "starter.layerloom.yml");
  void settle() { QTRY_VERIFY_WITH_TIMEOUT(workspace().isSettled(), 30000); }

  Workspace& workspace() { return m_window->workspace(); }
  CurveView& view() { return m_window->curves().view(); }
  QWidget* port() { return view().viewport(); }
  QUndoStack& history() { return workspace().document().history(); }
  QsciScintilla* editor() { return m_window->findChild<QsciScintilla*>(); }
  QString shownText() { return m_window->findChild<YamlEditor*>()->text(); }
  QPushButton* mergeButton() { return m_window->findChild<BudgetBar*>()->findChild<QPushButton*>(); }
  QAction* action(const char* menu, const char* words);
  std::vector<ModelCard*> cards();
  std::vector<double> drawn(std::size_t track);
  void type(const char* instead, const char* words);

  QPoint at(double layer, double value) {
    return QPointF(view().geometry().layerToX(layer), view().geometry().valueToY(value)).toPoint();
  }
  void press(QPoint where) { QTest::mousePress(port(), Qt::LeftButton, {}, where); }
  void move(QPoint where);
  void release(QPoint where) { QTest::mouseRelease(port(), Qt::LeftButton, {}, where); }
  void drag(QPoint from, QPoint to);
  void key(Qt::Key code) { QTest::keyClick(&view(), code); }
  bool chooseGroup(const char* group);
  void chooseInMenuOf(int card, const char* words);
  bool dropOn(QWidget* target, const QString& file);
  int mergeInto(const QString& output);
  JobData waitForJob(int id);

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(text("LayerloomTest"));
  QCoreApplication::setApplicationName(text("tst_main_window"));
  QLocale::setDefault(QLocale::c());
  applyTheme(*qApp, ThemeMode::Light);
}

void TestMainWindow::init() {
  // The offscreen platform warns of this by itself.
  QTest::failOnWarning(QRegularExpression(QStringLiteral("\\A(?!This plugin does not support)")));
  m_folder = std::make_unique<QTemporaryDir>();
  QVERIFY(m_folder->isValid());
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, path("settings"));
  fs::create_directory(stdPath("work"));
  fs::copy(LAYERLOOM_SAMPLES, stdPath("work"), fs::copy_options::recursive);
  makeWindow();
}

void TestMainWindow::cleanup() {
  m_window.reset();
  m_folder.reset();
}

void TestMainWindow::makeWindow() {
  m_window = std::make_unique<MainWindow>(text(LAYERLOOM_CLI));
  m_window->show();
  QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
  m_window->activateWindow();
}

void TestMainWindow::open(const char* name) {
  QVERIFY(m_window->files().open(path("work/") + text(name)));
  settle();
  view().setFocus();
}

QAction* TestMainWindow::action(const char* menu, const char* words) {
  for (QAction* entry : m_window->menuBar()->actions()) {
    if (withoutMnemonic(entry->text()) != text(menu)) {
      continue;
    }
    for (QAction* candidate : entry->menu()->actions()) {
      if (withoutMnemonic(candidate->text()).startsWith(text(words))) {
        return candidate;
      }
    }
  }
  return nullptr;
}

std::vector<ModelCard*> TestMainWindow::cards() {
  std::vector<ModelCard*> shown;
  for (ModelCard* card : m_window->findChildren<ModelCard*>()) {
    if (card->isVisibleTo(m_window.get())) {
      shown.push_back(card);
    }
  }
  std::sort(shown.begin(), shown.end(), [](const ModelCard* a, const ModelCard* b) { return a->y() < b->y(); });
  return shown;
}

std::vector<double> TestMainWindow::drawn(std::size_t track) {
  return evaluateCurve(view().data().tracks[track].curve, kLayers);
}

/// Types over the first place in the editor that says so.
void TestMainWindow::type(const char* instead, const char* words) {
  const auto place = shownText().indexOf(text(instead));
  QVERIFY2(place >= 0, instead);
  const QString before = shownText().left(place);
  const int line = static_cast<int>(before.count(QLatin1Char('\n')));
  const int index = static_cast<int>(before.size() - before.lastIndexOf(QLatin1Char('\n')) - 1);
  editor()->setFocus();
  editor()->setSelection(line, index, line, index + static_cast<int>(text(instead).size()));
  QCOMPARE(editor()->selectedText(), text(instead));
  if (*words == '\0') {
    QTest::keyClick(editor(), Qt::Key_Delete);
  }
  QTest::keyClicks(editor(), text(words));
}

/// QTest::mouseMove() knows no buttons.
void TestMainWindow::move(QPoint where) {
  QMouseEvent event(QEvent::MouseMove, where, port()->mapToGlobal(where), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(port(), &event);
}

void TestMainWindow::drag(QPoint from, QPoint to) {
  press(from);
  move((from + to) / 2);
  move(to);
  release(to);
}

/// By the strip's segments or, where it is too narrow for them, its combo box.
bool TestMainWindow::chooseGroup(const char* group) {
  CurveToolBar& strip = m_window->curves().toolBar();
  for (QAbstractButton* button : strip.findChildren<QAbstractButton*>()) {
    if (button->isVisible() && button->text() == text(group)) {
      QTest::mouseClick(button, Qt::LeftButton);
      return true;
    }
  }
  for (QComboBox* combo : strip.findChildren<QComboBox*>()) {
    if (combo->isVisible() && combo->findText(text(group)) >= 0) {
      // Not by its letters, which must follow each other faster than a busy machine may type.
      const int steps = combo->findText(text(group)) - combo->currentIndex();
      for (int i = 0; i < std::abs(steps); ++i) {
        QTest::keyClick(combo, steps > 0 ? Qt::Key_Down : Qt::Key_Up);
      }
      return combo->currentText() == text(group);
    }
  }
  return false;
}

void TestMainWindow::chooseInMenuOf(int card, const char* words) {
  ModelCard* widget = cards()[static_cast<std::size_t>(card)];
  const QPoint middle = widget->rect().center();
  QContextMenuEvent event(QContextMenuEvent::Mouse, middle, widget->mapToGlobal(middle));
  QApplication::sendEvent(widget, &event);
  QMenu* menu = nullptr;
  QTRY_VERIFY((menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) != nullptr);
  const auto actions = menu->actions();
  const auto found = std::find_if(actions.begin(), actions.end(), [&](QAction* a) { return a->text() == text(words); });
  QVERIFY2(found != actions.end() && (*found)->isEnabled(), words);
  QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(*found).center());
}

/// Drags a file over the widget and lets it go there; true when it was taken.
bool TestMainWindow::dropOn(QWidget* target, const QString& file) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(file)});
  const QPoint middle = target->rect().center();
  QDragEnterEvent enter(middle, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(target, &enter);
  if (!enter.isAccepted()) {
    return false;
  }
  QDropEvent drop(middle, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(target, &drop);
  return drop.isAccepted();
}

/// The whole way: the menu, the dialog, its button. The job's number, or 0.
int TestMainWindow::mergeInto(const QString& output) {
  const std::size_t before = workspace().jobs().jobs().size();
  Answer<MergeDialog> answer([&](MergeDialog& dialog) {
    dialog.findChild<QLineEdit*>()->setText(output);
    for (QPushButton* button : dialog.findChildren<QPushButton*>()) {
      if (button->isDefault()) {
        QTest::mouseClick(button, Qt::LeftButton);
      }
    }
    if (dialog.isVisible()) {
      dialog.reject();
    }
  });
  action("Run", "Merge")->trigger();
  const auto jobs = workspace().jobs().jobs();
  return answer.count() == 1 && jobs.size() == before + 1 ? jobs.back().id : 0;
}

JobData TestMainWindow::waitForJob(int id) {
  const auto ended = [&] {
    const JobData* job = workspace().jobs().find(id);
    return job != nullptr && isFinished(job->state);
  };
  return QTest::qWaitFor(ended, 120000) ? *workspace().jobs().find(id) : JobData();
}

// Curves
// ---------------------------------------------------------------------------------------------------------------------

void TestMainWindow::starterShowsItsCards() {
  open();
  const auto shown = cards();
  QCOMPARE(shown.size(), std::size_t(3));  // "far" comes along with the program's own samples only
  const std::array<const char*, 3> names{"base", "prose", "code"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ModelCardData& card = shown[i]->data();
    QCOMPARE(card.name, text(names[i]));
    QVERIFY(card.role == (i == 0 ? CardRole::Base : CardRole::Source));
    QVERIFY(card.state == CardState::Ok && card.finding.isEmpty() && !card.busy && card.inMerge);
    QCOMPARE(card.colourIndex, static_cast<int>(i) - 1);
    QVERIFY2(card.detail.contains(text("1.52 M")) && card.detail.contains(text("bf16")), qPrintable(card.detail));
  }
  QVERIFY(mergeButton()->isEnabled());
  QCOMPARE(view().data().tracks.size(), std::size_t(2));
  QVERIFY(!m_window->isWindowModified());
  QVERIFY(m_window->windowTitle().startsWith(text("starter")));
}

void TestMainWindow::cardUnderThePointerBringsOutItsCurve() {
  open();
  const auto hover = [&](std::size_t card, bool over) {
    const QPointF middle = cards()[card]->rect().center();
    QEnterEvent enter(middle, middle, middle);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(cards()[card], over ? &enter : &leave);
    return port()->grab().toImage();
  };
  const QImage plain = port()->grab().toImage();
  QVERIFY(hover(0, true) == plain);  // the base has no curve
  hover(0, false);
  const QImage prose = hover(1, true);
  QVERIFY(prose != plain);
  QVERIFY(hover(1, false) == plain);
  const QImage code = hover(2, true);
  QVERIFY(code != plain && code != prose);
  QVERIFY(hover(2, false) == plain);
}

void TestMainWindow::dragIsOneStepAndReachesText() {
  open();
  const QString before = shownText();
  QVERIFY(before.startsWith(QLatin1Char('#')));  // also the user's notes must come back
  drag(at(3, 0.34), at(3, 0.6));
  QCOMPARE(history().count(), 1);
  QVERIFY(m_window->isWindowModified());
  const std::vector<double> expected{0.2, 0.26, 0.32, 0.6, 0.3, 0.22, 0.15, 0.12};
  QVERIFY(near(weightsIn(shownText(), 0), expected));
  QVERIFY(near(drawn(0), expected));
  QVERIFY(near(weightsIn(shownText(), 0), drawn(0)));
  QVERIFY(near(weightsIn(shownText(), 1), weightsIn(before, 1)));
  QCOMPARE(shownText(), workspace().document().text());
  const QString after = shownText();
  action("Edit", "Undo")->trigger();
  QCOMPARE(shownText(), before);
  QVERIFY(near(drawn(0), weightsIn(before, 0)));
  QVERIFY(!m_window->isWindowModified());
  action("Edit", "Redo")->trigger();
  QCOMPARE(shownText(), after);
  QVERIFY(near(drawn(0), expected));
  QVERIFY(!action("Edit", "Redo")->isEnabled());
  settle();
  QVERIFY(workspace().problems().empty());
}

void TestMainWindow::textFollowsWhileDragging() {
  open();
  const QString before = shownText();
  press(at(3, 0.34));
  move(at(3, 0.5));
  QTRY_VERIFY(near(weightsIn(shownText(), 0), {0.2, 0.26, 0.32, 0.5, 0.3, 0.22, 0.15, 0.12}));
  move(at(3, 0.8));
  QTRY_VERIFY(near(weightsIn(shownText(), 0), {0.2, 0.26, 0.32, 0.8, 0.3, 0.22, 0.15, 0.12}));
  QCOMPARE(history().count(), 0);
  QCOMPARE(workspace().document().text(), before);
  release(at(3, 0.8));
  QCOMPARE(history().count(), 1);
  QCOMPARE(shownText(), workspace().document().text());
}

void TestMainWindow::escapeLeavesNoTrace() {
  open();
  const QString before = shownText();
  press(at(3, 0.34));
  move(at(3, 0.8));
  QTRY_VERIFY(shownText() != before);
  key(Qt::Key_Escape);
  QCOMPARE(shownText(), before);
  release(at(3, 0.8));
  QCOMPARE(history().count(), 0);
  QVERIFY(near(drawn(0), weightsIn(before, 0)));
  // The next edit is a step of its own, as if nothing had been.
  drag(at(3, 0.34), at(3, 0.6));
  QCOMPARE(history().count(), 1);
  action("Edit", "Undo")->trigger();
  QCOMPARE(shownText(), before);
}

void TestMainWindow::nudgesAreOneStepDragsAreTwo() {
  open();
  const QString before = shownText();
  view().setSelection({2});  // layer 3: layer 1 lies on the line and has no point
  for (int i = 0; i < 4; ++i) {
    key(Qt::Key_Up);
  }
  QCOMPARE(history().count(), 1);
  QVERIFY(near(drawn(0), {0.2, 0.26, 0.32, 0.38, 0.3, 0.22, 0.15, 0.12}));
  drag(at(3, 0.38), at(3, 0.6));
  drag(at(3, 0.6), at(3, 0.7));
  QCOMPARE(history().count(), 3);
  key(Qt::Key_Up);  // a nudge does not join the drag before it
  QCOMPARE(history().count(), 4);
  for (int i = 0; i < 3; ++i) {
    action("Edit", "Undo")->trigger();
  }
  QVERIFY(near(weightsIn(shownText(), 0), {0.2, 0.26, 0.32, 0.38, 0.3, 0.22, 0.15, 0.12}));
  action("Edit", "Undo")->trigger();
  QCOMPARE(shownText(), before);
}

void TestMainWindow::pointIsAddedByClickAndDeletedByKey() {
  open();
  QCOMPARE(view().data().tracks[0].curve.points.size(), std::size_t(7));  // layer 1 lies on the line and needs none
  view().setSelection({2});
  key(Qt::Key_Delete);
  QCOMPARE(history().count(), 1);
  QCOMPARE(view().data().tracks[0].curve.points.size(), std::size_t(6));
  QVERIFY(near(weightsIn(shownText(), 0), {0.2, 0.26, 0.32, 0.31, 0.3, 0.22, 0.15, 0.12}));
  QTest::mouseClick(port(), Qt::LeftButton, {}, at(3, 0.7));
  QCOMPARE(history().count(), 2);
  QCOMPARE(view().data().tracks[0].curve.points.size(), std::size_t(7));
  QVERIFY(near(weightsIn(shownText(), 0), {0.2, 0.26, 0.32, 0.7, 0.3, 0.22, 0.15, 0.12}));
  QCOMPARE(view().selection(), std::vector{2});
  key(Qt::Key_Delete);
  QCOMPARE(history().count(), 3);
  QVERIFY(near(weightsIn(shownText(), 0), {0.2, 0.26, 0.32, 0.31, 0.3, 0.22, 0.15, 0.12}));
}

void TestMainWindow::embeddingIsUnlinkedAndLinked() {
  open();
  const QString before = shownText();
  const QRectF cell = view().geometry().cells[0];
  const int x = qRound(cell.center().x());
  drag(QPoint(x, at(0, 0.2).y()), QPoint(x, at(0, 0.7).y()));
  QCOMPARE(history().count(), 1);
  QCOMPARE(filtersIn(shownText(), 0), QStringList({text("model.embed_tokens.weight"), QString()}));
  QCOMPARE(weightsIn(shownText(), 0, "model.embed_tokens.weight"), std::vector<double>(kLayers, 0.7));
  QVERIFY(near(weightsIn(shownText(), 0), weightsIn(before, 0)));
  QCOMPARE(filtersIn(shownText(), 1), QStringList{QString()});
  QCOMPARE(view().data().tracks[0].cellValues[0], std::optional(0.7));
  // The link stands under the cell's name.
  const double y = cell.bottom() + 8 + QFontMetricsF(smallFont()).height() + 5;
  QTest::mouseClick(port(), Qt::LeftButton, {}, QPoint(x, qRound(y)));
  QCOMPARE(history().count(), 2);
  QCOMPARE(filtersIn(shownText(), 0), QStringList{QString()});
  QVERIFY(!view().data().tracks[0].cellValues[0]);
  QVERIFY(near(weightsIn(shownText(), 0), weightsIn(before, 0)));
}

void TestMainWindow::groupWritesItsRuleFirst() {
  open();
  const QString before = shownText();
  QVERIFY(chooseGroup("Attention"));
  QVERIFY(view().data().cells.empty());
  QVERIFY(near(drawn(0), weightsIn(before, 0)));
  QCOMPARE(history().count(), 0);
  drag(at(3, 0.34), at(3, 0.6));
  QCOMPARE(history().count(), 1);
  QCOMPARE(filtersIn(shownText(), 0), QStringList({text("self_attn"), QString()}));
  QVERIFY(near(weightsIn(shownText(), 0, "self_attn"), {0.2, 0.26, 0.32, 0.6, 0.3, 0.22, 0.15, 0.12}));
  QVERIFY(near(weightsIn(shownText(), 0), weightsIn(before, 0)));
  settle();
  QVERIFY(workspace().problems().empty());
}

// Form and text
// ---------------------------------------------------------------------------------------------------------------------

void TestMainWindow::methodBecomesLinear() {
  open();
  const QString before = shownText();
  auto* methods = m_window->findChild<QComboBox*>(text("method"));
  QVERIFY(methods != nullptr);
  QCOMPARE(methods->currentData().toString(), text("task_arithmetic"));
  methods->setFocus();
  QTest::keyClick(methods, Qt::Key_Home);
  QCOMPARE(methods->currentData().toString(), text("linear"));
  QCOMPARE(history().count(), 1);
  const ParsedRecipe parsed = parseRecipe(shownText().toStdString());
  QVERIFY(parsed.recipe.has_value());
  QCOMPARE(parsed.recipe->mergeMethod, std::string("linear"));
  QVERIFY(!parsed.recipe->baseModel);
  QCOMPARE(parsed.recipe->models.size(), std::size_t(2));
  QVERIFY(near(weightsIn(shownText(), 0), weightsIn(before, 0)));
  QCOMPARE(view().data().parameter, text("weight"));
  QVERIFY(!view().data().tracks[0].effective.empty());  // linear divides by the sum
  QVERIFY(!m_window->findChild<QComboBox*>(text("baseModel"))->isVisible());
  settle();
  QVERIFY(workspace().problems().empty());
  workspace().setMethod(text("ties"));
  QCOMPARE(cards()[0]->data().name, text("base"));  // the base of before, not the first source
  QVERIFY(cards()[0]->data().role == CardRole::Base);
  QCOMPARE(view().data().tracks.size(), std::size_t(2));
  action("Edit", "Undo")->trigger();
  action("Edit", "Undo")->trigger();
  QCOMPARE(shownText(), before);
  QCOMPARE(methods->currentData().toString(), text("task_arithmetic"));
  QVERIFY(m_window->findChild<QComboBox*>(text("baseModel"))->isVisible());
}

void TestMainWindow::slerpShowsTheTrackOfT() {
  open();
  chooseInMenuOf(2, "Remove from merge");
  QTRY_COMPARE(workspace().document().recipe().models.size(), std::size_t(1));
  QVERIFY(!cards()[2]->data().inMerge);
  auto* methods = m_window->findChild<QComboBox*>(text("method"));
  methods->setFocus();
  // SLERP is the first from the top that begins with an s.
  QTest::keyClick(methods, Qt::Key_Home);
  QTest::keyClick(methods, 's');
  QCOMPARE(methods->currentData().toString(), text("slerp"));
  // The removal, the average that the Home key stops at, and SLERP.
  QCOMPARE(history().count(), 3);
  QCOMPARE(view().data().tracks.size(), std::size_t(1));
  QCOMPARE(view().data().parameter, text("t"));
  QStringList parameters;
  for (QComboBox* combo : m_window->curves().toolBar().findChildren<QComboBox*>()) {
    if (combo->accessibleName() == text("Parameter")) {
      parameters << combo->currentText();
    }
  }
  QCOMPARE(parameters, QStringList{text("t")});
  QVERIFY(near(drawn(0), std::vector<double>(kLayers, 0.5)));
  settle();
  QVERIFY(workspace().problems().empty());
  drag(at(0, 0.5), at(0, 0.25));
  const ParsedRecipe parsed = parseRecipe(shownText().toStdString());
  QCOMPARE(curveOf(*parsed.recipe, {std::nullopt, "t", {}}, kLayers).has_value(), true);
  QVERIFY(near(evaluateCurve(*curveOf(*parsed.recipe, {std::nullopt, "t", {}}, kLayers), kLayers), drawn(0)));
  QCOMPARE(drawn(0).front(), 0.25);
}

void TestMainWindow::typingChangesTheCurve() {
  open();
  type("0.26", "0.55");
  QTRY_COMPARE(history().count(), 1);
  QVERIFY(near(drawn(0), {0.2, 0.55, 0.32, 0.34, 0.3, 0.22, 0.15, 0.12}));
  QVERIFY(shownText().startsWith(QLatin1Char('#')));  // what was typed stays as it was typed
  type("0.12]", "0.5]  # last");
  QTRY_VERIFY(near(drawn(0), {0.2, 0.55, 0.32, 0.34, 0.3, 0.22, 0.15, 0.5}));
  QVERIFY(shownText().contains(text("# last")));
  drag(at(3, 0.34), at(3, 0.6));
  QVERIFY(near(weightsIn(shownText(), 0), {0.2, 0.55, 0.32, 0.6, 0.3, 0.22, 0.15, 0.5}));
}

void TestMainWindow::textErrorBlocksTheMerge_data() {
  QTest::addColumn<QByteArray>("good");
  QTest::addColumn<QByteArray>("bad");
  QTest::newRow("not YAML") << QByteArray("0.12]") << QByteArray("0.12");
  QTest::newRow("no such method") << QByteArray("task_arithmetic") << QByteArray("task_arithmetik");
  QTest::newRow("no such model") << QByteArray("model: code") << QByteArray("model: cod");
  QTest::newRow("no number") << QByteArray("0.26") << QByteArray("much");
}

void TestMainWindow::textErrorBlocksTheMerge() {
  QFETCH(QByteArray, good);
  QFETCH(QByteArray, bad);
  open();
  auto* list = m_window->findChild<ProblemsPanel*>()->findChild<QListView*>();
  QCOMPARE(list->model()->rowCount(), 0);
  QVERIFY(mergeButton()->isEnabled());
  const int line = static_cast<int>(shownText().left(shownText().indexOf(QString::fromUtf8(good))).count(u'\n')) + 1;
  type(good.constData(), bad.constData());
  QTRY_VERIFY(list->model()->rowCount() > 0);
  QTRY_VERIFY(!mergeButton()->isEnabled());
  QVERIFY2(!mergeButton()->toolTip().isEmpty() && mergeButton()->accessibleDescription().contains(u'1'),
           qPrintable(mergeButton()->accessibleDescription()));
  QVERIFY(!action("Run", "Merge")->isEnabled());
  // An unclosed list shows where the next line does not fit.
  const int shownLine = workspace().problems().front().where.line;
  QVERIFY2(shownLine >= line && shownLine <= line + 1, qPrintable(QString::number(shownLine)));
  const QString words = list->model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
  QVERIFY2(words.contains(text("line %1").arg(shownLine)), qPrintable(words));
  QVERIFY(!list->model()->index(0, 0).data(Qt::DisplayRole).toString().isEmpty());
  type(bad.constData(), good.constData());
  QTRY_COMPARE(list->model()->rowCount(), 0);
  QTRY_VERIFY(mergeButton()->isEnabled());
  QVERIFY(action("Run", "Merge")->isEnabled());
  QVERIFY(near(drawn(0), {0.2, 0.26, 0.32, 0.34, 0.3, 0.22, 0.15, 0.12}));
}

void TestMainWindow::typingAtOnceBeforeMergeCounts() {
  open();
  type("0.26", "0.55");
  QCOMPARE(history().count(), 0);  // still within the pause for typing
  const int id = mergeInto(path("work/merged"));
  QVERIFY(id > 0);
  QCOMPARE(waitForJob(id).state, JobState::Done);
  const QString recipe = QString::fromStdString(test::readBytes(stdPath("work/merged/mergekit_config.yml")));
  QVERIFY(near(weightsIn(recipe, 0), {0.2, 0.55, 0.32, 0.34, 0.3, 0.22, 0.15, 0.12}));
}

void TestMainWindow::typingAtOnceBeforeUndoCounts() {
  open();
  drag(at(3, 0.34), at(3, 0.6));
  const QString before = shownText();
  type("0.26", "0.55");
  const QString typed = shownText();
  QCOMPARE(history().count(), 1);  // still within the pause for typing
  action("Edit", "Undo")->trigger();
  QCOMPARE(shownText(), before);  // what was typed is taken back, not the drag before it
  QVERIFY(near(drawn(0), {0.2, 0.26, 0.32, 0.6, 0.3, 0.22, 0.15, 0.12}));
  action("Edit", "Redo")->trigger();
  QCOMPARE(shownText(), typed);
}

void TestMainWindow::typingAtOnceBeforeSaveCounts() {
  open();
  type("0.26", "0.55");
  QCOMPARE(history().count(), 0);  // still within the pause for typing
  action("File", "Save")->trigger();
  const QString written = QString::fromStdString(test::readBytes(stdPath("work/starter.layerloom.yml")));
  QVERIFY(near(weightsIn(written, 0), {0.2, 0.55, 0.32, 0.34, 0.3, 0.22, 0.15, 0.12}));
  QCOMPARE(shownText(), written);
  QVERIFY(!m_window->isWindowModified());
}

// Merging
// ---------------------------------------------------------------------------------------------------------------------

void TestMainWindow::mergeGivesTheSum() {
  open();
  drag(at(3, 0.34), at(3, 0.6));
  settle();
  const QString recipe = shownText();
  const int id = mergeInto(path("out/merged"));
  QVERIFY(id > 0);
  const JobData job = waitForJob(id);
  QVERIFY2(job.state == JobState::Done, qPrintable(job.message + u' ' + job.remedy));
  QCOMPARE(job.folder, path("out/merged"));
  QCOMPARE(job.tensors, 75);
  const auto rows = m_window->findChildren<JobRow*>();
  QCOMPARE(rows.size(), 1);
  QVERIFY(rows[0]->isVisible() && rows[0]->job() == *workspace().jobs().find(id));
  QCOMPARE(QString::fromStdString(test::readBytes(stdPath("out/merged/mergekit_config.yml"))), recipe);

  SumCheck check;
  check.base = test::readModelFolder(stdPath("work/base"));
  check.models = {test::readModelFolder(stdPath("work/prose")), test::readModelFolder(stdPath("work/code"))};
  check.weights = {{0.2, 0.26, 0.32, 0.6, 0.3, 0.22, 0.15, 0.12}, {0.15, 0.14, 0.16, 0.2, 0.27, 0.33, 0.36, 0.35}};
  const auto merged = test::readModelFolder(stdPath("out/merged"));
  QCOMPARE(merged.size(), check.base.size());
  for (const auto& [name, tensor] : merged) {
    QVERIFY2(check.base.contains(name), name.c_str());
    QCOMPARE(tensor.dtype, std::string("BF16"));
    QVERIFY2(tensor.shape == check.base.at(name).shape, name.c_str());
    QVERIFY2(check.wrongEntries(name, tensor) == 0, name.c_str());
  }
  // The check itself must be able to fail.
  check.weights[0][3] = 0.34;
  QVERIFY(check.wrongEntries("model.layers.3.mlp.up_proj.weight", merged.at("model.layers.3.mlp.up_proj.weight")) >
          1000);
}

void TestMainWindow::mergeIntoAModelFails() {
  open();
  const QStringList before = namesIn(stdPath("work"));
  const int id = mergeInto(path("work/base/merged"));
  QVERIFY(id > 0);
  const JobData job = waitForJob(id);
  QVERIFY(job.state == JobState::Failed);
  QVERIFY2(job.message.contains(text("base")), qPrintable(job.message));
  QVERIFY(!job.remedy.isEmpty());
  QCOMPARE(namesIn(stdPath("work")), before);
  int shown = 0;
  Answer<QMessageBox> answer([&](QMessageBox& box) {
    shown = box.text() == job.message && box.informativeText() == job.remedy ? 1 : -1;
    box.accept();
  });
  emit m_window->findChild<JobRow*>()->showRequested(id);
  QCOMPARE(shown, 1);
  QVERIFY(!workspace().jobs().isBusy());
}

void TestMainWindow::cancelLeavesNothing() {
  writeHollowModel(stdPath("big/a"));
  writeHollowModel(stdPath("big/b"));
  test::writeBytes(stdPath("work/big.yml"),
                   "merge_method: linear\nmodels:\n  - {model: " + stdPath("big/a").string() +
                       ", parameters: {weight: 0.5}}\n  - {model: " + stdPath("big/b").string() +
                       ", parameters: {weight: 0.5}}\ndtype: float32\n");
  open("big.yml");
  QVERIFY(workspace().problems().empty());
  bool inTheMiddle = false;
  connect(&workspace().jobs(), &MergeQueue::jobChanged, m_window.get(), [&](const JobData& job) {
    if (!inTheMiddle && job.state == JobState::Running && job.bytesDone > 0 && job.bytesDone < job.bytesTotal) {
      inTheMiddle = true;
      action("Run", "Cancel")->trigger();
    }
  });
  fs::create_directory(stdPath("out"));
  const int id = mergeInto(path("out/merged"));
  QVERIFY(id > 0);
  const JobData job = waitForJob(id);
  QVERIFY2(inTheMiddle, "the merge was over before it could be cancelled");
  QVERIFY2(job.state == JobState::Cancelled, qPrintable(job.message));
  QVERIFY(fs::is_empty(stdPath("out")));
  QVERIFY(!workspace().jobs().isBusy());
}

// Models
// ---------------------------------------------------------------------------------------------------------------------

void TestMainWindow::badModelIsNamed_data() {
  QTest::addColumn<QString>("kind");
  QTest::addColumn<QString>("file");
  QTest::addColumn<QString>("words");
  QTest::newRow("missing shard") << text("shard") << text("model-00002-of-00002.safetensors") << text("missing");
  QTest::newRow("truncated") << text("truncated") << text("work/code/model.safetensors") << text("truncated");
  QTest::newRow("empty folder") << text("empty") << text("work/code") << text("holds neither");
}

void TestMainWindow::badModelIsNamed() {
  QFETCH(QString, kind);
  QFETCH(QString, file);
  QFETCH(QString, words);
  const fs::path model = stdPath("work/code");
  const std::string whole = test::readBytes(model / "model.safetensors");
  fs::remove(model / "model.safetensors");
  if (kind == text("shard")) {
    test::writeBytes(model / "model-00001-of-00002.safetensors",
                     test::safetensorsBytes({{"a", test::f32Tensor({1}, {1.0F})}}));
    test::writeBytes(
        model / "model.safetensors.index.json",
        R"({"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}})");
  } else if (kind == text("truncated")) {
    test::writeBytes(model / "model.safetensors", whole.substr(0, whole.size() - 1000));
  }
  open();
  const ModelCardData card = cards()[2]->data();
  QVERIFY(card.state == CardState::Error);
  QVERIFY2(card.finding.contains(words), qPrintable(card.finding));  // the card has no room for the whole path
  QCOMPARE(card.name, text("code"));
  QVERIFY(!card.fixLabel.isEmpty());
  QVERIFY(cards()[1]->data().state == CardState::Ok);
  const auto problems = workspace().problems();
  QVERIFY(hasErrors(problems));
  const auto named = std::find_if(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.message.find(file.toStdString()) != std::string::npos && !problem.remedy.empty() &&
           problem.where.line > 0;
  });
  QVERIFY(named != problems.end());
  QVERIFY(!mergeButton()->isEnabled());
  // Mended on disk: the card's button reads it anew.
  fs::remove_all(model);
  fs::copy(fs::path(LAYERLOOM_SAMPLES) / "code", model, fs::copy_options::recursive);
  emit cards()[2]->fixRequested();
  settle();
  QTRY_VERIFY(cards()[2]->data().state == CardState::Ok);
  QTRY_VERIFY(mergeButton()->isEnabled());
}

void TestMainWindow::shapesThatDifferAreNamed() {
  test::RawTensors tensors;
  for (const auto& [name, tensor] : test::readModelFolder(stdPath("work/code"))) {
    tensors.emplace_back(name, tensor);
    if (name == "model.layers.5.mlp.up_proj.weight") {
      std::swap(tensors.back().second.shape[0], tensors.back().second.shape[1]);
    }
  }
  test::writeBytes(stdPath("work/code/model.safetensors"), test::safetensorsBytes(tensors));
  open();
  const auto problems = workspace().problems();
  const auto named = std::find_if(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.message.find("model.layers.5.mlp.up_proj.weight") != std::string::npos;
  });
  QVERIFY(named != problems.end());
  QVERIFY(named->severity == Severity::Error && !named->remedy.empty());
  QVERIFY2(named->message.find("344") != std::string::npos, named->message.c_str());
  QVERIFY(!mergeButton()->isEnabled());
  auto* list = m_window->findChild<ProblemsPanel*>()->findChild<QListView*>();
  QCOMPARE(list->model()->rowCount(), static_cast<int>(problems.size()));
}

void TestMainWindow::droppedFolderBecomesAModel() {
  open();
  QVERIFY(dropOn(m_window.get(), path("work/far")));
  settle();
  QTRY_COMPARE(cards().size(), std::size_t(4));
  QCOMPARE(cards()[3]->data().name, text("far"));
  QVERIFY(cards()[3]->data().state == CardState::Ok && cards()[3]->data().inMerge);
  QCOMPARE(view().data().tracks.size(), std::size_t(3));
  QCOMPARE(view().data().activeTrack, 2);
  QVERIFY(shownText().contains(text("model: far\n")));
  QCOMPARE(history().count(), 1);
  QVERIFY(mergeButton()->isEnabled());
}

void TestMainWindow::droppedRecipeOpens() {
  test::writeBytes(stdPath("work/other.yml"),
                   "merge_method: linear\nmodels:\n  - {model: prose, parameters: {weight: 1}}\n"
                   "  - {model: code, parameters: {weight: 1}}\ndtype: float32\n");
  open();
  QVERIFY(dropOn(m_window.get(), path("work/other.yml")));
  QTRY_COMPARE(workspace().document().filePath(), path("work/other.yml"));
  settle();
  QTRY_COMPARE(cards().size(), std::size_t(2));
  QVERIFY(m_window->windowTitle().startsWith(text("other")));
  QCOMPARE(history().count(), 0);
}

void TestMainWindow::dropOfOtherThingsIsRefused() {
  open();
  const QString before = shownText();
  test::writeBytes(stdPath("work/notes.txt"), "nothing");
  QVERIFY(!dropOn(m_window.get(), path("work/notes.txt")));
  QCOMPARE(cards().size(), std::size_t(3));
  QCOMPARE(shownText(), before);
}

void TestMainWindow::dropOnTheEditorIsNoText() {
  open();
  QVERIFY(dropOn(editor()->viewport(), path("work/far")));
  settle();
  QTRY_COMPARE(cards().size(), std::size_t(4));
  QVERIFY2(!shownText().contains(text("file:")), "the folder's address was written into the recipe");
}

void TestMainWindow::removedModelComesBack() {
  open();
  drag(at(3, 0.34), at(3, 0.6));
  const QString before = shownText();
  const std::vector<double> curve = drawn(0);
  chooseInMenuOf(1, "Remove");
  QTRY_COMPARE(cards().size(), std::size_t(2));
  QCOMPARE(cards()[1]->data().name, text("code"));
  QCOMPARE(cards()[1]->data().colourIndex, 1);
  QCOMPARE(view().data().tracks.size(), std::size_t(1));
  QVERIFY(!shownText().contains(text("prose")));
  action("Edit", "Undo")->trigger();
  settle();
  QCOMPARE(shownText(), before);
  QTRY_COMPARE(cards().size(), std::size_t(3));
  QCOMPARE(cards()[1]->data().name, text("prose"));
  QCOMPARE(cards()[1]->data().colourIndex, 0);
  QVERIFY(near(drawn(0), curve));
  QVERIFY(view().data().tracks[0].relativeDelta.size() == kLayers);
}

// Window
// ---------------------------------------------------------------------------------------------------------------------

void TestMainWindow::layoutIsRemembered() {
  auto* models = m_window->findChild<QDockWidget*>(text("ModelsDock"));
  auto* form = m_window->findChild<QDockWidget*>(text("RecipeDock"));
  QVERIFY(models->isVisible() && m_window->dockWidgetArea(form) == Qt::RightDockWidgetArea);
  models->toggleViewAction()->trigger();
  m_window->addDockWidget(Qt::LeftDockWidgetArea, form);
  m_window->resize(m_window->minimumSizeHint() + QSize(33, 21));
  const QSize size = m_window->size();
  QVERIFY(m_window->close());
  makeWindow();
  models = m_window->findChild<QDockWidget*>(text("ModelsDock"));
  form = m_window->findChild<QDockWidget*>(text("RecipeDock"));
  QVERIFY(!models->isVisible());
  QCOMPARE(m_window->dockWidgetArea(form), Qt::LeftDockWidgetArea);
  // A window larger than the screen is brought back onto it, whatever was saved.
  if (QRect({}, m_window->screen()->availableSize()).contains(QRect({}, size))) {
    QCOMPARE(m_window->size(), size);
  }
  action("View", "Reset layout")->trigger();
  QVERIFY(models->isVisible());
  QCOMPARE(m_window->dockWidgetArea(form), Qt::RightDockWidgetArea);
}

void TestMainWindow::closingAsksForUnsavedChanges() {
  open();
  drag(at(3, 0.34), at(3, 0.6));
  const std::string before = test::readBytes(stdPath("work/starter.layerloom.yml"));
  Answer<QMessageBox> stay(
      [](QMessageBox& box) { QTest::mouseClick(box.button(QMessageBox::Cancel), Qt::LeftButton); });
  QVERIFY(!m_window->close());
  QCOMPARE(stay.count(), 1);
  QVERIFY(m_window->isVisible());
  Answer<QMessageBox> discard(
      [](QMessageBox& box) { QTest::mouseClick(box.button(QMessageBox::Discard), Qt::LeftButton); });
  QVERIFY(m_window->close());
  QCOMPARE(discard.count(), 1);
  QVERIFY(!m_window->isVisible());
  QCOMPARE(test::readBytes(stdPath("work/starter.layerloom.yml")), before);
}

void TestMainWindow::savingWritesTheFile() {
  open();
  drag(at(3, 0.34), at(3, 0.6));
  action("File", "Save")->trigger();
  QVERIFY(!m_window->isWindowModified());
  const QString written = QString::fromStdString(test::readBytes(stdPath("work/starter.layerloom.yml")));
  QVERIFY(near(weightsIn(written, 0), {0.2, 0.26, 0.32, 0.6, 0.3, 0.22, 0.15, 0.12}));
  Answer<QMessageBox> none([](QMessageBox& box) { box.reject(); });
  QVERIFY(m_window->close());  // nothing to ask
  QCOMPARE(none.count(), 0);
}

}  // namespace layerloom

QTEST_MAIN(layerloom::TestMainWindow)
#include "tst_main_window.moc"
