// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window on recipes of every shape: all methods, tokenizers, slices and stages, driven by keys and mouse.
#include <filesystem>
#include <set>

#include <QComboBox>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/common/model_data.h"
#include "ui/models/model_card.h"
#include "ui/recipe/number_box.h"
#include "ui/theme/theme.h"
#include "ui/window/curves_panel.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/yaml/yaml_editor.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

}  // namespace

class TestRecipeLanguage : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void init();
  void cleanup();

  void everyMethodIsChosenByKey();
  void tinyNumberIsTyped();
  void wholeNumberStaysWhole();
  void tokenizerRowReachesText();
  void chatTemplateReachesText();
  void ruleButtonLeadsToText();
  void structureIsShown_data();
  void structureIsShown();

 private:
  void open(const char* recipe);
  Workspace& workspace() { return m_window->workspace(); }
  QUndoStack& history() { return workspace().document().history(); }
  QString shownText() { return m_window->findChild<YamlEditor*>()->text(); }
  Recipe shownRecipe() { return parseRecipe(shownText().toStdString()).recipe.value_or(Recipe()); }
  /// A number among the settings of the recipe itself.
  std::optional<double> settingOf(const char* name);
  template <typename Widget>
  Widget* field(const char* name) {
    return m_window->findChild<Widget*>(text(name));
  }
  /// Types over what the field says and leaves it with the Enter key.
  void enter(const char* name, const char* words);

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<MainWindow> m_window;
};

void TestRecipeLanguage::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(text("LayerloomTest"));
  QCoreApplication::setApplicationName(text("tst_recipe_language"));
  QLocale::setDefault(QLocale::c());
  applyTheme(*qApp, ThemeMode::Light);
}

void TestRecipeLanguage::init() {
  // The offscreen platform warns of this by itself.
  QTest::failOnWarning(QRegularExpression(QStringLiteral("\\A(?!This plugin does not support)")));
  m_folder = std::make_unique<QTemporaryDir>();
  QVERIFY(m_folder->isValid());
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder->filePath(text("settings")));
  const fs::path work = m_folder->filePath(text("work")).toStdString();
  fs::create_directory(work);
  fs::copy(LAYERLOOM_SAMPLES, work, fs::copy_options::recursive);
  m_window = std::make_unique<MainWindow>(text(LAYERLOOM_CLI));
  m_window->show();
  QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
  m_window->activateWindow();
}

void TestRecipeLanguage::cleanup() {
  m_window.reset();
  m_folder.reset();
}

void TestRecipeLanguage::open(const char* recipe) {
  const QString file = m_folder->filePath(text("work/recipe.yml"));
  test::writeBytes(file.toStdString(), recipe);
  QVERIFY(m_window->files().open(file));
  QTRY_VERIFY_WITH_TIMEOUT(workspace().isSettled(), 30000);
}

std::optional<double> TestRecipeLanguage::settingOf(const char* name) {
  const Recipe recipe = shownRecipe();
  const Setting* setting = findSetting(recipe.parameters, name);
  if (setting == nullptr) return std::nullopt;
  return std::get<double>(setting->front().values.front());
}

void TestRecipeLanguage::enter(const char* name, const char* words) {
  auto* box = field<NumberBox>(name);
  QVERIFY2(box != nullptr && box->isVisible() && box->isEnabled(), name);
  box->setFocus();
  box->selectAll();
  QTest::keyClicks(box, text(words));
  QTest::keyClick(box, Qt::Key_Return);
}

void TestRecipeLanguage::everyMethodIsChosenByKey() {
  open("merge_method: linear\nmodels:\n- model: base\n  parameters: {weight: 0.5}\n- model: prose\n  parameters: {weight: 0.5}\n");
  const QString before = shownText();
  auto* methods = field<QComboBox>("method");
  QVERIFY(methods != nullptr);
  methods->setFocus();
  std::set<std::string> chosen;
  for (int last = -1; methods->currentIndex() != last;) {
    last = methods->currentIndex();
    QVERIFY(!methods->currentData().isNull());  // never a heading
    QCOMPARE(shownRecipe().mergeMethod, methods->currentData().toString().toStdString());
    chosen.insert(shownRecipe().mergeMethod);
    QTest::keyClick(methods, Qt::Key_Down);
  }
  QCOMPARE(chosen.size(), methodSpecs().size());
  QCOMPARE(chosen.size(), std::size_t(20));
  while (history().canUndo()) history().undo();
  QCOMPARE(shownText(), before);
}

void TestRecipeLanguage::tinyNumberIsTyped() {
  open("merge_method: karcher\nmodels: [{model: base}, {model: prose}]\n");
  enter("tol", "2.5e-9");
  QCOMPARE(settingOf("tol"), 2.5e-9);
  QTRY_COMPARE(field<NumberBox>("tol")->value(), 2.5e-9);
  history().undo();
  QVERIFY(!settingOf("tol"));
}

