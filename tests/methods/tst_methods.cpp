// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/methods/method_driver.h"

namespace layerloom {
namespace {

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
  void everyMethodTakesAnyShape_data();
  void everyMethodTakesAnyShape();
  void noMethodStumblesOverNonFinite_data();
  void noMethodStumblesOverNonFinite();
  void identicalModelsStayAsTheyAre_data();
  void identicalModelsStayAsTheyAre();
  void theTableIsComplete();
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

/// As many inputs as the method takes, at most three, and parameters in the middle of their range.
std::size_t inputsOf(const MethodSpec& method) {
  const int base = method.baseModel == BaseModelUse::Required ? 1 : 0;
  return static_cast<std::size_t>(method.maxInputs >= 0 ? method.maxInputs + base : 3);
}

void setMiddling(MergeSettings& settings) {
  setAll(settings, "density", 0.5);
  setAll(settings, "weight", 0.3);
  set(settings, "t", 0.3);
  set(settings, "select_topk", 0.5);
}

void TestMethods::everyMethodTakesAnyShape_data() {
  QTest::addColumn<std::string>("method");
  QTest::addColumn<std::vector<std::uint64_t>>("shape");
  const std::vector<std::vector<std::uint64_t>> shapes = {{},     {0},       {1},       {3},          {99},        {0, 4}, {4, 0},
                                                          {1, 1}, {1, 5},    {5, 1},    {7, 13},      {5, 1, 4},   {2, 3, 4},
                                                          {2, 3, 2, 5}};
  for (const MethodSpec& spec : methodSpecs()) {
    for (const auto& shape : shapes) {
      std::string text;
      for (const std::uint64_t size : shape) {
        text += " " + std::to_string(size);
      }
      QTest::addRow("%s [%s]", spec.name.c_str(), text.c_str()) << spec.name << shape;
    }
  }
}

void TestMethods::everyMethodTakesAnyShape() {
  QFETCH(std::string, method);
  QFETCH(std::vector<std::uint64_t>, shape);
  const std::uint64_t count = std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
  std::vector<Values> inputs = family(2, count, 9);
  inputs.resize(inputsOf(*findMethod(method)));
  MergeSettings settings = settingsFor(method.c_str(), inputs, shape);
  setMiddling(settings);
  // Every way that the switches of the method offer.
  for (const bool on : {false, true}) {
    for (const char* flag : {"filter_wise", "nuslerp_row_wise", "rescale", "normalize"}) {
      set(settings, flag, on);
    }
    for (const bool flatten : {false, true}) {
      set(settings, "nuslerp_flatten", flatten);
      const Values out = merged(settings, inputs);
      QCOMPARE(out.size(), count);
      QVERIFY(std::all_of(out.begin(), out.end(), [](float value) { return std::isfinite(value); }));
    }
  }
}

void TestMethods::noMethodStumblesOverNonFinite_data() {
  QTest::addColumn<std::string>("method");
  for (const MethodSpec& spec : methodSpecs()) {
    QTest::newRow(spec.name.c_str()) << spec.name;
  }
}

void TestMethods::noMethodStumblesOverNonFinite() {
  QFETCH(std::string, method);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const float value : {kInfinity, -kInfinity, kNan, -kNan, std::numeric_limits<float>::max()}) {
    for (std::size_t at = 0; at < 3; ++at) {
      std::vector<Values> inputs = family(2, 600, 31);
      inputs[at][17] = value;
      inputs[at][599] = value;
      inputs.resize(inputsOf(*findMethod(method)));
      MergeSettings settings = settingsFor(method.c_str(), inputs, {20, 30});
      setMiddling(settings);
      for (const bool on : {false, true}) {
        set(settings, "filter_wise", on);
        set(settings, "nuslerp_flatten", on);
        set(settings, "rescale", on);
        const auto out = tryMerged(settings, inputs, 1);
        QVERIFY2(out.has_value(), method.c_str());
        QCOMPARE(out->size(), inputs[0].size());
      }
    }
  }
}

void TestMethods::identicalModelsStayAsTheyAre_data() {
  QTest::addColumn<std::string>("method");
  QTest::addColumn<bool>("withBase");
  for (const MethodSpec& spec : methodSpecs()) {
    QTest::addRow("%s", spec.name.c_str()) << spec.name << false;
    if (spec.baseModel == BaseModelUse::Optional) {
      QTest::addRow("%s with base", spec.name.c_str()) << spec.name << true;
    }
  }
}

void TestMethods::identicalModelsStayAsTheyAre() {
  QFETCH(std::string, method);
  QFETCH(bool, withBase);
  const MethodSpec& spec = *findMethod(method);
  const Values values = randomValues(10'000, 12);
  const std::vector<Values> inputs(inputsOf(spec) + (withBase ? 1 : 0), values);
  MergeSettings settings = settingsFor(method.c_str(), inputs, {40, 250});
  settings.base = withBase ? std::optional<std::size_t>(1) : settings.base;
  setMiddling(settings);
  if (method == "linear") {
    setAll(settings, "weight", 0.25);  // float32 sums are exact here
  }
  set(settings, "normalize", method == "linear");
  for (const bool on : {false, true}) {
    set(settings, "filter_wise", on);
    set(settings, "nuslerp_flatten", on);
    if (method == "linear" && inputs.size() == 3) {
      set(settings, 2, "weight", 0.5);
    }
    QVERIFY(sameBits(merged(settings, inputs), values));
  }
}

void TestMethods::theTableIsComplete() {
  const std::vector<std::string> names = {"linear", "slerp", "nuslerp", "multislerp", "karcher", "task_arithmetic", "ties", "dare_linear",
                                          "dare_ties", "della_linear", "della", "breadcrumbs", "breadcrumbs_ties", "sce", "ram", "ramplus_tl",
                                          "model_stock", "nearswap", "arcee_fusion", "passthrough"};
  std::vector<std::string> listed;
  for (const MethodSpec& spec : methodSpecs()) {
    listed.push_back(spec.name);
    QVERIFY2(!spec.label.empty() && !spec.summary.empty() && !spec.formula.empty() && !spec.reference.empty(), spec.name.c_str());
    for (const ParameterSpec& parameter : spec.parameters) {
      QVERIFY2(!parameter.label.empty() && !parameter.help.empty(), parameter.name.c_str());
      QVERIFY(!parameter.standard || !parameter.least || *parameter.standard >= *parameter.least);
      QVERIFY(!parameter.standard || !parameter.greatest || *parameter.standard <= *parameter.greatest);
    }
  }
  QCOMPARE(listed, names);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestMethods)
#include "tst_methods.moc"
