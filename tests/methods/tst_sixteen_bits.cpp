// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <bit>
#include <limits>
#include <numeric>
#include <random>

#include "core/methods/task_kernels.h"
#include "core/tensor/conversion_kernels.h"
#include "tests/common/instruction_sets.h"
#include "tests/methods/method_driver.h"

namespace layerloom {
namespace {

constexpr DType kTypes[] = {DType::BF16, DType::F16};
/// Parameters with many digits: with short ones sums often lie exactly between two numbers, and the error of float64 decides.
constexpr double kShare = 0.31830988618379;
constexpr double kLambda = 1.12837916709551;

/// The nearest number of a 16-bit type, of two the even one.
double nearest(DType type, double value) {
  int exponent = 0;
  std::frexp(value, &exponent);
  const int digits = type == DType::BF16 ? 8 : 11;
  const double unit = std::ldexp(1.0, std::max(exponent - digits, type == DType::BF16 ? -133 : -24));
  return value == 0 ? value : std::nearbyint(value / unit) * unit;
}

/// What is written of a result.
Values written(DType type, Values values) {
  roundTo(type, values);
  return values;
}

/// What sums become, in whole vectors and in what is left beside them; nothing where the two differ.
Values narrowed(const std::vector<double>& sums, Narrowing narrowing) {
  const Values ones(37, 1.0F);
  const float* const input = ones.data();
  Values out;
  for (const double& sum : sums) {
    Values copies(ones.size());
    sumScaled(std::span(&input, 1), std::span(&sum, 1), narrowing, copies);
    if (!sameBits(copies, Values(copies.size(), copies.front()))) {
      return {};
    }
    out.push_back(copies.front());
  }
  return out;
}

/// A base and models as they are stored in 16 bits.
std::vector<Values> storedFamily(DType type, std::size_t models, std::size_t count) {
  std::vector<Values> inputs = family(models, count, 5, 0.02F);
  std::for_each(inputs.begin(), inputs.end(), [type](Values& values) { roundTo(type, values); });
  return inputs;
}

Narrowing narrowingFor(DType type) {
  return type == DType::BF16 ? Narrowing::ToBf16 : Narrowing::ToOdd;
}

MergeSettings halfSettings(DType type, const char* method, const std::vector<Values>& inputs) {
  MergeSettings settings = settingsFor(method, inputs);
  settings.narrowing = narrowingFor(type);
  settings.choosesPrecisely = true;
  return settings;
}

/// How many inputs a method can have, `most` beside the base model at the most.
std::size_t inputsOf(const char* method, int most) {
  const MethodSpec& spec = *findMethod(method);
  const int beside = spec.maxInputs > 0 ? std::min(spec.maxInputs, most) : most;
  return static_cast<std::size_t>(beside) + (spec.baseModel == BaseModelUse::Required ? 1 : 0);
}

/// How many entries are not the sum rounded to 16 bits once.
std::size_t countTwiceRounded(DType type, const Values& got, const std::vector<double>& sums) {
  const Values kept = written(type, got);
  std::size_t count = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    count += static_cast<double>(kept[i]) == nearest(type, sums[i]) ? 0 : 1;
  }
  return count;
}

class TestSixteenBits : public QObject {
  Q_OBJECT

