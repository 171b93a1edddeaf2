// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>

#include "core/methods/tensor_merge.h"

namespace layerloom {
namespace {

using Values = std::vector<float>;

/// Sets a parameter of one input, or of the whole method; nothing where the method has none of that name.
void set(MergeSettings& settings, std::size_t input, std::string_view name, double value) {
  if (const ParameterSpec* parameter = settings.method->parameter(name)) {
    settings.inputs[input].values[static_cast<std::size_t>(parameter - settings.method->parameters.data())] = value;
  }
}
void set(MergeSettings& settings, std::string_view name, double value) {
  if (const ParameterSpec* parameter = settings.method->parameter(name)) {
    settings.values[static_cast<std::size_t>(parameter - settings.method->parameters.data())] = value;
  }
}
void setAll(MergeSettings& settings, std::string_view name, double value) {
  for (std::size_t i = 0; i < settings.inputs.size(); ++i) {
    set(settings, i, name, value);
  }
}

MergeSettings settingsFor(const char* method, const std::vector<Values>& inputs) {
  MergeSettings settings;
  settings.method = findMethod(method);
  settings.tensor = "model.layers.0.mlp.up_proj.weight";
  settings.elements = inputs.front().size();
  settings.shape = {settings.elements};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    settings.inputs.push_back({"model-" + std::to_string(i), standardValues(*settings.method)});
  }
  settings.values = standardValues(*settings.method);
  setAll(settings, "weight", 1);
  if (settings.method->baseModel == BaseModelUse::Required) {
    settings.base = 0;
  }
  return settings;
}

Chunk chunkAt(const std::vector<Values>& inputs, std::uint64_t index) {
  Chunk chunk;
  chunk.index = index;
  chunk.offset = index * kChunkElements;
  for (const Values& input : inputs) {
    const std::size_t size = std::min<std::size_t>(kChunkElements, input.size() - chunk.offset);
    chunk.inputs.push_back(std::span(input).subspan(chunk.offset, size));
  }
  return chunk;
}

/// Drives a method the way the executor does, with tasks of the given length.
Values merged(const MergeSettings& settings, const std::vector<Values>& inputs, std::uint64_t chunksPerTask = 1) {
  auto merge = makeTensorMerge(settings);
  if (!merge) {
    qFatal("%s", merge.error().message.c_str());
  }
  const std::uint64_t chunks = (settings.elements + kChunkElements - 1) / kChunkElements;
  int passes = 1;
  for (; (*merge)->needsPass(); ++passes) {
    for (std::uint64_t first = 0; first < chunks; first += chunksPerTask) {
      const auto observation = (*merge)->startObservation();
      for (std::uint64_t index = first; index < std::min(first + chunksPerTask, chunks); ++index) {
        observation->observe(chunkAt(inputs, index));
      }
      (*merge)->absorb(*observation);
    }
    (*merge)->endPass();
  }
  Values out(settings.elements);
  for (std::uint64_t index = 0; index < chunks; ++index) {
    const Chunk chunk = chunkAt(inputs, index);
    (*merge)->compute(chunk, std::span(out).subspan(chunk.offset, chunk.size()));
  }
  return out;
}

Values randomValues(std::size_t count, std::uint32_t seed, float scale = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0, scale);
  Values values(count);
  std::generate(values.begin(), values.end(), [&] { return normal(generator); });
  return values;
}

bool sameBits(const Values& a, const Values& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// δ thinned out by sorting: the definition, not the way the program goes.
Values topK(const Values& delta, double density) {
  const auto kept = std::max<std::size_t>(1, static_cast<std::size_t>(density * static_cast<double>(delta.size())));
  std::vector<std::size_t> order(delta.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::fabs(delta[a]) > std::fabs(delta[b]); });
  Values out(delta.size(), 0.0F);
  for (std::size_t i = 0; i < kept; ++i) {
    out[order[i]] = delta[order[i]];
  }
  return out;
}

class TestMethods : public QObject {
  Q_OBJECT

 private slots:
  void linearDividesByTheSum();
  void linearKeepsALoneModelBitForBit();
  void linearRefusesWeightsThatSumToZero();
  void slerpEndsAtItsInputs();
  void slerpFollowsTheArc();
  void slerpIsFiniteOnDegenerateVectors_data();
  void slerpIsFiniteOnDegenerateVectors();
  void taskArithmeticAddsWeightedDeltas();
  void tiesKeepsExactlyTheLargest_data();
  void tiesKeepsExactlyTheLargest();
  void tiesRescalesToTheWholeSum();
  void tiesElectsTheSign();
  void dareKeepsItsShareWithOneFactor();
  void dareDoesNotDependOnThePartition();
  void everyMethodTakesSmallTensors_data();
  void everyMethodTakesSmallTensors();
  void identicalModelsStayAsTheyAre_data();
  void identicalModelsStayAsTheyAre();
};

