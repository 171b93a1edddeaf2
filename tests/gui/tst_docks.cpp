// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <Qsci/qsciscintilla.h>

#include "ui/jobs/amount_text.h"
#include "ui/jobs/budget_bar.h"
#include "ui/jobs/job_row.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/models/dropped_model_paths.h"
#include "ui/models/eye_button.h"
#include "ui/models/model_card.h"
#include "ui/models/models_panel.h"
#include "ui/parts/text_button.h"
#include "ui/recipe/number_box.h"
#include "ui/recipe/recipe_form.h"
#include "ui/theme/theme.h"
#include "ui/yaml/problems_panel.h"
#include "ui/yaml/text_difference.h"
#include "ui/yaml/yaml_editor.h"
#include "ui/yaml/yaml_tokens.h"

using namespace layerloom;

namespace {

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

std::vector<ModelCardData> sampleCards() {
  std::vector<ModelCardData> cards(4);
  cards[0].name = text("base");
  cards[0].role = CardRole::Base;
  cards[1].name = text("prose");
  cards[1].colourIndex = 0;
  cards[2].name = text("code");
  cards[2].colourIndex = 1;
  cards[2].path = text("/models/code");
  cards[2].state = CardState::Warning;
  cards[2].finding = text("2 tokens not in base");
  cards[2].fixLabel = text("Use union");
  cards[3].name = text("far");
  cards[3].inMerge = false;
  return cards;
}

void show(QWidget& widget, QSize size) {
  widget.resize(size);
  widget.show();
  widget.activateWindow();
  QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

TextButton* textButton(const QWidget& parent, const QString& words) {
  for (TextButton* button : parent.findChildren<TextButton*>())
    if (button->isVisible() && button->text() == words) return button;
  return nullptr;
}

QToolButton* iconButton(const QWidget& parent, const QString& words) {
  for (QToolButton* button : parent.findChildren<QToolButton*>())
    if (button->accessibleName() == words) return button;
  return nullptr;
}

void triggerInMenu(const QString& words) {
  QMenu* menu = nullptr;
  QTRY_VERIFY((menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) != nullptr);
  for (QAction* action : menu->actions()) {
    if (action->text() != words) continue;
    QVERIFY(action->isEnabled());
    QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
    return;
  }
  menu->close();
  QFAIL(qPrintable(words + text(" is not in the menu")));
}

RecipeFormData dareTies() {
  RecipeFormData data;
  data.method = text("dare_ties");
  data.models = {{text("./base"), text("base")}, {text("./prose"), text("prose")}};
  data.baseModel = text("./base");
  data.parameters = {{text("weight"), {}, true, true}, {text("density"), 0.5, false, true}};
  data.dtype = text("float32");
  return data;
}

QString longRecipe() {
  QString recipe = text("merge_method: linear\nmodels:\n");
  for (int i = 0; i < 200; ++i) recipe += text("  - model: ./model-%1\n").arg(i);
  return recipe;
}

Problem problemAt(int line, int column, Severity severity = Severity::Error) {
  return {severity, "models", {line, column}, "weight is missing", "add a weight"};
}

JobData job(int id, JobState state) {
  JobData data;
  data.id = id;
  data.name = text("soup-%1").arg(id);
  data.method = text("linear");
  data.state = state;
  data.folder = text("/models/out");
  return data;
}

BudgetData affordable() {
  BudgetData budget;
  budget.outputBytes = 3'100'000'000;
  budget.peakMemory = 200'000'000;
  budget.memory = 15'000'000'000;
  budget.freeDisk = 80'000'000'000;
  budget.seconds = 14;
  budget.summary = text("linear");
  return budget;
}

/// Every visible widget that takes the keyboard, as a screen reader would be told of it.
QStringList focusableWithoutName(const QWidget& window) {
  QStringList nameless;
  for (QWidget* widget : window.findChildren<QWidget*>()) {
    if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy()) continue;
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
    if (!accessible || accessible->text(QAccessible::Name).isEmpty())
      nameless << QString::fromLatin1(widget->metaObject()->className());
  }
  return nameless;
}

}  // namespace

