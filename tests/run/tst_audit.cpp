// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>
#include <memory>

#include <QTest>

#include "core/run/audit.h"
#include "core/run/audit_json.h"
#include "tests/common/model_data.h"
#include "tests/run/run_folder.h"

namespace layerloom {
namespace {

using test::RawTensors;
using test::RunFolder;

/// What is counted while a merge is written, and what is done about models that are not finite.
class TestAudit : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void nonFiniteInputsAreRefused_data();
  void nonFiniteInputsAreRefused();
  void nonFiniteInputsAreCounted();
  void overflowsAreCounted();
  void createdNonFiniteEntriesAreCounted();
  void theFindingsHaveALimit();

  void outliersInNorm_data();
  void outliersInNorm();
  void normsThatAreNotFiniteAreLeftOut();
  void infiniteRatiosAreNumbersInJson();

 private:
  void writeModel(const std::string& name, const std::vector<float>& values, const std::string& dtype = "F32") const;
  static MergePlan planOf(std::size_t jobs);

  std::unique_ptr<RunFolder> m_folder;
};

const std::string kLinear =
    "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 0.5}}\n- {model: two, parameters: {weight: 0.5}}\n"
    "parameters: {normalize: false}\n";

void TestAudit::init() {
  m_folder = std::make_unique<RunFolder>();
  writeModel("one", {1, 2, 3, 4});
  writeModel("two", {1, 1, 1, 1});
}

void TestAudit::writeModel(const std::string& name, const std::vector<float>& values, const std::string& dtype) const {
  RawTensors tensors;
  const std::vector<std::uint64_t> shape = {values.size()};
  tensors.emplace_back("model.norm.weight", dtype == "F16" ? test::f16Tensor(shape, values) : test::f32Tensor(shape, values));
  test::writeModel(m_folder->path(name), nlohmann::json::parse(test::tinyLlamaConfig(1)), tensors);
}

MergePlan TestAudit::planOf(std::size_t jobs) {
  MergePlan plan;
  for (std::size_t i = 0; i < jobs; ++i) {
    plan.jobs.emplace_back().output.name = "tensor " + std::to_string(i);
  }
  return plan;
}

void TestAudit::nonFiniteInputsAreRefused_data() {
  QTest::addColumn<float>("value");
  QTest::addColumn<QString>("named");
  QTest::newRow("NaN") << std::numeric_limits<float>::quiet_NaN() << "1 NaN";
  QTest::newRow("signalling NaN") << std::numeric_limits<float>::signaling_NaN() << "1 NaN";
  QTest::newRow("infinite") << std::numeric_limits<float>::infinity() << "1 infinite";
  QTest::newRow("minus infinite") << -std::numeric_limits<float>::infinity() << "1 infinite";
}

void TestAudit::nonFiniteInputsAreRefused() {
  QFETCH(float, value);
  QFETCH(QString, named);
  writeModel("two", {1, value, 1, 1});
  const auto report = m_folder->run(kLinear, "out");
  QVERIFY(!report.has_value());
  QCOMPARE(report.error().kind, ErrorKind::Refused);
  for (const std::string& part : {std::string("model.norm.weight"), std::string("\"two\""), named.toStdString()}) {
    QVERIFY2(report.error().message.find(part) != std::string::npos, report.error().message.c_str());
  }
  QCOMPARE(report.error().reason, RefusalReason::NonFinite);
  QVERIFY(report.error().remedy.find("--non-finite warn") != std::string::npos);
  QCOMPARE(m_folder->names(), (QStringList{"one", "two"}));
}

void TestAudit::nonFiniteInputsAreCounted() {
  writeModel("one", {NAN, 2, 3, 4});
  writeModel("two", {NAN, NAN, INFINITY, 1});
  for (const NonFinitePolicy policy : {NonFinitePolicy::Warn, NonFinitePolicy::Pass}) {
    RunOptions options;
    options.nonFinite = policy;
    options.overwrite = true;
    const auto report = m_folder->run(kLinear, "out", options);
    QVERIFY2(report.has_value(), test::faultOf(report).c_str());
    const MergeAudit& audit = report->audit;
    QCOMPARE(audit.inputNans, std::uint64_t{3});
    QCOMPARE(audit.inputInfinities, std::uint64_t{1});
    QCOMPARE(audit.outputNans, std::uint64_t{2});
    QCOMPARE(audit.outputInfinities, std::uint64_t{1});
    QCOMPARE(audit.created, std::uint64_t{0});
    QCOMPARE(audit.saturations, std::uint64_t{0});
    QCOMPARE(audit.findings.size(), std::size_t{1});
    QCOMPARE(audit.findings[0].tensor, std::string("model.norm.weight"));
    QCOMPARE(report->nonFinite, std::uint64_t{3});
  }
}

void TestAudit::overflowsAreCounted() {
  writeModel("one", {60000, 65504, 1, 65520.0F - 65504.0F}, "F16");
  writeModel("two", {60000, 65504, 1, 65504}, "F16");
  const std::string sum = "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: two, parameters: {weight: 1}}\n"
                          "parameters: {normalize: false}\ndtype: float32\nout_dtype: float16\n";
  const auto report = m_folder->run(sum, "out");
  QVERIFY2(report.has_value(), test::faultOf(report).c_str());
  QCOMPARE(report->audit.saturations, std::uint64_t{3});
  QCOMPARE(report->audit.outputInfinities, std::uint64_t{3});
  QCOMPARE(report->audit.created, std::uint64_t{3});
}

void TestAudit::createdNonFiniteEntriesAreCounted() {
  constexpr float kMost = std::numeric_limits<float>::max();
  writeModel("one", {kMost, 1, 1, 1});
  writeModel("two", {kMost, 1, 1, 1});
  const std::string sum = "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: two, parameters: {weight: 1}}\n"
                          "parameters: {normalize: false}\n";
  const auto report = m_folder->run(sum, "out");
  QVERIFY2(report.has_value(), test::faultOf(report).c_str());
  QCOMPARE(report->audit.inputInfinities, std::uint64_t{0});
  QCOMPARE(report->audit.created, std::uint64_t{1});
}

void TestAudit::theFindingsHaveALimit() {
  std::vector<TensorRecord> records(200);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].job = i;
    records[i].audit.inputNans = 1;
  }
  const MergeAudit audit = makeAudit(planOf(200), records);
  QCOMPARE(audit.findingCount, std::uint64_t{200});
  QCOMPARE(audit.findings.size(), MergeAudit::kMostFindings);
  QCOMPARE(audit.inputNans, std::uint64_t{200});
}

