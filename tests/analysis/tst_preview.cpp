// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

#include "tests/analysis/preview_truth.h"
#include "tests/analysis/wide_models.h"

using namespace layerloom;
using namespace layerloom::test;

/// Predictions of merges against the merges themselves. LAYERLOOM_PREVIEW_ROUNDS sets how many recipes each method gets for every family of models
/// (as a rule 1), and prints the table.
class TestPreview : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void predictionsHold_data();
  void predictionsHold();
  void cleanupTestCase();

 private:
  QTemporaryDir m_folder;
  std::vector<ModelFamily> m_families;
  TruthBench m_bench;
  std::map<std::string, TruthTally> m_tallies;
};

namespace {

int rounds() {
  const int set = qEnvironmentVariableIntValue("LAYERLOOM_PREVIEW_ROUNDS");
  return set > 0 ? set : 1;
}

}  // namespace

void TestPreview::initTestCase() {
  const std::filesystem::path conformance = LAYERLOOM_TEST_DATA "/conformance/models";
  m_families = {{"samples", LAYERLOOM_SAMPLES, "base", {"prose", "code", "far"}},
                {"llama", conformance, "llama-base", {"llama-code", "llama-math", "llama-far"}},
                {"gpt2", conformance, "gpt2-base", {"gpt2-code", "gpt2-math"}},
                {"qwen2", conformance, "qwen2-base", {"qwen2-code", "qwen2-math"}},
                writeWideModels(m_folder.path().toStdString())};
}

void TestPreview::predictionsHold_data() {
  QTest::addColumn<QString>("method");
  for (const MethodSpec& method : methodSpecs()) {
    QTest::newRow(method.name.c_str()) << QString::fromStdString(method.name);
  }
}

void TestPreview::predictionsHold() {
  QFETCH(QString, method);
  const MethodSpec& spec = *findMethod(method.toStdString());
  TruthTally& tally = m_tallies[spec.name];
  std::mt19937_64 generator(std::hash<std::string>()(spec.name));
  for (int round = 0; round < rounds(); ++round) {
    for (const ModelFamily& family : m_families) {
      const RandomRecipe recipe(spec, family, generator);
      const TruthTally own = m_bench.compare(recipe, family);
      if (qEnvironmentVariableIsSet("LAYERLOOM_PREVIEW_ROUNDS")) {
        std::printf("%s", (family.name + "\n" + recipe.text() + tableOf({{spec.name, own}}) + own.worst + "\n").c_str());
      }
      tally.add(own);
    }
  }
  QVERIFY2(tally.normBeyond <= 1e-6 && tally.cosineBeyond <= 1e-6, tally.worst.c_str());
  QVERIFY2(tally.sampled == 0 || (tally.insideShare() >= 0.9 && tally.insideShare() <= 0.99), tableOf({{spec.name, tally}}).c_str());
}

void TestPreview::cleanupTestCase() {
  if (qEnvironmentVariableIsSet("LAYERLOOM_PREVIEW_ROUNDS")) {
    std::printf("%s", tableOf(m_tallies).c_str());
  }
}

QTEST_APPLESS_MAIN(TestPreview)
#include "tst_preview.moc"
