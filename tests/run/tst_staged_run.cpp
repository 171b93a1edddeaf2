// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <memory>

#include <QTest>

#include "tests/common/model_data.h"
#include "tests/run/run_folder.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

using test::RunFolder;

const std::string kBlend =
    "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 0.25}}\n- {model: two, parameters: {weight: "
    "0.75}}\n";
const std::string kChange =
    "merge_method: task_arithmetic\nbase_model: blend\nmodels:\n- {model: one, parameters: {weight: 0.5}}\n";
const std::string kFinal =
    "merge_method: dare_ties\nbase_model: one\nmodels:\n- {model: change, parameters: {weight: 0.5, density: 0.5}}\n"
    "- {model: blend, parameters: {weight: 0.5, density: 0.5}}\n";

std::string stagesText(const std::string& blend = kBlend) {
  return "name: blend\n" + blend + "---\nname: change\n" + kChange + "---\n" + kFinal;
}

/// Merges of several stages.
class TestStagedRun : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void equalsTheStagesByHand();
  void threadsDoNotMatter();
  void stagesAreKeptAndUsedAgain();
  void aChangedStageIsMadeAnew_data();
  void aChangedStageIsMadeAnew();
  void namesOfStagesAreNoPaths_data();
  void namesOfStagesAreNoPaths();
  void nothingIsLeftOnCancelling_data();
  void nothingIsLeftOnCancelling();
  void nothingIsLeftOnAFailure_data();
  void nothingIsLeftOnAFailure();
  void modelsOfEarlyStagesAreNotReplaced();
  void stagesAreKeptOutOfModels();
  void theOutputMayHaveTheNameOfAStage();
  void aFolderInTheWayOfAStageIsKept();
  void progressCountsAllStages();
  void theCardNamesTheModelsThatWereRead();

 private:
  QStringList newNames() const {
    QStringList names = m_folder->names();
    for (const char* known : {"one", "two"}) {
      names.removeAll(QLatin1String(known));
    }
    return names;
  }

  std::unique_ptr<RunFolder> m_folder;
};

void TestStagedRun::init() {
  m_folder = std::make_unique<RunFolder>();
  test::writeTinyLlama(m_folder->path("one"), 3, 1);
  test::writeTinyLlama(m_folder->path("two"), 3, 2);
}

void TestStagedRun::equalsTheStagesByHand() {
  VERIFY_RUN(m_folder->run(stagesText(), "out"));
  QCOMPARE(newNames(), QStringList{"out"});
  VERIFY_RUN(m_folder->run(kBlend, "blend"));
  VERIFY_RUN(m_folder->run(kChange, "change"));
  VERIFY_RUN(m_folder->run(kFinal, "by-hand"));
  QVERIFY(m_folder->weights("out") == m_folder->weights("by-hand"));
  QVERIFY(m_folder->weights("out") != m_folder->weights("change"));
  QCOMPARE(test::readBytes(m_folder->path("out/mergekit_config.yml")), stagesText());
}

void TestStagedRun::threadsDoNotMatter() {
  for (const int threads : {1, 2, 3, 16}) {
    RunOptions options;
    options.threads = threads;
    VERIFY_RUN(m_folder->run(stagesText(), "out" + std::to_string(threads), options));
    QVERIFY(m_folder->weights("out" + std::to_string(threads)) == m_folder->weights("out1"));
  }
}

void TestStagedRun::stagesAreKeptAndUsedAgain() {
  const auto whole = m_folder->run(stagesText(), "out", {}, "stages");
  QVERIFY2(whole.has_value(), test::faultOf(whole).c_str());
  const auto stage = [&](const char* name) { return fs::path(m_folder->path("stages")) / name / "model.safetensors"; };
  QVERIFY(fs::exists(stage("1-blend")) && fs::exists(stage("2-change")));
  const auto first = fs::last_write_time(stage("1-blend"));
  const auto second = fs::last_write_time(stage("2-change"));
  Progress last;
  const auto report =
      m_folder->run(stagesText(), "again", {}, "stages", 3, {}, [&](const Progress& progress) { last = progress; });
  QVERIFY2(report.has_value(), test::faultOf(report).c_str());
  QVERIFY(fs::last_write_time(stage("1-blend")) == first);
  QVERIFY(fs::last_write_time(stage("2-change")) == second);
  QVERIFY(m_folder->weights("again") == m_folder->weights("out"));
  QCOMPARE(last.bytesDone, last.bytesTotal);
  // Only the last of three stages of one size was carried out.
  QCOMPARE(report->bytesWritten, whole->bytesWritten / 3);
}

void TestStagedRun::aChangedStageIsMadeAnew_data() {
  QTest::addColumn<QString>("blend");
  QTest::addColumn<int>("seed");
  QTest::addColumn<bool>("touched");
  QTest::newRow("another weight in the first stage")
      << QString::fromStdString(kBlend).replace("0.25", "0.5") << 3 << false;
  QTest::newRow("another seed") << QString::fromStdString(kBlend) << 4 << false;
  QTest::newRow("another model of the same name") << QString::fromStdString(kBlend) << 3 << true;
}

