// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>

#include <QDir>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/recipe/gradient.h"
#include "tests/common/safetensors_data.h"
#include "ui/window/workspace.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;
using test::RawTensor;

constexpr int kSampleLayers = 8;

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

std::string layerPrefix(int layer) {
  return "model.layers." + std::to_string(layer) + ".";
}

/// ‖ΔW‖ / ‖W‖ over all tensors of each layer whose name contains the filter, by the definition.
std::vector<double> expectedDeltas(const fs::path& base, const fs::path& model, const std::string& filter, int layers) {
  const auto baseTensors = test::readModelFolder(base);
  const auto modelTensors = test::readModelFolder(model);
  std::vector<double> deltas;
  for (int layer = 0; layer < layers; ++layer) {
    long double delta = 0;
    long double whole = 0;
    for (const auto& [name, tensor] : baseTensors) {
      if (name.find(layerPrefix(layer)) == std::string::npos || name.find(filter) == std::string::npos) {
        continue;
      }
      const std::vector<double> a = test::valuesOf(tensor);
      const std::vector<double> b = test::valuesOf(modelTensors.at(name));
      for (std::size_t i = 0; i < a.size(); ++i) {
        delta += (static_cast<long double>(b[i]) - a[i]) * (static_cast<long double>(b[i]) - a[i]);
        whole += static_cast<long double>(a[i]) * a[i];
      }
    }
    deltas.push_back(static_cast<double>(std::sqrt(delta / whole)));
  }
  return deltas;
}

/// The greatest relative difference; infinite where the sizes differ or a value is missing.
double worstDifference(const std::vector<double>& values, const std::vector<double>& expected) {
  double worst = values.size() == expected.size() && !values.empty() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(values.size(), expected.size()); ++i) {
    const double difference = std::abs(values[i] - expected[i]) / expected[i];
    worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
  }
  return worst;
}

bool mentions(const std::vector<Problem>& problems, Severity severity, const char* words) {
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.severity == severity && (problem.message + " " + problem.remedy).find(words) != std::string::npos;
  });
}

}  // namespace

class TestWorkspace : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void cleanup();

  void opensTheStarter();
  void missingRecipeIsToldByName();
  void divergenceIsThatOfTheDefinition_data();
  void divergenceIsThatOfTheDefinition();
  void divergenceFollowsTheSlice();
  void divergenceOfSwappedBase();
  void exportMakesReferencesAbsolute();
  void exportKeepsTheTextWhereNothingIsRelative();
  void exportOfBrokenTextIsTheText();
  void exportCompletesSlices();
  void planProblems_data();
  void planProblems();
  void budgetIsWhatTheMergeWrites();
  void budgetSaysWhatBlocks();
  void budgetKnowsTheDiskOfAFolderToBeMade();
  void modelsBesideTheRecipeAreNamedShort();
  void firstModelOfANewRecipeIsTheBase();
  void modelMendedOnDiskIsReadAgain();
  void previewIsForgotten();
  void hiddenCurveStaysInTheMerge();
  void requestCarriesTheTextAsItStands();
  void missingMergeProgramFailsTheJob();
  void jobsRunInTurnAndWaitingOnesCanBeCancelled();

 private:
  QString path(const char* name) const { return m_folder->filePath(text(name)); }
  fs::path stdPath(const char* name) const { return path(name).toStdString(); }
  void write(const char* name, const std::string& bytes) { test::writeBytes(stdPath(name), bytes); }
  void open(const char* name);
  void openText(const std::string& yaml);
  const ChartData& chart() const { return m_workspace->chart().data; }
  JobState waitForJob(int id);

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<Workspace> m_workspace;
};

void TestWorkspace::init() {
  QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
  m_folder = std::make_unique<QTemporaryDir>();
  QVERIFY(m_folder->isValid());
  fs::copy(LAYERLOOM_SAMPLES, m_folder->path().toStdString(), fs::copy_options::recursive);
  m_workspace = std::make_unique<Workspace>(text(LAYERLOOM_CLI));
}

