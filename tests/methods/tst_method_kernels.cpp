// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/methods/precise_divergence.h"
#include "core/methods/row_divergence.h"
#include "tests/common/instruction_sets.h"
#include "tests/methods/method_driver.h"

namespace layerloom {
namespace {

constexpr std::size_t kLanes = 16;
using Lanes = std::array<float, kLanes>;
using Accumulators = std::array<Lanes, 4>;

/// The exponential of PyTorch's vectors, operation by operation.
float exponential(float x) {
  if (!(x >= -87)) {
    return x < -87 ? 0 : x;
  }
  const float n = std::nearbyint(x * 1.442695041F);
  const float r = std::fma(n, -1.428606765330187e-06F, std::fma(n, -0.693145751953125F, x));
  float sum = 0.000198527617612854F;
  for (const float coefficient :
       {0.00139304355252534F, 0.00833336077630520F, 0.0416664853692055F, 0.166666671633720F, 0.5F}) {
    sum = std::fma(sum, r, coefficient);
  }
  return std::ldexp(1 + std::fma(r * r, sum, r), static_cast<int>(n));
}

float sumOfHalves(const Values& values) {
  if (values.size() < kLanes) {
    return std::accumulate(values.begin() + 1, values.end(), values[0]);
  }
  Lanes lanes{};
  std::copy_n(values.begin(), kLanes, lanes.begin());
  for (std::size_t i = kLanes; i < values.size(); ++i) {
    lanes[i % kLanes] += values[i];
  }
  for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) {
      lanes[i] += lanes[i + half];
    }
  }
  return lanes[0];
}

Values softmax(const Values& row) {
  Values out;
  const float greatest = *std::max_element(row.begin(), row.end());
  std::transform(row.begin(), row.end(), std::back_inserter(out), [&](float x) { return exponential(x - greatest); });
  const float share = 1 / sumOfHalves(out);
  std::for_each(out.begin(), out.end(), [&](float& p) { p = p * share + 1e-8F; });
  return out;
}

void add(Accumulators& to, const Accumulators& from) {
  for (std::size_t k = 0; k < 4; ++k) {
    std::transform(to[k].begin(), to[k].end(), from[k].begin(), to[k].begin(), std::plus<>());
  }
}

/// Blocks of 64 terms in four levels; a level is emptied into the next after 2ᵖ sums.
float sumOfTerms(const Values& terms) {
  const std::size_t blocks = terms.size() / 64;
  const auto width = static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(blocks, 1) - 1));
  const std::size_t power = std::max<std::size_t>(4, width / 4);
  std::array<Accumulators, 4> levels{};
  for (std::size_t block = 0; block < blocks; ++block) {
    Accumulators piece;
    std::copy_n(terms.begin() + static_cast<std::ptrdiff_t>(64 * block), 64, &piece[0][0]);
    add(levels[0], piece);
    for (std::size_t level = 1; level < 4 && ((block + 1) & ((std::size_t{1} << (level * power)) - 1)) == 0; ++level) {
      add(levels[level], levels[level - 1]);
      levels[level - 1] = {};
    }
  }
  for (std::size_t level = 1; level < 4; ++level) {
    add(levels[0], levels[level]);
  }
  Lanes lanes = levels[0][0];
  std::size_t i = 64 * blocks;
  for (; i < terms.size() / kLanes * kLanes; ++i) {
    lanes[i % kLanes] += terms[i];
  }
  for (std::size_t k = 1; k < 4; ++k) {
    std::transform(lanes.begin(), lanes.end(), levels[0][k].begin(), lanes.begin(), std::plus<>());
  }
  const float rest = std::accumulate(terms.begin() + static_cast<std::ptrdiff_t>(i), terms.end(), 0.0F);
  return std::accumulate(lanes.begin(), lanes.end(), rest);
}

float divergenceOf(const Values& x, const Values& y) {
  Values terms = softmax(x);
  const Values q = softmax(y);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const double quotient = terms[i] / q[i];
    terms[i] *= static_cast<float>(std::log(quotient));
  }
  return std::max(sumOfTerms(terms), 0.0F);
}

