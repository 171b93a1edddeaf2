// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/analysis/top_shares.h"
#include "core/support/random.h"
#include "tests/common/safetensors_data.h"

using namespace layerloom;
using namespace layerloom::test;

/// The part of ‖Δ‖² that the largest entries hold: exact, or no answer.
class TestTopShares : public QObject {
  Q_OBJECT

 private slots:
  void sharesAreExact_data();
  void sharesAreExact();
  void aMisleadingSampleGivesNoAnswer();
  void pieceBordersChangeNothing();
};

namespace {

using Shares = std::array<double, kTopShares.size()>;

double sumOf(const std::vector<double>& delta) {
  double sum = 0;
  for (const double value : delta) {
    sum += value * value;
  }
  return sum;
}

Shares expectedShares(std::vector<double> delta) {
  const double sum = sumOf(delta);
  std::sort(delta.begin(), delta.end(), [](double a, double b) { return std::abs(a) > std::abs(b); });
  Shares shares = {};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto count = static_cast<std::size_t>(std::ceil(kTopShares[i] * static_cast<double>(delta.size()) - 1e-6));
    double top = 0;
    for (std::size_t entry = 0; entry < count; ++entry) {
      top += delta[entry] * delta[entry];
    }
    shares[i] = sum == 0 ? 0 : top / sum;
  }
  return shares;
}

std::optional<Shares> measured(const TopShares& shares, const std::vector<double>& delta, std::size_t piece) {
  TopShares::View sum;
  for (std::size_t at = 0; at < delta.size(); at += piece) {
    TopShares::View view;
    shares.observe(view, std::span(delta).subspan(at, std::min(piece, delta.size() - at)));
    shares.settle(view);
    sum.add(view);
  }
  return shares.find(sum, delta.size(), sumOf(delta));
}

std::vector<float> sampleOf(const std::vector<double>& delta) {
  std::vector<float> sample;
  for (std::size_t i = 0; i < delta.size(); i += 4) {
    sample.push_back(static_cast<float>(delta[i]));
  }
  return sample;
}

std::vector<double> shaped(const char* shape, std::size_t count) {
  const std::vector<float> random = randomValues(count, 7);
  std::vector<double> delta(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double value = random[i];
    const std::string_view name = shape;
    delta[i] = name == "heavy" ? value / (1.001 - std::abs(value)) : name == "grid" ? std::round(value * 6) / 1024 : name == "sparse" ? (std::abs(value) > 0.93 ? value : 0) : name == "one size" ? (value < 0 ? -0.5 : 0.5) : value;
  }
  return delta;
}

}  // namespace

void TestTopShares::sharesAreExact_data() {
  QTest::addColumn<QByteArray>("shape");
  for (const char* shape : {"even", "heavy", "grid", "sparse", "one size"}) {
    QTest::newRow(shape) << QByteArray(shape);
  }
}

void TestTopShares::sharesAreExact() {
  QFETCH(QByteArray, shape);
  for (const std::size_t count : {std::size_t{1}, std::size_t{99}, std::size_t{101}, std::size_t{60'000}}) {
    const std::vector<double> delta = shaped(shape.constData(), count);
    const Shares expected = expectedShares(delta);
    for (const TopShares& shares : {TopShares(), TopShares(sampleOf(delta), 1, 4.5)}) {
      const std::optional<Shares> found = measured(shares, delta, 1000);
      QVERIFY(found.has_value());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        QVERIFY2(std::abs((*found)[i] - expected[i]) <= 1e-12, qPrintable(QString::number((*found)[i], 'g', 17)));
      }
    }
  }
}

void TestTopShares::aMisleadingSampleGivesNoAnswer() {
  const std::vector<double> delta = shaped("even", 60'000);
  std::vector<float> small = sampleOf(delta);
  std::vector<float> large = small;
  for (std::size_t i = 0; i < small.size(); ++i) {
    small[i] *= 0.1F;
    large[i] *= 10;
  }
  QVERIFY(!measured(TopShares(small, 1, 4.5), delta, 1000));
  QVERIFY(!measured(TopShares(large, 1, 4.5), delta, 1000));
}

void TestTopShares::pieceBordersChangeNothing() {
  const std::vector<double> delta = shaped("grid", 10'000);
  QCOMPARE(measured(TopShares(), delta, 10'000), measured(TopShares(), delta, 333));
}

QTEST_GUILESS_MAIN(TestTopShares)
#include "tst_top_shares.moc"
