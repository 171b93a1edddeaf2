// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <QClipboard>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "tests/common/safetensors_data.h"
#include "tests/gui/answer.h"
#include "ui/jobs/audit_dialog.h"
#include "ui/jobs/job_row.h"
#include "ui/parts/text_button.h"
#include "ui/theme/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/merge_dialog.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

constexpr int kLayers = 8;
constexpr std::uint64_t kTensorBytes = 1024ULL * 6400 * 4;

QString text(const char* utf8) {
  return QString::fromUtf8(utf8);
}

/// A model of 8 layers and about 200 MB that is mostly a hole in the file; every tensor begins with numbers of its own.
void writeHollowModel(const fs::path& folder, float first) {
  std::string header = "{";
  for (int layer = 0; layer < kLayers; ++layer) {
    const auto begin = static_cast<std::uint64_t>(layer) * kTensorBytes;
    header += (layer == 0 ? "" : ",") + std::string("\"model.layers.") + std::to_string(layer) +
              ".mlp.up_proj.weight\":{\"dtype\":\"F32\",\"shape\":[1024,6400],\"data_offsets\":[" + std::to_string(begin) +
              "," + std::to_string(begin + kTensorBytes) + "]}";
  }
  header += "}";
  const fs::path file = folder / "model.safetensors";
  test::writeBytes(file, test::safetensorsBytes(header, {}));
  fs::resize_file(file, 8 + header.size() + kLayers * kTensorBytes);
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  for (std::uint64_t layer = 0; layer < kLayers; ++layer) {
    const float value = first + static_cast<float>(layer);
    stream.seekp(static_cast<std::streamoff>(8 + header.size() + layer * kTensorBytes));
    stream.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  test::writeBytes(folder / "config.json", test::tinyLlamaConfig(kLayers));
}

/// The program that this one has started and that runs; 0: none.
pid_t childProcess() {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    std::ifstream stat(entry.path() / "stat");
    std::string all((std::istreambuf_iterator<char>(stat)), {});
    const auto end = all.rfind(')');
    if (end == std::string::npos) {
      continue;
    }
    std::istringstream rest(all.substr(end + 1));
    char state = 0;
    pid_t parent = 0;
    rest >> state >> parent;
    if (parent == ::getpid() && state != 'Z') {
      return static_cast<pid_t>(std::stol(all));
    }
  }
  return 0;
}

constexpr const char* kStart = "echo '{\"event\":\"start\",\"version\":1}'";
constexpr const char* kProgress =
    "echo '{\"event\":\"progress\",\"bytes_done\":600,\"bytes_total\":1000,\"seconds\":3,\"seconds_left\":2,\"tensor\":\"\"}'";
/// Answers signals as the merge program does.
constexpr const char* kObey = "trap 'echo \"{\\\"event\\\":\\\"paused\\\"}\"' USR1" "\n"
      "trap 'echo \"{\\\"event\\\":\\\"resumed\\\"}\"' USR2" "\n"
      "trap 'echo \"{\\\"event\\\":\\\"cancelled\\\"}\"; exit 130' TERM" "\n";
constexpr const char* kForever = "while :; do sleep 0.02; done\n";

}  // namespace

/// Merges in the jobs dock: a stand-in for the merge program where a state is hard to reach, the program itself elsewhere.
class TestJobs : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void init();
  void cleanup();

  void pauseAndContinueByMouseAndKey();
  void pauseWaitsUntilTheChildTakesSignals();
  void pausedJobIsCancelled();
  void failureOffersToContinue();
  void killedChildOffersToContinue();
  void otherMergeIsStartedAnewWhenAllowed();
  void modelThatAppearedIsNotReplaced();
  void dialogOffersToContinue();
  void dialogKnowsMergesUnderWay();
  void auditNamesWhatItFound();

  void realMergePausesAndContinues();
  void realMergeIsKilledAndGoesOn();
  void unfinishedMergeIsFoundByTheNextWindow();
  void nanIsMergedAllTheSame();
  void cleanAuditIsShown();

 private:
  QString path(const char* name) const { return m_folder->filePath(text(name)); }
  fs::path stdPath(const char* name) const { return path(name).toStdString(); }
  void makeWindow(const QString& program = text(LAYERLOOM_CLI));
  /// A window whose merge program is a shell script with this body.
  void makeWindowWith(const std::string& body);
  void open(const char* name = "starter.layerloom.yml");
  void openHollow(const char* weight = "0.5");
  int start(const char* output) { return m_window->startMerge(path(output), false); }
  void askForMerge();
  QStringList lastArguments() const;

  MergeQueue& queue() { return m_window->workspace().jobs(); }
  const JobData& job(int id) { return *queue().find(id); }
  JobState state(int id) { return job(id).state; }
  JobRow* row(int id);
  QAbstractButton* button(int id, const char* words);
  void click(int id, const char* words);
  void killInTheMiddle(int id);
  std::string weightsOf(const char* output) const { return test::readBytes(stdPath(output) / "model.safetensors"); }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<MainWindow> m_window;
};