/// Of rows of float32 numbers, in extended precision.
long double exactDivergence(const Values& x, const Values& y) {
  const auto probabilities = [](const Values& row) {
    const long double greatest = *std::max_element(row.begin(), row.end());
    std::vector<long double> all;
    std::transform(row.begin(), row.end(), std::back_inserter(all), [&](float value) { return std::exp(static_cast<long double>(value) - greatest); });
    const long double sum = std::accumulate(all.begin(), all.end(), 0.0L);
    std::for_each(all.begin(), all.end(), [&](long double& p) { p = p / sum + 1e-8L; });
    return all;
  };
  const auto p = probabilities(x);
  const auto q = probabilities(y);
  long double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    // The difference of p and q is taken out, which is 0 in all, so that nothing is lost in the sum.
    const long double difference = p[i] - q[i];
    sum += p[i] * std::log1p(difference / q[i]) - difference;
  }
  return sum;
}

class TestMethodKernels : public QObject {
  Q_OBJECT

 private slots:
  void divergenceKeepsItsOrder_data();
  void divergenceKeepsItsOrder();
  void divergenceOfNanIsNan();
  void preciseDivergence_data();
  void preciseDivergence();
  void instructionSetsDoNotMatter_data();
  void instructionSetsDoNotMatter();
};

void TestMethodKernels::divergenceKeepsItsOrder_data() {
  QTest::addColumn<int>("row");
  QTest::addColumn<int>("rows");
  QTest::addColumn<float>("scale");
  for (const float scale : {0.02F, 1.0F, 40.0F}) {
    for (const int row : {1, 5, 15, 16, 17, 63, 64, 100, 896, 1024, 4864}) {
      QTest::addRow("%d of %g", row, static_cast<double>(scale)) << row << std::max(1, 5000 / row) << scale;
    }
    QTest::addRow("long of %g", static_cast<double>(scale)) << 100'003 << 1 << scale;
  }
}

void TestMethodKernels::divergenceKeepsItsOrder() {
  QFETCH(int, row);
  QFETCH(int, rows);
  QFETCH(float, scale);
  for (int i = 0; i < rows; ++i) {
    const auto seed = static_cast<std::uint32_t>(2 * i);
    const Values x = randomValues(static_cast<std::size_t>(row), seed, scale);
    Values y = randomValues(static_cast<std::size_t>(row), seed + 1, scale / 4);
    std::transform(x.begin(), x.end(), y.begin(), y.begin(), std::plus<>());
    const float wanted = divergenceOf(x, y);
    const int sets = test::onEachInstructionSet([&] { QCOMPARE(RowDivergence()(x, y), wanted); });
    QVERIFY(sets > 0 && !QTest::currentTestFailed());
  }
}

void TestMethodKernels::divergenceOfNanIsNan() {
  for (const std::size_t row : {3U, 16U, 900U}) {
    for (const std::size_t at : {std::size_t{0}, row / 2, row - 1}) {
      for (const float odd : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        const Values x = randomValues(row, 1);
        Values y = x;
        y[at] = odd;
        const int sets = test::onEachInstructionSet([&] {
          QVERIFY(std::isnan(RowDivergence()(x, y)));
          QVERIFY(std::isnan(RowDivergence()(y, x)));
          QVERIFY(std::isnan(PreciseDivergence()(x, y)));
          QVERIFY(std::isnan(PreciseDivergence()(y, x)));
        });
        QVERIFY(sets > 0 && !QTest::currentTestFailed());
      }
    }
  }
}

