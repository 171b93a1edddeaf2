// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/checkpoint/model.h"
#include "tests/common/cli_run.h"
#include "tests/common/safetensors_data.h"

namespace fs = std::filesystem;
using layerloom::test::CliRun;
using layerloom::test::runCliWith;
using layerloom::test::safetensorsBytes;
using layerloom::test::writeBytes;

namespace {

constexpr const char* kFirst = "model-00001-of-00002.safetensors";
constexpr const char* kSecond = "model-00002-of-00002.safetensors";

layerloom::test::RawTensor three(std::uint32_t seed) {
  return layerloom::test::f32Tensor({3}, layerloom::test::randomValues(3, seed));
}

/// A model in two shards: "a" in the first, "b" in the second.
void writeShards(const fs::path& folder, const std::string& metadata = R"({"total_size":24})") {
  writeBytes(folder / "config.json", layerloom::test::tinyLlamaConfig(0));
  writeBytes(folder / kFirst, safetensorsBytes({{"a", three(1)}}));
  writeBytes(folder / kSecond, safetensorsBytes({{"b", three(2)}}));
  writeBytes(folder / "model.safetensors.index.json",
             R"({"metadata":)" + metadata + R"(,"weight_map":{"a":")" + kFirst + R"(","b":")" + kSecond + "\"}}");
}

void makeSocket(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  QVERIFY(bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  close(descriptor);
}

/// Moves a shard and leaves a link to it.
void linkShard(const fs::path& shard, const fs::path& to) {
  fs::create_directories(to.parent_path());
  fs::rename(shard, to);
  fs::create_symlink(to, shard);
}

enum class Outcome { Accepted, Warned, Refused };

struct FolderCase {
  const char* name;
  Outcome outcome;
  const char* words;  ///< in the warning or the error
  /// Makes the model in `folder`; anything else goes beside it.
  void (*make)(const fs::path& folder);
};

constexpr FolderCase kFolders[] = {
    {"whole", Outcome::Accepted, "", [](const fs::path& folder) { writeShards(folder); }},
    {"index without total_size", Outcome::Accepted, "", [](const fs::path& folder) { writeShards(folder, "{}"); }},
    {"total_size wrong", Outcome::Warned, "total_size", [](const fs::path& folder) { writeShards(folder, R"({"total_size":25})"); }},
    {"total_size a text", Outcome::Warned, "total_size", [](const fs::path& folder) { writeShards(folder, R"({"total_size":"24"})"); }},
    {"total_size negative", Outcome::Warned, "total_size", [](const fs::path& folder) { writeShards(folder, R"({"total_size":-24})"); }},
    {"total_size 1e30", Outcome::Warned, "total_size", [](const fs::path& folder) { writeShards(folder, R"({"total_size":1e30})"); }},
    {"metadata a list", Outcome::Accepted, "", [](const fs::path& folder) { writeShards(folder, "[]"); }},
    {"index with a byte order mark", Outcome::Refused, "byte order mark",
     [](const fs::path& folder) {
       writeShards(folder);
       const fs::path index = folder / "model.safetensors.index.json";
       writeBytes(index, "\xEF\xBB\xBF" + layerloom::test::readBytes(index));
     }},
    {"download left over", Outcome::Refused, "incomplete",
     [](const fs::path& folder) { writeBytes(folder / "model.safetensors.incomplete", "x"); }},
    {"shard a socket", Outcome::Refused, kSecond,
     [](const fs::path& folder) {
       writeShards(folder);
       fs::remove(folder / kSecond);
       makeSocket(folder / kSecond);
     }},
    {"shard a link to itself", Outcome::Refused, kSecond,
     [](const fs::path& folder) {
       writeShards(folder);
       fs::remove(folder / kSecond);
       fs::create_symlink(kSecond, folder / kSecond);
     }},
    {"shard a link within the folder", Outcome::Accepted, "",
     [](const fs::path& folder) {
       writeShards(folder);
       linkShard(folder / kSecond, folder / "blobs" / "0123");
     }},
    {"shard a link to elsewhere", Outcome::Warned, "leads out of the model's folder",
     [](const fs::path& folder) {
       writeShards(folder);
       linkShard(folder / kSecond, folder.parent_path() / "elsewhere" / "0123");
     }},
    {"two names of one file", Outcome::Accepted, "",
     [](const fs::path& folder) {
       writeShards(folder);
       writeBytes(folder / kFirst, safetensorsBytes({{"a", three(1)}, {"b", three(2)}}));
       fs::remove(folder / kSecond);
       fs::create_hard_link(folder / kFirst, folder / kSecond);
     }},
    {"one tensor in two shards", Outcome::Refused, "in two shards",
     [](const fs::path& folder) {
       writeShards(folder);
       writeBytes(folder / kSecond, safetensorsBytes({{"a", three(1)}, {"b", three(2)}}));
     }},
    {"name of a shard with an override of direction", Outcome::Refused, "\\u{202e}",
     [](const fs::path& folder) {
       writeShards(folder);
       writeBytes(folder / "model.safetensors.index.json", "{\"weight_map\":{\"a\":\"x\u202Ey.safetensors\"}}");
       writeBytes(folder / "x\u202Ey.safetensors", safetensorsBytes({{"b", three(1)}}));
     }},
};

}  // namespace

