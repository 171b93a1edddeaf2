// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/checkpoint/locator.h"
#include "core/checkpoint/model.h"
#include "tests/common/safetensors_data.h"

using layerloom::Model;
using layerloom::test::RawTensors;
using layerloom::test::safetensorsBytes;
using layerloom::test::writeBytes;

/// Model folders, whole and broken.
class TestModel : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }

  void opensAFolder();
  void opensAFile();
  void opensShards();
  void readsTensors();
  void changedFilesAreNoticed();
  void renamedFilesDoNoHarm();
  void refusesBrokenFolders_data();
  void refusesBrokenFolders();
  void refusesForeignFiles_data();
  void refusesForeignFiles();
  void refusesBadIndexes_data();
  void refusesBadIndexes();
  void refusesBadConfigs_data();
  void refusesBadConfigs();
  void warnsOfOddities();
  void knowsItsOwnFiles();
  void locatorSearchesInOrder();
  void namedResultsComeFirst();
  void locatorReadsTheCache();
  void locatorRefusesLeavingTheCache();

 private:
  std::string path(const std::string& name) const { return m_folder->path().toStdString() + "/" + name; }
  /// A model in two shards: a in the first, b and c in the second.
  void writeShards();
  void writeIndex(const std::string& json) { writeBytes(path("model/model.safetensors.index.json"), json); }

  std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

constexpr const char* kFirst = "model-00001-of-00002.safetensors";
constexpr const char* kSecond = "model-00002-of-00002.safetensors";
constexpr const char* kGoodIndex =
    R"({"metadata":{"total_size":36},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors","c":"model-00002-of-00002.safetensors"}})";

layerloom::test::RawTensor three(std::uint32_t seed) {
  return layerloom::test::f32Tensor({3}, layerloom::test::randomValues(3, seed));
}

}  // namespace

void TestModel::writeShards() {
  writeBytes(path("model/config.json"), layerloom::test::tinyLlamaConfig(0));
  writeBytes(path("model/") + kFirst, safetensorsBytes({{"a", three(1)}}));
  writeBytes(path("model/") + kSecond, safetensorsBytes({{"b", three(2)}, {"c", three(3)}}));
  writeIndex(kGoodIndex);
}

void TestModel::opensAFolder() {
  layerloom::test::writeTinyLlama(path("model"), 2, 1, "BF16");
  const auto model = Model::open(path("model"));
  QVERIFY2(model.has_value(), model.has_value() ? "" : model.error().message.c_str());
  QCOMPARE((*model)->name(), std::string("model"));
  QCOMPARE((*model)->config().architecture, std::string("LlamaForCausalLM"));
  QCOMPARE((*model)->config().layers, 2);
  QCOMPARE((*model)->config().vocabulary, std::int64_t{16});
  QVERIFY((*model)->config().tiedEmbeddings == false);
  QCOMPARE((*model)->tensors().size(), std::size_t{9});
  QCOMPARE((*model)->parameters(), std::uint64_t{16 * 8 * 2 + 2 * (8 + 96 + 64) + 8});
  QCOMPARE((*model)->bytes(), 2 * (*model)->parameters());
  QCOMPARE((*model)->mainDtype(), layerloom::DType::BF16);
  QCOMPARE((*model)->fileCount(), std::size_t{1});
  QVERIFY((*model)->warnings().empty());
}

void TestModel::opensAFile() {
  layerloom::test::writeTinyLlama(path("model"), 1, 1);
  const auto model = Model::open(path("model/model.safetensors"));
  QVERIFY(model.has_value());
  QCOMPARE((*model)->tensors().size(), std::size_t{6});
  QVERIFY((*model)->config().architecture.empty());
}

void TestModel::opensShards() {
  writeShards();
  const auto model = Model::open(path("model"));
  QVERIFY2(model.has_value(), model.has_value() ? "" : model.error().message.c_str());
  QCOMPARE((*model)->fileCount(), std::size_t{2});
  QCOMPARE((*model)->tensors().size(), std::size_t{3});
  QVERIFY((*model)->find("a")->file != (*model)->find("b")->file);
  QVERIFY((*model)->find("d") == nullptr);
}

void TestModel::readsTensors() {
  writeShards();
  const auto model = Model::open(path("model"));
  QVERIFY(model.has_value());
  std::string bytes(8, '\0');
  QVERIFY((*model)->read(*(*model)->find("c"), 4, std::as_writable_bytes(std::span(bytes))).has_value());
  QCOMPARE(bytes, three(3).bytes.substr(4));
}