void TestMethods::linearDividesByTheSum() {
  const std::vector<Values> inputs = {{1, 2, 3}, {4, 8, -6}};
  MergeSettings settings = settingsFor("linear", inputs);
  set(settings, 0, "weight", 3);
  set(settings, 1, "weight", 1);
  set(settings, "normalize", true);
  QCOMPARE(merged(settings, inputs), (Values{1.75F, 3.5F, 0.75F}));
  set(settings, "normalize", false);
  QCOMPARE(merged(settings, inputs), (Values{7, 14, 3}));
}

void TestMethods::linearKeepsALoneModelBitForBit() {
  const std::vector<Values> inputs = {randomValues(1000, 1), randomValues(1000, 2)};
  MergeSettings settings = settingsFor("linear", inputs);
  set(settings, "normalize", true);
  set(settings, 0, "weight", 0.3);
  set(settings, 1, "weight", 0);
  QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
}

void TestMethods::linearRefusesWeightsThatSumToZero() {
  const std::vector<Values> inputs = {{1}, {2}};
  MergeSettings settings = settingsFor("linear", inputs);
  set(settings, 0, "weight", 1);
  set(settings, 1, "weight", -1);
  set(settings, "normalize", true);
  const auto merge = makeTensorMerge(settings);
  QVERIFY(!merge.has_value());
  QCOMPARE(merge.error().kind, ErrorKind::Refused);
  QVERIFY(merge.error().message.find("sum to 0") != std::string::npos);
}

void TestMethods::slerpEndsAtItsInputs() {
  const std::vector<Values> inputs = {randomValues(300'000, 3), randomValues(300'000, 4)};
  MergeSettings settings = settingsFor("slerp", inputs);
  set(settings, "t", 0);
  QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
  set(settings, "t", 1);
  QVERIFY(sameBits(merged(settings, inputs), inputs[1]));
}

void TestMethods::slerpFollowsTheArc() {
  // Orthogonal unit vectors: at t the result is (cos(tπ/2), sin(tπ/2)).
  const std::vector<Values> inputs = {{1, 0}, {0, 1}};
  MergeSettings settings = settingsFor("slerp", inputs);
  set(settings, "t", 0.25);
  const Values out = merged(settings, inputs);
  QVERIFY(std::abs(out[0] - std::cos(0.25 * M_PI / 2)) < 1e-7);
  QVERIFY(std::abs(out[1] - std::sin(0.25 * M_PI / 2)) < 1e-7);
}

void TestMethods::slerpIsFiniteOnDegenerateVectors_data() {
  QTest::addColumn<float>("first");
  QTest::addColumn<float>("second");
  QTest::newRow("both zero") << 0.0F << 0.0F;
  QTest::newRow("one zero") << 0.0F << 2.0F;
  QTest::newRow("opposite") << 2.0F << -2.0F;
  QTest::newRow("equal") << 2.0F << 2.0F;
  QTest::newRow("tiny") << 1e-9F << 1.0F;
}

void TestMethods::slerpIsFiniteOnDegenerateVectors() {
  QFETCH(float, first);
  QFETCH(float, second);
  const std::vector<Values> inputs = {Values(8, first), Values(8, second)};
  MergeSettings settings = settingsFor("slerp", inputs);
  set(settings, "t", 0.5);
  for (const float value : merged(settings, inputs)) {
    QVERIFY(std::isfinite(value));
    QVERIFY(std::fabs(value) <= 2.0F);
  }
}

void TestMethods::taskArithmeticAddsWeightedDeltas() {
  const std::vector<Values> inputs = {{1, 1, 1}, {2, 1, 0}, {1, 3, 5}};
  MergeSettings settings = settingsFor("task_arithmetic", inputs);
  set(settings, 1, "weight", 0.5);
  set(settings, 2, "weight", 0.25);
  set(settings, "lambda", 2);
  QCOMPARE(merged(settings, inputs), (Values{2, 2, 2}));
  set(settings, "normalize", true);
  set(settings, "lambda", 1.5);
  QCOMPARE(merged(settings, inputs), (Values{2, 2, 2}));
}

void TestMethods::tiesKeepsExactlyTheLargest_data() {
  QTest::addColumn<double>("density");
  QTest::addColumn<bool>("coarse");
  for (const double density : {0.0000001, 0.1, 0.25, 0.5, 0.77, 0.999}) {
    QTest::addRow("distinct %g", density) << density << false;
    QTest::addRow("many equal %g", density) << density << true;
  }
}

void TestMethods::tiesKeepsExactlyTheLargest() {
  QFETCH(double, density);
  QFETCH(bool, coarse);
  // More than two chunks, so that the count of equals crosses their borders.
  Values delta = randomValues(2 * kChunkElements + 4321, 5);
  if (coarse) {
    std::transform(delta.begin(), delta.end(), delta.begin(), [](float value) { return std::round(value * 4) / 4; });
  }
  const std::vector<Values> inputs = {Values(delta.size(), 0.0F), delta};
  MergeSettings settings = settingsFor("ties", inputs);
  set(settings, 1, "density", density);
  const Values wanted = topK(delta, density);
  QCOMPARE(merged(settings, inputs, 1), wanted);
  QCOMPARE(merged(settings, inputs, 16), wanted);
}