/// Model folders from strangers: accepted, accepted with a warning or refused.
class TestHostileFolders : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_scratch = std::make_unique<QTemporaryDir>(); }

  void folders_data();
  void folders();
  void linksWithinTheCacheAreNothingOdd();
  void unreadableShardIsNamed();
  void nothingOfTheFolderIsRunOrCopied();
  void oddFolderNames_data();
  void oddFolderNames();
  void outputsInInputsAreRefused_data();
  void outputsInInputsAreRefused();
  void tooLargeTokenizerIsRefused();

 private:
  fs::path path(const std::string& name) const { return fs::path(m_scratch->path().toStdString()) / name; }

  std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestHostileFolders::folders_data() {
  QTest::addColumn<int>("number");
  for (int i = 0; i < static_cast<int>(std::size(kFolders)); ++i) {
    QTest::newRow(kFolders[i].name) << i;
  }
}

void TestHostileFolders::folders() {
  QFETCH(int, number);
  const FolderCase& expected = kFolders[number];
  fs::create_directories(path("model"));
  expected.make(path("model"));

  const auto model = layerloom::Model::open(path("model"));

  QVERIFY2(model.has_value() == (expected.outcome != Outcome::Refused), model.has_value() ? "accepted" : model.error().message.c_str());
  if (!model.has_value()) {
    QVERIFY2(model.error().message.find(expected.words) != std::string::npos, model.error().message.c_str());
    QVERIFY(model.error().kind == layerloom::ErrorKind::Io || !model.error().remedy.empty());
    return;
  }
  const auto& warnings = (*model)->warnings();
  QCOMPARE(warnings.empty(), expected.outcome == Outcome::Accepted);
  const bool said = std::any_of(warnings.begin(), warnings.end(), [&](const std::string& text) { return text.find(expected.words) != std::string::npos; });
  QVERIFY2(warnings.empty() || said, warnings.empty() ? "" : warnings.front().c_str());
  std::string bytes(12, '\0');
  QVERIFY((*model)->read(*(*model)->find("b"), 0, std::as_writable_bytes(std::span(bytes))).has_value());
  QCOMPARE(bytes, three(2).bytes);
}

void TestHostileFolders::linksWithinTheCacheAreNothingOdd() {
  const fs::path snapshot = path("models--org--name/snapshots/0123456789012345678901234567890123456789");
  writeShards(snapshot);
  linkShard(snapshot / kFirst, path("models--org--name/blobs/aaaa"));
  linkShard(snapshot / kSecond, path("models--org--name/blobs/bbbb"));
  const auto model = layerloom::Model::open(snapshot);
  QVERIFY2(model.has_value(), model.has_value() ? "" : model.error().message.c_str());
  QVERIFY2((*model)->warnings().empty(), (*model)->warnings().empty() ? "" : (*model)->warnings().front().c_str());
}

void TestHostileFolders::unreadableShardIsNamed() {
  if (geteuid() == 0) {
    QSKIP("root reads every file");
  }
  writeShards(path("model"));
  fs::permissions(path("model") / kSecond, fs::perms::none);
  const auto model = layerloom::Model::open(path("model"));
  QVERIFY(!model.has_value());
  QVERIFY2(model.error().message.find(kSecond) != std::string::npos, model.error().message.c_str());
}