void TestModel::changedFilesAreNoticed() {
  writeShards();
  const auto model = Model::open(path("model"));
  QVERIFY(model.has_value());
  QVERIFY((*model)->verifyUnchanged().has_value());
  std::filesystem::resize_file(path("model/") + kSecond, std::filesystem::file_size(path("model/") + kSecond) - 5);
  std::string bytes(12, '\0');
  const auto read = (*model)->read(*(*model)->find("c"), 0, std::as_writable_bytes(std::span(bytes)));
  QVERIFY(!read.has_value());
  QVERIFY(read.error().kind == layerloom::ErrorKind::Io);
  const auto verdict = (*model)->verifyUnchanged();
  QVERIFY(!verdict.has_value());
  QVERIFY2(verdict.error().message.find(kSecond) != std::string::npos, verdict.error().message.c_str());
}

void TestModel::renamedFilesDoNoHarm() {
  writeShards();
  const auto model = Model::open(path("model"));
  QVERIFY(model.has_value());
  std::filesystem::rename(path("model"), path("elsewhere"));
  std::string bytes(12, '\0');
  QVERIFY((*model)->read(*(*model)->find("a"), 0, std::as_writable_bytes(std::span(bytes))).has_value());
  QCOMPARE(bytes, three(1).bytes);
}

void TestModel::refusesBrokenFolders_data() {
  QTest::addColumn<QString>("fault");
  QTest::addColumn<QString>("named");
  QTest::newRow("nothing") << "absent"
                           << "model";
  QTest::newRow("no weights") << "empty"
                              << "model.safetensors";
  QTest::newRow("pickle alone") << "pickle"
                                << "pytorch_model.bin";
  QTest::newRow("GGUF alone") << "gguf"
                              << "GGUF";
  QTest::newRow("shard missing") << "missing" << kSecond;
  QTest::newRow("shard a dangling link") << "dangling"
                                         << "incomplete";
  QTest::newRow("shard truncated") << "truncated" << kSecond;
  QTest::newRow("shard a folder") << "folder" << kSecond;
  QTest::newRow("shard a pipe") << "pipe" << kSecond;
  QTest::newRow("shard a device") << "device" << kSecond;
  QTest::newRow("tensor not in its shard") << "elsewhere"
                                           << "\"c\"";
  QTest::newRow("tensor in two shards") << "twice"
                                        << "\"a\"";
  QTest::newRow("index and single file") << "both"
                                         << "model.safetensors";
  QTest::newRow("a pickle called safetensors") << "disguised"
                                               << "pickle";
}

void TestModel::refusesBrokenFolders() {
  QFETCH(QString, fault);
  QFETCH(QString, named);
  const std::string second = path("model/") + kSecond;
  if (fault != "absent" && fault != "empty" && fault != "pickle" && fault != "gguf" && fault != "disguised") {
    writeShards();
  }
  if (fault == "empty") {
    writeBytes(path("model/config.json"), layerloom::test::tinyLlamaConfig(1));
  } else if (fault == "pickle") {
    writeBytes(path("model/pytorch_model.bin"), "\x80\x02.");
  } else if (fault == "gguf") {
    writeBytes(path("model/model-q4.gguf"), "GGUF\x03");
  } else if (fault == "disguised") {
    writeBytes(path("model/model.safetensors"), "\x80\x02}q\x01X\x03zzz.");
  } else if (fault == "truncated") {
    std::filesystem::resize_file(second, std::filesystem::file_size(second) - 1);
  } else if (fault == "elsewhere") {
    writeBytes(second, safetensorsBytes({{"b", three(2)}}));
  } else if (fault == "twice") {
    writeBytes(second, safetensorsBytes({{"a", three(9)}, {"b", three(2)}, {"c", three(3)}}));
  } else if (fault == "both") {
    writeBytes(path("model/model.safetensors"), safetensorsBytes({{"a", three(7)}}));
  } else if (fault != "absent") {
    std::filesystem::remove(second);
  }
  if (fault == "dangling") {
    QCOMPARE(symlink("../blobs/0", second.c_str()), 0);
  } else if (fault == "folder") {
    std::filesystem::create_directory(second);
  } else if (fault == "pipe") {
    QCOMPARE(mkfifo(second.c_str(), 0600), 0);
  } else if (fault == "device") {
    QCOMPARE(symlink("/dev/zero", second.c_str()), 0);
  }

  const auto model = Model::open(path("model"));

  QVERIFY(!model.has_value());
  QVERIFY2(QString::fromStdString(model.error().message).contains(named), model.error().message.c_str());
  QVERIFY(!model.error().remedy.empty());
}

