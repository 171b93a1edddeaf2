// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/checkpoint/model.h"
#include "core/checkpoint/tensor_file.h"
#include "tests/common/safetensors_data.h"
#include "tests/hostile/hostile_files.h"

using layerloom::test::HostileFile;

namespace {

/// Files that the reference implementation accepts and Layerloom refuses: every one with the reason, and words of the message.
struct Stricter {
  const char* file;
  const char* reason;
  const char* words;
};
constexpr Stricter kStricter[] = {
    {"tensor twice", "the format forbids a name twice; the reference takes the last", "is listed twice"},
    {"tensor twice, other dtype", "as above", "is listed twice"},
    {"tensor twice, the survivor fits", "as above", "is listed twice"},
    {"tensor twice by an escape", "as above: names are compared decoded", "is listed twice"},
    {"metadata with a key twice", "the format forbids a name twice", "\"a\" twice"},
    {"tensor a list", "an encoding by accident of the reference's JSON library, in no description of the format", "by an object"},
    {"dtype an object", "as above", "dtype that is no string"},
    {"overflow after a zero", "a dimension past 2^48; a zero must not hide an overflow in one order and not in another", "no size"},
    {"100,000 dimensions", "more than 32 dimensions: no program makes such tensors", "more than 32 dimensions"},
};

/// A line of reference_verdicts.txt of the kind "file".
struct Verdict {
  bool accepted = false;
  QStringList tensors;  ///< DTYPE SHAPE NAME-AS-JSON
};

QList<QByteArray> verdictLines() {
  QFile file(QStringLiteral(LAYERLOOM_TEST_DATA "/hostile/reference_verdicts.txt"));
  return file.open(QIODevice::ReadOnly) ? file.readAll().split('\n') : QList<QByteArray>();
}

std::map<std::string, Verdict> fileVerdicts() {
  std::map<std::string, Verdict> verdicts;
  for (const QByteArray& line : verdictLines()) {
    const QList<QByteArray> columns = line.split('\t');
    if (columns.size() >= 3 && columns[0] == "file") {
      Verdict& verdict = verdicts[columns[1].toStdString()];
      verdict.accepted = columns[2] == "accepted";
      for (qsizetype i = 3; i + 2 < columns.size(); i += 3) {
        verdict.tensors += QString::fromUtf8(columns[i] + ' ' + columns[i + 1] + ' ' + columns[i + 2]);
      }
    }
  }
  return verdicts;
}

/// Bit N of the result: the reference accepts damage number N of this kind.
std::vector<bool> damageVerdicts(const char* kind) {
  std::vector<bool> accepted;
  for (const QByteArray& line : verdictLines()) {
    const QList<QByteArray> columns = line.split('\t');
    if (columns.size() == 2 && columns[0] == kind) {
      for (const char byte : QByteArray::fromHex(columns[1])) {
        for (int bit = 0; bit < 8; ++bit) {
          accepted.push_back(((static_cast<unsigned char>(byte) >> bit) & 1) != 0);
        }
      }
    }
  }
  return accepted;
}

/// As the verdicts write them.
QStringList described(const std::vector<layerloom::TensorEntry>& tensors) {
  std::map<std::string, QString> byName;
  for (const layerloom::TensorEntry& tensor : tensors) {
    byName[tensor.name] = QString::fromStdString(std::string(layerloom::safetensorsName(tensor.dtype)) + ' ' +
                                                 nlohmann::json(tensor.shape).dump() + ' ' +
                                                 nlohmann::json(tensor.name).dump(-1, ' ', true));
  }
  QStringList list;
  for (const auto& [name, text] : byName) {
    list += text;
  }
  return list;
}

}  // namespace

/// Safetensors files from strangers: what the reference implementation says of them is what Layerloom says, but for the list above.
class TestHostileFiles : public QObject {
  Q_OBJECT

 private slots:
  void everyFileHasAVerdict();
  void verdictIsTheReferences_data();
  void verdictIsTheReferences();
  void modelsAreAcceptedLikeFiles();
  void truncations();
  void flippedBits();

 private:
  layerloom::Result<layerloom::TensorFile> open(const std::string& bytes);
  std::string path() const { return m_folder.filePath(QStringLiteral("a.safetensors")).toStdString(); }