void TestMethodKernels::preciseDivergence_data() {
  QTest::addColumn<int>("row");
  QTest::addColumn<float>("scale");
  QTest::addColumn<float>("apart");
  QTest::addColumn<float>("shift");
  // Values and differences on either side of the bounds between which the ways to it change.
  for (const int row : {1, 2, 7, 17, 896, 4864, 60'000}) {
    for (const float scale : {0.02F, 0.12F, 0.13F, 0.49F, 0.51F, 8.0F}) {
      for (const float apart : {1e-5F, 1e-3F, 0.0038F, 0.004F, 0.03F, 0.033F, 2.0F}) {
        QTest::addRow("%d of %g, %g apart", row, static_cast<double>(scale), static_cast<double>(apart)) << row << scale << apart << 0.0F;
      }
      for (const float apart : {1e-5F, 3e-4F}) {
        for (const float shift : {1e-3F, 0.003F, 0.02F}) {
          QTest::addRow("%d of %g, %g apart and %g", row, static_cast<double>(scale), static_cast<double>(apart), static_cast<double>(shift))
              << row << scale << apart << shift;
        }
      }
    }
  }
}

void TestMethodKernels::preciseDivergence() {
  QFETCH(int, row);
  QFETCH(float, scale);
  QFETCH(float, apart);
  QFETCH(float, shift);
  const Values x = randomValues(static_cast<std::size_t>(row), 1, scale);
  Values y = randomValues(static_cast<std::size_t>(row), 2, apart);
  std::transform(x.begin(), x.end(), y.begin(), y.begin(), [&](float value, float difference) { return value + difference + shift; });
  const auto wanted = static_cast<double>(exactDivergence(x, y));
  std::vector<double> all;
  const int sets = test::onEachInstructionSet([&] { all.push_back(PreciseDivergence()(x, y)); });
  QVERIFY(sets > 0);
  for (const double found : all) {
    QCOMPARE(found, all.front());
    QVERIFY2(std::abs(found - wanted) <= 1e-8 * wanted + 1e-20, qPrintable(QString("%1 for %2").arg(found, 0, 'g', 12).arg(wanted, 0, 'g', 12)));
  }
}

void TestMethodKernels::instructionSetsDoNotMatter_data() {
  QTest::addColumn<std::string>("method");
  QTest::addColumn<int>("models");
  QTest::addColumn<bool>("base");
  QTest::addColumn<double>("parameter");
  const auto row = [](const char* method, int models, bool base, double parameter) {
    QTest::addRow("%s %d %d %g", method, models, base, parameter) << std::string(method) << models << base << parameter;
  };
  row("nearswap", 2, true, 0.05);
  row("arcee_fusion", 2, true, 0);
  for (const int models : {3, 4, 6}) {
    row("ram", models, true, 0.05);
    row("ramplus_tl", models, true, 0.05);
    row("sce", models, true, 1);
    row("sce", models, true, 0.4);
  }
  row("nuslerp", 2, false, 1);
  row("nuslerp", 3, true, 1);
}

void TestMethodKernels::instructionSetsDoNotMatter() {
  QFETCH(std::string, method);
  QFETCH(int, models);
  QFETCH(bool, base);
  QFETCH(double, parameter);
  // Lengths that fill no vector, and more than one chunk.
  for (const std::vector<std::uint64_t>& shape : {std::vector<std::uint64_t>{3}, {1, 37}, {211, 907}, {50'001, 3}}) {
    const std::uint64_t count = shape.size() == 1 ? shape[0] : shape[0] * shape[1];
    std::vector<Values> inputs = family(static_cast<std::size_t>(models) - 1, count, 7);
    for (std::size_t i = 0; i < count; i += 5) {
      inputs.back()[i] = inputs.front()[i];
    }
    MergeSettings settings = settingsFor(method.c_str(), inputs, shape);
    settings.base = base ? std::optional<std::size_t>(0) : std::nullopt;
    for (const char* name : {"t", "epsilon", "select_topk", "nuslerp_row_wise"}) {
      set(settings, name, parameter);
    }
    set(settings, "nuslerp_flatten", 0);
    const Values best = merged(settings, inputs);
    QVERIFY(count < 100 || (!sameBits(best, inputs[0]) && !sameBits(best, inputs[1])));
    const int sets = test::onEachInstructionSet([&] { QVERIFY(sameBits(merged(settings, inputs), best)); });
    QVERIFY(sets > 0 && !QTest::currentTestFailed());
  }
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestMethodKernels)
#include "tst_method_kernels.moc"