void TestWorkspace::cleanup() {
  m_workspace.reset();
  m_folder.reset();
}

void TestWorkspace::open(const char* name) {
  QString reason;
  QVERIFY2(m_workspace->open(path(name), reason), qPrintable(reason));
  QTRY_VERIFY_WITH_TIMEOUT(m_workspace->isSettled(), 30000);
}

void TestWorkspace::openText(const std::string& yaml) {
  write("test.layerloom.yml", yaml);
  open("test.layerloom.yml");
}

JobState TestWorkspace::waitForJob(int id) {
  const bool ended = QTest::qWaitFor([&] { return isFinished(m_workspace->jobs().find(id)->state); }, 60000);
  return ended ? m_workspace->jobs().find(id)->state : JobState::Running;
}

void TestWorkspace::opensTheStarter() {
  QSignalSpy replaced(m_workspace.get(), &Workspace::documentReplaced);
  open("starter.layerloom.yml");
  QCOMPARE(replaced.count(), 1);
  QVERIFY(m_workspace->problems().empty());
  const auto cards = m_workspace->cards();
  QCOMPARE(cards.size(), std::size_t(3));
  QCOMPARE(cards[0].name, text("base"));
  QVERIFY(cards[0].role == CardRole::Base);
  QCOMPARE(cards[1].path, QFileInfo(path("prose")).canonicalFilePath());
  QCOMPARE(chart().layers, kSampleLayers);
  QCOMPARE(chart().parameter, text("weight"));
  QCOMPARE(chart().tracks.size(), std::size_t(2));
  QCOMPARE(chart().cells.size(), std::size_t(3));
  QCOMPARE(m_workspace->groupLabels().size(), 4);
  QCOMPARE(m_workspace->parameterLabels(), QStringList{text("weight")});
  const auto values = layerValues(*findRule(m_workspace->document().recipe(), {1, "weight", {}}), kSampleLayers);
  QCOMPARE(evaluateCurve(chart().tracks[1].curve, kSampleLayers).size(), values->size());
  for (int layer = 0; layer < kSampleLayers; ++layer) {
    const auto i = static_cast<std::size_t>(layer);
    QVERIFY(std::abs(evaluateCurve(chart().tracks[1].curve, kSampleLayers)[i] - (*values)[i]) < 1e-9);
  }
}

void TestWorkspace::missingRecipeIsToldByName() {
  open("starter.layerloom.yml");
  const QString before = m_workspace->document().text();
  QString reason;
  QVERIFY(!m_workspace->open(path("nothing.yml"), reason));
  QVERIFY2(reason.contains(text("nothing.yml")), qPrintable(reason));
  QCOMPARE(m_workspace->document().text(), before);
}

void TestWorkspace::divergenceIsThatOfTheDefinition_data() {
  QTest::addColumn<int>("group");
  QTest::addColumn<QString>("filter");
  QTest::newRow("all tensors") << 0 << QString();
  QTest::newRow("attention") << 1 << text("self_attn");
  QTest::newRow("mlp") << 2 << text("mlp");
}

void TestWorkspace::divergenceIsThatOfTheDefinition() {
  QFETCH(int, group);
  QFETCH(QString, filter);
  open("starter.layerloom.yml");
  m_workspace->chooseGroup(group);
  QCOMPARE(m_workspace->groupIndex(), group);
  const std::array<const char*, 2> models{"prose", "code"};
  for (std::size_t i = 0; i < models.size(); ++i) {
    const auto expected = expectedDeltas(stdPath("base"), stdPath(models[i]), filter.toStdString(), kSampleLayers);
    const double worst = worstDifference(chart().tracks[i].relativeDelta, expected);
    QVERIFY2(worst < 1e-9, qPrintable(QString::number(worst)));
  }
}