 private slots:
  void sumsAreRoundedOnce();
  void sumsNearANumberAreThatNumber();
  void oddValuesStayWhatTheyAre();
  void instructionSetsNarrowAlike();
  void quickSumsRoundAlike_data();
  void quickSumsRoundAlike();
  void quickTasksRoundAlike_data();
  void quickTasksRoundAlike();
  void meansAreRoundedOnce();
  void rescaledTasksAreRoundedOnce();
  void electedTasksAreRoundedOnce_data();
  void electedTasksAreRoundedOnce();
  void equalModelsStayAsTheyAre_data();
  void equalModelsStayAsTheyAre();
};

/// Numbers around the midpoints of bfloat16 and float16, where rounding to float32 first goes wrong.
std::vector<double> aroundMidpoints() {
  std::vector<double> sums;
  for (const double number : {1.0, 1.5, -1.25, 0.0078125, -3.0, 1.9921875}) {
    for (const int digits : {8, 11}) {
      for (const double off : {0x1p-26, 0x1p-30, 0x1p-40, -0x1p-26, -0x1p-30, -0x1p-40, 0x1.8p-25, 0.0}) {
        const double scale = std::copysign(std::ldexp(1.0, std::ilogb(number)), number);
        sums.push_back(number + scale * (std::ldexp(1.0, -digits) + off));
        sums.push_back(number + scale * (std::ldexp(3.0, -digits) + off));
      }
    }
  }
  return sums;
}

void TestSixteenBits::sumsAreRoundedOnce() {
  const std::vector<double> sums = aroundMidpoints();
  for (const DType type : kTypes) {
    QCOMPARE(countTwiceRounded(type, narrowed(sums, Narrowing::ToOdd), sums), std::size_t{0});
    QVERIFY(countTwiceRounded(type, narrowed(sums, Narrowing::ToNearest), sums) > 10);
  }
  QCOMPARE(countTwiceRounded(DType::BF16, narrowed(sums, Narrowing::ToBf16), sums), std::size_t{0});
}

void TestSixteenBits::sumsNearANumberAreThatNumber() {
  const Values numbers = randomValues(10'000, 1);
  for (const double error : {0.0, 0x1p-52, -0x1p-52, 0x1p-50, -0x1p-50}) {
    std::vector<double> sums;
    std::transform(numbers.begin(), numbers.end(), std::back_inserter(sums), [&](float x) { return x * (1 + error); });
    QVERIFY(sameBits(narrowed(sums, Narrowing::ToOdd), numbers));
  }
}

void TestSixteenBits::oddValuesStayWhatTheyAre() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const Narrowing narrowing : {Narrowing::ToNearest, Narrowing::ToOdd, Narrowing::ToBf16}) {
    const int sets = test::onEachInstructionSet([&] {
      const Values out = narrowed({kInfinity, -kInfinity, 0.0, -0.0, 1e300, std::numeric_limits<double>::quiet_NaN()}, narrowing);
      QCOMPARE(out.size(), std::size_t{6});
      QVERIFY(sameBits(Values(out.begin(), out.begin() + 5),
                       {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), 0.0F, -0.0F,
                        std::numeric_limits<float>::infinity()}));
      QVERIFY(std::isnan(out[5]));
    });
    QVERIFY(sets > 0 && !QTest::currentTestFailed());
  }
}

