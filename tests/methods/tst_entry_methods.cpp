// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <numeric>

#include "core/methods/bracketed_ranks.h"
#include "tests/methods/method_driver.h"

namespace layerloom {
namespace {

using Doubles = std::vector<double>;

Doubles softmax(std::span<const float> row) {
  Doubles out(row.begin(), row.end());
  const double greatest = *std::max_element(out.begin(), out.end());
  double sum = 0;
  for (double& value : out) {
    value = std::exp(value - greatest);
    sum += value;
  }
  for (double& value : out) {
    value = value / sum + 1e-8;
  }
  return out;
}

/// arcee_fusion in float64: the importance of every entry, then quantiles by sorting.
struct Fusion {
  Doubles importance;
  Doubles room;  ///< by which an importance formed in float32 may be off
  double threshold = 0;
  double thresholdRoom = 0;
  bool spread = true;  ///< false: the threshold is one of the importances, and was not formed by arithmetic
};

Fusion fusionOf(const Values& base, const Values& other, std::size_t row, bool precise) {
  // Each probability, quotient and logarithm is off by some units of 2⁻²⁴, hence their sum, weighted by probabilities,
  // by as many. A precise choice is off by the rounding of importances alone.
  const double divergenceRoom = precise ? 0 : 8 * 0x1p-24;
  Fusion fusion{Doubles(base.size()), Doubles(base.size())};
  for (std::size_t start = 0; start < base.size(); start += row) {
    const Doubles p = softmax(std::span(other).subspan(start, row));
    const Doubles q = softmax(std::span(base).subspan(start, row));
    double divergence = 0;
    for (std::size_t i = 0; i < row; ++i) {
      divergence += p[i] * std::log(p[i] / q[i]);
    }
    for (std::size_t i = start; i < start + row; ++i) {
      const double delta = std::abs(static_cast<double>(other[i]) - base[i]);
      fusion.importance[i] = delta * std::max(0.0, divergence);
      fusion.room[i] = delta * divergenceRoom + fusion.importance[i] * 0x1p-22;
    }
  }
  // An entry at a rank moves by no more than the entries move.
  const auto sorted = [](Doubles values, double sign, const Doubles& room) {
    std::transform(values.begin(), values.end(), room.begin(), values.begin(),
                   [sign](double value, double by) { return value + sign * by; });
    std::sort(values.begin(), values.end());
    return values;
  };
  const auto at = [&](double q) { return static_cast<std::size_t>(q * static_cast<double>(base.size() - 1)); };
  const auto threshold = [&](const Doubles& low, const Doubles& high) {
    return high[at(0.5)] + 1.5 * (high[at(0.75)] - low[at(0.25)]);
  };
  const Doubles middle = sorted(fusion.importance, 0, fusion.room);
  const Doubles high = sorted(fusion.importance, 1, fusion.room);
  const Doubles low = sorted(fusion.importance, -1, fusion.room);
  fusion.threshold = threshold(middle, middle);
  fusion.spread = middle[at(0.75)] > middle[at(0.25)];
  fusion.thresholdRoom = std::max(threshold(low, high) - fusion.threshold, fusion.threshold - threshold(high, low)) +
                         0x1p-22 * fusion.threshold;
  return fusion;
}

Doubles ramOf(const std::vector<Values>& inputs, double epsilon, double r, double alpha) {
  const std::size_t models = inputs.size() - 1;
  const std::size_t count = inputs[0].size();
  std::vector<std::vector<bool>> changed(models, std::vector<bool>(count));
  std::vector<int> changing(count, 0);
  for (std::size_t m = 0; m < models; ++m) {
    for (std::size_t i = 0; i < count; ++i) {
      changed[m][i] = std::fabs(inputs[m + 1][i] - inputs[0][i]) > static_cast<float>(epsilon);
      changing[i] += changed[m][i] ? 1 : 0;
    }
  }
  Doubles out(inputs[0].begin(), inputs[0].end());
  for (std::size_t m = 0; m < models; ++m) {
    double shared = 0;
    double unique = 0;
    for (std::size_t i = 0; i < count; ++i) {
      shared += changed[m][i] && changing[i] > 1 ? 1 : 0;
      unique += changed[m][i] && changing[i] == 1 ? 1 : 0;
    }
    const double factor = 1 + r * std::clamp(shared / std::max(unique, epsilon), 0.0, alpha);
    for (std::size_t i = 0; i < count; ++i) {
      const double delta = static_cast<double>(inputs[m + 1][i]) - inputs[0][i];
      out[i] += !changed[m][i] ? 0 : changing[i] == 1 ? factor * delta : delta / changing[i];
    }
  }
  return out;
}

Doubles sceOf(const std::vector<Values>& inputs, double share) {
  const std::size_t models = inputs.size() - 1;
  const std::size_t count = inputs[0].size();
  std::vector<Doubles> deltas(models, Doubles(count));
  Values variances(count);
  for (std::size_t i = 0; i < count; ++i) {
    double mean = 0;
    for (std::size_t m = 0; m < models; ++m) {
      deltas[m][i] = inputs[m + 1][i] - inputs[0][i];
      mean += deltas[m][i];
    }
    mean /= static_cast<double>(models);
    double sum = 0;
    for (std::size_t m = 0; m < models; ++m) {
      sum += (deltas[m][i] - mean) * (deltas[m][i] - mean);
    }
    variances[i] = static_cast<float>(sum / static_cast<double>(models));
  }
  if (share < 1) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return variances[a] > variances[b]; });
    const auto nonzero = count - static_cast<std::size_t>(std::count(variances.begin(), variances.end(), 0.0F));
    const auto kept = static_cast<std::size_t>(static_cast<float>(nonzero) * static_cast<float>(share));
    for (std::size_t at = kept; at < count; ++at) {
      for (Doubles& delta : deltas) {
        delta[order[at]] = 0;
      }
    }
  }
  Doubles weights(models);
  double total = 0;
  for (std::size_t m = 0; m < models; ++m) {
    weights[m] = std::inner_product(deltas[m].begin(), deltas[m].end(), deltas[m].begin(), 0.0) / static_cast<double>(count);
    total += weights[m];
  }
  for (double& weight : weights) {
    weight = total < 1e-6 ? 1.0 / static_cast<double>(models) : weight / total;
  }
  Doubles out(inputs[0].begin(), inputs[0].end());
  for (std::size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (const Doubles& delta : deltas) {
      sum += delta[i];
    }
    double change = 0;
    double weight = 0;
    for (std::size_t m = 0; m < models; ++m) {
      if (deltas[m][i] != 0 && (deltas[m][i] > 0) == (sum >= 0)) {
        change += weights[m] * deltas[m][i];
        weight += weights[m];
      }
    }
    out[i] += change / std::max(weight, 1e-6);
  }
  return out;
}

