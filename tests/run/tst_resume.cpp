// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include <QTest>

#include "core/support/content_hash.h"
#include "core/run/output_folder.h"
#include "tests/run/safe_folder.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

using test::Fault;
using test::FaultyFiles;
using test::SafeFolder;
using Kind = Fault::Kind;

/// Interrupted merges, what is kept of them, and who may go on with them.
class TestResume : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void errorsKeepWhatIsDone_data();
  void errorsKeepWhatIsDone();
  void aVanishedFolderIsAnError();
  void anErrorBeforeTheFirstTensorLeavesNothing();
  void anUnfinishedMergeIsNotTouched();
  void overwriteStartsAnew();
  void resumingWithoutAnythingToResumeStartsAnew();
  void anotherMergeIsNotResumed_data();
  void anotherMergeIsNotResumed();
  void aWrongTensorIsMadeAnew();
  void aMissingShardIsMadeAnew();
  void twoMergesIntoOneFolder();
  void aStaleLockIsTakenOver_data();
  void aStaleLockIsTakenOver();
  void aFolderOfTheNameIsLeftAlone();
  void aSourceThatChangesInPlace_data();
  void aSourceThatChangesInPlace();
  void aSourceThatIsReplacedOrRemoved_data();
  void aSourceThatIsReplacedOrRemoved();
  void cancellingAResumedMergeLeavesNothing();
  void freeSpaceIsCountedBeforeTheFirstByte();
  void modesFollowTheUmask_data();
  void modesFollowTheUmask();
  void aResultThatAppearsMeanwhileIsKept();
  void anEmptyFolderIsTaken();
  void foldersAboveTheOutputGoToo();
  void anOutputThatLeadsToAModelIsRefused();
  void theManifestTellsTheTruth();
  void aMergedFolderIsAModel();

 private:
  /// Stops a merge by a full disk after some tensors.
  void interrupt() { QVERIFY(!m_folder->mergeWith({Kind::Lasting, ENOSPC, m_calls / 2}).has_value()); }
  Result<MergeReport> mergeWithHook(std::uint64_t at, std::function<void()> hook) const;

  std::unique_ptr<SafeFolder> m_folder;
  std::map<std::string, std::string> m_wanted;
  std::uint64_t m_calls = 0;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void TestResume::init() {
  m_folder = std::make_unique<SafeFolder>();
  m_calls = m_folder->callsOf();
  m_wanted = m_folder->result();
  m_folder->clear();
}

Result<MergeReport> TestResume::mergeWithHook(std::uint64_t at, std::function<void()> hook) const {
  FaultyFiles files;
  const FileSystemInUse use(files);
  files.before(at, std::move(hook));
  return m_folder->merge();
}

void TestResume::errorsKeepWhatIsDone_data() {
  QTest::addColumn<int>("error");
  QTest::addColumn<QString>("reason");
  QTest::addColumn<QString>("remedy");
  QTest::newRow("disk full") << ENOSPC << "No space left" << "free some space";
  QTest::newRow("quota used up") << EDQUOT << "quota" << "free some space";
  QTest::newRow("disk broken") << EIO << "Input/output error" << "";
  QTest::newRow("file too large") << EFBIG << "File too large" << "smaller shard size";
  QTest::newRow("read-only meanwhile") << EROFS << "Read-only" << "choose a folder";
}

void TestResume::errorsKeepWhatIsDone() {
  QFETCH(int, error);
  QFETCH(QString, reason);
  QFETCH(QString, remedy);
  const auto report = m_folder->mergeWith({Kind::Lasting, error, m_calls / 2});
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Io);
  QVERIFY2(holds(report.error().message, reason.toStdString()), report.error().message.c_str());
  QVERIFY2(holds(report.error().remedy, remedy.toStdString()), report.error().remedy.c_str());
  QVERIFY2(holds(report.error().remedy, "tensors are kept in ") && holds(report.error().remedy, "out.partial; --resume goes on"),
           report.error().remedy.c_str());
  QVERIFY(!m_folder->hasResult());
  const auto resumed = m_folder->merge(SafeFolder::resuming());
  QVERIFY(resumed.has_value());
  QVERIFY(resumed->tensorsKept > 0 && resumed->tensorsKept < resumed->tensors);
  QVERIFY(m_folder->result() == m_wanted);
}