void TestModel::refusesForeignFiles_data() {
  QTest::addColumn<QString>("file");
  QTest::addColumn<QString>("format");
  QTest::newRow("GGUF") << "model.gguf"
                        << "GGUF";
  QTest::newRow("bin") << "pytorch_model.bin"
                       << "pickle";
  QTest::newRow("pt") << "model.pt"
                      << "pickle";
}

void TestModel::refusesForeignFiles() {
  QFETCH(QString, file);
  QFETCH(QString, format);
  writeBytes(path(file.toStdString()), "anything");
  const auto model = Model::open(path(file.toStdString()));
  QVERIFY(!model.has_value());
  QVERIFY2(QString::fromStdString(model.error().message).contains(format), model.error().message.c_str());
  QVERIFY2(model.error().remedy.find("safetensors") != std::string::npos, model.error().remedy.c_str());
}

void TestModel::refusesBadIndexes_data() {
  QTest::addColumn<QByteArray>("index");
  const auto row = [](const char* name, const QByteArray& index) { QTest::newRow(name) << index; };
  row("no JSON", "{");
  row("a list", "[]");
  row("no weight_map", R"({"metadata":{}})");
  row("weight_map null", R"({"weight_map":null})");
  row("weight_map empty", R"({"weight_map":{}})");
  row("a number for a file", R"({"weight_map":{"a":1}})");
  row("tensor twice",
      R"({"weight_map":{"a":"model-00001-of-00002.safetensors","a":"model-00002-of-00002.safetensors"}})");
  for (const char* name : {"../x.safetensors", "/etc/passwd", "/x.safetensors", "..\\\\x.safetensors",
                           "C:x.safetensors", "\\\\\\\\server\\\\x.safetensors", "sub/x.safetensors",
                           "a\\u0000.safetensors", "a\\n.safetensors", "x.bin", ".safetensors", ""}) {
    row(name, QByteArray(R"({"weight_map":{"a":")") + name + "\"}}");
  }
}

void TestModel::refusesBadIndexes() {
  QFETCH(QByteArray, index);
  writeShards();
  // What the traversal names point at exists, so that only the check of the name can refuse it.
  writeBytes(path("x.safetensors"), safetensorsBytes({{"a", three(1)}}));
  writeBytes(path("model/sub/x.safetensors"), safetensorsBytes({{"a", three(1)}}));
  writeBytes(path("model/x.bin"), safetensorsBytes({{"a", three(1)}}));
  writeIndex(index.toStdString());
  const auto model = Model::open(path("model"));
  QVERIFY(!model.has_value());
  QVERIFY2(model.error().message.find("model.safetensors.index.json") != std::string::npos,
           model.error().message.c_str());
}

void TestModel::refusesBadConfigs_data() {
  QTest::addColumn<QByteArray>("config");
  QTest::newRow("empty") << QByteArray();
  QTest::newRow("a list") << QByteArray("[]");
  QTest::newRow("no JSON") << QByteArray("{");
  QTest::newRow("negative layers") << QByteArray(R"({"num_hidden_layers":-1})");
  QTest::newRow("a thousand million layers") << QByteArray(R"({"num_hidden_layers":1000000000})");
  QTest::newRow("layers as text") << QByteArray(R"({"num_hidden_layers":"32"})");
  QTest::newRow("layers with a fraction") << QByteArray(R"({"num_hidden_layers":2.5})");
  QTest::newRow("a key twice") << QByteArray(R"({"num_hidden_layers":2,"num_hidden_layers":3})");
  QTest::newRow("a million deep") << QByteArray(1'000'000, '[') + QByteArray(1'000'000, ']');
}

void TestModel::refusesBadConfigs() {
  QFETCH(QByteArray, config);
  layerloom::test::writeTinyLlama(path("model"), 2, 1);
  writeBytes(path("model/config.json"), config.toStdString());
  const auto model = Model::open(path("model"));
  QVERIFY(!model.has_value());
  QVERIFY2(model.error().message.find("config.json") != std::string::npos, model.error().message.c_str());
}