class TestDocks : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void init() {  // The offscreen platform says so of every window; everything else fails the test.
    QTest::failOnWarning(QRegularExpression(text("\\A(?!This plugin does not support)")));
  }

  void cardIsActivatedByMouseAndKeys();
  void cardsAreWalkedAndRemovedByKeys();
  void cardMenuOffersBaseAndMembership();
  void eyeTogglesTheCurve();
  void findingAndMembershipButtons();
  void emptyModelsOfferTheSamples();
  void dropsAcceptModelsAndRecipesOnly();

  void formShowsOnlyTheMethodsParameters();
  void setDataEmitsNothing();
  void methodChoiceIsReportedOnce();
  void numberEditIsReportedOnce();
  void numbersAreReadInBothSpellings();
  void hardLimitsHold();
  void missingNumberStaysEmpty();
  void booleanIsReportedOnce();
  void curveButtonAsksForTheCurve();
  void precisionsAreReported();

  void setTextKeepsScrollAndSelection();
  void typingIsReportedOnceAfterThePause();
  void problemsMarkTheirLine();
  void revealLineMovesTheCursor();
  void undoKeysAreLeftToTheWindow();
  void yamlTokensTellKeysFromValues();
  void textDifferenceKeepsCharactersWhole();

  void problemsAreActivatedAndCopied();
  void problemsAreSortedByGravity();

  void jobsAreShownNewestFirst();
  void jobButtonsReportTheirJob();
  void jobStatesHaveWords();
  void amountsAreShort();

  void mergeIsRequestedByMouseAndKey();
  void blockedMergeSaysWhy();
  void shortDiskBlocksMerge();

  void everythingFocusableHasAName();
  void themeChangeReachesEverything();
};

void TestDocks::initTestCase() {
  QLocale::setDefault(QLocale::c());
  applyTheme(*qApp, ThemeMode::Light);
}

// Models
// ---------------------------------------------------------------------------------------------------------------------------

void TestDocks::cardIsActivatedByMouseAndKeys() {
  ModelsPanel panel;
  panel.setCards(sampleCards(), 0);
  show(panel, {260, 500});
  QSignalSpy activated(&panel, &ModelsPanel::activated);
  const auto cards = panel.findChildren<ModelCard*>();
  QCOMPARE(cards.size(), 4);
  QTest::mouseClick(cards[1], Qt::LeftButton, {}, QPoint(60, 40));
  QCOMPARE(activated.takeFirst().at(0).toInt(), 1);
  cards[2]->setFocus();
  QTest::keyClick(cards[2], Qt::Key_Return);
  QCOMPARE(activated.takeFirst().at(0).toInt(), 2);
  QTest::keyClick(cards[2], Qt::Key_Space);
  QCOMPARE(activated.takeFirst().at(0).toInt(), 2);
  QVERIFY(!cards[2]->isActive());  // the owner decides
  panel.setCards(sampleCards(), 2);
  QVERIFY(cards[2]->isActive() && !cards[0]->isActive());
  QVERIFY(activated.isEmpty());
}

void TestDocks::cardsAreWalkedAndRemovedByKeys() {
  ModelsPanel panel;
  panel.setCards(sampleCards(), 0);
  show(panel, {260, 500});
  QSignalSpy removed(&panel, &ModelsPanel::removeRequested);
  const auto cards = panel.findChildren<ModelCard*>();
  cards[0]->setFocus();
  QTest::keyClick(cards[0], Qt::Key_Down);
  QCOMPARE(QApplication::focusWidget(), cards[1]);
  QTest::keyClick(cards[1], Qt::Key_End);
  QCOMPARE(QApplication::focusWidget(), cards[3]);
  QTest::keyClick(cards[3], Qt::Key_Down);
  QCOMPARE(QApplication::focusWidget(), cards[3]);
  QTest::keyClick(cards[3], Qt::Key_Up);
  QTest::keyClick(cards[2], Qt::Key_Delete);
  QCOMPARE(removed.size(), 1);
  QCOMPARE(removed.at(0).at(0).toInt(), 2);
}