void TestResume::aVanishedFolderIsAnError() {
  const auto report = mergeWithHook(m_calls / 2, [&] { fs::remove_all(m_folder->path("out.partial")); });
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Io);
  QVERIFY2(!holds(report.error().remedy, "kept"), report.error().remedy.c_str());
  QVERIFY(!m_folder->hasResult());
}

void TestResume::anErrorBeforeTheFirstTensorLeavesNothing() {
  // The first call that reserves room for a shard comes early.
  for (const std::uint64_t at : {m_calls / 5, m_calls / 4}) {
    const auto report = m_folder->mergeWith({Kind::Once, ENOSPC, at});
    QVERIFY(!report.has_value());
    if (!holds(report.error().remedy, "kept")) {
      QVERIFY(!m_folder->hasPartial());
    }
    m_folder->clear();
  }
}

void TestResume::anUnfinishedMergeIsNotTouched() {
  interrupt();
  const auto before = test::filesIn(m_folder->path("out.partial"));
  const auto report = m_folder->merge();
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QCOMPARE(report.error().reason, RefusalReason::Interrupted);
  QVERIFY(holds(report.error().message, "out.partial: an earlier merge into this folder was interrupted"));
  QVERIFY(holds(report.error().remedy, "--resume") && holds(report.error().remedy, "--overwrite"));
  const auto after = test::filesIn(m_folder->path("out.partial"));
  QVERIFY(after.at("journal") == before.at("journal"));
  QVERIFY(after.at("model/model-00001-of-00003.safetensors") == before.at("model/model-00001-of-00003.safetensors"));
}

void TestResume::overwriteStartsAnew() {
  interrupt();
  RunOptions options;
  options.unfinished = UnfinishedMerge::Discard;
  options.overwrite = true;
  const auto report = m_folder->merge(options);
  QVERIFY(report.has_value());
  QCOMPARE(report->tensorsKept, std::size_t{0});
  QVERIFY(m_folder->result() == m_wanted && !m_folder->hasPartial());
}

void TestResume::resumingWithoutAnythingToResumeStartsAnew() {
  QVERIFY(m_folder->merge(SafeFolder::resuming()).has_value());
  QVERIFY(m_folder->result() == m_wanted);
  QVERIFY(holds(m_folder->merge(SafeFolder::resuming()).error().message, "exists already"));
}

void TestResume::anotherMergeIsNotResumed_data() {
  QTest::addColumn<QString>("change");
  QTest::addColumn<QString>("named");
  QTest::newRow("a weight") << "weight" << "the recipe";
  QTest::newRow("a comment") << "comment" << "the recipe";
  QTest::newRow("the seed") << "seed" << "the seed (9 instead of 0)";
  QTest::newRow("the size of the shards") << "shards" << "the size of the shards";
  QTest::newRow("the version") << "version" << "the program's version (2.0 (5) instead of test (5))";
  QTest::newRow("a model's bytes") << "bytes" << "two/model.safetensors";
  QTest::newRow("a model's time") << "time" << "two/model.safetensors";
  QTest::newRow("a model copied to its place") << "copy" << "two/model.safetensors";
  QTest::newRow("the tokenizer") << "tokenizer" << "the tokenizer or config of a model";
}

void TestResume::anotherMergeIsNotResumed() {
  QFETCH(QString, change);
  QFETCH(QString, named);
  interrupt();
  const auto before = test::filesIn(m_folder->path("out.partial"));
  const fs::path model = m_folder->path("two/model.safetensors");
  std::string recipe = SafeFolder::kRecipe;
  PlanOptions plan;
  RunOptions options = SafeFolder::resuming();
  if (change == "weight") {
    recipe.replace(recipe.find("0.7"), 3, "0.8");
  } else if (change == "comment") {
    recipe += "# another\n";
  } else if (change == "seed") {
    plan.seed = 9;
  } else if (change == "shards") {
    plan.shardBytes = 3000;
  } else if (change == "version") {
    options.program = "2.0";
  } else if (change == "bytes") {
    test::writeTinyLlama(m_folder->path("two"), 2, 7);
  } else if (change == "time") {
    fs::last_write_time(model, fs::last_write_time(model) + std::chrono::seconds(1));
  } else if (change == "copy") {
    const auto time = fs::last_write_time(model);
    fs::copy(model, m_folder->path("copy"));
    fs::rename(m_folder->path("copy"), model);
    fs::last_write_time(model, time);
  } else {
    test::writeBytes(m_folder->path("one/tokenizer.json"), test::tinyTokenizer({"a", "b", "c", "d"}));
  }
  const auto report = m_folder->merge(options, recipe, plan);
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QCOMPARE(report.error().reason, RefusalReason::OtherMerge);
  QVERIFY2(holds(report.error().message, "cannot be resumed") && holds(report.error().message, named.toStdString()),
           report.error().message.c_str());
  QVERIFY(test::filesIn(m_folder->path("out.partial")).at("journal") == before.at("journal"));
}