void TestJobs::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(text("LayerloomTest"));
  QCoreApplication::setApplicationName(text("tst_jobs"));
  QLocale::setDefault(QLocale::c());
  applyTheme(*qApp, ThemeMode::Light);
}

void TestJobs::init() {
  // The offscreen platform warns of this by itself.
  QTest::failOnWarning(QRegularExpression(QStringLiteral("\\A(?!This plugin does not support)")));
  m_folder = std::make_unique<QTemporaryDir>();
  QVERIFY(m_folder->isValid());
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, path("settings"));
  fs::create_directory(stdPath("work"));
  fs::copy(LAYERLOOM_SAMPLES, stdPath("work"), fs::copy_options::recursive);
  fs::create_directory(stdPath("out"));
}

void TestJobs::cleanup() {
  m_window.reset();
  m_folder.reset();
}

void TestJobs::makeWindow(const QString& program) {
  m_window.reset();
  m_window = std::make_unique<MainWindow>(program);
  m_window->show();
  QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
  m_window->activateWindow();
}

void TestJobs::makeWindowWith(const std::string& body) {
  const fs::path script = stdPath("merge-program");
  test::writeBytes(script, "#!/bin/sh\necho \"$@\" >> '" + stdPath("arguments").string() + "'\n" + body);
  fs::permissions(script, fs::perms::owner_all);
  makeWindow(path("merge-program"));
  open();
}

void TestJobs::open(const char* name) {
  QVERIFY(m_window->files().open(path("work/") + text(name)));
  QTRY_VERIFY_WITH_TIMEOUT(m_window->workspace().isSettled(), 60000);
}

void TestJobs::openHollow(const char* weight) {
  if (!fs::exists(stdPath("big"))) {
    writeHollowModel(stdPath("big/a"), 1);
    writeHollowModel(stdPath("big/b"), 100);
  }
  std::string recipe = "merge_method: linear\nmodels:\n";
  for (const char* model : {"big/a", "big/b"}) {
    recipe += "  - {model: " + stdPath(model).string() + ", parameters: {weight: " + weight + "}}\n";
  }
  test::writeBytes(stdPath("work/big.yml"), recipe + "dtype: float32\n");
  open("big.yml");
  QVERIFY(m_window->workspace().problems().empty());
}

/// By the menu; the test has its answer to the dialog ready.
void TestJobs::askForMerge() {
  for (QAction* menu : m_window->menuBar()->actions()) {
    for (QAction* action : menu->menu()->actions()) {
      if (action->shortcut() == QKeySequence(QStringLiteral("Ctrl+Return"))) {
        QVERIFY(action->isEnabled());
        action->trigger();
        return;
      }
    }
  }
  QFAIL("there is no action to merge");
}

QStringList TestJobs::lastArguments() const {
  const QStringList runs = QString::fromStdString(test::readBytes(stdPath("arguments"))).trimmed().split(u'\n');
  return runs.last().split(u' ');
}

JobRow* TestJobs::row(int id) {
  for (JobRow* row : m_window->findChildren<JobRow*>()) {
    if (row->job().id == id && row->isVisible()) {
      return row;
    }
  }
  return nullptr;
}

