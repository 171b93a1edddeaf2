// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numeric>

#include <QTemporaryDir>
#include <QTest>

#include "tests/conformance/conformance_case.h"

using layerloom::test::addCases;
using layerloom::test::CliRun;
using layerloom::test::expectedTensors;
using layerloom::test::mergeCase;
using layerloom::test::modelTensors;
using layerloom::test::outputIn;
using layerloom::test::RawTensor;
using layerloom::test::readBytes;
using layerloom::test::readModelFolder;
using layerloom::test::structureOf;
using layerloom::test::Tensors;
using layerloom::test::valuesOf;

/// The cases of conformance/cases whose numbers are drawn: mergekit's stream cannot be repeated, but what it makes of a
/// tensor has a structure that must hold.
class TestConformanceRandom : public QObject {
  Q_OBJECT

 private slots:
  void entriesOfOneModelAreKept_data();
  void entriesOfOneModelAreKept();
  void dareTiesElectsSigns();
  void randomCasesDependOnTheSeedAlone_data();
  void randomCasesDependOnTheSeedAlone();
};

namespace {

std::vector<double> deltasOf(const RawTensor& tensor, const RawTensor& base) {
  std::vector<double> deltas = valuesOf(tensor);
  const std::vector<double> from = valuesOf(base);
  for (std::size_t i = 0; i < deltas.size(); ++i) {
    // The program subtracts in float32.
    deltas[i] = static_cast<float>(deltas[i]) - static_cast<float>(from[i]);
  }
  return deltas;
}

/// How often something came out against its probability, over many trials.
struct Tally {
  double trials = 0;
  double hits = 0;
  double expected = 0;
  double variance = 0;

  void add(bool hit, double probability) {
    trials += 1;
    hits += hit ? 1 : 0;
    expected += probability;
    variance += probability * (1 - probability);
  }
  bool agrees() const { return std::fabs(hits - expected) <= 5 * std::sqrt(variance) + 1e-9; }
};

/// Where a difference is too small beside the base for float32, one cannot tell a kept entry from a dropped one.
bool isTellable(double delta, double base) {
  return std::fabs(delta) > 1e-4 * std::fabs(base) + 1e-9;
}

bool isNear(double got, double want, double base) {
  return std::fabs(got - want) <= 1e-5 * std::fabs(want) + 3e-7 * (1 + std::fabs(base));
}

/// Where each |δ| stands in its row: 0 for the smallest, 1 for the largest.
std::vector<double> heightsOf(const std::vector<double>& deltas, std::size_t rowLength) {
  std::vector<double> heights(deltas.size());
  std::vector<std::size_t> order(rowLength);
  for (std::size_t row = 0; row < deltas.size(); row += rowLength) {
    std::iota(order.begin(), order.end(), row);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::fabs(deltas[a]) < std::fabs(deltas[b]); });
    for (std::size_t rank = 0; rank < rowLength; ++rank) {
      heights[order[rank]] = static_cast<double>(rank) / static_cast<double>(rowLength - 1);
    }
  }
  return heights;
}

/// A tensor of a merge in which one model alone counts, with weight 1.
struct KeptTensor {
  std::vector<double> got;
  std::vector<double> base;
  std::vector<double> deltas;

  bool isKept(std::size_t i) const { return got[i] != base[i]; }

  /// Whether all entries that were kept came out times Σ|δ| / Σ|kept δ|, or times 1.
  bool sharesFactor(bool rescale) const {
    double sum = 0;
    double keptSum = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      sum += std::fabs(deltas[i]);
      keptSum += isKept(i) ? std::fabs(deltas[i]) : 0;
    }
    const double factor = rescale && sum >= 1e-7 && keptSum >= 1e-7 ? sum / keptSum : 1.0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (isKept(i) && !isNear(got[i], base[i] + factor * deltas[i], base[i])) {
        return false;
      }
    }
    return true;
  }
};

/// A tensor of a dare_ties merge of two models with weight one half each, and what must hold of it.
struct ElectedTensor {
  std::vector<double> got;
  std::vector<double> base;
  std::vector<double> deltas[2];