void TestResume::aWrongTensorIsMadeAnew() {
  interrupt();
  const fs::path shard = m_folder->path("out.partial/model/model-00001-of-00003.safetensors");
  std::string bytes = test::readBytes(shard);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  test::writeBytes(shard, bytes);
  QVERIFY(m_folder->merge(SafeFolder::resuming()).has_value());
  QVERIFY(m_folder->result() == m_wanted);
}

void TestResume::aMissingShardIsMadeAnew() {
  interrupt();
  fs::remove(m_folder->path("out.partial/model/model-00001-of-00003.safetensors"));
  QVERIFY(m_folder->merge(SafeFolder::resuming()).has_value());
  QVERIFY(m_folder->result() == m_wanted);
}

void TestResume::twoMergesIntoOneFolder() {
  Result<MergeReport> second;
  for (const UnfinishedMerge unfinished : {UnfinishedMerge::Refuse, UnfinishedMerge::Resume, UnfinishedMerge::Discard}) {
    m_folder->clear();
    RunOptions options;
    options.unfinished = unfinished;
    options.overwrite = unfinished == UnfinishedMerge::Discard;
    const auto first = mergeWithHook(m_calls / 2, [&] { second = m_folder->merge(options); });
    QVERIFY2(first.has_value(), first ? "" : first.error().message.c_str());
    QVERIFY(m_folder->result() == m_wanted);
    QVERIFY(!second.has_value());
    QCOMPARE(second.error().kind, ErrorKind::Refused);
    QVERIFY2(holds(second.error().message, "another merge into this folder is at work"), second.error().message.c_str());
  }
}

void TestResume::aStaleLockIsTakenOver_data() {
  QTest::addColumn<QString>("owner");
  QTest::addColumn<int>("lockIs");
  QTest::addColumn<bool>("refused");
  std::array<char, 256> host{};
  QCOMPARE(gethostname(host.data(), host.size() - 1), 0);
  const QString here = QStringLiteral(" ") + host.data() + "\n";
  const QString self = QString::number(getpid()) + here;
  const QString nobody = QString::number(2147483600) + here;
  QTest::newRow("with locks, of a process that lives but has no lock") << self << 0 << false;
  QTest::newRow("with locks, cut") << "" << 0 << false;
  QTest::newRow("without locks, of a process that lives") << self << -ENOSYS << true;
  QTest::newRow("without locks, of a dead process") << nobody << -ENOLCK << false;
  QTest::newRow("without locks, of another machine") << "1 elsewhere\n" << -EOPNOTSUPP << true;
  QTest::newRow("without locks, cut") << "" << -ENOSYS << false;
}

void TestResume::aStaleLockIsTakenOver() {
  QFETCH(QString, owner);
  QFETCH(int, lockIs);
  QFETCH(bool, refused);
  interrupt();
  test::writeBytes(m_folder->path("out.partial/lock"), owner.toStdString());
  FaultyFiles files;
  files.lockIs = lockIs;
  const FileSystemInUse use(files);
  const auto report = m_folder->merge(SafeFolder::resuming());
  if (refused) {
    QVERIFY(!report.has_value());
    QVERIFY2(holds(report.error().message, "is at work") && holds(report.error().remedy, "out.partial/lock"),
             report.error().message.c_str());
    QVERIFY(fs::exists(m_folder->path("out.partial/journal")));
  } else {
    QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
    QVERIFY(m_folder->result() == m_wanted);
  }
}