// The stage in the middle has the same text as before, but not the same meaning.
void TestStagedRun::aChangedStageIsMadeAnew() {
  QFETCH(QString, blend);
  QFETCH(int, seed);
  QFETCH(bool, touched);
  const auto random = [&](const std::string& text) {
    return QString::fromStdString(text)
        .replace("task_arithmetic", "dare_linear")
        .replace("weight: 0.5}", "weight: 0.5, density: 0.5}")
        .toStdString();
  };
  VERIFY_RUN(m_folder->run(random(stagesText()), "out", {}, "stages"));
  if (touched) {
    test::writeTinyLlama(m_folder->path("two"), 3, 7);
  }
  const std::string changed = random(stagesText(blend.toStdString()));
  VERIFY_RUN(m_folder->run(changed, "again", {}, "stages", static_cast<std::uint64_t>(seed)));
  VERIFY_RUN(m_folder->run(changed, "afresh", {}, "", static_cast<std::uint64_t>(seed)));
  QVERIFY(m_folder->weights("again") == m_folder->weights("afresh"));
  QVERIFY(m_folder->weights("again") != m_folder->weights("out"));
}

void TestStagedRun::namesOfStagesAreNoPaths_data() {
  QTest::addColumn<QString>("name");
  QTest::newRow("upwards") << "../../evil";
  QTest::newRow("absolute") << "/tmp/layerloom-evil";
  QTest::newRow("dots") << "..";
  QTest::newRow("hidden") << ".evil";
  QTest::newRow("long") << QString(300, 'x');
  QTest::newRow("other letters") << QString::fromUtf8("ä/\\:*?\"<>|");
}

void TestStagedRun::namesOfStagesAreNoPaths() {
  QFETCH(QString, name);
  const std::string quoted = "'" + name.toStdString() + "'";
  const std::string text =
      "name: " + quoted + "\n" + kBlend + "---\nmerge_method: passthrough\nmodels: [{model: " + quoted + "}]\n";
  VERIFY_RUN(m_folder->run(text, "deep/er/out", {}, "deep/er/stages"));
  QCOMPARE(newNames(), QStringList{"deep"});
  QCOMPARE(QDir(QString::fromStdString(m_folder->path("deep")))
               .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
           QStringList{"er"});
  const QStringList stages = QDir(QString::fromStdString(m_folder->path("deep/er/stages")))
                                 .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
  QCOMPARE(stages.size(), 1);
  QVERIFY2(stages.front().startsWith("1-"), qPrintable(stages.front()));
  QVERIFY(!fs::exists("/tmp/layerloom-evil"));
  // Without a folder for them the stages lie beside the result.
  VERIFY_RUN(m_folder->run(text, "out"));
  QCOMPARE(newNames(), (QStringList{"deep", "out"}));
  QVERIFY(!fs::exists("/tmp/layerloom-evil"));
}

void TestStagedRun::nothingIsLeftOnCancelling_data() {
  QTest::addColumn<int>("stage");
  QTest::newRow("in the first stage") << 0;
  QTest::newRow("in the second stage") << 1;
  QTest::newRow("in the last stage") << 2;
}

void TestStagedRun::nothingIsLeftOnCancelling() {
  QFETCH(int, stage);
  // The two stages before the last read two models and write one of the same size.
  const PlanResult planned = planMerge(*parseRecipe(stagesText()).recipe, m_folder->planOptions());
  const std::uint64_t begin = static_cast<std::uint64_t>(stage) * planned.plan->stageBytes / 2;
  std::stop_source stop;
  const auto report = m_folder->run(stagesText(), "out", {}, "", 3, stop.get_token(), [&](const Progress& progress) {
    if (progress.bytesDone > begin) {
      stop.request_stop();
    }
  });
  QVERIFY2(report.has_value(), test::faultOf(report).c_str());
  QVERIFY(report->cancelled);
  QCOMPARE(newNames(), QStringList());
}

void TestStagedRun::nothingIsLeftOnAFailure_data() {
  QTest::addColumn<QString>("text");
  const std::string differing =
      "merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: table-one}, {model: table-two}]\n";
  const std::string fine = "merge_method: passthrough\nmodels: [{model: table-one}]\n";
  const std::string last = "---\nmerge_method: passthrough\nmodels: [{model: stage}]\n";
  QTest::newRow("in the first stage") << QString::fromStdString("name: stage\n" + differing + last);
  QTest::newRow("in the last stage") << QString::fromStdString(
      "name: stage\n" + fine +
      "---\nmerge_method: linear\nparameters: {weight: 1}\nmodels: [{model: stage}, {model: table-two}]\n");
}

