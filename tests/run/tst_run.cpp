// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <memory>

#include "core/run/run.h"
#include "tests/common/float_bits.h"
#include "tests/common/safetensors_data.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

using test::RawTensors;
using test::readBytes;
using test::readModelFolder;
using test::writeBytes;

constexpr auto kLinear = "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 0.5}}\n- {model: two, parameters: {weight: 0.5}}\n";

class TestRun : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void sampleMergeEqualsFloat64();
  void threadsDoNotMatter_data();
  void threadsDoNotMatter();
  void shardsHoldTheSameTensors();
  void cancelledLeavesNothing();
  void progressEndsAtTheWhole();
  void outputInOrAroundAModelIsRefused_data();
  void outputInOrAroundAModelIsRefused();
  void anExistingOutputIsKept();
  void onlyMergedModelsAreReplaced();
  void aSourceThatShrinksIsAnError();
  void aSourceThatChangesIsAnError();
  void anUnwritableParentIsAnInputOutputError();
  void nonFiniteResultsAreCounted();

 private:
  std::string path(const std::string& name) const { return m_folder->path().toStdString() + "/" + name; }
  MergePlan planOf(const std::string& text, std::uint64_t shardBytes = 5'000'000'000) const;
  Result<MergeReport> run(const MergePlan& plan, const std::string& output, RunOptions options = {}) const {
    return runMerge(plan, path(output), options);
  }
  /// Names in the test's folder that the test did not put there.
  QStringList leftovers() const;
  void writeWideModel(const std::string& name, std::uint32_t seed) const;

  std::unique_ptr<QTemporaryDir> m_folder;
};

MergePlan TestRun::planOf(const std::string& text, std::uint64_t shardBytes) const {
  PlanOptions options;
  options.locator.recipeDir = m_folder->path().toStdString();
  options.shardBytes = shardBytes;
  options.seed = 3;
  PlanResult result = planMerge(*parseRecipe(text).recipe, options);
  if (!result.plan) {
    qFatal("%s", result.problems.front().message.c_str());
  }
  return *std::move(result.plan);
}

QStringList TestRun::leftovers() const {
  QStringList names = QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
  for (const char* known : {"one", "two", "wide-one", "wide-two"}) {
    names.removeAll(QLatin1String(known));
  }
  return names;
}

/// One layer whose matrix takes many chunks, so that the work of one tensor is shared between threads.
void TestRun::writeWideModel(const std::string& name, std::uint32_t seed) const {
  RawTensors tensors;
  tensors.emplace_back("model.layers.0.mlp.up_proj.weight", test::bf16Tensor({3000, 1000}, test::randomValues(3'000'000, seed)));
  tensors.emplace_back("model.norm.weight", test::bf16Tensor({1000}, test::randomValues(1000, seed + 100)));
  writeBytes(path(name) + "/model.safetensors", test::safetensorsBytes(tensors));
  writeBytes(path(name) + "/config.json", R"({"model_type": "llama", "num_hidden_layers": 1})");
}

void TestRun::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  test::writeTinyLlama(path("one"), 3, 1);
  test::writeTinyLlama(path("two"), 3, 2);
}

void TestRun::sampleMergeEqualsFloat64() {
  const std::string samples = LAYERLOOM_SAMPLES;
  const MergePlan plan = planOf("merge_method: linear\nmodels:\n- {model: " + samples + "/prose, parameters: {weight: 0.5}}\n- {model: " + samples +
                                "/code, parameters: {weight: 0.5}}\ndtype: float32\nout_dtype: bfloat16\n");
  QVERIFY(run(plan, "out").has_value());
  const auto prose = readModelFolder(samples + "/prose");
  const auto code = readModelFolder(samples + "/code");
  const auto merged = readModelFolder(path("out"));
  QCOMPARE(merged.size(), prose.size());
  for (const auto& [name, tensor] : merged) {
    const auto a = test::valuesOf(prose.at(name));
    const auto b = test::valuesOf(code.at(name));
    const auto bits = test::bitsOf16(tensor);
    QCOMPARE(bits.size(), a.size());
    for (std::size_t i = 0; i < bits.size(); ++i) {
      const int wanted = test::orderOf16(test::toBf16(static_cast<float>(0.5 * a[i] + 0.5 * b[i])));
      QVERIFY2(std::abs(test::orderOf16(bits[i]) - wanted) <= 1, name.c_str());
    }
  }
}

void TestRun::threadsDoNotMatter_data() {
  QTest::addColumn<QString>("recipe");
  const QString models = "models:\n- {model: wide-one, parameters: {weight: 0.5%1}}\n- {model: wide-two, parameters: {weight: 0.4%1}}\n";
  const QString based = "base_model: wide-one\nmodels:\n- {model: wide-two, parameters: {weight: 0.4, density: 0.37}}\n";
  QTest::newRow("linear") << "merge_method: linear\n" + models.arg("");
  QTest::newRow("slerp") << "merge_method: slerp\nbase_model: wide-one\nmodels:\n- model: wide-two\nparameters: {t: 0.3}\n";
  QTest::newRow("ties") << "merge_method: ties\nparameters: {rescale: true}\n" + based;
  QTest::newRow("dare_ties") << "merge_method: dare_ties\n" + based;
}

void TestRun::threadsDoNotMatter() {
  QFETCH(QString, recipe);
  writeWideModel("wide-one", 1);
  writeWideModel("wide-two", 2);
  const MergePlan plan = planOf(recipe.toStdString());
  std::string first;
  for (const int threads : {1, 2, 3, 16}) {
    RunOptions options;
    options.threads = threads;
    const std::string output = "out" + std::to_string(threads);
    QVERIFY(run(plan, output, options).has_value());
    const std::string bytes = readBytes(path(output) + "/model.safetensors");
    first = first.empty() ? bytes : first;
    QVERIFY(bytes == first);
  }
}

