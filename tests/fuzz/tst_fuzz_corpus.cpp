// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QTest>

#include "tests/common/safetensors_data.h"
#include "tests/fuzz/fuzz_targets.h"

/// The fuzz targets over their corpus: seeds, and whatever once went wrong.
class TestFuzzCorpus : public QObject {
  Q_OBJECT

 private slots:
  void everyTargetHasSeeds();
  void corpus_data();
  void corpus();
  void cutSeeds_data() { corpus_data(); }
  void cutSeeds();
};

namespace {

QString folderOf(const char* target) {
  return QStringLiteral(LAYERLOOM_TEST_DATA "/fuzz/corpus/") + QLatin1String(target);
}

layerloom::test::FuzzTarget targetOf(const QString& name) {
  for (const auto& target : layerloom::test::fuzzTargets()) {
    if (name == QLatin1String(target.name)) {
      return target.run;
    }
  }
  return nullptr;
}

}  // namespace

void TestFuzzCorpus::everyTargetHasSeeds() {
  for (const auto& target : layerloom::test::fuzzTargets()) {
    QVERIFY2(!QDir(folderOf(target.name)).isEmpty(), target.name);
  }
}

void TestFuzzCorpus::corpus_data() {
  QTest::addColumn<QString>("target");
  QTest::addColumn<QString>("file");
  for (const auto& target : layerloom::test::fuzzTargets()) {
    QDirIterator files(folderOf(target.name), QDir::Files);
    while (files.hasNext()) {
      const QString file = files.next();
      QTest::addRow("%s: %s", target.name, qPrintable(files.fileName())) << QString::fromLatin1(target.name) << file;
    }
  }
}

void TestFuzzCorpus::corpus() {
  QFETCH(QString, target);
  QFETCH(QString, file);
  const std::string fault = targetOf(target)(layerloom::test::readBytes(file.toStdString()));
  QVERIFY2(fault.empty(), fault.c_str());
}

void TestFuzzCorpus::cutSeeds() {
  QFETCH(QString, target);
  QFETCH(QString, file);
  const std::string whole = layerloom::test::readBytes(file.toStdString());
  // Long ones are there for their length.
  const std::size_t step = 1 + whole.size() / 2000;
  for (std::size_t length = 0; length < whole.size(); length += step) {
    const std::string fault = targetOf(target)(std::string_view(whole).substr(0, length));
    QVERIFY2(fault.empty(), ("cut to " + std::to_string(length) + " bytes: " + fault).c_str());
  }
}

QTEST_APPLESS_MAIN(TestFuzzCorpus)
#include "tst_fuzz_corpus.moc"