void TestDocks::cardMenuOffersBaseAndMembership() {
  ModelsPanel panel;
  panel.setCards(sampleCards(), 0);
  show(panel, {260, 500});
  QSignalSpy base(&panel, &ModelsPanel::baseRequested);
  QSignalSpy left(&panel, &ModelsPanel::removeFromMergeRequested);
  const auto cards = panel.findChildren<ModelCard*>();
  const auto openMenu = [&](ModelCard* card) {
    const QPoint at(50, 30);
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, card->mapToGlobal(at));
    QApplication::sendEvent(card, &event);
  };
  openMenu(cards[1]);
  triggerInMenu(text("Use as base"));
  QCOMPARE(base.size(), 1);
  QCOMPARE(base.at(0).at(0).toInt(), 1);
  openMenu(cards[2]);
  triggerInMenu(text("Remove from merge"));
  QCOMPARE(left.size(), 1);
  QCOMPARE(left.at(0).at(0).toInt(), 2);
  openMenu(cards[2]);
  triggerInMenu(text("Copy path"));
  QCOMPARE(QGuiApplication::clipboard()->text(), text("/models/code"));
}

void TestDocks::eyeTogglesTheCurve() {
  ModelsPanel panel;
  panel.setCards(sampleCards(), 1);
  show(panel, {260, 500});
  QSignalSpy toggled(&panel, &ModelsPanel::visibilityToggled);
  QSignalSpy activated(&panel, &ModelsPanel::activated);
  auto* card = panel.findChildren<ModelCard*>().at(1);
  auto* eye = card->findChild<EyeButton*>();
  QTest::mouseClick(eye, Qt::LeftButton);
  QCOMPARE(toggled.size(), 1);
  QCOMPARE(toggled.at(0).at(0).toInt(), 1);
  QCOMPARE(toggled.at(0).at(1).toBool(), false);
  auto cards = sampleCards();
  cards[1].curveVisible = false;
  panel.setCards(cards, 1);
  QTest::mouseClick(eye, Qt::LeftButton);
  QCOMPARE(toggled.at(1).at(1).toBool(), true);
  QVERIFY(activated.isEmpty());
  QVERIFY(!panel.findChildren<ModelCard*>().at(0)->findChild<EyeButton*>()->isVisible());  // the base draws no curve
}

void TestDocks::findingAndMembershipButtons() {
  ModelsPanel panel;
  panel.setCards(sampleCards(), 1);
  show(panel, {260, 500});
  QSignalSpy fix(&panel, &ModelsPanel::fixRequested);
  QSignalSpy add(&panel, &ModelsPanel::addToMergeRequested);
  QTest::mouseClick(textButton(panel, text("Use union")), Qt::LeftButton);
  QTest::mouseClick(textButton(panel, text("Add to merge")), Qt::LeftButton);
  QCOMPARE(fix.size(), 1);
  QCOMPARE(fix.at(0).at(0).toInt(), 2);
  QCOMPARE(add.size(), 1);
  QCOMPARE(add.at(0).at(0).toInt(), 3);
}

void TestDocks::emptyModelsOfferTheSamples() {
  ModelsPanel panel;
  show(panel, {260, 400});
  QSignalSpy samples(&panel, &ModelsPanel::openSamplesRequested);
  QSignalSpy open(&panel, &ModelsPanel::openRequested);
  QTest::mouseClick(textButton(panel, text("Open the samples")), Qt::LeftButton);
  QCOMPARE(samples.size(), 1);
  panel.titleActions().at(0)->trigger();
  QCOMPARE(open.size(), 1);
  panel.setCards(sampleCards(), -1);
  QVERIFY(!textButton(panel, text("Open the samples")));
  panel.setCards({}, -1);
  QVERIFY(textButton(panel, text("Open the samples")));
}

void TestDocks::dropsAcceptModelsAndRecipesOnly() {
  QTemporaryDir folder;
  const auto make = [&](const char* name) {
    QFile file(folder.filePath(text(name)));
    [&] { QVERIFY(file.open(QIODevice::WriteOnly)); }();
    return QUrl::fromLocalFile(file.fileName());
  };
  const QUrl weights = make("model.SafeTensors");
  const QUrl recipe = make("recipe.yml");
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(folder.path()), weights, recipe, recipe, make("notes.txt"),
                QUrl(text("https://example.org/model.safetensors")),
                QUrl::fromLocalFile(text("/nowhere/model.safetensors"))});
  const std::vector<QString> expected{folder.path(), weights.toLocalFile(), recipe.toLocalFile()};
  QCOMPARE(droppedModelPaths(data), expected);
  QMimeData plain;
  plain.setText(text("hello"));
  QVERIFY(droppedModelPaths(plain).empty());
}

// Recipe form
// ----------------------------------------------------------------------------------------------------------------------