void TestHostileFolders::nothingOfTheFolderIsRunOrCopied() {
  layerloom::test::writeTinyLlama(path("one"), 1, 1);
  layerloom::test::writeTinyLlama(path("two"), 1, 2);
  for (const char* name : {"one", "two"}) {
    std::string config = layerloom::test::tinyLlamaConfig(1);
    config.insert(config.find('{') + 1, R"("auto_map":{"AutoModel":"modeling_x.X"},"trust_remote_code":true,)");
    writeBytes(path(name) / "config.json", config);
    writeBytes(path(name) / "modeling_x.py", "open('" + path("marker").string() + "', 'w')\n");
    writeBytes(path(name) / "pytorch_model.bin", "cposix\nsystem\n(S'touch " + path("marker").string() + "'\ntR.");
    writeBytes(path(name) / "tokenizer_config.json", R"({"chat_template":"{{ ''.__class__.__mro__[1].__subclasses__() }}"})");
  }
  writeBytes(path("recipe.yml"), "merge_method: linear\nmodels: [{model: one}, {model: two}]\nparameters: {weight: 0.5}\n");

  const CliRun run = runCliWith({"merge", path("recipe.yml").string(), path("out").string()});

  QVERIFY2(run.status == 0, run.err.c_str());
  QVERIFY(!fs::exists(path("marker")));
  QVERIFY(!fs::exists(path("out/modeling_x.py")) && !fs::exists(path("out/pytorch_model.bin")));
  const std::string config = layerloom::test::readBytes(path("out/config.json"));
  QVERIFY2(config.find("auto_map") == std::string::npos && config.find("trust_remote_code") == std::string::npos, config.c_str());
}

void TestHostileFolders::oddFolderNames_data() {
  QTest::addColumn<QByteArray>("name");
  for (const char* name : {"with space", "it's", "double\"quote", "$(touch marker)", "`touch marker`", "-rf", "a,trust_remote_code=True",
                           "a=b", "new\nline", "%s%n", "größe", "a:b", "#a", "~", "no", "1.0"}) {
    QTest::newRow(qPrintable(QString::fromUtf8(name).simplified())) << QByteArray(name);
  }
}

// A folder may have any name. "@" and "+" in it need a model written as a mapping, as in mergekit.
void TestHostileFolders::oddFolderNames() {
  QFETCH(QByteArray, name);
  layerloom::test::writeTinyLlama(path("models") / name.toStdString(), 1, 1);
  std::string quoted;
  for (const char c : name) {
    quoted += c == '\n' ? std::string("\\n") : c == '"' ? std::string("\\\"") : std::string(1, c);
  }
  writeBytes(path("recipe.yml"), "merge_method: linear\nmodels: [{model: \"" + quoted + "\"}]\nparameters: {weight: 1}\n");
  const CliRun run = runCliWith({"merge", path("recipe.yml").string(), path("out").string(), "--model-dir", path("models").string()});
  QVERIFY2(run.status == 0, run.err.c_str());
  const auto merged = layerloom::test::readSafetensors(path("out/model.safetensors"));
  QVERIFY(merged == layerloom::test::readSafetensors(path("models") / name.toStdString() / "model.safetensors"));
  QVERIFY(!fs::exists("marker") && !fs::exists(path("marker")));
}

void TestHostileFolders::outputsInInputsAreRefused_data() {
  QTest::addColumn<QString>("output");
  for (const char* output : {"one", "one/sub", "one/../one/x", "link", "link/x", "one/"}) {
    QTest::newRow(output) << QString::fromLatin1(output);
  }
}

void TestHostileFolders::outputsInInputsAreRefused() {
  QFETCH(QString, output);
  layerloom::test::writeTinyLlama(path("one"), 1, 1);
  fs::create_directory_symlink(path("one"), path("link"));
  writeBytes(path("recipe.yml"), "merge_method: linear\nmodels: [{model: one}]\nparameters: {weight: 1}\n");
  const auto entries = [&] {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path("one"))) {
      names.push_back(entry.path().string() + layerloom::test::readBytes(entry.path()));
    }
    std::sort(names.begin(), names.end());
    return names;
  };
  const auto before = entries();
  for (const bool overwrite : {false, true}) {
    std::vector<std::string> args = {"merge", path("recipe.yml").string(), path(output.toStdString()).string()};
    if (overwrite) {
      args.push_back("--overwrite");
    }
    const CliRun run = runCliWith(args);
    QVERIFY2(run.status == 2, run.err.c_str());
    QVERIFY(entries() == before);
  }
}

void TestHostileFolders::tooLargeTokenizerIsRefused() {
  layerloom::test::writeTinyLlama(path("one"), 1, 1);
  layerloom::test::writeTinyLlama(path("two"), 1, 2);
  writeBytes(path("one/tokenizer.json"), "{}");
  fs::resize_file(path("one/tokenizer.json"), 300'000'000);
  writeBytes(path("recipe.yml"),
             "merge_method: linear\nmodels: [{model: one}, {model: two}]\nparameters: {weight: 1}\ntokenizer: {source: union}\n");
  const CliRun run = runCliWith({"merge", path("recipe.yml").string(), path("out").string()});
  QCOMPARE(run.status, 2);
  QVERIFY2(run.err.find("tokenizer.json") != std::string::npos, run.err.c_str());
  QVERIFY(!fs::exists(path("out")));
}

QTEST_APPLESS_MAIN(TestHostileFolders)
#include "tst_hostile_folders.moc"