void TestMethods::tiesRescalesToTheWholeSum() {
  const Values delta = randomValues(200'000, 6);
  const std::vector<Values> inputs = {Values(delta.size(), 0.0F), delta};
  MergeSettings settings = settingsFor("ties", inputs);
  set(settings, 1, "density", 0.3);
  set(settings, "rescale", true);
  const auto sum = [](const Values& values) {
    return std::accumulate(values.begin(), values.end(), 0.0, [](double total, float value) { return total + std::fabs(value); });
  };
  const Values out = merged(settings, inputs);
  QVERIFY(std::abs(sum(out) / sum(delta) - 1) < 1e-6);
  const Values kept = topK(delta, 0.3);
  QCOMPARE(std::count(out.begin(), out.end(), 0.0F), std::count(kept.begin(), kept.end(), 0.0F));
}

void TestMethods::tiesElectsTheSign() {
  // By position: agreement; the heavier side wins; a tie counts as plus; nothing changes.
  const std::vector<Values> inputs = {{10, 10, 10, 10}, {12, 11, 12, 10}, {14, 7, 8, 10}};
  MergeSettings settings = settingsFor("ties", inputs);
  set(settings, "normalize", false);
  QCOMPARE(merged(settings, inputs), (Values{16, 7, 12, 10}));
  set(settings, "normalize", true);
  QCOMPARE(merged(settings, inputs), (Values{13, 7, 12, 10}));
}

void TestMethods::dareKeepsItsShareWithOneFactor() {
  const Values delta = randomValues(400'000, 7);
  const std::vector<Values> inputs = {Values(delta.size(), 0.0F), delta};
  MergeSettings settings = settingsFor("dare_linear", inputs);
  set(settings, 1, "density", 0.4);
  set(settings, "rescale", true);
  settings.seed = 11;
  const Values out = merged(settings, inputs);
  double all = 0;
  double kept = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    all += std::fabs(delta[i]);
    kept += out[i] != 0 ? std::fabs(delta[i]) : 0;
    count += out[i] != 0 ? 1 : 0;
  }
  const double n = static_cast<double>(out.size());
  QVERIFY(std::abs(static_cast<double>(count) / n - 0.4) < 5 * std::sqrt(0.4 * 0.6 / n));
  for (std::size_t i = 0; i < out.size(); ++i) {
    QVERIFY(out[i] == 0 || std::abs(out[i] / delta[i] - all / kept) < 1e-5);
  }
}

void TestMethods::dareDoesNotDependOnThePartition() {
  const Values delta = randomValues(400'000, 8);
  const std::vector<Values> inputs = {Values(delta.size(), 0.0F), delta};
  MergeSettings settings = settingsFor("dare_ties", inputs);
  set(settings, 1, "density", 0.5);
  set(settings, "rescale", true);
  const Values out = merged(settings, inputs, 1);
  settings.seed = 1;
  QVERIFY(!sameBits(merged(settings, inputs, 1), out));
  settings.seed = 0;
  // Only which entries are kept is free of the partition here; sums belong to tasks, whose length the executor fixes.
  const Values other = merged(settings, inputs, 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    QCOMPARE(out[i] == 0, other[i] == 0);
  }
}

void TestMethods::everyMethodTakesSmallTensors_data() {
  QTest::addColumn<std::string>("method");
  QTest::addColumn<int>("elements");
  for (const MethodSpec& spec : methodSpecs()) {
    for (const int elements : {0, 1, 3, 99}) {
      QTest::addRow("%s %d", spec.name.c_str(), elements) << spec.name << elements;
    }
  }
}

void TestMethods::everyMethodTakesSmallTensors() {
  QFETCH(std::string, method);
  QFETCH(int, elements);
  const auto count = static_cast<std::size_t>(elements);
  std::vector<Values> inputs = {randomValues(count, 9), randomValues(count, 10)};
  if (method == "passthrough") {
    inputs.pop_back();
  }
  MergeSettings settings = settingsFor(method.c_str(), inputs);
  setAll(settings, "density", 0.5);
  setAll(settings, "weight", 0.5);
  set(settings, "t", 0.5);
  const Values out = merged(settings, inputs);
  QCOMPARE(out.size(), count);
  QVERIFY(std::all_of(out.begin(), out.end(), [](float value) { return std::isfinite(value); }));
}

void TestMethods::identicalModelsStayAsTheyAre_data() {
  QTest::addColumn<std::string>("method");
  for (const char* method : {"linear", "slerp", "task_arithmetic", "ties", "dare_linear", "dare_ties"}) {
    QTest::newRow(method) << std::string(method);
  }
}

void TestMethods::identicalModelsStayAsTheyAre() {
  QFETCH(std::string, method);
  const Values values = randomValues(10'000, 12);
  const std::vector<Values> inputs = {values, values};
  MergeSettings settings = settingsFor(method.c_str(), inputs);
  setAll(settings, "weight", 0.5);
  setAll(settings, "density", 0.5);
  set(settings, "normalize", method == "linear");
  set(settings, "t", 0.5);
  QVERIFY(sameBits(merged(settings, inputs), values));
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestMethods)
#include "tst_methods.moc"