QAbstractButton* TestJobs::button(int id, const char* words) {
  JobRow* of = row(id);
  if (of == nullptr) {
    return nullptr;
  }
  for (QAbstractButton* button : of->findChildren<QAbstractButton*>()) {
    if (button->isVisible() && (button->text() == text(words) || button->accessibleName() == text(words))) {
      return button;
    }
  }
  return nullptr;
}

void TestJobs::click(int id, const char* words) {
  QTRY_VERIFY2(button(id, words) != nullptr, words);
  QTest::mouseClick(button(id, words), Qt::LeftButton);
}

/// Pauses past the first third, so that some tensors are finished, and kills.
void TestJobs::killInTheMiddle(int id) {
  QTRY_VERIFY_WITH_TIMEOUT(job(id).bytesDone * 3 > job(id).bytesTotal && job(id).bytesTotal > 0, 60000);
  click(id, "Pause the merge");
  QTRY_VERIFY2_WITH_TIMEOUT(state(id) == JobState::Paused, "the merge was over before it could be paused", 10000);
  const pid_t child = childProcess();
  QVERIFY(child > 0);
  QCOMPARE(::kill(child, SIGKILL), 0);
  QTRY_COMPARE(state(id), JobState::Failed);
}

// With a stand-in
// ---------------------------------------------------------------------------------------------------------------------

void TestJobs::pauseAndContinueByMouseAndKey() {
  makeWindowWith(std::string(kObey) + kStart + "\n" + kProgress + "\n" + kForever);
  const int id = start("out/soup");
  QTRY_COMPARE(job(id).bytesDone, std::uint64_t(600));
  QCOMPARE(job(id).bytesPerSecond, 200.0);
  QVERIFY(row(id)->accessibleDescription().contains(text("200 B/s")));
  click(id, "Pause the merge");
  QTRY_COMPARE(state(id), JobState::Paused);
  QCOMPARE(row(id)->accessibleName(), text("soup, paused"));
  QVERIFY(!row(id)->accessibleDescription().contains(text("B/s")));
  QCOMPARE(job(id).secondsLeft, 2.0);
  QVERIFY(button(id, "Pause the merge") == nullptr);

  QAbstractButton* go = button(id, "Continue the merge");
  QVERIFY(go != nullptr && (go->focusPolicy() & Qt::TabFocus));
  go->setFocus(Qt::TabFocusReason);
  QTRY_VERIFY(go->hasFocus());
  QTest::keyClick(go, Qt::Key_Space);
  QTRY_COMPARE(state(id), JobState::Running);
  QVERIFY(button(id, "Pause the merge") == go && go->hasFocus());
  QTest::keyClick(go, Qt::Key_Tab);
  QVERIFY(button(id, "Cancel the merge")->hasFocus());
  QTest::keyClick(button(id, "Cancel the merge"), Qt::Key_Space);
  QTRY_COMPARE(state(id), JobState::Cancelled);
}

void TestJobs::pauseWaitsUntilTheChildTakesSignals() {
  makeWindowWith("sleep 0.3\n" + std::string(kObey) + kStart + "\n" + kForever);
  const int id = start("out/soup");
  click(id, "Pause the merge");
  QTRY_COMPARE(state(id), JobState::Paused);
  queue().cancel(id);
  QTRY_COMPARE(state(id), JobState::Cancelled);
}

void TestJobs::pausedJobIsCancelled() {
  // What a child says on its way out does not make the row run again.
  makeWindowWith("trap 'echo \"{\\\"event\\\":\\\"paused\\\"}\"' USR1" "\n"
      "trap 'echo \"{\\\"event\\\":\\\"resumed\\\"}\"; sleep 0.1; echo \"{\\\"event\\\":\\\"cancelled\\\"}\"; exit 130' TERM" "\n" + std::string(kStart) + "\n" + kForever);
  const int id = start("out/soup");
  click(id, "Pause the merge");
  QTRY_COMPARE(state(id), JobState::Paused);
  std::vector<JobState> after;
  connect(&queue(), &MergeQueue::jobChanged, m_window.get(), [&](const JobData& data) { after.push_back(data.state); });
  click(id, "Cancel the merge");
  QTRY_COMPARE(state(id), JobState::Cancelled);
  QVERIFY(std::find(after.begin(), after.end(), JobState::Running) == after.end());
  QVERIFY(button(id, "Continue the merge") == nullptr);
  QVERIFY(!queue().isBusy());
}