void TestSixteenBits::instructionSetsNarrowAlike() {
  std::vector<double> sums = aroundMidpoints();
  sums.push_back(1.0 / 3);  // a length that fills no vector
  const Values best = narrowed(sums, Narrowing::ToOdd);
  QCOMPARE(best.size(), sums.size());
  const std::vector<Values> inputs = storedFamily(DType::BF16, 3, 50'001);
  for (const char* method : {"slerp", "model_stock", "nearswap", "ram", "sce", "ties", "task_arithmetic", "arcee_fusion"}) {
    const std::vector<Values> used(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(inputsOf(method, 3)));
    MergeSettings settings = halfSettings(DType::BF16, method, used);
    setAll(settings, "density", 0.4);
    set(settings, "t", 0.01);
    const Values wanted = merged(settings, used);
    const int sets = test::onEachInstructionSet([&] {
      QVERIFY2(sameBits(merged(settings, used), wanted), method);
      QVERIFY(sameBits(narrowed(sums, Narrowing::ToOdd), best));
    });
    QVERIFY(sets > 0 && !QTest::currentTestFailed());
  }
}

void TestSixteenBits::quickSumsRoundAlike_data() {
  QTest::addColumn<std::vector<double>>("coefficients");
  QTest::addColumn<float>("scale");
  const std::vector<double> third(3, 1.0 / 3);
  QTest::newRow("one") << std::vector{kShare} << 1.0F;
  QTest::newRow("two") << std::vector{1 - kShare, kShare} << 1.0F;
  QTest::newRow("two that cancel out") << std::vector{kShare, -kShare} << 1.0F;
  QTest::newRow("mean, with many ties") << std::vector{0.5, 0.5} << 1.0F;
  QTest::newRow("short, of three") << std::vector{0.5, -0.25, 3.0} << 1.0F;
  QTest::newRow("short, huge") << std::vector{0.5, 0.5} << 0x1p+126F;
  QTest::newRow("short, below the normal numbers") << std::vector{0.5, 0.5} << 0x1p-128F;
  QTest::newRow("short, with six digits") << std::vector{0.984375, -0.015625} << 1.0F;
  QTest::newRow("short, with a zero") << std::vector{0.0, 1.0} << 1.0F;
  QTest::newRow("a third") << third << 1.0F;
  QTest::newRow("a third, huge") << third << 0x1p+126F;
  QTest::newRow("a third, below the normal numbers") << third << 0x1p-128F;
  QTest::newRow("extrapolation") << std::vector{-7.3 * kShare, 7.3 * kLambda, 1 - 7.3 * (kLambda - kShare)} << 1.0F;
  QTest::newRow("huge coefficients") << std::vector{1e30 * kShare, -1e30 * kLambda} << 1.0F;
  QTest::newRow("tiny coefficient") << std::vector{1e-30, 1.0} << 1.0F;
  QTest::newRow("eight") << std::vector<double>(8, kShare) << 1.0F;
  QTest::newRow("nine") << std::vector<double>(9, kShare) << 1.0F;
}

/// A family with numbers of one magnitude, some that lie up to 40 powers of two apart, and a few special ones.
std::vector<Values> specialFamily(DType type, std::size_t models, float scale) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<Values> inputs = storedFamily(type, models, 100'003);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Values& values = inputs[i];
    std::transform(values.begin(), values.end(), values.begin(), [&](float value) { return value * scale; });
    for (std::size_t at = 10'000; at < 60'000; ++at) {
      values[at] = std::ldexp(values[at], -static_cast<int>((i + 1) * at % 41));
    }
    const float zero = i % 2 == 0 ? -0.0F : 0.0F;
    std::copy_n(std::array{0.0F, zero, kInfinity, -zero, 1.0F, std::nanf(""), -0.0F}.begin(), 7, values.begin() + 1000);
    std::fill_n(values.begin() + 2000, 100, 0.0F);
    std::fill_n(values.begin() + 3000, 100, -0.0F);
  }
  inputs.back()[5000] = -kInfinity;
  inputs.back()[5001] = std::nanf("");
  return inputs;
}

std::vector<const float*> addressesOf(std::span<const Values> inputs) {
  std::vector<const float*> addresses(inputs.size());
  std::transform(inputs.begin(), inputs.end(), addresses.begin(), [](const Values& values) { return values.data(); });
  return addresses;
}

void TestSixteenBits::quickSumsRoundAlike() {
  QFETCH(std::vector<double>, coefficients);
  QFETCH(float, scale);
  for (const DType type : {DType::BF16, DType::F16, DType::F32}) {
    const std::vector<Values> inputs = specialFamily(type, coefficients.size() - 1, scale);
    const std::vector<const float*> begins = addressesOf(inputs);
    Values exact(inputs[0].size());
    sumScaled(begins, coefficients, Narrowing::ToOdd, exact);
    Values quick(exact.size());
    sumScaled(begins, coefficients, Narrowing::ToBf16, quick);
    QVERIFY(sameBits(written(DType::BF16, quick), written(DType::BF16, exact)));
    const int sets = test::onEachInstructionSet([&] {
      Values again(exact.size());
      sumScaled(begins, coefficients, Narrowing::ToBf16, again);
      QVERIFY(sameBits(again, quick));
    });
    QVERIFY(sets > 0 && !QTest::currentTestFailed());
  }
}