void TestRun::shardsHoldTheSameTensors() {
  QVERIFY(run(planOf(kLinear), "whole").has_value());
  const auto report = run(planOf(kLinear, 1000), "parts");
  QVERIFY(report.has_value());
  QVERIFY(std::count_if(report->files.begin(), report->files.end(), [](const std::string& name) { return name.ends_with(".safetensors"); }) > 2);
  QVERIFY(readModelFolder(path("whole")) == readModelFolder(path("parts")));
}

void TestRun::cancelledLeavesNothing() {
  writeWideModel("wide-one", 1);
  writeWideModel("wide-two", 2);
  const MergePlan plan = planOf("merge_method: linear\nmodels:\n- {model: wide-one, parameters: {weight: 1}}\n- {model: wide-two, parameters: {weight: 1}}\n");
  std::stop_source stop;
  std::atomic<int> reports = 0;
  const auto report = runMerge(plan, path("out"), {}, stop.get_token(), [&](const Progress& progress) {
    ++reports;
    QVERIFY(progress.bytesDone < progress.bytesTotal);
    stop.request_stop();
  });
  QVERIFY(report.has_value());
  QVERIFY(report->cancelled);
  QVERIFY(reports > 0);
  QCOMPARE(leftovers(), QStringList());
}

void TestRun::progressEndsAtTheWhole() {
  Progress last;
  const MergePlan plan = planOf(kLinear);
  QVERIFY(runMerge(plan, path("out"), {}, {}, [&](const Progress& progress) {
            QVERIFY(progress.bytesDone >= last.bytesDone);
            last = progress;
          }).has_value());
  QCOMPARE(last.bytesDone, plan.bytesToRead + plan.bytesToWrite);
  QCOMPARE(last.bytesTotal, last.bytesDone);
}

void TestRun::outputInOrAroundAModelIsRefused_data() {
  QTest::addColumn<QString>("output");
  QTest::newRow("the model itself") << "one";
  QTest::newRow("inside a model") << "two/merged";
  QTest::newRow("around the models") << ".";
  QTest::newRow("by a detour") << "two/../one";
}

void TestRun::outputInOrAroundAModelIsRefused() {
  QFETCH(QString, output);
  RunOptions options;
  options.overwrite = true;
  const std::string before = readBytes(path("one/model.safetensors"));
  const auto report = run(planOf(kLinear), output.toStdString(), options);
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QVERIFY(report.error().message.find("the output is, lies in or holds the model") != std::string::npos);
  QVERIFY(readBytes(path("one/model.safetensors")) == before);
  QCOMPARE(leftovers(), QStringList());
}

void TestRun::anExistingOutputIsKept() {
  writeBytes(path("out/letter.txt"), "mine");
  const auto report = run(planOf(kLinear), "out");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  QCOMPARE(readBytes(path("out/letter.txt")), std::string("mine"));
}

void TestRun::onlyMergedModelsAreReplaced() {
  RunOptions options;
  options.overwrite = true;
  options.recipeText = "first";
  QVERIFY(run(planOf(kLinear), "out", options).has_value());
  options.recipeText = "second";
  QVERIFY(run(planOf(kLinear), "out", options).has_value());
  QCOMPARE(readBytes(path("out/mergekit_config.yml")), std::string("second"));
  QCOMPARE(leftovers(), QStringList{"out"});
  writeBytes(path("letters/letter.txt"), "mine");
  QVERIFY(!run(planOf(kLinear), "letters", options).has_value());
  QCOMPARE(readBytes(path("letters/letter.txt")), std::string("mine"));
}

void TestRun::aSourceThatShrinksIsAnError() {
  const MergePlan plan = planOf(kLinear);
  fs::resize_file(path("two/model.safetensors"), fs::file_size(path("two/model.safetensors")) - 100);
  const auto report = run(plan, "out");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Io);
  QVERIFY(report.error().message.find("two/model.safetensors") != std::string::npos);
  QCOMPARE(leftovers(), QStringList());
}

void TestRun::aSourceThatChangesIsAnError() {
  const MergePlan plan = planOf(kLinear);
  std::string bytes = readBytes(path("two/model.safetensors"));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  writeBytes(path("two/model.safetensors"), bytes);
  fs::last_write_time(path("two/model.safetensors"), fs::last_write_time(path("one/model.safetensors")) + std::chrono::seconds(7));
  const auto report = run(plan, "out");
  QVERIFY(!report.has_value());
  QVERIFY(report.error().message.find("changed while it was in use") != std::string::npos);
  QCOMPARE(leftovers(), QStringList());
}

void TestRun::anUnwritableParentIsAnInputOutputError() {
  writeBytes(path("out"), "a file where a folder should be");
  const auto report = run(planOf(kLinear), "out/merged");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Io);
}

void TestRun::nonFiniteResultsAreCounted() {
  RawTensors tensors = test::tinyLlamaTensors(3, 1);
  std::vector<float> values(tensors.front().second.bytes.size() / 4, 1.0F);
  values[0] = INFINITY;
  values[1] = NAN;
  tensors.front().second = test::f32Tensor(tensors.front().second.shape, values);
  writeBytes(path("one/model.safetensors"), test::safetensorsBytes(tensors));
  RunOptions options;
  options.nonFinite = NonFinitePolicy::Warn;
  const auto report = run(planOf(kLinear), "out", options);
  QVERIFY(report.has_value());
  QCOMPARE(report->nonFinite, std::uint64_t{2});
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestRun)
#include "tst_run.moc"