void TestDocks::formShowsOnlyTheMethodsParameters() {
  RecipeForm form;
  RecipeFormData data = dareTies();
  form.setData(data);
  show(form, {320, 600});
  QVERIFY(form.findChild<NumberBox*>(text("density"))->isVisible());
  QVERIFY(!form.findChild<NumberBox*>(text("weight"))->isVisible());  // varies
  QVERIFY(form.findChild<QCheckBox*>(text("rescale"))->isVisible());
  QVERIFY(!form.findChild<QCheckBox*>(text("int8_mask")));  // has no effect here
  data.method = text("linear");
  data.baseModel.clear();
  data.parameters.clear();
  form.setData(data);
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  QTRY_VERIFY(form.findChild<NumberBox*>(text("weight"))->isVisible());
  QVERIFY(!form.findChild<NumberBox*>(text("density")));
  QVERIFY(!form.findChild<QCheckBox*>(text("rescale")));
  QVERIFY(!form.findChild<QComboBox*>(text("baseModel"))->isVisible());
}

void TestDocks::setDataEmitsNothing() {
  RecipeForm form;
  show(form, {320, 600});
  QSignalSpy method(&form, &RecipeForm::methodChanged);
  QSignalSpy base(&form, &RecipeForm::baseModelChanged);
  QSignalSpy parameter(&form, &RecipeForm::parameterChanged);
  QSignalSpy dtype(&form, &RecipeForm::dtypeChanged);
  QSignalSpy outDtype(&form, &RecipeForm::outDtypeChanged);
  for (const char* name : {"linear", "slerp", "dare_ties", "no_such_method"}) {
    RecipeFormData data = dareTies();
    data.method = text(name);
    data.parameters = {
        {text("t"), 0.3, false, true}, {text("density"), 0.25, false, true}, {text("normalize"), 1.0, true, true}};
    data.dtype = text("float64");
    data.outDtype = text("bfloat16");
    form.setData(data);
    QCOMPARE(form.findChild<QComboBox*>(text("method"))->currentData().toString(), text(name));
    QCOMPARE(form.findChild<QComboBox*>(text("dtype"))->currentText(), text("float64"));
  }
  QCOMPARE(method.size() + base.size() + parameter.size() + dtype.size() + outDtype.size(), 0);
}

void TestDocks::methodChoiceIsReportedOnce() {
  RecipeForm form;
  form.setData(dareTies());
  show(form, {320, 600});
  QSignalSpy method(&form, &RecipeForm::methodChanged);
  auto* combo = form.findChild<QComboBox*>(text("method"));
  combo->setFocus();
  const int row = combo->findData(text("ties"));
  const int steps = row - combo->currentIndex();
  // Each step of the arrow keys is a choice of its own.
  for (int i = 0; i < std::abs(steps); ++i) QTest::keyClick(combo, steps > 0 ? Qt::Key_Down : Qt::Key_Up);
  QCOMPARE(method.size(), std::abs(steps));
  QCOMPARE(method.last().at(0).toString(), text("ties"));
}

void TestDocks::numberEditIsReportedOnce() {
  RecipeForm form;
  form.setData(dareTies());
  show(form, {320, 600});
  QSignalSpy changed(&form, &RecipeForm::parameterChanged);
  auto* density = form.findChild<NumberBox*>(text("density"));
  QCOMPARE(density->text(), text("0.50"));
  density->setFocus();
  density->selectAll();
  QTest::keyClicks(density, text("0.625"));
  QVERIFY(changed.isEmpty());
  QTest::keyClick(density, Qt::Key_Return);
  QCOMPARE(changed.size(), 1);
  QCOMPARE(changed.at(0).at(0).toString(), text("density"));
  QCOMPARE(changed.at(0).at(1).toDouble(), 0.625);
  QTest::keyClick(density, Qt::Key_Tab);
  QCOMPARE(changed.size(), 1);
}

void TestDocks::numbersAreReadInBothSpellings() {
  NumberBox box;
  box.setLocale(QLocale(QLocale::German));
  box.showValue(0.5);
  QCOMPARE(box.text(), text("0,50"));
  QCOMPARE(box.valueFromText(text("0,25")), 0.25);
  QCOMPARE(box.valueFromText(text("0.25")), 0.25);
  box.showValue(0.12345);
  QCOMPARE(box.text(), text("0,12345"));
  box.showValue(1e-5);
  QCOMPARE(box.value(), 1e-5);
}