void TestWorkspace::divergenceFollowsTheSlice() {
  openText(
      "merge_method: task_arithmetic\nbase_model: base\nslices:\n  - sources:\n      - {model: base, layer_range: [4, "
      "8]}\n"
      "      - {model: prose, layer_range: [4, 8], parameters: {weight: 0.5}}\ndtype: float32\n");
  QCOMPARE(chart().layers, 4);
  QCOMPARE(chart().tracks.size(), std::size_t(1));
  auto expected = expectedDeltas(stdPath("base"), stdPath("prose"), {}, kSampleLayers);
  expected.erase(expected.begin(), expected.begin() + 4);
  const double worst = worstDifference(chart().tracks[0].relativeDelta, expected);
  QVERIFY2(worst < 1e-9, "the bars of a slice are those of the layers it takes");
}

void TestWorkspace::divergenceOfSwappedBase() {
  open("starter.layerloom.yml");
  m_workspace->makeBase(1);
  QTRY_VERIFY_WITH_TIMEOUT(m_workspace->isSettled(), 30000);
  QCOMPARE(m_workspace->cards()[0].name, text("prose"));
  QCOMPARE(chart().tracks.size(), std::size_t(2));
  QCOMPARE(chart().tracks[0].name, text("code"));
  const auto expected = expectedDeltas(stdPath("prose"), stdPath("code"), {}, kSampleLayers);
  QVERIFY(worstDifference(chart().tracks[0].relativeDelta, expected) < 1e-9);
}

// Export
// ---------------------------------------------------------------------------------------------------------------------

void TestWorkspace::exportMakesReferencesAbsolute() {
  open("starter.layerloom.yml");
  const ParsedRecipe exported = parseRecipe(m_workspace->exportText().toStdString());
  QVERIFY(exported.recipe.has_value());
  QCOMPARE(fs::path(exported.recipe->baseModel->text), fs::canonical(stdPath("base")));
  QCOMPARE(fs::path(exported.recipe->models[0].model.text), fs::canonical(stdPath("prose")));
  QCOMPARE(fs::path(exported.recipe->models[1].model.text), fs::canonical(stdPath("code")));
  Recipe relative = *exported.recipe;
  relative.baseModel->text = "base";
  relative.models[0].model.text = "prose";
  relative.models[1].model.text = "code";
  QVERIFY(sameRecipe(relative, m_workspace->document().recipe()));
  QVERIFY(m_workspace->document().text().contains(text("model: prose")));  // the document itself stays as it was
  QVERIFY(m_workspace->document().history().isClean());
}

void TestWorkspace::exportKeepsTheTextWhereNothingIsRelative() {
  const std::string yaml =
      "# kept\nmerge_method: linear   # as typed\nmodels:\n  - model: " + stdPath("base").string() +
      "\n    parameters: {weight: 1}\n  - model: some-org/some-model\n    parameters: {weight: 1}\n";
  openText(yaml);
  QCOMPARE(m_workspace->exportText(), QString::fromStdString(yaml));
}

void TestWorkspace::exportOfBrokenTextIsTheText() {
  open("starter.layerloom.yml");
  const QString broken = text("merge_method: [\n");
  m_workspace->document().editText(broken);
  QCOMPARE(m_workspace->exportText(), broken);
}

void TestWorkspace::exportCompletesSlices() {
  openText(
      "merge_method: passthrough\nslices:\n  - sources:\n      - {model: prose, layer_range: [0, 4]}\n"
      "  - sources:\n      - {model: code, layer_range: [2, 8]}\ndtype: bfloat16\n");
  const ParsedRecipe exported = parseRecipe(m_workspace->exportText().toStdString());
  QVERIFY(exported.recipe.has_value());
  QCOMPARE(fs::path(exported.recipe->slices[0].sources[0].model.text), fs::canonical(stdPath("prose")));
  QCOMPARE(fs::path(exported.recipe->slices[1].sources[0].model.text), fs::canonical(stdPath("code")));
  QCOMPARE(exported.recipe->slices[1].sources[0].layerRange->begin, 2);
  QVERIFY(m_workspace->checked().size.has_value());
  QCOMPARE(m_workspace->checked().size->layers, 10);
}