  /// The factors by which a model's entries came out where the models disagree in sign, so that it is clear whose entry
  /// it is.
  std::vector<double> factorsOf(int model) const {
    std::vector<double> factors;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double change = got[i] - base[i];
      // Large against the base's last digits, so that the factor comes out with four digits.
      const bool opposite = deltas[0][i] * deltas[1][i] <= 0 && std::fabs(change) > 1e-3 * (0.1 + std::fabs(base[i]));
      if (opposite && change * deltas[model][i] > 0) {
        factors.push_back(change / (0.5 * deltas[model][i]));
      }
    }
    return factors;
  }

  /// Counts what was kept of either model where both agree in sign; says what is wrong, or nothing.
  std::string check(Tally& firstKept, Tally& secondKept) const {
    double factor[2] = {};
    for (int model = 0; model < 2; ++model) {
      const std::vector<double> factors = factorsOf(model);
      if (factors.empty()) {
        return {};  // too small a tensor to tell
      }
      const auto [least, most] = std::minmax_element(factors.begin(), factors.end());
      factor[model] = (*most + *least) / 2;
      const bool plausible = got.size() < 256 || (factor[model] > 1.5 && factor[model] < 2.8);
      if (*most - *least > 2e-3 * *most || !plausible) {
        return "entries of one model do not share one factor near 2";
      }
    }
    for (std::size_t i = 0; i < got.size(); ++i) {
      const bool agree = deltas[0][i] * deltas[1][i] > 0;
      if (agree && isTellable(deltas[0][i], base[i]) && isTellable(deltas[1][i], base[i]) &&
          !countKept(i, factor, firstKept, secondKept)) {
        return "entry " + std::to_string(i) + " is no sum of kept entries";
      }
    }
    return {};
  }

  bool countKept(std::size_t i, const double (&factor)[2], Tally& firstKept, Tally& secondKept) const {
    const double a = 0.5 * factor[0] * deltas[0][i];
    const double b = 0.5 * factor[1] * deltas[1][i];
    const double change = got[i] - base[i];
    const double room = 2e-3 * (std::fabs(a) + std::fabs(b)) + 3e-7 * (1 + std::fabs(base[i]));
    const bool both = std::fabs(change - a - b) <= room;
    const bool onlyFirst = std::fabs(change - a) <= room;
    const bool onlySecond = std::fabs(change - b) <= room;
    const bool none = change == 0;
    // Where two readings fit, neither is counted.
    if (both + onlyFirst + onlySecond + none == 1) {
      firstKept.add(both || onlyFirst, 0.5);
      secondKept.add(both || onlySecond, 0.5);
    }
    return both || onlyFirst || onlySecond || none;
  }
};

}  // namespace

void TestConformanceRandom::entriesOfOneModelAreKept_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<double>("density");
  QTest::addColumn<double>("epsilon");  // how far the chance rises and falls with the rank
  QTest::addColumn<bool>("rescale");
  QTest::newRow("dare, half, rescaled") << "dare-linear" << 0.5 << 0.0 << true;
  QTest::newRow("dare, a quarter, as it is") << "dare-linear-no-rescale" << 0.25 << 0.0 << false;
  QTest::newRow("della, half, rescaled") << "della" << 0.5 << 0.2 << true;
  QTest::newRow("della_linear, two fifths, as it is") << "della-linear" << 0.4 << 0.1 << false;
}

