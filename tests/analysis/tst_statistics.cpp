// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/analysis/statistics_pass.h"
#include "tests/common/cli_run.h"
#include "tests/common/model_data.h"

using namespace layerloom;
using namespace layerloom::test;
using nlohmann::json;

/// The statistics pass and the command that prints it, against figures of NumPy (statistics_goldens.py).
class TestStatistics : public QObject {
  Q_OBJECT

 private slots:
  void figuresAreThoseOfNumPy_data();
  void figuresAreThoseOfNumPy();
  void tensorsOfSeveralBlocksAddUp();
  void threadsChangeNothing();
  void oddEntriesAreCountedAndLeftOut();
  void whatCannotBeComparedIsNamed();
  void aStopLeavesWhatIsDone();
  void commandRefusesWhatItCannotCompare();
  void csvHasALineForEachPlace();
  void csvNamesRunNoFormula();

 private:
  std::filesystem::path folder(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

  QTemporaryDir m_folder;
};

namespace {

constexpr double kTolerance = 1e-9;

/// Writes down where two figures differ; those that are whole numbers must be the same.
void compare(const json& expected, const json& found, const std::string& path, QStringList& differences) {
  const auto differ = [&] {
    differences.append(QString::fromStdString(path + ": " + found.dump() + " instead of " + expected.dump()));
  };
  if (expected.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      compare(value, found.contains(key) ? found[key] : json("absent"), path + "." + key, differences);
    }
  } else if (expected.is_array()) {
    if (!found.is_array() || found.size() != expected.size()) {
      differ();
      return;
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
      compare(expected[i], found[i], path + "[" + std::to_string(i) + "]", differences);
    }
  } else if (expected.is_number_float() && found.is_number()) {
    // Means and cosines are of numbers that cancel: they are compared with what they are made of.
    const double least = path.ends_with("cosine") ? 1.0 : path.ends_with("mean") ? 1e-6 : 0.0;
    const double scale = std::max(std::abs(expected.get<double>()), least);
    if (!(std::abs(expected.get<double>() - found.get<double>()) <= kTolerance * scale)) {
      differ();
    }
  } else if (expected != found) {
    differ();
  }
}

/// The entries by name, layer or kind.
json sortedBy(json entries, const char* key) {
  std::sort(entries.begin(), entries.end(), [key](const json& a, const json& b) { return a[key] < b[key]; });
  return entries;
}

std::vector<std::string> argumentsOf(const json& golden) {
  std::vector<std::string> arguments = {"stats", "--json", "--stable-rank", "--no-cache"};
  for (const std::string argument : golden["arguments"]) {
    std::string text = argument;
    for (std::size_t at = 0; !text.starts_with('-') && at != std::string::npos; at = text.find('+', at)) {
      at += at == 0 ? 0 : 1;
      text.insert(at, LAYERLOOM_SOURCE_DIR "/");
      at += std::string(LAYERLOOM_SOURCE_DIR).size() + 1;
    }
    arguments.push_back(text);
  }
  return arguments;
}

StatisticsSources sourcesOf(const std::filesystem::path& base, const std::vector<std::filesystem::path>& models) {
  StatisticsSources sources;
  sources.base = Model::open(base).value();
  sources.baseName = base.filename().string();
  for (const auto& model : models) {
    sources.models.push_back(Model::open(model).value());
    sources.names.push_back(model.filename().string());
  }
  return sources;
}

void writeMatrix(const std::filesystem::path& folder, std::vector<std::uint64_t> shape, const std::vector<float>& values) {
  writeModel(folder, {{"architectures", {"X"}}}, {{"matrix", f32Tensor(std::move(shape), values)}});
}

}  // namespace

void TestStatistics::figuresAreThoseOfNumPy_data() {
  QTest::addColumn<QString>("file");
  const QDir goldens(QStringLiteral(LAYERLOOM_TEST_DATA "/analysis/goldens"));
  const QStringList names = goldens.entryList({QStringLiteral("*.json")});
  QVERIFY(names.size() >= 7);
  for (const QString& name : names) {
    QTest::newRow(qPrintable(name)) << goldens.filePath(name);
  }
}

