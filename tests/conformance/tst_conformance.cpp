// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "tests/conformance/conformance_case.h"

using layerloom::test::addCases;
using layerloom::test::caseNames;
using layerloom::test::caseOf;
using layerloom::test::casePath;
using layerloom::test::CliRun;
using layerloom::test::expectedTensors;
using layerloom::test::filesIn;
using layerloom::test::mergeCase;
using layerloom::test::outputIn;
using layerloom::test::readModelFolder;

/// The recipes of conformance/cases, with the models of conformance/models, against the tensors that mergekit 0.1.5
/// made of them.
class TestConformance : public QObject {
  Q_OBJECT

 private slots:
  void noCaseIsLeftOut();
  void exactCases_data();
  void exactCases();
  void errorCases_data();
  void errorCases();
};

// The kinds are exact and error here, and random in tst_conformance_random.
void TestConformance::noCaseIsLeftOut() {
  std::map<std::string, int> kinds;
  for (const QString& name : caseNames()) {
    ++kinds[caseOf(name).at("kind").get<std::string>()];
  }
  QCOMPARE(kinds["exact"], 50);
  QCOMPARE(kinds["random"], 5);
  QCOMPARE(kinds["error"], 17);
  QCOMPARE(kinds.size(), std::size_t{3});
}

void TestConformance::exactCases_data() {
  addCases("exact");
}

void TestConformance::exactCases() {
  QFETCH(QString, name);
  QTemporaryDir folder;
  const std::string output = outputIn(folder);

  const CliRun run = mergeCase(name, output);

  QVERIFY2(run.status == 0, run.err.c_str());
  const bool aligned = filesIn(casePath(name)).contains("expected_tokenizer.json");
  const std::string difference = aligned ? layerloom::test::tokenizerDifference(name, output)
                                         : layerloom::test::differenceOf(readModelFolder(output), expectedTensors(name));
  QVERIFY2(difference.empty(), difference.c_str());
  const std::string oddity = layerloom::test::folderDifference(name, output);
  QVERIFY2(oddity.empty(), oddity.c_str());
}

void TestConformance::errorCases_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QStringList>("named");  // what the message has to hold
  const auto row = [](const char* name, const QStringList& named) { QTest::newRow(name) << name << named; };
  row("error-both-tokenizers", {"tokenizer"});
  row("error-della-epsilon", {"recipe.yml:4:", "density", "epsilon", "llama-math"});
  row("error-dtype", {"recipe.yml:5:", "float12", "float32"});
  row("error-layer-out-of-range", {"recipe.yml:4:", "llama-math", "6"});
  row("error-list-at-top", {"recipe.yml:1:"});
  row("error-missing-weight", {"recipe.yml:3:", "weight", "llama-math"});
  row("error-mixed-architectures", {"llama-math", "gpt2-math", "--allow-crimes"});
  row("error-model-absent", {"recipe.yml:3:", "llama-nowhere"});
  row("error-model-stock-two", {"recipe.yml:", "model_stock", "at least 2"});
  row("error-models-and-slices", {"models", "slices"});
  row("error-no-base", {"ties", "base_model"});
  row("error-not-yaml", {"recipe.yml:"});
  row("error-slerp-three", {"slerp"});
  row("error-unequal-slices", {"recipe.yml:", "6", "5"});
  row("error-unknown-method", {"recipe.yml:1:", "dare-ties", "dare_ties"});
  row("error-vocab-mismatch", {".weight", "[160, 16]", "[162, 16]", "tokenizer"});
  row("error-weight-not-number", {"recipe.yml:3:", "weight", "heavy"});
}

void TestConformance::errorCases() {
  QFETCH(QString, name);
  QFETCH(QStringList, named);
  QTemporaryDir folder;
  QCOMPARE(caseOf(name).at("kind").get<std::string>(), std::string("error"));

  const CliRun run = mergeCase(name, outputIn(folder));

  QCOMPARE(run.status, 2);
  QCOMPARE(run.out, std::string());
  for (const QString& part : named) {
    QVERIFY2(QString::fromStdString(run.err).contains(part), (run.err + "lacks " + part.toStdString()).c_str());
  }
  QVERIFY2(QString::fromStdString(run.err).contains(QStringLiteral("recipe.yml")), run.err.c_str());
  QVERIFY2(filesIn(folder.path().toStdString()).empty(), "something was left behind");
}

QTEST_GUILESS_MAIN(TestConformance)
#include "tst_conformance.moc"
