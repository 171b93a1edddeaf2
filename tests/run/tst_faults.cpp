// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <cstdlib>
#include <memory>

#include <QTest>

#include "tests/run/safe_folder.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

using test::Fault;
using test::FaultyFiles;
using test::SafeFolder;
using Kind = Fault::Kind;

/// A fault in every single call of a merge, in the manner of SQLite's tests: the merge succeeds or fails cleanly, and a resumed merge gives
/// the same bytes. The ordinary run takes every 11th call; LAYERLOOM_ALL_FAULTS=1 takes all.
class TestFaults : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void cleanup() {
    m_folder->clear();
    fs::remove_all(m_folder->path("kept"));
  }
  void cleanupTestCase() { qInfo("%d faults, %d of them ended the merge, all resumed to the same bytes", m_faults, m_ended); }

  void everyCall_data() { addFaults(); }
  void everyCall();
  void everyCallOfAResumedMerge_data() { addFaults(); }
  void everyCallOfAResumedMerge();
  void everyCallWhileReplacing_data() { addFaults(); }
  void everyCallWhileReplacing();
  void journalCutAtEveryByte();
  void journalWithEveryByteWrong();

 private:
  static void addFaults();
  static std::uint64_t stride() { return std::getenv("LAYERLOOM_ALL_FAULTS") == nullptr ? 11 : 1; }
  static Fault fetchFault();
  void checkAfter(const Result<MergeReport>& report, const Fault& fault, const std::map<std::string, std::string>& before = {});
  void checkResumed(const Fault& fault, bool overwrite = false);
  void copyPartial() const;

  std::unique_ptr<SafeFolder> m_folder;
  std::map<std::string, std::string> m_wanted;
  int m_faults = 0;
  int m_ended = 0;
};

void TestFaults::initTestCase() {
  m_folder = std::make_unique<SafeFolder>();
  const auto report = m_folder->merge();
  QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
  m_wanted = m_folder->result();
  QVERIFY(m_wanted.count("model-00003-of-00003.safetensors") == 1 && m_wanted.count("model-00004-of-00004.safetensors") == 0);
  QVERIFY(m_wanted.count("tokenizer.json") == 1 && m_wanted.count("model.safetensors.index.json") == 1);
  m_folder->clear();
}

void TestFaults::addFaults() {
  QTest::addColumn<int>("kind");
  QTest::addColumn<int>("error");
  const auto add = [](const char* name, Kind kind, int error = 0) { QTest::newRow(name) << static_cast<int>(kind) << error; };
  add("disk full", Kind::Once, ENOSPC);
  add("disk full from then on", Kind::Lasting, ENOSPC);
  add("disk broken", Kind::Once, EIO);
  add("disk broken from then on", Kind::Lasting, EIO);
  add("interrupted", Kind::Once, EINTR);
  add("short", Kind::Short);
  add("killed before", Kind::Kill);
  add("killed amid", Kind::KillAmid);
  add("power cut, data lost", Kind::LoseData);
  add("power cut, all lost", Kind::LoseAll);
}

Fault TestFaults::fetchFault() {
  Fault fault;
  fault.kind = static_cast<Kind>(*static_cast<int*>(QTest::qData("kind", QMetaType::Int)));
  fault.error = *static_cast<int*>(QTest::qData("error", QMetaType::Int));
  return fault;
}

/// What holds after a merge that met a fault, before anything is resumed. `before`: the model that stood in the place of the result.
void TestFaults::checkAfter(const Result<MergeReport>& report, const Fault& fault, const std::map<std::string, std::string>& before) {
  const std::string where = "call " + std::to_string(fault.at) + ": ";
  ++m_faults;
  m_ended += report ? 0 : 1;
  if (fault.error == EINTR || fault.kind == Kind::Short) {
    QVERIFY2(report.has_value(), (where + (report ? "" : report.error().message)).c_str());
  }
  if (report) {
    QVERIFY2(m_folder->hasResult(), where.c_str());
  } else {
    QVERIFY2(!report.error().message.empty(), where.c_str());
  }
  if (m_folder->hasResult()) {
    const auto found = m_folder->result();
    QVERIFY2(found == m_wanted || (!report && found == before), (where + "a result that is not whole stands under its name").c_str());
  } else if (!before.empty()) {
    QVERIFY2(test::filesIn(m_folder->path("out.partial/replaced")) == before, (where + "the model to be replaced is lost").c_str());
  }
}

void TestFaults::checkResumed(const Fault& fault, bool overwrite) {
  const std::string where = "call " + std::to_string(fault.at) + ", resumed: ";
  if (!m_folder->hasPartial() && m_folder->hasResult() && m_folder->result() == m_wanted) {
    return;
  }
  const bool isWhole = m_folder->hasResult() && m_folder->result() == m_wanted;
  const auto report = m_folder->mergeWith({}, SafeFolder::resuming(overwrite));
  if (isWhole && !overwrite && !report && report.error().message.ends_with("there is no interrupted merge to go on with")) {
    // Stopped when all that was left to do was to remove an empty folder.
    QVERIFY2(!m_folder->hasPartial() && m_folder->result() == m_wanted, where.c_str());
    return;
  }
  QVERIFY2(report.has_value(), (where + (report ? "" : report.error().message + " (" + report.error().remedy + ")")).c_str());
  QVERIFY2(m_folder->result() == m_wanted, (where + "other bytes").c_str());
  QVERIFY2(!m_folder->hasPartial(), (where + "the partial folder is still there").c_str());
}