void TestStatistics::figuresAreThoseOfNumPy() {
  QFETCH(QString, file);

  const json golden = json::parse(readBytes(file.toStdString()));
  const CliRun run = runCliWith(argumentsOf(golden));
  QVERIFY2(run.status == 0, run.err.c_str());
  const json found = json::parse(run.out);

  QVERIFY(found["version"] == 1);
  QStringList differences;
  const std::pair<const char*, const char*> levels[] = {{"tensors", "name"}, {"layers", "layer"}, {"kinds", "kind"}};
  for (const auto& [level, key] : levels) {
    compare(golden[level], sortedBy(found[level], key), level, differences);
  }
  compare(golden["total"], found["total"], "total", differences);
  QVERIFY2(differences.isEmpty(), qPrintable(differences.mid(0, 10).join(u'\n')));
}

/// More than two blocks, and a sample instead of all entries: against plain sums.
void TestStatistics::tensorsOfSeveralBlocksAddUp() {
  constexpr std::size_t kElements = 1'200'000;
  const std::vector<float> base = randomValues(kElements, 1);
  const std::vector<float> model = randomValues(kElements, 2);
  writeMatrix(folder("base"), {1000, 1200}, base);
  writeMatrix(folder("model"), {1000, 1200}, model);

  const auto statistics = measureStatistics(sourcesOf(folder("base"), {folder("model")}), {}, {}, {});
  QVERIFY(statistics.has_value());
  QCOMPARE(statistics->tensors.size(), std::size_t{1});
  const DeltaStatistics& found = *statistics->tensors[0].figures.models[0];

  std::vector<double> squares(kElements);
  double sum = 0;
  for (std::size_t i = 0; i < kElements; ++i) {
    const double delta = static_cast<double>(model[i]) - static_cast<double>(base[i]);
    squares[i] = delta * delta;
    sum += squares[i];
  }
  std::sort(squares.rbegin(), squares.rend());
  QVERIFY(std::abs(found.squared - sum) <= 1e-9 * sum);
  for (std::size_t i = 0; i < kTopShares.size(); ++i) {
    double top = 0;
    for (std::size_t entry = 0; entry < static_cast<std::size_t>(kTopShares[i] * kElements); ++entry) {
      top += squares[entry];
    }
    QVERIFY2(std::abs(found.topShares[i] - top / sum) <= 1e-9, qPrintable(QString::number(found.topShares[i], 'g', 17)));
  }
  const TensorSketch& sketch = *statistics->tensors[0].sketch;
  QCOMPARE(sketch.rows * sketch.columns, std::uint64_t{4096});
  QVERIFY(!sketch.whole);
  QCOMPARE(sketch.base.size(), sketch.models[0].size());
}

void TestStatistics::threadsChangeNothing() {
  const auto root = std::filesystem::path(LAYERLOOM_SAMPLES);
  const StatisticsSources sources = sourcesOf(root / "base", {root / "prose", root / "code"});
  const Statistics one = measureStatistics(sources, {.threads = 1}, {}, {}).value();
  for (const int threads : {2, 5}) {
    const Statistics other = measureStatistics(sources, {.threads = threads}, {}, {}).value();
    QCOMPARE(other.tensors.size(), one.tensors.size());
    for (std::size_t i = 0; i < one.tensors.size(); ++i) {
      const GroupStatistics& a = one.tensors[i].figures;
      const GroupStatistics& b = other.tensors[i].figures;
      QCOMPARE(b.models[1]->squared, a.models[1]->squared);
      QCOMPARE(b.models[1]->topShares, a.models[1]->topShares);
      QCOMPARE(b.pairs[0]->dot, a.pairs[0]->dot);
      QCOMPARE(other.tensors[i].sketch->models, one.tensors[i].sketch->models);
    }
  }
}

void TestStatistics::oddEntriesAreCountedAndLeftOut() {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  writeMatrix(folder("odd-base"), {2, 3}, {1, 2, nan, 4, 5, 0});
  writeMatrix(folder("odd-model"), {2, 3}, {2, 2, 3, infinite, 3, 0});

  const auto statistics = measureStatistics(sourcesOf(folder("odd-base"), {folder("odd-model")}), {}, {}, {});
  QVERIFY(statistics.has_value());
  const DeltaStatistics& found = *statistics->tensors[0].figures.models[0];
  QCOMPARE(found.elements, std::uint64_t{6});
  QCOMPARE(found.nonFinite, std::uint64_t{2});
  QCOMPARE(found.zeros, std::uint64_t{2});
  QCOMPARE(found.squared, 1.0 + 4.0);
  QCOMPARE(found.sum, 1.0 - 2.0);
  QCOMPARE(found.maxAbs, 2.0);
  QCOMPARE(found.baseSquared, 1.0 + 4 + 16 + 25);
  QCOMPARE(found.baseDot, 1.0 - 10.0);
  QCOMPARE(found.histogram[0 - kHistogramLeast], std::uint64_t{1});
  QCOMPARE(found.histogram[1 - kHistogramLeast], std::uint64_t{1});
  QCOMPARE(std::count(found.histogram.begin(), found.histogram.end(), std::uint64_t{0}), kHistogramBins - 2);
}