class TestEntryMethods : public QObject {
  Q_OBJECT

 private slots:
  void nearswapSwapsWhatIsNear();
  void nearswapEndsAtItsInputs();
  void nearswapKeepsOddValues();
  void arceeFusionTakesOverWhatStandsOut_data();
  void arceeFusionTakesOverWhatStandsOut();
  void arceeFusionTakesWhatLiesAtTheThreshold();
  void arceeFusionSamplesNoLongRows();
  void bracketsFindRanksOrGiveUp();
  void ramAddsUniqueChangesInFull();
  void ramCountsAndRescales_data();
  void ramCountsAndRescales();
  void sceSelectsWeighsAndErases_data();
  void sceSelectsWeighsAndErases();
  void sceGivesALoneModel();
};

void TestEntryMethods::nearswapSwapsWhatIsNear() {
  const std::vector<Values> inputs = family(1, 300'000, 1, 0.01F);
  MergeSettings settings = settingsFor("nearswap", inputs);
  const double t = 0.003;
  set(settings, "t", t);
  Doubles wanted;
  std::size_t swapped = 0;
  for (std::size_t i = 0; i < inputs[0].size(); ++i) {
    const double base = inputs[0][i];
    const double other = inputs[1][i];
    const double share = std::clamp(t / std::max(std::abs(base - other), 1e-6), 0.0, 1.0);
    wanted.push_back(share * other + (1 - share) * base);
    swapped += share == 1 ? 1 : 0;
  }
  QVERIFY(swapped > 1000 && swapped < 299'000);
  QVERIFY(isNear(merged(settings, inputs), wanted));
}

void TestEntryMethods::nearswapEndsAtItsInputs() {
  const std::vector<Values> inputs = family(1, 1000, 2, 0.01F);
  MergeSettings settings = settingsFor("nearswap", inputs);
  set(settings, "t", 0);
  QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
  set(settings, "t", 1000);
  QVERIFY(sameBits(merged(settings, inputs), inputs[1]));
}

void TestEntryMethods::nearswapKeepsOddValues() {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  // Where a value is infinite the other one has no share; where the models agree the sign of a zero stays.
  const Values bases = {1, kInfinity, kInfinity, -0.0F, 0, kNan, 1, 5e-7F};
  const Values others = {kInfinity, 1, -kInfinity, -0.0F, -0.0F, 1, kNan, 0};
  const std::vector<Values> inputs = {bases, others};
  MergeSettings settings = settingsFor("nearswap", inputs);
  set(settings, "t", 1e-7);
  const Values out = merged(settings, inputs);
  QVERIFY(sameBits(Values(out.begin(), out.begin() + 5), Values(bases.begin(), bases.begin() + 5)));
  QVERIFY(std::isnan(out[5]) && std::isnan(out[6]));
  // Differences below 1e-6 count as 1e-6, so that a tenth of this one is gone over.
  QVERIFY(std::fabs(out[7] / 4.5e-7F - 1) < 1e-6F);
}

void TestEntryMethods::arceeFusionTakesOverWhatStandsOut_data() {
  QTest::addColumn<std::vector<std::uint64_t>>("shape");
  QTest::addColumn<bool>("coarse");
  QTest::addColumn<bool>("precise");
  for (const auto& [coarse, precise] : {std::pair{false, false}, std::pair{false, true}, std::pair{true, false}, std::pair{true, true}}) {
    const auto row = [coarse = coarse, precise = precise](const char* name, std::vector<std::uint64_t> shape) {
      QTest::addRow("%s %d %d", name, coarse, precise) << std::move(shape) << coarse << precise;
    };
    row("vector", {300'000});
    row("matrix", {500, 600});
    row("odd rows", {3001, 99});
    row("short rows", {60'000, 5});
    row("four axes", {5, 10, 60, 100});
    row("small", {2, 3});
  }
}

void TestEntryMethods::arceeFusionTakesOverWhatStandsOut() {
  QFETCH(std::vector<std::uint64_t>, shape);
  QFETCH(bool, coarse);
  QFETCH(bool, precise);
  const std::uint64_t count = std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
  std::vector<Values> inputs = family(1, count, 3, 0.3F);
  if (coarse) {
    for (Values& input : inputs) {
      std::for_each(input.begin(), input.end(), [](float& value) { value = std::round(value * 2) / 2; });
    }
  }
  MergeSettings settings = settingsFor("arcee_fusion", inputs, shape);
  settings.choosesPrecisely = precise;
  const Fusion wanted = fusionOf(inputs[0], inputs[1], shape.back(), precise);
  const Sample sample = coarse ? Sample::Vague : Sample::Fair;  // of many equal importances too many would be collected
  const Values out = merged(settings, inputs, 1, sample);
  QVERIFY(sameBits(merged(settings, inputs, 16, sample), out));
  // Whatever a sample holds, the same entries are taken.
  QVERIFY(sameBits(merged(settings, inputs, 3, Sample::None), out));
  QVERIFY(sameBits(merged(settings, inputs, 3, Sample::Misleading), out));
  std::size_t taken = 0;
  std::size_t open = 0;  // so near the threshold that float32 decides
  for (std::size_t i = 0; i < count; ++i) {
    const double above = wanted.importance[i] - wanted.threshold;
    const bool isOpen = std::abs(above) <= wanted.room[i] + wanted.thresholdRoom && (wanted.spread || above != 0);
    open += isOpen ? 1 : 0;
    taken += above >= 0 ? 1 : 0;
    QVERIFY2(isOpen ? out[i] == inputs[0][i] || out[i] == inputs[1][i] : out[i] == inputs[above >= 0 ? 1 : 0][i],
             std::to_string(i).c_str());
  }
  QVERIFY2(open <= 1 + count / 10'000, std::to_string(open).c_str());
  QVERIFY(taken > 0 && (coarse || count < 10 || taken < count));
}

// Changes of 0 to 7, 12 of each: quartiles of 2, 4 and 6 make a threshold of 10, and the change of 10 lies at it whatever the divergence.
void TestEntryMethods::arceeFusionTakesWhatLiesAtTheThreshold() {
  for (const float base : {0.7F, 0.3F, 1.1F, 3.3F, 0.9F}) {
    std::vector<Values> inputs(2);
    for (std::size_t i = 0; i < 97; ++i) {
      inputs[0].push_back(std::round(base * static_cast<float>(i % 13) * 64) / 64);
      const std::size_t change = i < 96 ? i / 12 : 10;
      inputs[1].push_back(inputs[0][i] + static_cast<float>(change) / 64);
    }
    MergeSettings settings = settingsFor("arcee_fusion", inputs);
    settings.choosesPrecisely = true;
    const Values out = merged(settings, inputs);
    QCOMPARE(out.back(), inputs[1].back());
    QVERIFY(std::equal(out.begin(), out.end() - 1, inputs[0].begin()));
  }
}

// A sample is held in memory, whatever the shape.
void TestEntryMethods::arceeFusionSamplesNoLongRows() {
  const auto sizeFor = [](std::uint64_t rows, std::uint64_t row) {
    MergeSettings settings = settingsFor("arcee_fusion", {Values(1), Values(1)}, {rows, row});
    settings.elements = rows * row;
    return (*makeTensorMerge(settings))->sampleSize();
  };
  QVERIFY(sizeFor(10'000, 1000) >= 16 * 1024);
  for (const std::uint64_t row : {1000U, 40'000U, 50'000U, 1'000'000U}) {
    QVERIFY(sizeFor(100'000, row) <= 1024 * 1024);
  }
}

void TestEntryMethods::bracketsFindRanksOrGiveUp() {
  constexpr std::size_t kCount = 100'000;
  constexpr std::size_t kRow = 500;
  const Values values = randomValues(kCount, 4);
  Values sorted = values;
  std::sort(sorted.begin(), sorted.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
  constexpr std::array<std::uint64_t, 3> kRanks = {0, kCount / 3, kCount - 1};
  const std::vector<std::uint32_t> wanted = {magnitudeBits(sorted[0]), magnitudeBits(sorted[kCount / 3]), magnitudeBits(sorted.back())};
  const auto found = [&](std::span<const float> sample) {
    BracketedRanks ranks(kRanks, kCount, sample, kRow);
    for (std::size_t at = 0; at < kCount; at += kCount / 4) {
      BracketedRanks::View view;
      ranks.observe(view, std::span(values).subspan(at, kCount / 8));
      ranks.observe(view, std::span(values).subspan(at + kCount / 8, kCount / 8));
      ranks.absorb(view);
    }
    return ranks.find();
  };
  QCOMPARE(found(std::span(values).first(kCount / 10)), std::optional(wanted));
  // Of another tensor, whose magnitudes are greater.
  QCOMPARE(found(randomValues(kCount / 10, 5, 9)), std::nullopt);

  // Rows of very different magnitudes say little of the others.
  Values uneven(values.begin(), values.begin() + 20 * kRow);
  for (std::size_t i = 0; i < uneven.size(); ++i) {
    uneven[i] = std::ldexp(uneven[i], static_cast<int>(i / kRow));
  }
  constexpr std::array<std::uint64_t, 3> kQuartiles = {kCount / 4, kCount / 2, kCount / 4 * 3};
  QVERIFY(BracketedRanks(kQuartiles, kCount, std::span(values).first(20 * kRow), kRow).arePromising());
  QVERIFY(!BracketedRanks(kQuartiles, kCount, uneven, kRow).arePromising());

  // So many equal magnitudes have no room.
  constexpr std::uint64_t kHuge = 40'000'000;
  const Values equal(4'000'000, 1.0F);
  BracketedRanks ranks(std::array{kHuge / 2}, kHuge, std::span(equal).first(kRow), kRow);
  QVERIFY(!ranks.arePromising());
  for (std::size_t at = 0; at < kHuge; at += equal.size()) {
    BracketedRanks::View view;
    ranks.observe(view, equal);
    ranks.absorb(view);
  }
  QCOMPARE(ranks.find(), std::nullopt);
}

void TestEntryMethods::ramAddsUniqueChangesInFull() {
  // By position: one changes; two change; nobody does; a change below epsilon.
  const std::vector<Values> inputs = {{1, 1, 1, 1}, {3, 2, 1, 1.0000001F}, {1, 4, 1, 1}};
  QCOMPARE(merged(settingsFor("ram", inputs), inputs), (Values{3, 3, 1, 1}));
  MergeSettings settings = settingsFor("ramplus_tl", inputs);
  set(settings, "alpha", 10);
  set(settings, "r", 0.5);
  // The first model shares one change and has one alone: 1 + 0.5 · 1/1.
  QCOMPARE(merged(settings, inputs), (Values{4, 3, 1, 1}));
  set(settings, "alpha", 0.5);
  QCOMPARE(merged(settings, inputs), (Values{3.5F, 3, 1, 1}));
}

void TestEntryMethods::ramCountsAndRescales_data() {
  QTest::addColumn<std::string>("method");
  QTest::newRow("ram") << std::string("ram");
  QTest::newRow("ramplus_tl") << std::string("ramplus_tl");
}

void TestEntryMethods::ramCountsAndRescales() {
  QFETCH(std::string, method);
  const std::vector<Values> inputs = family(3, 400'000, 10, 0.01F);
  MergeSettings settings = settingsFor(method.c_str(), inputs);
  set(settings, "epsilon", 0.015);
  set(settings, "r", 0.7);
  set(settings, "alpha", 0.9);
  const double r = method == "ram" ? 0 : 0.7;
  const Doubles wanted = ramOf(inputs, 0.015, r, 0.9);
  const Values out = merged(settings, inputs, 1);
  QVERIFY(isNear(out, wanted));
  QVERIFY(sameBits(out, merged(settings, inputs, 5)));
  QVERIFY(method == "ram" || !isNear(out, ramOf(inputs, 0.015, 0, 0.9)));
}

void TestEntryMethods::sceSelectsWeighsAndErases_data() {
  QTest::addColumn<double>("share");
  QTest::addColumn<bool>("coarse");
  QTest::addColumn<int>("models");
  for (const double share : {0.0, 0.00001, 0.29, 0.5, 0.999, 1.0}) {
    for (const bool coarse : {false, true}) {
      for (const int models : {2, 3}) {
        QTest::addRow("%g %s %d models", share, coarse ? "many equal" : "distinct", models) << share << coarse << models;
      }
    }
  }
}

void TestEntryMethods::sceSelectsWeighsAndErases() {
  QFETCH(double, share);
  QFETCH(bool, coarse);
  QFETCH(int, models);
  std::vector<Values> inputs = family(static_cast<std::size_t>(models), 2 * kChunkElements + 4321, 20, 0.5F);
  if (coarse) {
    for (Values& input : inputs) {
      std::for_each(input.begin(), input.end(), [](float& value) { value = std::round(value * 4) / 4; });
    }
  }
  MergeSettings settings = settingsFor("sce", inputs);
  set(settings, "select_topk", share);
  const Doubles wanted = sceOf(inputs, share);
  for (const std::uint64_t chunks : {1U, 2U, 16U}) {
    const Values out = merged(settings, inputs, chunks);
    for (std::size_t i = 0; i < out.size(); ++i) {
      QVERIFY2(std::abs(out[i] - wanted[i]) <= 3e-7 + 2e-7 * std::abs(wanted[i]), std::to_string(i).c_str());
    }
  }
}

void TestEntryMethods::sceGivesALoneModel() {
  const std::vector<Values> inputs = family(1, 5000, 30);
  MergeSettings settings = settingsFor("sce", inputs);
  QVERIFY(sameBits(merged(settings, inputs), inputs[1]));
  // One model varies nowhere: nothing is selected.
  set(settings, "select_topk", 0.5);
  QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestEntryMethods)
#include "tst_entry_methods.moc"