void TestDocks::hardLimitsHold() {
  RecipeForm form;
  form.setData(dareTies());
  show(form, {320, 600});
  QSignalSpy changed(&form, &RecipeForm::parameterChanged);
  auto* density = form.findChild<NumberBox*>(text("density"));
  density->setFocus();
  density->selectAll();
  QTest::keyClicks(density, text("7"));
  QTest::keyClick(density, Qt::Key_Return);
  for (const auto& edit : changed) QVERIFY(edit.at(1).toDouble() <= 1);
  QVERIFY(density->value() <= 1);
}

void TestDocks::missingNumberStaysEmpty() {
  RecipeForm form;
  RecipeFormData data;
  data.method = text("linear");
  form.setData(data);
  show(form, {320, 600});
  QSignalSpy changed(&form, &RecipeForm::parameterChanged);
  auto* weight = form.findChild<NumberBox*>(text("weight"));
  QVERIFY(weight->text().isEmpty());
  weight->setFocus();
  QTest::keyClick(weight, Qt::Key_Tab);
  QVERIFY(weight->text().isEmpty());
  QVERIFY(changed.isEmpty());
  weight->setFocus();
  QTest::keyClicks(weight, text("0"));
  QTest::keyClick(weight, Qt::Key_Return);
  QCOMPARE(changed.size(), 1);
  QCOMPARE(changed.at(0).at(1).toDouble(), 0.0);
}

void TestDocks::booleanIsReportedOnce() {
  RecipeForm form;
  RecipeFormData data = dareTies();
  data.parameters.push_back({text("normalize"), {}, true, true});
  form.setData(data);
  show(form, {320, 600});
  QSignalSpy changed(&form, &RecipeForm::parameterChanged);
  auto* box = form.findChild<QCheckBox*>(text("normalize"));
  QCOMPARE(box->checkState(), Qt::PartiallyChecked);
  box->setFocus();
  QTest::keyClick(box, Qt::Key_Space);
  QCOMPARE(changed.size(), 1);
  QCOMPARE(changed.at(0).at(0).toString(), text("normalize"));
  QCOMPARE(changed.at(0).at(1), QVariant(true));
}

void TestDocks::curveButtonAsksForTheCurve() {
  RecipeForm form;
  form.setData(dareTies());
  show(form, {320, 600});
  QSignalSpy curve(&form, &RecipeForm::curveRequested);
  QToolButton* button = nullptr;
  for (auto* candidate : form.findChildren<QToolButton*>())
    if (candidate->isVisible() && !button) button = candidate;
  QVERIFY(button);
  QTest::mouseClick(button, Qt::LeftButton);
  QCOMPARE(curve.size(), 1);
  QCOMPARE(curve.at(0).at(0).toString(), text("weight"));
}

void TestDocks::precisionsAreReported() {
  RecipeForm form;
  form.setData(dareTies());
  show(form, {320, 600});
  QSignalSpy dtype(&form, &RecipeForm::dtypeChanged);
  QSignalSpy outDtype(&form, &RecipeForm::outDtypeChanged);
  auto* compute = form.findChild<QComboBox*>(text("dtype"));
  auto* output = form.findChild<QComboBox*>(text("outDtype"));
  QTest::keyClick(compute, Qt::Key_Up);
  QTest::keyClick(output, Qt::Key_Down);
  QCOMPARE(dtype.size(), 1);
  QCOMPARE(dtype.at(0).at(0).toString(), QString());
  QCOMPARE(outDtype.size(), 1);
  QCOMPARE(outDtype.at(0).at(0).toString(), text("float32"));
}

// YAML
// -----------------------------------------------------------------------------------------------------------------------------

void TestDocks::setTextKeepsScrollAndSelection() {
  YamlEditor editor;
  editor.setText(longRecipe());
  show(editor, {400, 300});
  QSignalSpy edited(&editor, &YamlEditor::edited);
  auto* view = editor.findChild<QsciScintilla*>();
  view->setFirstVisibleLine(100);
  view->setSelection(110, 4, 110, 9);
  editor.setText(longRecipe().replace(text("linear"), text("slerp")).replace(text("model-150\n"), text("möbel\n")));
  QCOMPARE(view->firstVisibleLine(), 100);
  QCOMPARE(view->selectedText(), text("model"));
  QVERIFY(editor.text().contains(text("möbel")) && editor.text().startsWith(text("merge_method: slerp")));
  QTest::qWait(300);
  QVERIFY(edited.isEmpty());
}