void TestStatistics::whatCannotBeComparedIsNamed() {
  writeTinyLlama(folder("two"), 2, 1);
  writeTinyLlama(folder("three"), 3, 2);
  const auto statistics = measureStatistics(sourcesOf(folder("three"), {folder("two")}), {}, {}, {});
  QVERIFY(statistics.has_value());
  QCOMPARE(statistics->notes.size(), std::size_t{1});
  QVERIFY2(statistics->notes[0].find("two: 3 tensors are missing") == 0, statistics->notes[0].c_str());
  QCOMPARE(statistics->layers().size(), std::size_t{2});
}

void TestStatistics::aStopLeavesWhatIsDone() {
  const auto root = std::filesystem::path(LAYERLOOM_SAMPLES);
  std::stop_source stop;
  int seen = 0;
  const auto statistics = measureStatistics(sourcesOf(root / "base", {root / "far"}), {.threads = 1}, stop.get_token(), [&](const TensorStatistics&) {
    if (++seen == 5) {
      stop.request_stop();
    }
  });
  QVERIFY(statistics.has_value());
  QVERIFY(!statistics->complete);
  QCOMPARE(statistics->tensors.size(), std::size_t{5});
}

void TestStatistics::commandRefusesWhatItCannotCompare() {
  const std::string base = LAYERLOOM_SAMPLES "/base";
  const CliRun alone = runCliWith({"stats", base, "--no-cache"});
  QCOMPARE(alone.status, 2);
  QVERIFY2(alone.err.find("nothing to compare") != std::string::npos, alone.err.c_str());
  const CliRun absent = runCliWith({"stats", base, "no-such-model", "--no-cache"});
  QCOMPARE(absent.status, 2);
  QVERIFY2(absent.err.find("no-such-model") != std::string::npos, absent.err.c_str());
  const CliRun both = runCliWith({"stats", base, base, "--json", "--csv"});
  QCOMPARE(both.status, 2);
}

void TestStatistics::csvHasALineForEachPlace() {
  const std::string samples = LAYERLOOM_SAMPLES;
  const CliRun run = runCliWith({"stats", samples + "/base", samples + "/prose", samples + "/code", "--csv", "--no-cache"});
  QVERIFY2(run.status == 0, run.err.c_str());
  const QStringList lines = QString::fromStdString(run.out).split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
  // 75 tensors, 8 layers, 10 kinds, the whole, the header
  QCOMPARE(lines.size(), 75 + 8 + 10 + 1 + 1);
  for (const QString& line : lines) {
    QCOMPARE(line.count(u','), 5 + 2 * 10 + 3);
  }
  QVERIFY(lines[1].startsWith(QStringLiteral("tensor,lm_head.weight,,head,256x128,32768,")));
}

void TestStatistics::csvNamesRunNoFormula() {
  const QTemporaryDir folder;
  const auto write = [&](const char* name, float value) {
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / name;
    writeModel(path, {{"architectures", {"X"}}, {"num_hidden_layers", 1}},
               {{"=1+2", f32Tensor({2}, {1, value})}, {"model.layers.0.mlp.up_proj.weight", f32Tensor({2}, {1, value})}});
    return path.string();
  };
  const CliRun run = runCliWith({"stats", write("base", 4), write("model", 3), "--csv", "--no-cache"});
  QVERIFY2(run.status == 0, run.err.c_str());
  QVERIFY2(run.out.find("\r\ntensor,'=1+2,,") != std::string::npos, run.out.c_str());
  // The mean change is a number, with its sign.
  QVERIFY2(run.out.find(",-0.5,") != std::string::npos, run.out.c_str());
}

QTEST_GUILESS_MAIN(TestStatistics)
#include "tst_statistics.moc"