// That tables of whole numbers differ shows only while they are read.
void TestStagedRun::nothingIsLeftOnAFailure() {
  QFETCH(QString, text);
  for (const auto& [name, number] : {std::pair{"table-one", 1}, std::pair{"table-two", 2}}) {
    test::writeModel(m_folder->path(name), nlohmann::json::parse(test::tinyLlamaConfig(3)),
                     test::with(test::tinyLlamaTensors(3, 5), "model.table", test::i64Tensor({2}, {number, 3})));
  }
  const auto report = m_folder->run(text.toStdString(), "out");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QVERIFY2(report.error().message.find("\"model.table\" differs") != std::string::npos, report.error().message.c_str());
  QCOMPARE(newNames(), (QStringList{"table-one", "table-two"}));
}

void TestStagedRun::modelsOfEarlyStagesAreNotReplaced() {
  // "one" is itself the result of a merge, so --overwrite alone would allow to replace it.
  test::writeBytes(m_folder->path("one/mergekit_config.yml"), "merge_method: linear\n");
  const std::string before = m_folder->weights("one");
  RunOptions options;
  options.overwrite = true;
  const std::string text = "name: blend\n" + kBlend + "---\nmerge_method: passthrough\nmodels: [{model: blend}]\n";
  const auto report = m_folder->run(text, "one", options);
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QVERIFY2(report.error().message.find("is, lies in or holds the model \"one\"") != std::string::npos,
           report.error().message.c_str());
  QVERIFY(m_folder->weights("one") == before);
  QCOMPARE(newNames(), QStringList());
}

void TestStagedRun::stagesAreKeptOutOfModels() {
  const std::string before = m_folder->weights("one");
  const std::string text = "name: blend\n" + kBlend + "---\nmerge_method: passthrough\nmodels: [{model: blend}]\n";
  const auto report = m_folder->run(text, "out", {}, "one/stages");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QVERIFY2(report.error().message.find("is, lies in or holds the model \"one\"") != std::string::npos,
           report.error().message.c_str());
  QVERIFY(m_folder->weights("one") == before);
  QCOMPARE(newNames(), QStringList());
}

// A stage is no folder, so an output may have its name.
void TestStagedRun::theOutputMayHaveTheNameOfAStage() {
  const std::string output = m_folder->path("out");
  VERIFY_RUN(m_folder->run(
      "name: " + output + "\n" + kBlend + "---\nmerge_method: passthrough\nmodels: [{model: " + output + "}]\n",
      "out"));
  QCOMPARE(newNames(), QStringList{"out"});
}

void TestStagedRun::aFolderInTheWayOfAStageIsKept() {
  test::writeBytes(m_folder->path("stages/1-blend/letter.txt"), "mine");
  const auto report = m_folder->run(stagesText(), "out", {}, "stages");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QCOMPARE(test::readBytes(m_folder->path("stages/1-blend/letter.txt")), std::string("mine"));
  QCOMPARE(newNames(), QStringList{"stages"});
  // Nor is a merged model that no stage made, even where the output may be replaced.
  test::writeBytes(m_folder->path("stages/1-blend/mergekit_config.yml"), "merge_method: linear\n");
  RunOptions options;
  options.overwrite = true;
  QVERIFY(!m_folder->run(stagesText(), "out", options, "stages").has_value());
  QCOMPARE(test::readBytes(m_folder->path("stages/1-blend/letter.txt")), std::string("mine"));
}

void TestStagedRun::progressCountsAllStages() {
  Progress last;
  VERIFY_RUN(m_folder->run(stagesText(), "out", {}, "", 3, {}, [&](const Progress& progress) {
    QVERIFY(progress.bytesDone >= last.bytesDone);
    QVERIFY(progress.bytesTotal >= progress.bytesDone);
    QVERIFY(last.bytesTotal == 0 || last.bytesTotal == progress.bytesTotal);
    last = progress;
  }));
  const PlanResult planned = planMerge(*parseRecipe(stagesText()).recipe, m_folder->planOptions());
  QCOMPARE(last.bytesTotal, planned.plan->stageBytes + planned.plan->bytesToRead + planned.plan->bytesToWrite);
  QCOMPARE(last.bytesDone, last.bytesTotal);
}

void TestStagedRun::theCardNamesTheModelsThatWereRead() {
  // The second run finds the results of the stages.
  for (const char* output : {"out", "again"}) {
    VERIFY_RUN(m_folder->run(stagesText(), output, {}, "stages"));
    const std::string card = test::readBytes(m_folder->path(output) + "/README.md");
    QVERIFY2(card.starts_with("---\nbase_model:\n- one\n- two\ntags:\n"), card.c_str());
    QVERIFY2(card.find("## Models\n\n- one\n- two\n\n") != std::string::npos, card.c_str());
  }
  const std::string ofStage = test::readBytes(m_folder->path("stages/2-change/README.md"));
  QVERIFY2(ofStage.starts_with("---\nbase_model:\n- one\n- two\ntags:\n"), ofStage.c_str());
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestStagedRun)
#include "tst_staged_run.moc"