void TestJobs::failureOffersToContinue() {
  makeWindowWith(
      "case \"$*\" in *--resume*) echo '{\"event\":\"done\",\"folder\":\"/x\",\"files\":[\"a\"],\"tensors\":4,\"seconds\":1}'; exit 0;; esac" "\n"
      "echo '{\"event\":\"error\",\"kind\":\"io\",\"message\":\"/x: cannot write: No space left on device\",\"remedy\":\"free some space; 3 of 4 tensors are kept in /x.partial; --resume goes on from there\",\"problems\":[],\"reason\":\"\",\"unfinished\":\"/x.partial\"}'" "\n"
      "exit 3" "\n");
  const int id = start("out/soup");
  QTRY_COMPARE(state(id), JobState::Failed);
  QCOMPARE(job(id).remedy, text("free some space; 3 of 4 tensors are kept in /x.partial; “Continue” goes on from there"));
  QCOMPARE(row(id)->accessibleName(), text("soup, failed; what is finished is kept"));
  QVERIFY(!lastArguments().contains(text("--resume")));
  click(id, "Continue");
  QTRY_COMPARE(state(id), JobState::Done);
  QVERIFY(lastArguments().contains(text("--resume")) && !lastArguments().contains(text("--overwrite")));
  QVERIFY(job(id).message.isEmpty() && job(id).wayOn == WayOn::None);
  QVERIFY2(button(id, "Audit…") == nullptr, "an older merge program tells of no audit");
}

void TestJobs::killedChildOffersToContinue() {
  makeWindowWith("mkdir '" + stdPath("out/soup.partial").string() + "'\n" + kStart + "\nkill -9 $$\n");
  const int id = start("out/soup");
  QTRY_COMPARE(state(id), JobState::Failed);
  QVERIFY(button(id, "Continue") != nullptr);
  QVERIFY2(job(id).remedy.contains(text("is kept")), qPrintable(job(id).remedy));
  // One that is waiting to go on and is cancelled still can, later.
  makeWindowWith(std::string(kObey) + kStart + "\n" + kForever);
  const int running = start("out/other");
  MergeRequest request = m_window->workspace().mergeRequest(path("out/soup"), false);
  request.unfinished = UnfinishedMerge::Resume;
  const int waiting = queue().add(request);
  click(waiting, "Cancel the merge");
  QVERIFY(state(waiting) == JobState::Cancelled && button(waiting, "Continue") != nullptr);
  QVERIFY(row(waiting)->accessibleDescription().contains(text("is kept")));
  click(running, "Cancel the merge");
  QTRY_COMPARE(state(running), JobState::Cancelled);
  QVERIFY(row(running)->accessibleDescription().contains(text("Nothing was written")));
}

void TestJobs::otherMergeIsStartedAnewWhenAllowed() {
  makeWindowWith(
      "case \"$*\" in *--overwrite*) echo '{\"event\":\"done\",\"folder\":\"/x\",\"files\":[\"a\"],\"tensors\":4,\"seconds\":1}'; exit 0;; esac" "\n"
      "echo '{\"event\":\"error\",\"kind\":\"refused\",\"message\":\"/x.partial: cannot be resumed\",\"remedy\":\"r\",\"problems\":[],\"reason\":\"other_merge\",\"unfinished\":\"/x.partial\"}'" "\n"
      "exit 2" "\n");
  MergeRequest request = m_window->workspace().mergeRequest(path("out/soup"), false);
  request.unfinished = UnfinishedMerge::Resume;
  const int id = queue().add(request);
  QTRY_COMPARE(state(id), JobState::Failed);
  QVERIFY(lastArguments().contains(text("--resume")));
  {
    Answer<QMessageBox> answer([](QMessageBox& box) { QTest::keyClick(&box, Qt::Key_Escape); });
    click(id, "Start anew");
    QCOMPARE(answer.count(), 1);
  }
  QCOMPARE(state(id), JobState::Failed);
  Answer<QMessageBox> answer([](QMessageBox& box) {
    for (QAbstractButton* choice : box.buttons()) {
      if (box.buttonRole(choice) == QMessageBox::AcceptRole) {
        QTest::mouseClick(choice, Qt::LeftButton);
      }
    }
  });
  click(id, "Start anew");
  QCOMPARE(answer.count(), 1);
  QTRY_COMPARE(state(id), JobState::Done);
  QVERIFY(!lastArguments().contains(text("--resume")));
}