// Plan and budget
// ---------------------------------------------------------------------------------------------------------------------

void TestWorkspace::planProblems_data() {
  QTest::addColumn<QByteArray>("from");
  QTest::addColumn<QByteArray>("to");
  QTest::addColumn<QByteArray>("words");
  QTest::addColumn<int>("line");
  QTest::newRow("misspelt method") << QByteArray("task_arithmetic") << QByteArray("task_arithmetik")
                                   << QByteArray("task_arithmetic") << 1;
  QTest::newRow("no such model") << QByteArray("model: code") << QByteArray("model: missing") << QByteArray("missing")
                                 << 6;
  QTest::newRow("weight is missing") << QByteArray("    parameters: {weight: 0.3}\n") << QByteArray()
                                     << QByteArray("weight") << 6;
  QTest::newRow("no number") << QByteArray("weight: 0.3") << QByteArray("weight: much") << QByteArray("much") << 7;
  QTest::newRow("unknown precision") << QByteArray("float32") << QByteArray("float31") << QByteArray("float31") << 3;
  QTest::newRow("no base") << QByteArray("base_model: base\n") << QByteArray() << QByteArray("base") << 1;
}

void TestWorkspace::planProblems() {
  QFETCH(QByteArray, from);
  QFETCH(QByteArray, to);
  QFETCH(QByteArray, words);
  QFETCH(int, line);
  const QByteArray good =
      "merge_method: task_arithmetic\nbase_model: base\ndtype: float32\nmodels:\n  - {model: prose, parameters: "
      "{weight: 0.2}}\n"
      "  - model: code\n    parameters: {weight: 0.3}\n";
  openText(good.toStdString());
  QVERIFY(m_workspace->problems().empty());
  QVERIFY(m_workspace->checked().size.has_value());
  QVERIFY(good.contains(from));
  QSignalSpy checked(m_workspace.get(), &Workspace::checkedChanged);
  m_workspace->document().editText(QString::fromUtf8(QByteArray(good).replace(from, to)));
  QTRY_VERIFY_WITH_TIMEOUT(m_workspace->isSettled(), 30000);
  QVERIFY(checked.count() >= 1);
  QVERIFY(mentions(m_workspace->problems(), Severity::Error, words.constData()));
  QCOMPARE(m_workspace->problems().front().where.line, line);
  QVERIFY(!m_workspace->budget(path("out")).blocked.isEmpty());
  m_workspace->document().history().undo();
  QTRY_VERIFY_WITH_TIMEOUT(m_workspace->isSettled(), 30000);
  QVERIFY(m_workspace->problems().empty());
  QVERIFY(m_workspace->budget(path("out")).blocked.isEmpty());
}

void TestWorkspace::budgetIsWhatTheMergeWrites() {
  open("starter.layerloom.yml");
  const BudgetData budget = m_workspace->budget(path("merged"));
  QVERIFY(budget.outputBytes && budget.peakMemory && budget.memory && budget.freeDisk);
  QVERIFY(*budget.peakMemory < *budget.memory);
  QVERIFY(!budget.seconds);  // nothing was merged yet
  QVERIFY2(budget.summary.contains(text("task_arithmetic")) && budget.summary.contains(text("3")),
           qPrintable(budget.summary));
  QVERIFY2(budget.summary.contains(text("75")), qPrintable(budget.summary));
  const int id = m_workspace->jobs().add(m_workspace->mergeRequest(path("merged"), false));
  QCOMPARE(waitForJob(id), JobState::Done);
  QCOMPARE(*budget.outputBytes, static_cast<std::uint64_t>(fs::file_size(stdPath("merged/model.safetensors"))));
  QCOMPARE(m_workspace->jobs().find(id)->tensors, 75);
  QCOMPARE(static_cast<int>(test::readModelFolder(stdPath("merged")).size()), 75);
}