void TestDocks::typingIsReportedOnceAfterThePause() {
  YamlEditor editor;
  editor.setText(text("merge_method: \n"));
  show(editor, {400, 300});
  QSignalSpy edited(&editor, &YamlEditor::edited);
  auto* view = editor.findChild<QsciScintilla*>();
  view->setCursorPosition(0, 14);
  QTest::keyClicks(view, text("ties"));
  QVERIFY(edited.isEmpty());
  QTRY_COMPARE(edited.size(), 1);
  QCOMPARE(edited.at(0).at(0).toString(), text("merge_method: ties\n"));
  QTest::qWait(300);
  QCOMPARE(edited.size(), 1);
  QTest::keyClicks(view, text("x"));
  editor.flush();
  QCOMPARE(edited.size(), 2);
}

void TestDocks::problemsMarkTheirLine() {
  YamlEditor editor;
  editor.setText(text("merge_method: linear\nmodels:\n  - model: ./prose\n"));
  show(editor, {400, 300});
  auto* view = editor.findChild<QsciScintilla*>();
  editor.setLineColours({{3, 0}});
  const unsigned bar = view->markersAtLine(2);
  QVERIFY(bar != 0);
  editor.setProblems({problemAt(3, 12)});
  QCOMPARE(view->markersAtLine(0), 0U);
  QVERIFY(view->markersAtLine(2) != bar);
  const auto underlined = [&](int line, int index) {
    return view->SendScintilla(QsciScintilla::SCI_INDICATORALLONFOR,
                               static_cast<unsigned long>(view->positionFromLineIndex(line, index))) != 0;
  };
  QVERIFY(underlined(2, 11) && underlined(2, 17));
  QVERIFY(!underlined(2, 5) && !underlined(0, 3));
  editor.setProblems({});
  QCOMPARE(view->markersAtLine(2), bar);
  QVERIFY(!underlined(2, 11));
  editor.setProblems({problemAt(99, 1), problemAt(0, 0)});  // places that are not in the text do no harm
}

void TestDocks::revealLineMovesTheCursor() {
  YamlEditor editor;
  editor.setText(longRecipe());
  show(editor, {400, 300});
  editor.revealLine(180);
  auto* view = editor.findChild<QsciScintilla*>();
  int line = 0, index = 0;
  view->getCursorPosition(&line, &index);
  QCOMPARE(line, 179);
  QVERIFY(view->firstVisibleLine() > 100 && view->firstVisibleLine() <= 179);
}

void TestDocks::undoKeysAreLeftToTheWindow() {
  YamlEditor editor;
  editor.setText(text("a: 1\n"));
  show(editor, {400, 300});
  auto* view = editor.findChild<QsciScintilla*>();
  QTest::keyClicks(view, text("b"));
  QTest::keyClick(view, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(editor.text(), text("ba: 1\n"));
}

void TestDocks::yamlTokensTellKeysFromValues() {
  const std::string line = "  - {weight: [0.5, a b], \"q\": x:y}  # note";
  std::string kinds;
  std::size_t at = 0;
  for (const YamlToken& token : yamlTokens(line)) {
    QCOMPARE(token.begin, at);
    at += token.length;
    const std::string word = line.substr(token.begin, token.length);
    if (token.kind == YamlTokenKind::Key) kinds += "key(" + word + ")";
    if (token.kind == YamlTokenKind::Number) kinds += "number(" + word + ")";
    if (token.kind == YamlTokenKind::String) kinds += "string(" + word + ")";
    if (token.kind == YamlTokenKind::Comment) kinds += "comment(" + word + ")";
  }
  QCOMPARE(at, line.size());
  QCOMPARE(kinds, std::string("key(weight)number(0.5)string(a b)key(\"q\")string(x:y)comment(# note)"));
}

void TestDocks::textDifferenceKeepsCharactersWhole() {
  const TextDifference same = textDifference("abc", "abc");
  QVERIFY(same.empty());
  // ä and ö differ in their second byte only.
  const TextDifference umlaut = textDifference("x\xC3\xA4y", "x\xC3\xB6y");
  QCOMPARE(umlaut.begin, 1U);
  QCOMPARE(umlaut.oldEnd, 3U);
  QCOMPARE(umlaut.newEnd, 3U);
  const TextDifference repeated = textDifference("aa", "aaa");
  QCOMPARE(repeated.oldEnd - repeated.begin, 0U);
  QCOMPARE(repeated.newEnd - repeated.begin, 1U);
}

// Problems
// -------------------------------------------------------------------------------------------------------------------------

void TestDocks::problemsAreActivatedAndCopied() {
  ProblemsPanel panel;
  panel.setProblems({problemAt(3, 12), problemAt(5, 1, Severity::Warning)});
  show(panel, {400, 200});
  std::vector<int> lines;
  connect(&panel, &ProblemsPanel::activated, this,
          [&](const Problem& problem) { lines.push_back(problem.where.line); });
  auto* list = panel.findChild<QListView*>();
  const QPoint second = list->visualRect(list->model()->index(1, 0)).center();
  QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, second);
  QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, second);
  QTest::keyClick(list, Qt::Key_Up);
  QTest::keyClick(list, Qt::Key_Return);
  QCOMPARE(lines, (std::vector<int>{5, 3}));
  QTest::keyClick(list, Qt::Key_C, Qt::ControlModifier);
  QCOMPARE(QGuiApplication::clipboard()->text(), text("Error: weight is missing (models, line 3)\nAdd a weight"));
}