void TestSixteenBits::quickTasksRoundAlike_data() {
  QTest::addColumn<std::vector<double>>("factors");
  QTest::addColumn<double>("lambda");
  QTest::addColumn<float>("scale");
  const std::vector<double> usual = {0.6 * kShare, 0.7 * kLambda};
  QTest::newRow("usual") << usual << kLambda << 1.0F;
  QTest::newRow("huge numbers") << usual << kLambda << 0x1p+126F;
  QTest::newRow("numbers below the normal ones") << usual << kLambda << 0x1p-128F;
  QTest::newRow("alike, so that many sums are near 0") << std::vector{kShare, kShare} << 1.0 << 1.0F;
  QTest::newRow("one negative") << std::vector{0.6 * kShare, -0.7 * kLambda} << kLambda << 1.0F;
  QTest::newRow("both negative") << std::vector{-0.6 * kShare, -0.7 * kLambda} << kLambda << 1.0F;
  QTest::newRow("negative lambda") << usual << -kLambda << 1.0F;
  QTest::newRow("short, with many ties") << std::vector{0.5, 0.5} << 1.0 << 1.0F;
  QTest::newRow("short, of both signs") << std::vector{0.25, -1.0} << 1.0 << 1.0F;
  QTest::newRow("short, with a short lambda") << std::vector{1.0, 0.5} << -0.75 << 1.0F;
  QTest::newRow("short, huge numbers") << std::vector{0.5, 0.5} << 1.0 << 0x1p+126F;
  QTest::newRow("short, numbers below the normal ones") << std::vector{0.5, 0.5} << 1.0 << 0x1p-128F;
  QTest::newRow("short, but more digits than there is room for") << std::vector{0.5 + 0x1p-12, 0.5} << 1.0 << 1.0F;
  QTest::newRow("weights that cancel out") << std::vector{kShare, -kShare} << 1.0 << 1.0F;
  QTest::newRow("huge factors") << std::vector{1e30 * kShare, 1e31 * kLambda} << 1.0 << 1.0F;
  QTest::newRow("tiny lambda") << usual << 1e-30 << 1.0F;
}

// Two task vectors, thinned out in each way, with and without an elected sign.
void TestSixteenBits::quickTasksRoundAlike() {
  QFETCH(std::vector<double>, factors);
  QFETCH(double, lambda);
  QFETCH(float, scale);
  const bool areShort = QByteArray(QTest::currentDataTag()).startsWith("short");
  const std::vector<double> weights = areShort ? factors : std::vector{0.6, factors[1] < 0 ? -0.7 : 0.7};
  for (const DType type : {DType::BF16, DType::F16, DType::F32}) {
    const std::vector<Values> inputs = specialFamily(type, 2, scale);
    const std::size_t count = inputs[0].size();
    std::vector<std::vector<std::uint64_t>> bits(2, std::vector<std::uint64_t>((count + 63) / 64));
    std::vector<Values> thinned(2, Values(count));
    std::mt19937_64 random(7);
    for (std::size_t task = 0; task < 2; ++task) {
      std::generate(bits[task].begin(), bits[task].end(), std::ref(random));
      for (std::size_t i = 0; i < count; ++i) {
        thinned[task][i] = ((bits[task][i / 64] >> (i % 64)) & 1) != 0 ? inputs[task + 1][i] - inputs[0][i] : 0.0F;
      }
    }
    const std::vector<std::vector<TaskEntries>> ways = {{{}, {}},
                                                        {{nullptr, bits[0].data()}, {nullptr, bits[1].data()}},
                                                        {{thinned[0].data(), nullptr}, {thinned[1].data(), nullptr}}};
    for (const std::vector<TaskEntries>& left : ways) {
      for (const auto& [elects, normalizes] : {std::pair(false, false), std::pair(true, true), std::pair(true, false)}) {
        const TaskSum sum{weights, factors, elects, normalizes, lambda};
        const auto add = [&](Narrowing narrowing) {
          Values out(count);
          addTasks(inputs[0], addressesOf(std::span(inputs).subspan(1)), left, sum, narrowing, out);
          return out;
        };
        const Values quick = add(Narrowing::ToBf16);
        QVERIFY(sameBits(written(DType::BF16, quick), written(DType::BF16, add(Narrowing::ToOdd))));
        const int sets = test::onEachInstructionSet([&] { QVERIFY(sameBits(add(Narrowing::ToBf16), quick)); });
        QVERIFY(sets > 0 && !QTest::currentTestFailed());
      }
    }
  }
}

