// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <numeric>

#include "tests/analysis/preview_truth.h"
#include "tests/analysis/wide_models.h"

using namespace layerloom;
using namespace layerloom::test;

/// Predictions of merges against the merges themselves, 100 random recipes in all. LAYERLOOM_PREVIEW_ROUNDS sets how many recipes each method gets for
/// every family of models (as a rule 1) and prints the table; from 20 on every method by itself must keep to its intervals.
/// LAYERLOOM_PREVIEW_SEED draws other recipes than those that the intervals were tuned on, and LAYERLOOM_PREVIEW_ENTRIES uses so many entries
/// of each tensor (as the window does while a point is dragged).
class TestPreview : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void predictionsHold_data();
  void predictionsHold();
  void intervalsHoldInAll();
  void predictsAfterDragging();
  void remembersWhatStays();
  void sameOnAnyThreadsAndWithKeptSamples();
  void stopsWhenAsked();
  void saysWhatItCannotPredict();

 private:
  QTemporaryDir m_folder;
  std::vector<ModelFamily> m_families;
  TruthBench m_bench;
  std::map<std::string, TruthTally> m_tallies;
};

namespace {

constexpr int kEnoughRounds = 20;

/// The same on every platform, unlike std::hash.
std::uint64_t seedOf(const std::string& text) {
  const std::uint64_t first = qEnvironmentVariableIsSet("LAYERLOOM_PREVIEW_SEED") ? qEnvironmentVariable("LAYERLOOM_PREVIEW_SEED").toULongLong() : 7;
  return std::accumulate(text.begin(), text.end(), first, [](std::uint64_t seed, char letter) { return seed * 31 + static_cast<unsigned char>(letter); });
}

int rounds() {
  const int set = qEnvironmentVariableIntValue("LAYERLOOM_PREVIEW_ROUNDS");
  return set > 0 ? set : 1;
}

/// 0: all.
std::uint64_t entriesPerTensor() {
  return qEnvironmentVariable("LAYERLOOM_PREVIEW_ENTRIES").toULongLong();
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
  std::mt19937_64 generator(seedOf(spec.name));
  for (int round = 0; round < rounds(); ++round) {
    for (const ModelFamily& family : m_families) {
      const RandomRecipe recipe(spec, family, generator);
      const TruthTally own = m_bench.compare(recipe, family, entriesPerTensor());
      if (qEnvironmentVariableIsSet("LAYERLOOM_PREVIEW_ROUNDS")) {
        std::printf("%s", (family.name + "\n" + recipe.text() + tableOf({{spec.name, own}}) + own.worst + "\n").c_str());
      }
      tally.add(own);
    }
  }
  QVERIFY2(tally.normBeyond <= 1e-6 && tally.cosineBeyond <= 1e-6, tally.worst.c_str());
  QVERIFY2(tally.sampled == 0 || rounds() < kEnoughRounds || (tally.insideShare() >= 0.9 && tally.insideShare() <= 0.99), tableOf({{spec.name, tally}}).c_str());
}

void TestPreview::intervalsHoldInAll() {
  TruthTally sum;
  for (const auto& [method, tally] : m_tallies) {
    sum.add(tally);
  }
  const std::string table = tableOf(m_tallies) + tableOf({{"all", sum}});
  if (qEnvironmentVariableIsSet("LAYERLOOM_PREVIEW_ROUNDS")) {
    std::printf("%s", table.c_str());
  }
  QVERIFY2(sum.sampled > 1000, table.c_str());
  QVERIFY2(sum.insideShare() >= 0.9 && sum.insideShare() <= 0.99, table.c_str());
}

/// With the fewest entries per tensor intervals are wider, not less true.
void TestPreview::predictsAfterDragging() {
  TruthTally few;
  TruthTally all;
  for (const char* method : {"ties", "dare_linear", "sce", "breadcrumbs"}) {
    std::mt19937_64 generator(seedOf(method));
    const RandomRecipe recipe(*findMethod(method), m_families.back(), generator);
    few.add(m_bench.compare(recipe, m_families.back(), kLeastPreviewEntries));
    all.add(m_bench.compare(recipe, m_families.back()));
  }
  QVERIFY2(few.insideShare() >= 0.9, tableOf({{"few", few}, {"all", all}}).c_str());
  QVERIFY(few.width / few.norms > 1.5 * all.width / all.norms);
}

/// A drag to and fro with what a memory keeps, against predictions of their own on one thread and on three.
void TestPreview::sameOnAnyThreadsAndWithKeptSamples() {
  for (const char* method : {"ties", "dare_linear", "della", "breadcrumbs", "arcee_fusion", "ram"}) {
    std::mt19937_64 generator(seedOf(method));
    const RandomRecipe recipe(*findMethod(method), m_families.back(), generator);
    TruthBench::Planned planned = m_bench.plan(recipe, m_families.back());
    const auto statistics = std::make_shared<const Statistics>(planned.compared.statistics);
    PreviewMemory memory;
    PreviewOptions quick;
    quick.entriesPerTensor = kLeastPreviewEntries;
    for (const std::uint64_t seed : {1, 2, 1}) {
      for (TensorJob& job : planned.plan.jobs) {
        job.settings.seed = seed;
      }
      quick.threads = 0;
      const Preview kept = memory.predict(planned.plan, statistics, planned.links, quick, {});
      QVERIFY(kept.entries > 0);
      for (const int threads : {1, 3}) {
        quick.threads = threads;
        const Preview anew = predictMerge(planned.plan, *statistics, planned.links, quick, {});
        QCOMPARE(kept.total.moved.high, anew.total.moved.high);
        QCOMPARE(kept.total.relativeMove->value, anew.total.relativeMove->value);
        for (std::size_t i = 0; i < anew.tensors.size(); ++i) {
          QVERIFY(kept.tensors[i].figures.moved.value == anew.tensors[i].figures.moved.value);
          QVERIFY(kept.tensors[i].figures.moved.low == anew.tensors[i].figures.moved.low);
        }
      }
    }
  }
}

/// Only what a change touches is computed anew, and the figures are those of a preview without a memory.
void TestPreview::remembersWhatStays() {
  std::mt19937_64 generator(2);
  const RandomRecipe recipe(*findMethod("ties"), m_families.back(), generator);
  TruthBench::Planned planned = m_bench.plan(recipe, m_families.back());
  const auto statistics = std::make_shared<const Statistics>(planned.compared.statistics);
  PreviewMemory memory;
  const Preview first = memory.predict(planned.plan, statistics, planned.links, {}, {});
  QVERIFY(first.entries > 0);
  QCOMPARE(memory.predict(planned.plan, statistics, planned.links, {}, {}).entries, std::uint64_t{0});

  std::uint64_t changed = 0;
  for (const std::size_t job : jobsOfLayer(planned.links, 1)) {
    for (InputSettings& input : planned.plan.jobs[job].settings.inputs) {
      for (double& value : input.values) {
        value *= 0.5;
      }
    }
    ++changed;
  }
  QVERIFY(changed > 0);
  // Fewer entries are asked for than the tensors that stay have had.
  PreviewOptions quick;
  quick.entriesPerTensor = kLeastPreviewEntries;
  const Preview dragged = memory.predict(planned.plan, statistics, planned.links, quick, {});
  QVERIFY(dragged.entries > 0 && dragged.entries < first.entries / 2);
  QCOMPARE(dragged.tensors.front().figures.moved.value, first.tensors.front().figures.moved.value);
  const Preview settled = memory.predict(planned.plan, statistics, planned.links, {}, {});
  const Preview anew = predictMerge(planned.plan, *statistics, planned.links, {}, {});
  QCOMPARE(settled.tensors.size(), anew.tensors.size());
  for (std::size_t i = 0; i < anew.tensors.size(); ++i) {
    QCOMPARE(settled.tensors[i].figures.moved.value, anew.tensors[i].figures.moved.value);
    QCOMPARE(settled.tensors[i].figures.moved.high, anew.tensors[i].figures.moved.high);
  }
  QCOMPARE(settled.total.moved.value, anew.total.moved.value);
}

void TestPreview::stopsWhenAsked() {
  std::mt19937_64 generator(1);
  const RandomRecipe recipe(*findMethod("ties"), m_families.front(), generator);
  const TruthBench::Planned planned = m_bench.plan(recipe, m_families.front());
  std::stop_source stop;
  stop.request_stop();
  const Preview preview = predictMerge(planned.plan, planned.compared.statistics, planned.links, {}, stop.get_token());
  QVERIFY(!preview.complete);
  QCOMPARE(preview.entries, std::uint64_t{0});
  const std::vector<std::size_t> jobs = jobsOfLayer(planned.links, 3);
  QCOMPARE(jobs.size(), std::size_t{9});
  const auto run = dryRun(planned.plan, planned.compared.sources, planned.compared.statistics, planned.links, jobs, 0, stop.get_token());
  QVERIFY(run.has_value());
  QVERIFY(!run->complete);
}

/// A tensor that was not measured has a note, and the figures of the others stand.
void TestPreview::saysWhatItCannotPredict() {
  std::mt19937_64 generator(1);
  const RandomRecipe recipe(*findMethod("ties"), m_families.front(), generator);
  const TruthBench::Planned planned = m_bench.plan(recipe, m_families.front());
  Statistics partial = planned.compared.statistics;
  const std::string missing = partial.tensors.back().name;
  partial.tensors.pop_back();
  partial.complete = false;
  const Preview preview = predictMerge(planned.plan, partial, linkPreview(planned.plan, partial), {}, {});
  const auto found = std::find_if(preview.tensors.begin(), preview.tensors.end(), [&](const TensorPreview& tensor) { return tensor.name == missing; });
  QVERIFY(found != preview.tensors.end());
  QCOMPARE(found->basis, PreviewBasis::None);
  QCOMPARE(found->note, std::string("not measured yet"));
  QCOMPARE(preview.notes, std::vector<std::string>{"1 of 75 tensors are left out: not measured yet"});
  QVERIFY(preview.total.moved.value > 0);
}

QTEST_APPLESS_MAIN(TestPreview)
#include "tst_preview.moc"