// The recipes give llama-math the weight 1 and llama-code the weight 0: the result is base + factor · kept δ of
// llama-math.
void TestConformanceRandom::entriesOfOneModelAreKept() {
  QFETCH(QString, name);
  QFETCH(double, density);
  QFETCH(double, epsilon);
  QFETCH(bool, rescale);
  QTemporaryDir folder;
  const CliRun run = mergeCase(name, outputIn(folder));
  QVERIFY2(run.status == 0, run.err.c_str());
  const Tensors result = readModelFolder(outputIn(folder));
  const Tensors base = modelTensors("llama-base");
  const Tensors math = modelTensors("llama-math");
  QCOMPARE(structureOf(result), structureOf(base));

  Tally all;
  Tally small;
  Tally large;
  for (const auto& [tensor, raw] : result) {
    const KeptTensor kept{valuesOf(raw), valuesOf(base.at(tensor)), deltasOf(math.at(tensor), base.at(tensor))};
    const std::vector<double> heights = heightsOf(kept.deltas, raw.shape.back());
    Tally here;
    for (std::size_t i = 0; i < kept.got.size(); ++i) {
      if (isTellable(kept.deltas[i], kept.base[i])) {
        const double chance = density + epsilon * (2 * heights[i] - 1);
        for (Tally* tally : {&here, &all, heights[i] < 0.5 ? &small : &large}) {
          tally->add(kept.isKept(i), chance);
        }
      }
    }
    QVERIFY2(here.agrees(), tensor.c_str());
    QVERIFY2(kept.sharesFactor(rescale), tensor.c_str());
  }
  QVERIFY(all.trials > 10000);
  QVERIFY2(all.agrees(), qPrintable(QString::number(all.hits / all.trials)));
  QVERIFY2(small.agrees(), qPrintable(QString::number(small.hits / small.trials)));
  QVERIFY2(large.agrees(), qPrintable(QString::number(large.hits / large.trials)));
}

// Both models have weight and density one half. Where their δ point the same way every combination of kept entries
// shows; where they do not, the sign says whose entry won.
void TestConformanceRandom::dareTiesElectsSigns() {
  QTemporaryDir folder;
  const CliRun run = mergeCase(QStringLiteral("dare-ties-half"), outputIn(folder));
  QVERIFY2(run.status == 0, run.err.c_str());
  const Tensors result = readModelFolder(outputIn(folder));
  const Tensors base = modelTensors("llama-base");
  const Tensors math = modelTensors("llama-math");
  const Tensors code = modelTensors("llama-code");
  QCOMPARE(structureOf(result), structureOf(base));

  Tally mathKept;
  Tally codeKept;
  for (const auto& [tensor, raw] : result) {
    const ElectedTensor elected{
        valuesOf(raw),
        valuesOf(base.at(tensor)),
        {deltasOf(math.at(tensor), base.at(tensor)), deltasOf(code.at(tensor), base.at(tensor))}};
    const std::string fault = elected.check(mathKept, codeKept);
    QVERIFY2(fault.empty(), (tensor + ": " + fault).c_str());
  }
  QVERIFY(mathKept.trials > 4000);
  QVERIFY2(mathKept.agrees(), qPrintable(QString::number(mathKept.hits / mathKept.trials)));
  QVERIFY2(codeKept.agrees(), qPrintable(QString::number(codeKept.hits / codeKept.trials)));
}

void TestConformanceRandom::randomCasesDependOnTheSeedAlone_data() {
  addCases("random");
}

void TestConformanceRandom::randomCasesDependOnTheSeedAlone() {
  QFETCH(QString, name);
  QTemporaryDir folder;
  std::vector<std::string> bytes;
  for (const std::string threads : {"1", "2", "3"}) {
    const std::string output = outputIn(folder, ("threads" + threads).c_str());
    const CliRun run = mergeCase(name, output, {"--seed", "1", "--threads", threads});
    QVERIFY2(run.status == 0, run.err.c_str());
    bytes.push_back(readBytes(output + "/model.safetensors"));
  }
  QVERIFY(bytes[0] == bytes[1]);
  QVERIFY(bytes[0] == bytes[2]);

  const CliRun other = mergeCase(name, outputIn(folder, "other"), {"--seed", "2"});
  QVERIFY2(other.status == 0, other.err.c_str());
  QVERIFY(readBytes(outputIn(folder, "other") + "/model.safetensors") != bytes[0]);
  const std::string oddity = layerloom::test::folderDifference(name, outputIn(folder, "other"));
  QVERIFY2(oddity.empty(), oddity.c_str());
  QCOMPARE(structureOf(readModelFolder(outputIn(folder, "other"))),
           structureOf(expectedTensors(name)));
}

QTEST_GUILESS_MAIN(TestConformanceRandom)
#include "tst_conformance_random.moc"