void TestAudit::outliersInNorm_data() {
  QTest::addColumn<QVector<double>>("norms");
  QTest::addColumn<QVector<int>>("outliers");
  // Of results whose inputs have the norms 1 and 2.
  QTest::newRow("within") << QVector<double>{1, 1.5, 2, 1.2, 1.7} << QVector<int>{};
  QTest::newRow("all alike, far away") << QVector<double>{20, 20, 20, 20} << QVector<int>{};
  QTest::newRow("one above") << QVector<double>{1.5, 1.5, 1.5, 4.1, 1.5} << QVector<int>{3};
  QTest::newRow("one above, less than twice") << QVector<double>{1.5, 1.5, 1.5, 3.9, 1.5} << QVector<int>{};
  QTest::newRow("one below") << QVector<double>{1.5, 0.4, 1.5, 1.5, 1.5} << QVector<int>{1};
  QTest::newRow("one that is zero") << QVector<double>{1.5, 1.5, 1.5, 1.5, 0} << QVector<int>{4};
  QTest::newRow("one that is not as large as the others") << QVector<double>{20, 20, 1.5, 20} << QVector<int>{2};
  QTest::newRow("much spread") << QVector<double>{2, 4, 8, 16, 32, 64, 128} << QVector<int>{};
  QTest::newRow("a single tensor") << QVector<double>{100} << QVector<int>{};
}

void TestAudit::outliersInNorm() {
  QFETCH(QVector<double>, norms);
  QFETCH(QVector<int>, outliers);
  std::vector<TensorRecord> records(static_cast<std::size_t>(norms.size()));
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].job = i;
    records[i].audit.squaredNorm = norms[static_cast<int>(i)] * norms[static_cast<int>(i)];
    records[i].audit.squaredInputNorms = {4, 1};
  }
  const MergeAudit audit = makeAudit(planOf(records.size()), records);
  QCOMPARE(audit.normOutliers, static_cast<std::uint64_t>(outliers.size()));
  for (int i = 0; i < outliers.size(); ++i) {
    const TensorFinding& finding = audit.findings[static_cast<std::size_t>(i)];
    QCOMPARE(finding.tensor, "tensor " + std::to_string(outliers[i]));
    QVERIFY(finding.normRatio.has_value());
  }
}

void TestAudit::normsThatAreNotFiniteAreLeftOut() {
  std::vector<TensorRecord> records(3);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].job = i;
    records[i].audit.squaredNorm = i == 0 ? NAN : 1;
    records[i].audit.squaredInputNorms = {1, i == 1 ? INFINITY : 1};
  }
  QCOMPARE(makeAudit(planOf(3), records).normOutliers, std::uint64_t{0});
}

void TestAudit::infiniteRatiosAreNumbersInJson() {
  std::vector<TensorRecord> records(3);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].job = i;
    records[i].audit.squaredNorm = 1;
    records[i].audit.squaredInputNorms = {i == 2 ? 0.0 : 1.0};
  }
  const MergeAudit audit = makeAudit(planOf(3), records);
  QCOMPARE(audit.normOutliers, std::uint64_t{1});
  const auto json = nlohmann::json::parse(auditToJson(audit).dump());
  QVERIFY(json["tensors"][0]["norm_ratio"].get<double>() > 1e300);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestAudit)
#include "tst_audit.moc"
