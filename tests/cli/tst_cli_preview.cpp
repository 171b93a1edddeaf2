// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <nlohmann/json.hpp>

#include "tests/common/cli_run.h"

using layerloom::test::CliRun;
using layerloom::test::runCliWith;

/// `preview`: what the command writes and refuses. The figures themselves are tested in analysis.
class TestCliPreview : public QObject {
  Q_OBJECT

 private slots:
  void writesJson();
  void holdsPredictionAgainstTruth();
  void writesTables();
  void comparesWithTheMeanOrABase();
  void refusesALayerThatIsNotThere();
};

namespace {

const char* const kTies =
    "merge_method: ties\nbase_model: base\ndtype: float32\nmodels:\n"
    "  - model: prose\n    parameters: {weight: 0.5, density: 0.5}\n"
    "  - model: code\n    parameters: {weight: 0.5, density: 0.5}\n";
const char* const kLinear =
    "merge_method: linear\ndtype: float32\nmodels:\n"
    "  - model: prose\n    parameters: {weight: 0.5}\n"
    "  - model: code\n    parameters: {weight: 0.5}\n";

CliRun preview(const char* recipe, std::vector<std::string> more = {}) {
  std::vector<std::string> args = {"preview", "-", "--model-dir", LAYERLOOM_SAMPLES, "--no-cache"};
  args.insert(args.end(), more.begin(), more.end());
  return runCliWith(args, recipe);
}

}  // namespace

void TestCliPreview::writesJson() {
  const CliRun run = preview(kTies, {"--json"});
  QCOMPARE(run.status, 0);
  const auto json = nlohmann::json::parse(run.out);
  QCOMPARE(json["version"].get<int>(), 1);
  QCOMPARE(json["base"].get<std::string>(), std::string("base"));
  QCOMPARE(json["models"].get<std::vector<std::string>>(), (std::vector<std::string>{"prose", "code"}));
  QCOMPARE(json["tensors"].size(), std::size_t{75});
  QCOMPARE(json["layers"].size(), std::size_t{9});
  QVERIFY(json["layers"][0]["layer"].is_null());
  QCOMPARE(json["total"]["elements"].get<int>(), 1517696);
  QVERIFY(!json.contains("truth"));
}

void TestCliPreview::holdsPredictionAgainstTruth() {
  const CliRun run = preview(kTies, {"--json", "--verify", "--layer", "3"});
  QCOMPARE(run.status, 0);
  const auto json = nlohmann::json::parse(run.out);
  QCOMPARE(json["tensors"].size(), std::size_t{9});
  const auto& predicted = json["total"]["moved"];
  const auto& truth = json["truth"]["total"]["moved"];
  QVERIFY(truth["low"] == truth["high"]);
  QVERIFY(predicted["low"] < predicted["high"]);
  QVERIFY(std::abs(predicted["value"].get<double>() / truth["value"].get<double>() - 1) < 0.03);
}

void TestCliPreview::writesTables() {
  const CliRun run = preview(kTies);
  QCOMPARE(run.status, 0);
  QVERIFY(run.out.find("conflicts won") != std::string::npos);
  QVERIFY(run.out.find("outside") != std::string::npos);
  QVERIFY(run.out.find("Merged for real") == std::string::npos);
}

void TestCliPreview::comparesWithTheMeanOrABase() {
  const auto mean = nlohmann::json::parse(preview(kLinear, {"--json"}).out);
  QVERIFY(mean["base"].is_null());
  const double mixture = mean["total"]["moved"]["value"].get<double>();
  QVERIFY2(mixture < 1e-6, std::to_string(mixture).c_str());
  const auto based = nlohmann::json::parse(preview(kLinear, {"--json", "--base", "base"}).out);
  QCOMPARE(based["base"].get<std::string>(), std::string("base"));
  QVERIFY(based["total"]["moved"]["value"].get<double>() > 1);
}

void TestCliPreview::refusesALayerThatIsNotThere() {
  const CliRun run = preview(kTies, {"--layer", "8"});
  QCOMPARE(run.status, 2);
  QVERIFY(run.err.find("no layer 8") != std::string::npos);
  QVERIFY(run.err.find("from 0 to 7") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestCliPreview)
#include "tst_cli_preview.moc"