void TestSixteenBits::meansAreRoundedOnce() {
  for (const DType type : kTypes) {
    const std::vector<Values> inputs = storedFamily(type, 1, 400'000);
    MergeSettings settings = halfSettings(type, "slerp", inputs);
    set(settings, "t", kShare);
    // The models are nearly parallel: the formula is that of a line.
    std::vector<double> sums;
    std::transform(inputs[0].begin(), inputs[0].end(), inputs[1].begin(), std::back_inserter(sums),
                   [](double x, double y) { return (1 - kShare) * x + kShare * y; });
    QCOMPARE(countTwiceRounded(type, merged(settings, inputs), sums), std::size_t{0});
  }
}

void TestSixteenBits::rescaledTasksAreRoundedOnce() {
  for (const DType type : kTypes) {
    const std::vector<Values> inputs = storedFamily(type, 2, 400'000);
    MergeSettings settings = halfSettings(type, "breadcrumbs", inputs);
    setAll(settings, "weight", kShare);
    set(settings, 1, "density", 0.5);
    set(settings, 2, "density", 1);
    setAll(settings, "gamma", 0.0);
    set(settings, "rescale", 1);
    set(settings, "lambda", kLambda);
    const Values out = merged(settings, inputs);
    // By what is kept: the factor is the sum of all over the sum of the kept.
    MergeSettings plain = settings;
    plain.narrowing = Narrowing::ToNearest;
    set(plain, "rescale", 0);
    set(plain, 2, "weight", 0);
    const Values kept = merged(plain, inputs);
    double all = 0;
    double some = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double delta = std::abs(static_cast<double>(inputs[1][i]) - inputs[0][i]);
      all += delta;
      some += kept[i] == inputs[0][i] ? 0 : delta;
    }
    QVERIFY(all / some > 1.1);
    std::vector<double> sums;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double base = inputs[0][i];
      const double first = kept[i] == inputs[0][i] ? 0 : kShare * (all / some) * (inputs[1][i] - base);
      sums.push_back(base + kLambda * (first + kShare * (inputs[2][i] - base)));
    }
    QCOMPARE(countTwiceRounded(type, out, sums), std::size_t{0});
  }
}

void TestSixteenBits::electedTasksAreRoundedOnce_data() {
  QTest::addColumn<int>("models");
  for (const int models : {2, 3}) {
    QTest::addRow("%d models", models) << models;
  }
}

void TestSixteenBits::electedTasksAreRoundedOnce() {
  QFETCH(int, models);
  const std::vector<double> weights = {0.0, 0.6 * kShare, -0.3 * kLambda, 0.5};
  for (const DType type : kTypes) {
    const std::vector<Values> inputs = storedFamily(type, static_cast<std::size_t>(models), 400'000);
    MergeSettings settings = halfSettings(type, "ties", inputs);
    set(settings, "lambda", kLambda);
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      set(settings, i, "weight", weights[i]);
    }
    std::vector<double> sums;
    for (std::size_t i = 0; i < inputs[0].size(); ++i) {
      const double base = inputs[0][i];
      double total = 0;
      for (std::size_t m = 1; m < inputs.size(); ++m) {
        total += weights[m] * (inputs[m][i] - base);
      }
      double kept = 0;
      double weight = 0;
      for (std::size_t m = 1; m < inputs.size(); ++m) {
        const double term = weights[m] * (inputs[m][i] - base);
        const bool agrees = term != 0 && (term > 0) == (total >= 0);
        kept += agrees ? term : 0;
        weight += agrees ? weights[m] : 0;
      }
      sums.push_back(base + kLambda * (kept / (weight == 0 ? 1 : weight)));
    }
    QCOMPARE(countTwiceRounded(type, merged(settings, inputs), sums), std::size_t{0});
  }
}

void TestSixteenBits::equalModelsStayAsTheyAre_data() {
  QTest::addColumn<std::string>("method");
  for (const char* method : {"slerp", "nuslerp", "multislerp", "karcher", "model_stock", "nearswap", "arcee_fusion", "sce", "ram", "ties",
                             "task_arithmetic", "breadcrumbs"}) {
    QTest::newRow(method) << std::string(method);
  }
}

// Models of 32 bits whose numbers lie just between two numbers of the result.
void TestSixteenBits::equalModelsStayAsTheyAre() {
  QFETCH(std::string, method);
  Values model;
  for (const double sum : aroundMidpoints()) {
    model.push_back(static_cast<float>(sum));
  }
  const std::vector<Values> inputs(inputsOf(method.c_str(), 2), model);
  for (const DType type : kTypes) {
    MergeSettings settings = halfSettings(type, method.c_str(), inputs);
    set(settings, "t", 0.3);
    setAll(settings, "weight", 0.3);
    QVERIFY(sameBits(written(type, merged(settings, inputs)), written(type, model)));
  }
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestSixteenBits)
#include "tst_sixteen_bits.moc"
