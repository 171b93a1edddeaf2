// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "tests/common/safetensors_data.h"

using layerloom::test::writeBytes;
using Json = nlohmann::json;

/// The program as a process of its own: signals, streams, exit statuses.
class TestCliProcess : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void streamsAreKeptApart();
  void signalCancels_data();
  void signalCancels();
  void secondSignalEndsAtOnce();
  void signalsPauseAndGoOn();
  void aPausedMergeCanBeCancelled();
  void aKilledMergeIsResumed();
  void fileSizeLimitIsAnIoFailure();
  void closedPipeDoesNotKill();

 private:
  QString path(const QString& name) const { return m_folder->filePath(name); }
  /// Starts a merge that takes seconds and waits for its first line.
  void startLongMerge(QProcess& process);

  std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

constexpr std::uint64_t kLongTensorBytes = 400'000'000;

/// A model whose data is a hole in the file: large, and yet quick to make.
void writeHollowModel(const std::string& folder) {
  const Json header = {
      {"model.layers.0.mlp.weight",
       {{"dtype", "F32"}, {"shape", {kLongTensorBytes / 4}}, {"data_offsets", {0, kLongTensorBytes}}}}};
  const std::string file = folder + "/model.safetensors";
  writeBytes(file, layerloom::test::safetensorsBytes(header.dump(), ""));
  std::filesystem::resize_file(file, 8 + header.dump().size() + kLongTensorBytes);
  writeBytes(folder + "/config.json", R"({"architectures": ["Hollow"], "num_hidden_layers": 1})");
}

QStringList leftIn(const QTemporaryDir& folder) {
  QStringList names = QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
  names.sort();
  return names;
}

}  // namespace

void TestCliProcess::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  layerloom::test::writeTinyLlama(path("one").toStdString(), 3, 1);
  writeBytes(path("recipe.yml").toStdString(), "merge_method: passthrough\nmodels: [{model: one}]\n");
}

void TestCliProcess::startLongMerge(QProcess& process) {
  writeHollowModel(path("long").toStdString());
  writeHollowModel(path("base").toStdString());
  writeBytes(
      path("long.yml").toStdString(),
      "merge_method: ties\nbase_model: base\nmodels:\n  - {model: long, parameters: {weight: 1, density: 0.5}}\n");
  process.start(LAYERLOOM_CLI, {"merge", path("long.yml"), path("out"), "--progress", "json", "--threads", "1"});
  QVERIFY(process.waitForStarted());
  while (!process.canReadLine()) {
    QVERIFY2(process.waitForReadyRead(30000), process.readAllStandardError().constData());
  }
  QVERIFY(process.readLine().contains("\"start\""));
}

void TestCliProcess::streamsAreKeptApart() {
  QProcess process;
  process.start(LAYERLOOM_CLI, {"merge", path("recipe.yml"), path("out")});
  QVERIFY(process.waitForFinished());
  QCOMPARE(process.exitStatus(), QProcess::NormalExit);
  QCOMPARE(process.exitCode(), 0);
  // No bar where standard error is no terminal.
  QCOMPARE(process.readAllStandardError(), QByteArray());
  QVERIFY(process.readAllStandardOutput().contains("12 tensors"));
}

void TestCliProcess::signalCancels_data() {
  QTest::addColumn<int>("number");
  QTest::addColumn<int>("status");
  QTest::newRow("Ctrl-C") << SIGINT << 130;
  QTest::newRow("SIGTERM") << SIGTERM << 143;
}

void TestCliProcess::signalCancels() {
  QFETCH(int, number);
  QFETCH(int, status);
  QProcess process;
  startLongMerge(process);
  const QStringList before = {"base", "long", "long.yml", "one", "recipe.yml"};

  kill(static_cast<pid_t>(process.processId()), number);
  QVERIFY(process.waitForFinished());

  QCOMPARE(process.exitStatus(), QProcess::NormalExit);
  QCOMPARE(process.exitCode(), status);
  QVERIFY(process.readAllStandardOutput().trimmed().endsWith("{\"event\":\"cancelled\"}"));
  QCOMPARE(leftIn(*m_folder), before);
}

/// Reads lines until one holds the text; false when none came in time.
static bool waitForLine(QProcess& process, const char* text) {
  QElapsedTimer timer;
  for (timer.start(); timer.elapsed() < 30'000;) {
    while (process.canReadLine()) {
      if (process.readLine().contains(text)) {
        return true;
      }
    }
    process.waitForReadyRead(100);
  }
  return false;
}