void TestResume::aFolderOfTheNameIsLeftAlone() {
  test::writeBytes(m_folder->path("out.partial/letter.txt"), "mine");
  for (const UnfinishedMerge unfinished : {UnfinishedMerge::Refuse, UnfinishedMerge::Resume, UnfinishedMerge::Discard}) {
    RunOptions options;
    options.unfinished = unfinished;
    options.overwrite = true;
    const auto report = m_folder->merge(options);
    QVERIFY(!report.has_value());
    QCOMPARE(report.error().kind, ErrorKind::Refused);
    QCOMPARE(test::readBytes(m_folder->path("out.partial/letter.txt")), std::string("mine"));
    QVERIFY(!fs::exists(m_folder->path("out.partial/lock")));
  }
}

void TestResume::aSourceThatChangesInPlace_data() {
  QTest::addColumn<int>("by");
  QTest::newRow("cut") << -100;
  QTest::newRow("grown") << 100;
  QTest::newRow("overwritten") << 0;
}

void TestResume::aSourceThatChangesInPlace() {
  QFETCH(int, by);
  const fs::path source = m_folder->path("two/model.safetensors");
  const auto report = mergeWithHook(m_calls / 2, [&] {
    if (by == 0) {
      const std::string bytes = test::readBytes(source);
      test::writeBytes(source, bytes);
      fs::last_write_time(source, fs::last_write_time(source) + std::chrono::seconds(3));
    } else {
      fs::resize_file(source, static_cast<std::uintmax_t>(static_cast<std::int64_t>(fs::file_size(source)) + by));
    }
  });
  QVERIFY(!report.has_value());
  QVERIFY2(holds(report.error().message, "two/model.safetensors: changed while it was in use"), report.error().message.c_str());
  QVERIFY(!m_folder->hasResult() && !m_folder->hasPartial());
}

void TestResume::aSourceThatIsReplacedOrRemoved_data() {
  QTest::addColumn<bool>("replaced");
  QTest::newRow("replaced") << true;
  QTest::newRow("removed") << false;
}

void TestResume::aSourceThatIsReplacedOrRemoved() {
  QFETCH(bool, replaced);
  const auto report = mergeWithHook(m_calls / 2, [&] {
    fs::remove(m_folder->path("two/model.safetensors"));
    if (replaced) {
      test::writeTinyLlama(m_folder->path("two"), 2, 7);
    }
  });
  QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
  QVERIFY(m_folder->result() == m_wanted);
  QCOMPARE(report->warnings.size(), std::size_t{1});
  QVERIFY2(holds(report->warnings.front(), replaced ? "two/model.safetensors: was replaced" : "two/model.safetensors: was removed"),
           report->warnings.front().c_str());
}

void TestResume::cancellingAResumedMergeLeavesNothing() {
  interrupt();
  std::stop_source stop;
  stop.request_stop();
  const auto report = m_folder->merge(SafeFolder::resuming(), SafeFolder::kRecipe, {}, stop.get_token());
  QVERIFY(report.has_value() && report->cancelled);
  QVERIFY(!m_folder->hasPartial() && !m_folder->hasResult());
}

void TestResume::freeSpaceIsCountedBeforeTheFirstByte() {
  std::uint64_t needed = 0;
  for (const auto& [name, bytes] : m_wanted) {
    // What the planner knows: not the card, the recipe's copy and the manifest.
    needed += name == "README.md" || name == "mergekit_config.yml" || name == kManifestName ? 0 : bytes.size();
  }
  needed += needed / 100;
  FaultyFiles files;
  const FileSystemInUse use(files);
  files.freeBytesAre = static_cast<std::int64_t>(needed) - 1;
  const auto report = m_folder->merge();
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Io);
  QVERIFY2(holds(report.error().message, "kB free, but the result takes"), report.error().message.c_str());
  QVERIFY(!m_folder->hasPartial());
  files.freeBytesAre = static_cast<std::int64_t>(needed);
  QVERIFY(m_folder->merge().has_value());
}

void TestResume::modesFollowTheUmask_data() {
  QTest::addColumn<int>("mask");
  QTest::newRow("027") << 027;
  QTest::newRow("077") << 077;
  QTest::newRow("022") << 022;
}