void TestJobs::modelThatAppearedIsNotReplaced() {
  makeWindowWith("exit 2\n");
  MergeRequest request = m_window->workspace().mergeRequest(path("out/soup"), false);
  request.unfinished = UnfinishedMerge::Discard;
  int id = queue().add(request);
  QTRY_COMPARE(state(id), JobState::Failed);
  QVERIFY(lastArguments().contains(text("--overwrite")));
  test::writeBytes(stdPath("out/soup/model.safetensors"), "somebody's");
  id = queue().add(request);
  QTRY_COMPARE(state(id), JobState::Failed);
  QVERIFY(!lastArguments().contains(text("--overwrite")));
}

void TestJobs::dialogOffersToContinue() {
  makeWindow();
  open();
  fs::create_directories(stdPath("out/soup.partial"));
  MergeDialog dialog(path("out/new"), {}, m_window.get());
  dialog.show();
  QVERIFY(QTest::qWaitForWindowExposed(&dialog));
  auto* line = dialog.findChild<QLineEdit*>();
  const auto choices = dialog.findChildren<QRadioButton*>();
  QCOMPARE(choices.size(), 2);
  QVERIFY(!choices[0]->isVisible() && dialog.unfinished() == UnfinishedMerge::Refuse);
  line->selectAll();
  QTest::keyClicks(line, path("out/soup"));
  QVERIFY(choices[0]->isVisible() && choices[0]->isChecked() && dialog.unfinished() == UnfinishedMerge::Resume);
  choices[1]->setFocus();
  QTest::keyClick(choices[1], Qt::Key_Space);
  QVERIFY(choices[1]->isChecked() && dialog.unfinished() == UnfinishedMerge::Discard);
  QTest::mouseClick(choices[0], Qt::LeftButton, {}, QPoint(8, choices[0]->height() / 2));
  QVERIFY(dialog.unfinished() == UnfinishedMerge::Resume);
  QTest::keyClicks(line, text("x"));
  QVERIFY(!choices[0]->isVisible() && dialog.unfinished() == UnfinishedMerge::Refuse);
}

void TestJobs::dialogKnowsMergesUnderWay() {
  makeWindowWith("mkdir '" + stdPath("out/soup.partial").string() + "'\n" + kObey + kStart + "\n" + kForever);
  const int id = start("out/soup");
  QTRY_VERIFY(fs::exists(stdPath("out/soup.partial")));
  bool enabled = true;
  bool offers = true;
  Answer<MergeDialog> answer([&](MergeDialog& dialog) {
    dialog.findChild<QLineEdit*>()->setText(path("out/soup/"));
    offers = dialog.findChild<QRadioButton*>()->isVisible();
    for (const QPushButton* choice : dialog.findChildren<QPushButton*>()) {
      enabled = choice->isDefault() ? choice->isEnabled() : enabled;
    }
    QTest::keyClick(&dialog, Qt::Key_Escape);
  });
  askForMerge();
  QCOMPARE(answer.count(), 1);
  QVERIFY(!enabled && !offers);
  queue().cancel(id);
  QTRY_COMPARE(state(id), JobState::Cancelled);
}