void TestCliProcess::signalsPauseAndGoOn() {
  QProcess process;
  startLongMerge(process);
  const auto id = static_cast<pid_t>(process.processId());
  kill(id, SIGUSR1);
  QVERIFY(waitForLine(process, "{\"event\":\"paused\"}"));
  // What was in hand may still be told; then there is silence.
  QTest::qWait(500);
  process.readAllStandardOutput();
  QVERIFY(!process.waitForReadyRead(1000));
  kill(id, SIGUSR2);
  QVERIFY(waitForLine(process, "{\"event\":\"resumed\"}"));
  QVERIFY(waitForLine(process, "\"progress\""));
  kill(id, SIGINT);
  QVERIFY(process.waitForFinished());
  QCOMPARE(process.exitCode(), 130);
}

void TestCliProcess::aPausedMergeCanBeCancelled() {
  QProcess process;
  startLongMerge(process);
  const auto id = static_cast<pid_t>(process.processId());
  kill(id, SIGUSR1);
  QVERIFY(waitForLine(process, "\"paused\""));
  kill(id, SIGTERM);
  QVERIFY(process.waitForFinished(5000));
  QCOMPARE(process.exitCode(), 143);
  QVERIFY(!leftIn(*m_folder).contains("out.partial"));
}

void TestCliProcess::aKilledMergeIsResumed() {
  QProcess process;
  startLongMerge(process);
  QVERIFY(waitForLine(process, "\"progress\""));
  process.kill();
  QVERIFY(process.waitForFinished());
  QVERIFY(leftIn(*m_folder).contains("out.partial"));
  QVERIFY(!leftIn(*m_folder).contains("out"));
  const auto run = [&](const QStringList& more) {
    process.start(LAYERLOOM_CLI, QStringList{"merge", path("long.yml"), path("out"), "--progress", "json"} + more);
    process.waitForFinished(120'000);
    return process.exitCode();
  };
  QCOMPARE(run({}), 2);
  const QByteArray refusal = process.readAllStandardOutput();
  QVERIFY2(refusal.contains("go on with it (--resume)"), refusal.constData());
  QVERIFY2(refusal.contains("\"unfinished\":\"") && refusal.contains("out.partial\""), refusal.constData());
  QCOMPARE(run({"--resume"}), 0);
  QVERIFY(leftIn(*m_folder).contains("out"));
  QVERIFY(!leftIn(*m_folder).contains("out.partial"));
}

void TestCliProcess::secondSignalEndsAtOnce() {
  QProcess process;
  // Standard input never ends here, so the first signal cannot take effect.
  process.start(LAYERLOOM_CLI, {"check", "-"});
  QVERIFY(process.waitForStarted());
  QTest::qWait(300);
  kill(static_cast<pid_t>(process.processId()), SIGINT);
  QVERIFY(!process.waitForFinished(500));
  kill(static_cast<pid_t>(process.processId()), SIGINT);
  QVERIFY(process.waitForFinished(5000));
  QCOMPARE(process.exitStatus(), QProcess::CrashExit);
}

void TestCliProcess::fileSizeLimitIsAnIoFailure() {
  QProcess process;
  process.start("/bin/sh",
                {"-c", "ulimit -f 1; exec \"$0\" \"$@\"", LAYERLOOM_CLI, "merge", path("recipe.yml"), path("out")});
  QVERIFY(process.waitForFinished());
  QCOMPARE(process.exitStatus(), QProcess::NormalExit);
  QCOMPARE(process.exitCode(), 3);
  QVERIFY(!process.readAllStandardError().isEmpty());
  QCOMPARE(leftIn(*m_folder), (QStringList{"one", "recipe.yml"}));
}

void TestCliProcess::closedPipeDoesNotKill() {
  QProcess process;
  process.start("/bin/sh", {"-c", "(sleep 0.2; \"$0\" export \"$1\"; echo $? > \"$2\") | true", LAYERLOOM_CLI,
                            path("recipe.yml"), path("status")});
  QVERIFY(process.waitForFinished());
  QCOMPARE(layerloom::test::readBytes(path("status").toStdString()), std::string("3\n"));
}

QTEST_GUILESS_MAIN(TestCliProcess)
#include "tst_cli_process.moc"