void TestDocks::problemsAreSortedByGravity() {
  ProblemsPanel panel;
  panel.setEmptyText(text("No problems."));
  panel.setProblems({problemAt(1, 1, Severity::Note), problemAt(9, 1), problemAt(2, 1)});
  show(panel, {400, 200});
  auto* list = panel.findChild<QListView*>();
  QStringList words;
  for (int row = 0; row < list->model()->rowCount(); ++row)
    words << list->model()->index(row, 0).data(Qt::AccessibleTextRole).toString().section(u'\n', 0, 0);
  QCOMPARE(words, (QStringList{text("Error: weight is missing (models, line 2)"), text("Error: weight is missing (models, line 9)"),
                               text("Note: weight is missing (models, line 1)")}));
  panel.setProblems({});
  QVERIFY(!list->isVisible());
}

// Jobs
// -----------------------------------------------------------------------------------------------------------------------------

void TestDocks::jobsAreShownNewestFirst() {
  JobsPanel panel;
  show(panel, {400, 300});
  QVERIFY(!panel.titleActions().at(0)->isEnabled());
  panel.setJobs({job(1, JobState::Done), job(2, JobState::Running)});
  panel.updateJob(job(3, JobState::Queued));
  panel.updateJob(job(2, JobState::Done));
  std::vector<int> ids;
  for (const JobRow* row : panel.findChildren<JobRow*>()) ids.push_back(row->job().id);
  QCOMPARE(ids, (std::vector<int>{3, 2, 1}));
  QVERIFY(panel.titleActions().at(0)->isEnabled());
  QSignalSpy clear(&panel, &JobsPanel::clearFinishedRequested);
  panel.titleActions().at(0)->trigger();
  QCOMPARE(clear.size(), 1);
  panel.setJobs({});
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  QVERIFY(panel.findChildren<JobRow*>().isEmpty());
}

void TestDocks::jobButtonsReportTheirJob() {
  JobsPanel panel;
  panel.setJobs({job(1, JobState::Done), job(2, JobState::Failed), job(3, JobState::Running)});
  show(panel, {400, 300});
  QSignalSpy cancel(&panel, &JobsPanel::cancelRequested);
  QSignalSpy open(&panel, &JobsPanel::openFolderRequested);
  QSignalSpy details(&panel, &JobsPanel::showRequested);
  QTest::mouseClick(iconButton(*panel.findChildren<JobRow*>().at(0), text("Cancel the merge")), Qt::LeftButton);
  QTest::mouseClick(textButton(panel, text("Open folder")), Qt::LeftButton);
  QTest::mouseClick(textButton(panel, text("Show")), Qt::LeftButton);
  QCOMPARE(cancel.size() + open.size() + details.size(), 3);
  QCOMPARE(cancel.at(0).at(0).toInt(), 3);
  QCOMPARE(open.at(0).at(0).toInt(), 1);
  QCOMPARE(details.at(0).at(0).toInt(), 2);
}