void TestJobs::auditNamesWhatItFound() {
  makeWindowWith(
      "echo '{\"event\":\"done\",\"folder\":\"/x\",\"files\":[\"a\"],\"tensors\":75,\"seconds\":1,\"tensors_kept\":40,\"warnings\":[\"/m/a: was replaced\"],\"audit\":{\"input_nan\":0,\"input_infinite\":0,\"output_nan\":0,\"output_infinite\":2,\"created\":2,\"saturated\":2,\"norm_outliers\":1,\"tensors_found\":52,\"tensors\":[{\"tensor\":\"model.layers.1.mlp.up_proj.weight\",\"saturated\":2,\"output_infinite\":2,\"norm_ratio\":null},{\"tensor\":\"lm_head.weight\",\"norm_ratio\":31.2}]}}'" "\n");
  const int id = start("out/soup");
  QTRY_COMPARE(state(id), JobState::Done);
  QVERIFY(row(id)->accessibleDescription().contains(text("52 tensor(s) look odd")));
  QGuiApplication::clipboard()->clear();
  QStringList cells;
  Answer<AuditDialog> answer([&](AuditDialog& dialog) {
    auto* list = dialog.findChild<QTreeWidget*>();
    for (int i = 0; list != nullptr && i < list->topLevelItemCount(); ++i) {
      cells << list->topLevelItem(i)->text(0) << list->topLevelItem(i)->text(1);
    }
    for (QPushButton* choice : dialog.findChildren<QPushButton*>()) {
      if (choice->text() == text("Copy")) {
        QTest::mouseClick(choice, Qt::LeftButton);
      }
    }
    QTest::keyClick(&dialog, Qt::Key_Escape);
  });
  QTRY_VERIFY(button(id, "Audit…") != nullptr);
  button(id, "Audit…")->setFocus();
  QTest::keyClick(button(id, "Audit…"), Qt::Key_Return);
  QCOMPARE(answer.count(), 1);
  QCOMPARE(cells, (QStringList{text("model.layers.1.mlp.up_proj.weight"),
                               text("2 infinite in the result, 2 too large for the output precision"), text("lm_head.weight"),
                               text("norm 31.2 times that of the nearest input")}));
  const QString copied = QGuiApplication::clipboard()->text();
  for (const char* part : {"lm_head.weight: norm 31.2", "/m/a: was replaced", "Too large for the output precision: 2", "50 more tensor(s)",
                           "40 kept", "NaN in the inputs: 0"}) {
    QVERIFY2(copied.contains(text(part)), qPrintable(text(part) + u'\n' + copied));
  }
}

// With the merge program
// ---------------------------------------------------------------------------------------------------------------------

void TestJobs::realMergePausesAndContinues() {
  constexpr int kRestMs = 1000;
  makeWindow();
  openHollow();
  QElapsedTimer clock;
  clock.start();
  const int id = start("out/soup");
  QTRY_VERIFY_WITH_TIMEOUT(job(id).bytesDone > 0, 60000);
  click(id, "Pause the merge");
  QTRY_VERIFY2_WITH_TIMEOUT(state(id) == JobState::Paused, "the merge was over before it could be paused", 10000);
  QTest::qWait(150);  // for what was in hand
  const JobData before = job(id);
  QTest::qWait(kRestMs);
  QVERIFY2(job(id) == before, "rate, time left and bytes rest");
  QVERIFY(before.bytesDone < before.bytesTotal);
  button(id, "Continue the merge")->setFocus();
  QTest::keyClick(button(id, "Continue the merge"), Qt::Key_Space);
  QTRY_VERIFY_WITH_TIMEOUT(isFinished(state(id)), 120000);
  QVERIFY2(state(id) == JobState::Done, qPrintable(job(id).message));
  const double whole = static_cast<double>(clock.elapsed()) / 1000;
  QVERIFY2(job(id).secondsTaken < whole - 0.001 * kRestMs, "the pause counts as work");

  // Paused again and cancelled, nothing is left.
  const int second = start("out/tea");
  click(second, "Pause the merge");
  QTRY_COMPARE_WITH_TIMEOUT(state(second), JobState::Paused, 60000);
  click(second, "Cancel the merge");
  QTRY_COMPARE(state(second), JobState::Cancelled);
  QVERIFY(!fs::exists(stdPath("out/tea")) && !fs::exists(stdPath("out/tea.partial")));
}