void TestResume::modesFollowTheUmask() {
  QFETCH(int, mask);
  const mode_t before = umask(static_cast<mode_t>(mask));
  const auto report = m_folder->merge();
  umask(before);
  QVERIFY(report.has_value());
  struct stat status {};
  QCOMPARE(stat(m_folder->path("out").c_str(), &status), 0);
  QCOMPARE(static_cast<int>(status.st_mode & 0777), 0777 & ~mask);
  for (const auto& [name, bytes] : m_folder->result()) {
    QCOMPARE(stat(m_folder->path("out/" + name).c_str(), &status), 0);
    QCOMPARE(static_cast<int>(status.st_mode & 0777), 0666 & ~mask);
  }
}

void TestResume::aResultThatAppearsMeanwhileIsKept() {
  const auto report = mergeWithHook(m_calls / 2, [&] { test::writeBytes(m_folder->path("out/letter.txt"), "mine"); });
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Io);
  QCOMPARE(test::readBytes(m_folder->path("out/letter.txt")), std::string("mine"));
  fs::remove_all(m_folder->path("out"));
  const auto resumed = m_folder->merge(SafeFolder::resuming());
  QVERIFY(resumed.has_value());
  QCOMPARE(resumed->tensorsKept, resumed->tensors);
  QVERIFY(m_folder->result() == m_wanted);
}

void TestResume::anEmptyFolderIsTaken() {
  fs::create_directory(m_folder->path("out"));
  QVERIFY(m_folder->merge().has_value());
  QVERIFY(m_folder->result() == m_wanted);
}

void TestResume::foldersAboveTheOutputGoToo() {
  std::stop_source stop;
  stop.request_stop();
  const PlanResult planned = planMerge(*parseRecipe(SafeFolder::kRecipe).recipe, m_folder->planOptions());
  const auto report = runMerge(*planned.plan, m_folder->path("a/b/out"), {}, stop.get_token());
  QVERIFY(report.has_value() && report->cancelled);
  QVERIFY(!fs::exists(m_folder->path("a")));
}

void TestResume::anOutputThatLeadsToAModelIsRefused() {
  const std::string before = test::readBytes(m_folder->path("one/model.safetensors"));
  fs::create_directory_symlink(m_folder->path("one"), m_folder->path("out"));
  RunOptions options;
  options.overwrite = true;
  auto report = m_folder->merge(options);
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  fs::remove(m_folder->path("out"));
  // A model that lies where the merge would work.
  fs::rename(m_folder->path("one"), m_folder->path("out.partial"));
  std::string recipe = SafeFolder::kRecipe;
  recipe.replace(recipe.find("one"), 3, "out.partial");
  options.unfinished = UnfinishedMerge::Discard;
  report = m_folder->merge(options, recipe);
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QVERIFY(test::readBytes(m_folder->path("out.partial/model.safetensors")) == before);
  QVERIFY(!m_folder->hasResult());
}

void TestResume::theManifestTellsTheTruth() {
  const auto manifest = nlohmann::json::parse(m_wanted.at(kManifestName));
  QCOMPARE(manifest["version"].get<int>(), 1);
  QCOMPARE(manifest["files"].size(), m_wanted.size() - 1);
  for (const auto& file : manifest["files"]) {
    const std::string& bytes = m_wanted.at(file["name"].get<std::string>());
    QCOMPARE(file["bytes"].get<std::size_t>(), bytes.size());
    QCOMPARE(file["xxh3_128"].get<std::string>(), contentHash(std::as_bytes(std::span(bytes))).hex());
  }
  QCOMPARE(manifest["sources"].size(), std::size_t{2});
  QCOMPARE(manifest["sources"][1]["model"].get<std::string>(), std::string("two"));
  QCOMPARE(manifest["audit"]["output_nan"].get<int>(), 0);
}

void TestResume::aMergedFolderIsAModel() {
  QVERIFY(m_folder->merge().has_value());
  fs::rename(m_folder->path("out"), m_folder->path("merged"));
  const auto model = Model::open(m_folder->path("merged"));
  QVERIFY(model.has_value());
  QVERIFY((*model)->warnings().empty());
  QVERIFY(m_folder->merge({}, "merge_method: passthrough\nmodels: [{model: merged}]\n").has_value());
  // The manifest of the result is its own.
  const auto manifest = nlohmann::json::parse(m_folder->result().at(kManifestName));
  QCOMPARE(manifest["method"].get<std::string>(), std::string("passthrough"));
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestResume)
#include "tst_resume.moc"