void TestWorkspace::budgetSaysWhatBlocks() {
  m_workspace->openNew();
  QTRY_VERIFY(m_workspace->isSettled());
  QVERIFY(!m_workspace->budget(path("out")).blocked.isEmpty());
  QVERIFY(!m_workspace->budget(path("out")).outputBytes);
  open("starter.layerloom.yml");
  QVERIFY(m_workspace->budget(path("out")).blocked.isEmpty());
  m_workspace->document().editText(text("merge_method: [\n"));
  const BudgetData broken = m_workspace->budget(path("out"));
  QVERIFY2(broken.blocked.contains(text("1")), qPrintable(broken.blocked));
  QVERIFY(!broken.outputBytes);
}

void TestWorkspace::budgetKnowsTheDiskOfAFolderToBeMade() {
  open("starter.layerloom.yml");
  const auto here = m_workspace->budget(path("merged")).freeDisk;
  const auto deeper = m_workspace->budget(path("not/yet/there/merged")).freeDisk;
  QVERIFY(here && deeper);
  // Other programs write meanwhile.
  QVERIFY(std::abs(static_cast<double>(*here) - static_cast<double>(*deeper)) < 5e9);
}

// Models
// ---------------------------------------------------------------------------------------------------------------------

void TestWorkspace::modelsBesideTheRecipeAreNamedShort() {
  open("starter.layerloom.yml");
  const QTemporaryDir elsewhere;
  fs::copy(stdPath("far"), elsewhere.filePath(text("away")).toStdString(), fs::copy_options::recursive);
  m_workspace->addModels({path("far"), elsewhere.filePath(text("away"))});
  QTRY_VERIFY_WITH_TIMEOUT(m_workspace->isSettled(), 30000);
  QCOMPARE(m_workspace->document().history().count(), 1);
  const auto& models = m_workspace->document().recipe().models;
  QCOMPARE(models.size(), std::size_t(4));
  QCOMPARE(models[2].model.text, std::string("far"));
  QCOMPARE(QString::fromStdString(models[3].model.text), elsewhere.filePath(text("away")));
  QVERIFY(m_workspace->problems().empty());
  QCOMPARE(m_workspace->cards()[4].name, text("away"));
  m_workspace->addModels({path("far")});  // it is there already
  QCOMPARE(m_workspace->document().history().count(), 1);
}

void TestWorkspace::firstModelOfANewRecipeIsTheBase() {
  m_workspace->openNew();
  m_workspace->setMethod(text("task_arithmetic"));
  m_workspace->addModels({path("base"), path("prose")});
  QTRY_VERIFY_WITH_TIMEOUT(m_workspace->isSettled(), 30000);
  const Recipe& recipe = m_workspace->document().recipe();
  QVERIFY(recipe.baseModel.has_value());
  QCOMPARE(QString::fromStdString(recipe.baseModel->text), path("base"));
  QCOMPARE(recipe.models.size(), std::size_t(1));
  QVERIFY(m_workspace->problems().empty());
  QCOMPARE(m_workspace->activeCard(), 1);
}

void TestWorkspace::modelMendedOnDiskIsReadAgain() {
  const std::string whole = test::readBytes(stdPath("code/model.safetensors"));
  write("code/model.safetensors", whole.substr(0, whole.size() / 2));
  open("starter.layerloom.yml");
  auto cards = m_workspace->cards();
  QVERIFY(cards[2].state == CardState::Error);
  QVERIFY2(cards[2].finding.contains(text("truncated")), qPrintable(cards[2].finding));
  QVERIFY(!cards[2].fixLabel.isEmpty());
  QVERIFY(hasErrors(m_workspace->problems()));
  write("code/model.safetensors", whole);
  m_workspace->reloadModel(2);
  QTRY_VERIFY_WITH_TIMEOUT(m_workspace->isSettled(), 30000);
  cards = m_workspace->cards();
  QVERIFY(cards[2].state == CardState::Ok && cards[2].finding.isEmpty());
  QVERIFY(m_workspace->problems().empty());
  const auto expected = expectedDeltas(stdPath("base"), stdPath("code"), {}, kSampleLayers);
  QVERIFY(worstDifference(chart().tracks[1].relativeDelta, expected) < 1e-9);
}