void TestFaults::everyCall() {
  Fault fault = fetchFault();
  const std::uint64_t calls = m_folder->callsOf();
  QVERIFY(calls > 100);
  for (fault.at = 1 + calls % stride(); fault.at <= calls; fault.at += stride()) {
    m_folder->clear();
    checkAfter(m_folder->mergeWith(fault), fault);
    checkResumed(fault);
    if (QTest::currentTestFailed()) {
      return;
    }
  }
}

/// Merges killed at three places, then a fault in the resumed one, then resumed again.
void TestFaults::everyCallOfAResumedMerge() {
  Fault fault = fetchFault();
  const std::uint64_t whole = m_folder->callsOf();
  for (const std::uint64_t killedAt : {whole / 3, whole * 2 / 3, whole - 8}) {
    m_folder->clear();
    (void)m_folder->mergeWith({Kind::Kill, 0, killedAt});
    fs::rename(m_folder->path("out.partial"), m_folder->path("kept"));
    copyPartial();
    const bool wasInPlace = m_folder->hasResult();
    const std::uint64_t calls = m_folder->callsOf(SafeFolder::resuming());
    for (fault.at = 1 + killedAt % stride(); fault.at <= calls; fault.at += 2 * stride()) {
      if (!wasInPlace) {
        m_folder->clear();
      }
      copyPartial();
      checkAfter(m_folder->mergeWith(fault, SafeFolder::resuming()), fault);
      checkResumed(fault);
      if (QTest::currentTestFailed()) {
        return;
      }
    }
    fs::remove_all(m_folder->path("kept"));
  }
}

void TestFaults::copyPartial() const {
  fs::remove_all(m_folder->path("out.partial"));
  fs::copy(m_folder->path("kept"), m_folder->path("out.partial"), fs::copy_options::recursive);
}

void TestFaults::everyCallWhileReplacing() {
  Fault fault = fetchFault();
  RunOptions options;
  options.overwrite = true;
  const auto writeOld = [&] {
    m_folder->clear();
    test::writeBytes(m_folder->path("out/mergekit_config.yml"), "the old model");
    test::writeBytes(m_folder->path("out/model.safetensors"), "old weights");
  };
  writeOld();
  const auto before = m_folder->result();
  const std::uint64_t calls = m_folder->callsOf(options);
  // The calls that move folders are the last of them; those before are the same as in everyCall.
  for (fault.at = stride() == 1 ? 1 : calls - 40; fault.at <= calls; fault.at += stride() == 1 ? 1 : 3) {
    writeOld();
    checkAfter(m_folder->mergeWith(fault, options), fault, before);
    checkResumed(fault, true);
    if (QTest::currentTestFailed()) {
      return;
    }
  }
}

void TestFaults::journalCutAtEveryByte() {
  const std::uint64_t calls = m_folder->callsOf();
  m_folder->clear();
  (void)m_folder->mergeWith({Kind::Kill, 0, calls - 12});
  const std::string journal = test::readBytes(m_folder->path("out.partial/journal"));
  QVERIFY(journal.find("\"the seed\"") != std::string::npos && journal.find(" tensor 7 ") != std::string::npos);
  fs::rename(m_folder->path("out.partial"), m_folder->path("kept"));
  for (std::size_t length = 0; length <= journal.size(); length += 2 * stride() - 1) {
    m_folder->clear();
    copyPartial();
    fs::resize_file(m_folder->path("out.partial/journal"), length);
    checkResumed({Kind::None, 0, length});
    if (QTest::currentTestFailed()) {
      return;
    }
  }
  fs::remove_all(m_folder->path("kept"));
}

void TestFaults::journalWithEveryByteWrong() {
  const std::uint64_t calls = m_folder->callsOf();
  m_folder->clear();
  (void)m_folder->mergeWith({Kind::Kill, 0, calls - 12});
  const std::string journal = test::readBytes(m_folder->path("out.partial/journal"));
  fs::rename(m_folder->path("out.partial"), m_folder->path("kept"));
  for (std::size_t at = 0; at < journal.size(); at += 2 * stride() - 1) {
    m_folder->clear();
    copyPartial();
    std::string wrong = journal;
    wrong[at] = static_cast<char>(wrong[at] ^ 1);
    test::writeBytes(m_folder->path("out.partial/journal"), wrong);
    checkResumed({Kind::None, 0, at});
    if (QTest::currentTestFailed()) {
      return;
    }
  }
  fs::remove_all(m_folder->path("kept"));
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestFaults)
#include "tst_faults.moc"