void TestDocks::jobStatesHaveWords() {
  JobRow row;
  QStringList words;
  for (const JobState state : {JobState::Queued, JobState::Running, JobState::Paused, JobState::Cancelling, JobState::Done,
                               JobState::Failed, JobState::Cancelled}) {
    row.setJob(job(1, state));
    words << row.accessibleName().section(text(", "), 1);
    QCOMPARE(iconButton(row, text("Cancel the merge"))->isHidden(), isFinished(state));
  }
  QCOMPARE(words.removeDuplicates(), 0);
  QVERIFY(!words.contains(QString()));
}

void TestDocks::amountsAreShort() {
  QCOMPARE(bytesText(3'100'000'000), text("3.1 GB"));
  QCOMPARE(bytesText(999'600'000), text("1.0 GB"));
  QCOMPARE(bytesOfText(1'900'000'000, 3'100'000'000), text("1.9 of 3.1 GB"));
  QCOMPARE(rateText(220e6), text("220 MB/s"));
  QCOMPARE(durationText(0.4), text("0.4 s"));
  QCOMPARE(durationText(200), text("3 min 20 s"));
  QCOMPARE(durationText(7500), text("2 h 5 min"));
}

// Budget
// ---------------------------------------------------------------------------------------------------------------------------

void TestDocks::mergeIsRequestedByMouseAndKey() {
  BudgetBar bar;
  bar.setBudget(affordable());
  show(bar, {1000, 44});
  QSignalSpy merge(&bar, &BudgetBar::mergeRequested);
  auto* button = bar.findChild<QPushButton*>();
  QTest::mouseClick(button, Qt::LeftButton);
  button->setFocus();
  QTest::keyClick(button, Qt::Key_Space);
  QCOMPARE(merge.size(), 2);
}

void TestDocks::blockedMergeSaysWhy() {
  BudgetBar bar;
  BudgetData budget = affordable();
  budget.blocked = text("2 problems in the recipe <b>");
  bar.setBudget(budget);
  show(bar, {1000, 44});
  QSignalSpy merge(&bar, &BudgetBar::mergeRequested);
  auto* button = bar.findChild<QPushButton*>();
  QVERIFY(!button->isEnabled());
  QVERIFY(button->toolTip().contains(text("2 problems in the recipe &lt;b&gt;")));
  QTest::mouseClick(button, Qt::LeftButton);
  QVERIFY(merge.isEmpty());
  budget.blocked.clear();
  bar.setBudget(budget);
  QVERIFY(button->isEnabled());
}

void TestDocks::shortDiskBlocksMerge() {
  BudgetBar bar;
  BudgetData budget = affordable();
  budget.freeDisk = 100'000'000;
  bar.setBudget(budget);
  show(bar, {1000, 44});
  auto* button = bar.findChild<QPushButton*>();
  QVERIFY(!button->isEnabled());
  QVERIFY(button->toolTip().contains(text("disk: 3 GB short")));
}

// All
// ------------------------------------------------------------------------------------------------------------------------------

void TestDocks::everythingFocusableHasAName() {
  QWidget window;
  auto* layout = new QVBoxLayout(&window);
  auto* models = new ModelsPanel;
  auto* form = new RecipeForm;
  auto* jobs = new JobsPanel;
  auto* problems = new ProblemsPanel;
  for (QWidget* widget : std::initializer_list<QWidget*>{models, form, new YamlEditor, jobs, problems, new BudgetBar})
    layout->addWidget(widget);
  models->setCards(sampleCards(), 0);
  form->setData(dareTies());
  jobs->setJobs({job(1, JobState::Done), job(2, JobState::Failed), job(3, JobState::Running)});
  problems->setProblems({problemAt(1, 1)});
  show(window, {500, 1600});
  QCOMPARE(focusableWithoutName(window), QStringList());
}

void TestDocks::themeChangeReachesEverything() {
  YamlEditor editor;
  editor.setText(text("merge_method: linear\n"));
  show(editor, {400, 300});
  const auto ground = [&] { return editor.grab().toImage().pixelColor(300, 200); };
  QCOMPARE(ground(), themeTable(false, false).base);
  applyTheme(*qApp, ThemeMode::Dark);
  QTRY_COMPARE(ground(), themeTable(true, false).base);
  applyTheme(*qApp, ThemeMode::Light);
  QTRY_COMPARE(ground(), themeTable(false, false).base);
}

QTEST_MAIN(TestDocks)
#include "tst_docks.moc"
