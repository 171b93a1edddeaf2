// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "tests/common/safetensors_data.h"

namespace fs = std::filesystem;
using namespace layerloom::test;

/// SIGKILL to a real merge at random moments. Each is resumed, and each has to give the bytes of one that was let alone. LAYERLOOM_KILLS sets
/// the number (4), LAYERLOOM_KILL_SEED the moments, LAYERLOOM_KILL_PARAMETERS the size of the models (3 millions).
class TestKill : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void killedAtRandomMoments();

 private:
  fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
  void start(QProcess& process, bool resume) const;
  /// Runs to the end and returns the exit status.
  int finish(bool resume, QByteArray* errors) const;
  std::map<std::string, std::string> result() const;
  void writeModel(const char* name, std::uint32_t seed, std::size_t parameters) const;

  QTemporaryDir m_folder;
  std::map<std::string, std::string> m_wanted;
  qint64 m_milliseconds = 0;
};

namespace {

int numberFrom(const char* variable, int standard) {
  return qEnvironmentVariableIntValue(variable) > 0 ? qEnvironmentVariableIntValue(variable) : standard;
}

}  // namespace

void TestKill::writeModel(const char* name, std::uint32_t seed, std::size_t parameters) const {
  constexpr int kLayers = 12;
  constexpr std::size_t kColumns = 500;
  const std::size_t rows = parameters / kLayers / kColumns;
  RawTensors tensors;
  for (int layer = 0; layer < kLayers; ++layer) {
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    const auto values = randomValues(rows * kColumns, seed + static_cast<std::uint32_t>(layer));
    tensors.emplace_back(prefix + "mlp.up_proj.weight", bf16Tensor({rows, kColumns}, values));
    tensors.emplace_back(prefix + "input_layernorm.weight", bf16Tensor({kColumns}, randomValues(kColumns, seed)));
  }
  writeBytes(path(name) / "model.safetensors", safetensorsBytes(tensors));
  writeBytes(path(name) / "config.json", R"({"model_type": "llama", "num_hidden_layers": 12})");
}

void TestKill::start(QProcess& process, bool resume) const {
  QStringList arguments = {"merge", QString::fromStdString(path("recipe.yml")), QString::fromStdString(path("out")),
                           "--progress", "none", "--threads", "2", "--shard-size", "2MB", "--seed", "5"};
  if (resume) {
    arguments << "--resume";
  }
  process.start(LAYERLOOM_CLI, arguments);
}

int TestKill::finish(bool resume, QByteArray* errors) const {
  QProcess process;
  start(process, resume);
  if (!process.waitForFinished(600'000) || process.exitStatus() != QProcess::NormalExit) {
    return -1;
  }
  *errors = process.readAllStandardError();
  return process.exitCode();
}

std::map<std::string, std::string> TestKill::result() const {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(path("out"))) {
    files[entry.path().filename().string()] = readBytes(entry.path());
  }
  return files;
}

void TestKill::initTestCase() {
  const auto parameters = static_cast<std::size_t>(numberFrom("LAYERLOOM_KILL_PARAMETERS", 3)) * 1'000'000;
  writeModel("one", 1, parameters);
  writeModel("two", 100, parameters);
  writeModel("three", 200, parameters);
  writeBytes(path("recipe.yml"),
             "merge_method: dare_ties\nbase_model: one\nmodels:\n- {model: two, parameters: {weight: 0.5, density: 0.5}}\n"
             "- {model: three, parameters: {weight: 0.4, density: 0.7}}\n");
  QElapsedTimer timer;
  timer.start();
  QByteArray errors;
  QVERIFY2(finish(false, &errors) == 0, errors.constData());
  m_milliseconds = timer.elapsed();
  m_wanted = result();
  QVERIFY(m_wanted.size() >= 6);
}

void TestKill::killedAtRandomMoments() {
  const int kills = numberFrom("LAYERLOOM_KILLS", 4);
  const auto seed = static_cast<quint32>(numberFrom("LAYERLOOM_KILL_SEED", static_cast<int>(QRandomGenerator::global()->bounded(1, 1'000'000))));
  QRandomGenerator random(seed);
  int killed = 0;
  int tooLate = 0;
  int kept = 0;
  // A kill that comes too late is drawn again, but not for ever.
  while (killed < kills && killed + tooLate < 20 * kills) {
    fs::remove_all(path("out"));
    fs::remove_all(path("out.partial"));
    QProcess process;
    start(process, false);
    QVERIFY(process.waitForStarted());
    const qint64 moment = random.bounded(static_cast<int>(m_milliseconds * 1000));
    QTest::qWait(static_cast<int>(moment / 1000));
    process.kill();  // SIGKILL, unless it has come to its end while this waited
    QVERIFY(process.waitForFinished(60'000));
    if (process.exitStatus() == QProcess::NormalExit) {
      ++tooLate;
      continue;
    }
    ++killed;
    kept += fs::exists(path("out.partial")) ? 1 : 0;
    const std::string where = "seed " + std::to_string(seed) + ", kill " + std::to_string(killed) + ", after " + std::to_string(moment) + " µs: ";
    if (fs::exists(path("out"))) {
      QVERIFY2(result() == m_wanted, (where + "a result that is not whole").c_str());
    }
    if (!fs::exists(path("out")) || fs::exists(path("out.partial"))) {
      QByteArray errors;
      const int status = finish(true, &errors);
      // Killed when all that was left to do was to remove an empty folder, there is nothing to go on with.
      const bool wasDone = fs::exists(path("out")) && errors.contains("there is no interrupted merge to go on with");
      QVERIFY2(status == 0 || wasDone, (where + errors.toStdString()).c_str());
    }
    QVERIFY2(result() == m_wanted, (where + "other bytes").c_str());
    QVERIFY2(!fs::exists(path("out.partial")), where.c_str());
  }
  QCOMPARE(killed, kills);
  qInfo("%d kills (seed %u), %d with something kept, %d came too late; all resumed to the same bytes", killed, seed, kept, tooLate);
}

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