void TestRecipeLanguage::wholeNumberStaysWhole() {
  open("merge_method: karcher\nmodels: [{model: base}, {model: prose}]\n");
  enter("max_iter", "2.5");  // the point is not taken
  QCOMPARE(settingOf("max_iter"), 25.0);
}

void TestRecipeLanguage::tokenizerRowReachesText() {
  open("merge_method: linear\nmodels:\n- model: base\n  parameters: {weight: 0.5}\n- model: prose\n  parameters: {weight: 0.5}\n");
  const QString before = shownText();
  QVERIFY(!field<NumberBox>("padToMultipleOf")->isVisible());
  auto* tokenizers = field<QComboBox>("tokenizer");
  tokenizers->setFocus();
  QTest::keyClick(tokenizers, 'u');
  QVERIFY(shownRecipe().tokenizer.has_value());
  QVERIFY(shownRecipe().tokenizer->source == RecipeTokenizer::Source::Union);
  enter("padToMultipleOf", "64");
  QCOMPARE(shownRecipe().tokenizer->padToMultipleOf, std::uint64_t(64));
  while (history().canUndo()) history().undo();
  QCOMPARE(shownText(), before);
  QVERIFY(!field<NumberBox>("padToMultipleOf")->isVisible());
}

void TestRecipeLanguage::chatTemplateReachesText() {
  open("merge_method: passthrough\nmodels: [{model: prose}]\n");
  auto* templates = field<QComboBox>("chatTemplate");
  templates->setFocus();
  QTest::keyClick(templates, 'c');
  QCOMPARE(shownRecipe().chatTemplate, std::string("chatml"));
  QTest::keyClick(templates, Qt::Key_Home);
  QVERIFY2(!shownText().contains(text("chat_template")), qPrintable(shownText()));
}

void TestRecipeLanguage::ruleButtonLeadsToText() {
  open("merge_method: passthrough\nmodels: [{model: prose}]\ntokenizer:\n  source: union\n  tokens:\n    <a>: {source: prose}\n");
  auto* rules = field<QAbstractButton>("tokenRules");
  QVERIFY(rules != nullptr && rules->isVisible());
  QTest::mouseClick(rules, Qt::LeftButton);
  auto* editor = m_window->findChild<YamlEditor*>();
  QTRY_VERIFY(editor->isAncestorOf(QApplication::focusWidget()) || editor == QApplication::focusWidget());
}

void TestRecipeLanguage::structureIsShown_data() {
  QTest::addColumn<QByteArray>("recipe");
  QTest::addColumn<QStringList>("models");
  QTest::addColumn<bool>("drawn");
  const QByteArray stack =
      "merge_method: passthrough\nslices:\n- sources: [{model: base, layer_range: [0, 4]}]\n"
      "- sources: [{model: code, layer_range: [2, 8]}]\n";
  const QByteArray stages =
      "name: half\nmerge_method: linear\nmodels:\n- {model: prose, parameters: {weight: 1}}\n- {model: code, parameters: {weight: 1}}\n"
      "---\nmerge_method: slerp\nbase_model: half\nmodels: [{model: far}]\nparameters: {t: 0.3}\n";
  const QByteArray slice =
      "merge_method: linear\nslices:\n- sources:\n  - {model: base, layer_range: [0, 8], parameters: {weight: [0, 1]}}\n"
      "  - {model: far, layer_range: [0, 8], parameters: {weight: 0.5}}\n";
  QTest::newRow("stack of slices") << stack << QStringList{text("base"), text("code")} << false;
  QTest::newRow("stages") << stages << QStringList{text("code"), text("far"), text("prose")} << false;
  QTest::newRow("one slice") << slice << QStringList{text("base"), text("far")} << true;
}

void TestRecipeLanguage::structureIsShown() {
  QFETCH(const QByteArray, recipe);
  QFETCH(const QStringList, models);
  QFETCH(const bool, drawn);
  open(recipe.constData());
  QCOMPARE(shownText(), QString::fromUtf8(recipe));
  for (const Problem& problem : workspace().problems()) QVERIFY2(problem.severity != Severity::Error, problem.message.c_str());
  QStringList shown;
  for (const ModelCard* card : m_window->findChildren<ModelCard*>())
    if (card->isVisibleTo(m_window.get()) && card->data().inMerge) shown << card->data().name;
  shown.sort();
  QCOMPARE(shown, models);
  const ChartData& chart = m_window->curves().view().data();
  QCOMPARE(!chart.tracks.empty() && chart.layers > 0, drawn);
  QCOMPARE(chart.emptyText.isEmpty(), drawn);  // what is not drawn says why
}

}  // namespace layerloom

QTEST_MAIN(layerloom::TestRecipeLanguage)
#include "tst_recipe_language.moc"