void TestModel::warnsOfOddities() {
  writeShards();
  writeIndex(R"({"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}})");
  const auto model = Model::open(path("model"));
  QVERIFY(model.has_value());
  QCOMPARE((*model)->tensors().size(), std::size_t{2});
  QString warnings;
  for (const std::string& warning : (*model)->warnings()) {
    warnings += QString::fromStdString(warning) + "\n";
  }
  QVERIFY2(warnings.contains("metadata") && warnings.contains("\"c\""), qPrintable(warnings));
}

void TestModel::knowsItsOwnFiles() {
  layerloom::test::writeTinyLlama(path("model"), 1, 1);
  std::filesystem::create_directory_symlink(path("model"), path("alias"));
  const auto model = Model::open(path("model"));
  QVERIFY(model.has_value());
  QVERIFY((*model)->owns(path("model")));
  QVERIFY((*model)->owns(path("model/out")));
  QVERIFY((*model)->owns(path("model/sub/out")));
  QVERIFY((*model)->owns(path("other/../model")));
  QVERIFY((*model)->owns(path("alias")));
  QVERIFY((*model)->owns(path("alias/out")));
  QVERIFY(!(*model)->owns(path("model2")));
  QVERIFY(!(*model)->owns(path("")));
}

void TestModel::locatorSearchesInOrder() {
  for (const char* folder : {"recipes/m", "first/m", "second/m", "second/n"}) {
    layerloom::test::writeTinyLlama(path(folder), 1, 1);
  }
  const layerloom::LocatorOptions options{path("recipes"), {path("first"), path("second")}};
  QCOMPARE(layerloom::locateModel("m", "", options).value(), std::filesystem::path(path("recipes/m")));
  QCOMPARE(layerloom::locateModel("n", "", options).value(), std::filesystem::path(path("second/n")));
  QCOMPARE(layerloom::locateModel(path("first/m"), "", options).value(), std::filesystem::path(path("first/m")));
  std::filesystem::remove_all(path("recipes/m"));
  QCOMPARE(layerloom::locateModel("m", "", options).value(), std::filesystem::path(path("first/m")));

  const auto absent = layerloom::locateModel("nowhere", "", options);
  QVERIFY(!absent.has_value());
  QVERIFY(absent.error().message.find("nowhere") != std::string::npos);
  QVERIFY(!layerloom::openModel("a@b@c", options).has_value());
  QVERIFY(!layerloom::openModel("a+b+c", options).has_value());
}

void TestModel::namedResultsComeFirst() {
  layerloom::test::writeTinyLlama(path("recipes/stage"), 1, 1);
  layerloom::test::writeTinyLlama(path("results/1"), 2, 1);
  const layerloom::LocatorOptions options{path("recipes"), {}, {{"stage", path("results/1")}}};
  QCOMPARE(layerloom::locateModel("stage", "", options).value(), std::filesystem::path(path("results/1")));
  // Neither a revision of that name nor a longer path means the stage.
  QCOMPARE(layerloom::locateModel("stage", "main", options).value(), std::filesystem::path(path("recipes/stage")));
  QCOMPARE(layerloom::locateModel("./stage", "", options).value(), std::filesystem::path(path("recipes/./stage")));
  const auto model = layerloom::openModel("stage", options);
  QVERIFY(model.has_value());
  QCOMPARE((*model)->config().layers, 2);
}

void TestModel::locatorReadsTheCache() {
  const std::string commit(40, 'a');
  layerloom::test::writeTinyLlama(path("hub/models--org--name/snapshots/" + commit), 1, 1);
  writeBytes(path("hub/models--org--name/refs/main"), commit + "\n");
  qputenv("HF_HUB_CACHE", QByteArray::fromStdString(path("hub")));
  const auto found = layerloom::locateModel("org/name", "", {path("recipes"), {}});
  qunsetenv("HF_HUB_CACHE");
  QVERIFY2(found.has_value(), found.has_value() ? "" : found.error().message.c_str());
  QCOMPARE(*found, std::filesystem::path(path("hub/models--org--name/snapshots/" + commit)));
}

void TestModel::locatorRefusesLeavingTheCache() {
  layerloom::test::writeTinyLlama(path("hub/evil"), 1, 1);
  writeBytes(path("hub/models--org--name/refs/main"), "../../evil");
  std::filesystem::create_directories(path("hub/models--org--name/snapshots"));
  qputenv("HF_HUB_CACHE", QByteArray::fromStdString(path("hub")));
  const auto found = layerloom::locateModel("org/name", "", {path("recipes"), {}});
  qunsetenv("HF_HUB_CACHE");
  QVERIFY(!found.has_value());
}

QTEST_APPLESS_MAIN(TestModel)
#include "tst_model.moc"