void TestWorkspace::previewIsForgotten() {
  open("starter.layerloom.yml");
  const QString before = m_workspace->recipeText();
  m_workspace->previewCurve(0, constantCurve(0.9));
  QVERIFY(m_workspace->recipeText() != before);
  QCOMPARE(m_workspace->document().text(), before);
  QCOMPARE(evaluateCurve(chart().tracks[0].curve, kSampleLayers)[5], 0.9);
  m_workspace->endPreview();
  QCOMPARE(m_workspace->recipeText(), before);
  QVERIFY(std::abs(evaluateCurve(chart().tracks[0].curve, kSampleLayers)[5] - 0.22) < 1e-9);
  QCOMPARE(m_workspace->document().history().count(), 0);
}

void TestWorkspace::hiddenCurveStaysInTheMerge() {
  open("starter.layerloom.yml");
  m_workspace->setCurveVisible(1, false);
  QVERIFY(!chart().tracks[0].visible);
  QVERIFY(!m_workspace->cards()[1].curveVisible && m_workspace->cards()[1].inMerge);
  QCOMPARE(m_workspace->document().history().count(), 0);
  m_workspace->setCurveVisible(1, true);
  QVERIFY(chart().tracks[0].visible);
}

// Jobs
// ---------------------------------------------------------------------------------------------------------------------

void TestWorkspace::requestCarriesTheTextAsItStands() {
  open("starter.layerloom.yml");
  const QString typed = m_workspace->document().text() + text("# the end\n");
  m_workspace->document().editText(typed);
  const MergeRequest request = m_workspace->mergeRequest(path("soup"), true);
  QCOMPARE(request.recipe, typed);
  QCOMPARE(request.workingFolder, m_folder->path());
  QCOMPARE(request.name, text("soup"));
  QCOMPARE(request.method, text("task_arithmetic"));
  QVERIFY(request.overwrite);
}

void TestWorkspace::missingMergeProgramFailsTheJob() {
  Workspace workspace(path("no-such-program"));
  QString reason;
  QVERIFY(workspace.open(path("starter.layerloom.yml"), reason));
  QSignalSpy finished(&workspace.jobs(), &MergeQueue::jobFinished);
  const int id = workspace.jobs().add(workspace.mergeRequest(path("merged"), false));
  QTRY_COMPARE(finished.count(), 1);
  const JobData* job = workspace.jobs().find(id);
  QVERIFY(job->state == JobState::Failed);
  QVERIFY2(job->message.contains(text("no-such-program")), qPrintable(job->message));
  QVERIFY(!job->remedy.isEmpty());
  QVERIFY(!workspace.jobs().isBusy());
}

void TestWorkspace::jobsRunInTurnAndWaitingOnesCanBeCancelled() {
  open("starter.layerloom.yml");
  MergeQueue& queue = m_workspace->jobs();
  const int first = queue.add(m_workspace->mergeRequest(path("one"), false));
  const int second = queue.add(m_workspace->mergeRequest(path("two"), false));
  const int third = queue.add(m_workspace->mergeRequest(path("three"), false));
  QVERIFY(queue.find(first)->state == JobState::Running);
  QVERIFY(queue.find(second)->state == JobState::Queued);
  queue.cancel(second);
  QVERIFY(queue.find(second)->state == JobState::Cancelled);
  QCOMPARE(waitForJob(first), JobState::Done);
  QCOMPARE(waitForJob(third), JobState::Done);
  QVERIFY(!fs::exists(stdPath("two")));
  QCOMPARE(test::readBytes(stdPath("one/model.safetensors")), test::readBytes(stdPath("three/model.safetensors")));
  queue.clearFinished();
  QVERIFY(queue.jobs().empty());
}

}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestWorkspace)
#include "tst_workspace.moc"