  QTemporaryDir m_folder;
};

layerloom::Result<layerloom::TensorFile> TestHostileFiles::open(const std::string& bytes) {
  // Some file systems flush a file that is overwritten, which takes long thousands of times.
  std::filesystem::remove(path());
  layerloom::test::writeBytes(path(), bytes);
  return layerloom::openTensorFile(path());
}

void TestHostileFiles::everyFileHasAVerdict() {
  const auto verdicts = fileVerdicts();
  std::set<std::string> names;
  for (const HostileFile& file : layerloom::test::hostileFiles()) {
    QVERIFY2(names.insert(file.name).second, file.name.c_str());
    QVERIFY2(verdicts.contains(file.name), file.name.c_str());
  }
  QCOMPARE(names.size(), std::size_t{148});
  QCOMPARE(verdicts.size(), names.size());
  for (const Stricter& stricter : kStricter) {
    QVERIFY2(names.contains(stricter.file), stricter.file);
  }
}

void TestHostileFiles::verdictIsTheReferences_data() {
  QTest::addColumn<QByteArray>("bytes");
  for (const HostileFile& file : layerloom::test::hostileFiles()) {
    QTest::newRow(file.name.c_str()) << QByteArray::fromStdString(file.bytes);
  }
}

void TestHostileFiles::verdictIsTheReferences() {
  QFETCH(QByteArray, bytes);
  const std::string name = QTest::currentDataTag();
  const Verdict verdict = fileVerdicts().at(name);
  const auto stricter = std::find_if(std::begin(kStricter), std::end(kStricter), [&](const Stricter& entry) { return entry.file == name; });
  const auto file = open(bytes.toStdString());
  if (stricter != std::end(kStricter)) {
    // A line of the list that no longer says anything is a fault of the list.
    QVERIFY(verdict.accepted && !file.has_value());
    QVERIFY2(file.error().message.find(stricter->words) != std::string::npos, file.error().message.c_str());
    return;
  }
  QVERIFY2(file.has_value() == verdict.accepted, file.has_value() ? "accepted" : file.error().message.c_str());
  if (file.has_value()) {
    QCOMPARE(described(file->tensors), verdict.tensors);
  } else {
    QVERIFY(file.error().kind == layerloom::ErrorKind::Refused);
    QVERIFY2(file.error().message.find("a.safetensors") != std::string::npos, file.error().message.c_str());
    QVERIFY(!file.error().remedy.empty());
  }
}

// A model is a file with tensors; a file without any is legal, but there is nothing to merge in it.
void TestHostileFiles::modelsAreAcceptedLikeFiles() {
  for (const HostileFile& file : layerloom::test::hostileFiles()) {
    const auto opened = open(file.bytes);
    const auto model = layerloom::Model::open(path());
    QVERIFY2(model.has_value() == (opened.has_value() && !opened->tensors.empty()), file.name.c_str());
  }
}

void TestHostileFiles::truncations() {
  const std::string whole = layerloom::test::damagedBase().bytes;
  const std::vector<bool> reference = damageVerdicts("truncated");
  QVERIFY(open(whole).has_value());
  QVERIFY(reference.size() >= whole.size());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto file = open(whole.substr(0, length));
    QVERIFY2(file.has_value() == reference[length], std::to_string(length).c_str());
    QVERIFY(file.has_value() || (!file.error().message.empty() && !file.error().remedy.empty()));
  }
}

void TestHostileFiles::flippedBits() {
  const HostileFile whole = layerloom::test::damagedBase();
  const std::vector<bool> reference = damageVerdicts("flipped");
  const std::size_t bits = layerloom::test::headerEnd(whole) * 8;
  QCOMPARE(reference.size(), bits);
  for (std::size_t bit = 0; bit < bits; ++bit) {
    std::string damaged = whole.bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto file = open(damaged);
    const std::string where = "bit " + std::to_string(bit % 8) + " of byte " + std::to_string(bit / 8) + ": ";
    QVERIFY2(file.has_value() == reference[bit], (where + (file.has_value() ? "accepted" : file.error().message)).c_str());
    QVERIFY(file.has_value() || (!file.error().message.empty() && !file.error().remedy.empty()));
  }
}

QTEST_APPLESS_MAIN(TestHostileFiles)
#include "tst_hostile_files.moc"