void TestJobs::realMergeIsKilledAndGoesOn() {
  makeWindow();
  openHollow();
  const int id = start("out/soup");
  killInTheMiddle(id);
  QVERIFY(fs::exists(stdPath("out/soup.partial")) && !fs::exists(stdPath("out/soup")));
  click(id, "Continue");
  QTRY_VERIFY_WITH_TIMEOUT(isFinished(state(id)), 120000);
  QVERIFY2(state(id) == JobState::Done, qPrintable(job(id).message));
  QVERIFY(job(id).audit && job(id).audit->tensorsKept > 0);
  QVERIFY(!fs::exists(stdPath("out/soup.partial")));
  const int whole = start("out/whole");
  QTRY_VERIFY_WITH_TIMEOUT(isFinished(state(whole)), 120000);
  QCOMPARE(state(whole), JobState::Done);
  QVERIFY(weightsOf("out/soup") == weightsOf("out/whole"));
}

void TestJobs::unfinishedMergeIsFoundByTheNextWindow() {
  makeWindow();
  openHollow();
  killInTheMiddle(start("out/soup"));
  const auto mergeAgain = [this] {
    Answer<MergeDialog> answer([this](MergeDialog& dialog) {
      auto* line = dialog.findChild<QLineEdit*>();
      line->setText(path("out/soup"));
      line->setFocus();
      QTest::keyClick(line, Qt::Key_Return);
    });
    askForMerge();
    return answer.count() == 1 ? queue().jobs().back().id : 0;
  };
  // Another merge is refused, and what is finished stays.
  makeWindow();
  openHollow("0.25");
  int id = mergeAgain();
  QVERIFY(id > 0);
  QTRY_COMPARE_WITH_TIMEOUT(state(id), JobState::Failed, 60000);
  QVERIFY2(job(id).message.contains(text("recipe")), qPrintable(job(id).message));
  QVERIFY(button(id, "Start anew") != nullptr);
  makeWindow();
  openHollow();
  id = mergeAgain();
  QVERIFY(id > 0);
  QTRY_VERIFY_WITH_TIMEOUT(isFinished(state(id)), 120000);
  QVERIFY2(state(id) == JobState::Done, qPrintable(job(id).message));
  QVERIFY(job(id).audit->tensorsKept > 0);
}

void TestJobs::nanIsMergedAllTheSame() {
  const fs::path file = stdPath("work/prose/model.safetensors");
  std::string bytes = test::readBytes(file);
  bytes[bytes.size() - 2] = '\xc0';  // the last entry of the file, in bfloat16
  bytes[bytes.size() - 1] = '\x7f';
  test::writeBytes(file, bytes);
  makeWindow();
  open();
  const int id = start("out/soup");
  QTRY_COMPARE_WITH_TIMEOUT(state(id), JobState::Failed, 60000);
  QVERIFY2(job(id).message.contains(text("NaN")), qPrintable(job(id).message));
  QVERIFY2(!job(id).remedy.contains(text("--")), qPrintable(job(id).remedy));
  click(id, "Merge all the same");
  QTRY_VERIFY_WITH_TIMEOUT(isFinished(state(id)), 60000);
  QVERIFY2(state(id) == JobState::Done, qPrintable(job(id).message));
  QCOMPARE(job(id).audit->inputNans, std::uint64_t(1));
  QCOMPARE(job(id).audit->tensors.size(), std::size_t(1));
  QVERIFY(row(id)->accessibleDescription().contains(text("1 tensor(s) look odd")));
  // For that run only.
  const int next = start("out/tea");
  QTRY_COMPARE_WITH_TIMEOUT(state(next), JobState::Failed, 60000);
}

void TestJobs::cleanAuditIsShown() {
  makeWindow();
  open();
  const int id = start("out/soup");
  QTRY_COMPARE_WITH_TIMEOUT(state(id), JobState::Done, 60000);
  QVERIFY(row(id)->accessibleDescription().contains(text("no NaN, no overflow")));
  bool hasList = true;
  Answer<AuditDialog> answer([&](AuditDialog& dialog) {
    hasList = dialog.findChild<QTreeWidget*>() != nullptr;
    QTest::keyClick(&dialog, Qt::Key_Return);
  });
  click(id, "Audit…");
  QCOMPARE(answer.count(), 1);
  QVERIFY(!hasList);
}

}  // namespace layerloom

QTEST_MAIN(layerloom::TestJobs)
#include "tst_jobs.moc"
