// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <memory>

#include "tests/common/safetensors_data.h"
#include "tests/plan/plan_folder.h"

namespace layerloom {
namespace {

using test::PlanFolder;

/// One fault does not hide the others.
class TestPlanProblems : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void allAreListed_data();
  void allAreListed();
  void missingValuesNameTheirTensors();
  void aWrongNumberOfModelsIsSaidOnce();
  void aFolderUnderTwoNamesIsNoticed();

 private:
  std::unique_ptr<PlanFolder> m_folder;
};

void TestPlanProblems::init() {
  m_folder = std::make_unique<PlanFolder>();
  test::writeTinyLlama(m_folder->path("one"), 4, 1);
  test::writeTinyLlama(m_folder->path("two"), 4, 2);
  test::writeTinyLlama(m_folder->path("three"), 4, 3);
}

void TestPlanProblems::allAreListed_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QStringList>("lines");  // in part, in any order: place and message
  QTest::newRow("unknown method with a near spelling")
      << "merge_method: linaer\ndtype: float12\nmodels:\n- {model: one, parameters: {weigth: 1}}\n- {model: two, parameters: {weight: 2, t: x}}\n"
      << QStringList{":1:15: error: merge_method: there is no merge method \"linaer\"", ":2:8: error: dtype: \"float12\"",
                     ":4:37: warning: models[0].parameters.weigth: the method linear", ":4:3: error: models[0]: the required parameter \"weight\"",
                     ":5:43: warning: models[1].parameters.t: the method linear"};
  QTest::newRow("unknown method")
      << "merge_method: frobnicate\nout_dtype: float12\nslices:\n- sources:\n  - {model: one, layer_range: [2, 6]}\n- sources:\n"
         "  - {model: one, layer_range: [0, 2]}\n  - {model: two, layer_range: [0, 3], parameters: {weight: {filter: nope, value: 1}}}\n"
      << QStringList{":1:15: error: merge_method: there is no merge method", ":2:12: error: out_dtype: \"float12\"",
                     ":5:5: error: slices[0].sources[0].layer_range: the range [2, 6)", ":8:5: error: slices[1].sources[1]: \"two\" gives 3 layers",
                     "warning: slices[1].sources[1].parameters.weight: the filter \"nope\""};
  QTest::newRow("a model is missing")
      << "merge_method: linear\nslices:\n- sources:\n  - {model: nowhere, layer_range: [0, 2]}\n  - {model: two, layer_range: [2, 5]}\n"
         "  - {model: one, layer_range: [0, 3], parameters: {weight: [{filter: layers.9, value: 1}, {filter: nope, value: 1}]}}\n"
      << QStringList{"error: slices[0].sources[0]: model \"nowhere\" is not found",
                     ":5:5: error: slices[0].sources[1].layer_range: the range [2, 5)",
                     ":6:5: error: slices[0].sources[2]: \"one\" gives 3 layers where \"nowhere\" gives 2",
                     "error: slices[0].sources[0]: the required parameter \"weight\" is missing for the model \"nowhere\"",
                     "error: slices[0].sources[1]: the required parameter \"weight\" is missing for the model \"two\"",
                     "warning: slices[0].sources[2].parameters.weight[1]: the filter \"nope\""};
  QTest::newRow("a range past the end and a missing value")
      << "merge_method: slerp\nbase_model: one\nslices:\n- sources:\n  - {model: one, layer_range: [0, 5]}\n  - {model: two, layer_range: [0, 5]}\n"
      << QStringList{"error: slices[0].sources[0].layer_range: the range [0, 5)", "error: slices[0].sources[1].layer_range: the range [0, 5)",
                     ":4:3: error: slices[0]: the required parameter \"t\" is missing"};
  QTest::newRow("in every stage")
      << "name: a\nmerge_method: liner\nmodels: [{model: one, parameters: {weight: 1}}]\n---\nname: b\nmerge_method: linear\ndtype: int9\n"
         "models: [{model: a, parameters: {weight: 1}}]\n---\nmerge_method: slerp\nbase_model: a\nmodels: [{model: nowhere}, {model: b}]\n"
         "parameters: {t: 3}\n"
      << QStringList{":2:15: error: document[0].merge_method: there is no", ":7:8: error: document[1].dtype: \"int9\"",
                     "error: document[2].models[0]: model \"nowhere\" is not found", "error: document[2].models: slerp takes exactly 1 model",
                     "warning: document[2].parameters.t: 3.0 lies outside"};
  QTest::newRow("stages in a circle")
      << "name: a\nmerge_method: linear\nparameters: {weight: 1}\nmodels: [{model: b}]\n---\nname: b\nmerge_method: linear\n"
         "parameters: {weight: 1}\nmodels: [{model: a}]\n---\nmerge_method: linear\ndtype: int9\nparameters: {weight: 1}\nmodels: [{model: a}]\n"
      << QStringList{"error: document[0].name: \"a\" and another document use each other in a circle", "error: document[2].dtype: \"int9\""};
  QTest::newRow("parameters of a base among the sources of a slice")
      << "merge_method: task_arithmetic\nbase_model: one\nslices:\n- sources:\n  - {model: one, layer_range: [0, 4], parameters: {weight: 1}}\n"
         "  - {model: two, layer_range: [0, 4], parameters: {weight: 1}}\n"
      << QStringList{":5:5: warning: slices[0].sources[0]: \"one\" is the base model"};
}

void TestPlanProblems::allAreListed() {
  QFETCH(QString, text);
  QFETCH(QStringList, lines);
  const PlanResult result = m_folder->plan(text.toStdString());
  QString all;
  for (const Problem& problem : result.problems) {
    all += QString::fromStdString(describe(problem, "recipe.yml")) + "\n";
  }
  for (const QString& line : lines) {
    QVERIFY2(all.contains(line), qPrintable(line + "\nis not in\n" + all));
  }
  QVERIFY2(all.count('\n') == lines.size(), qPrintable(all));
}

void TestPlanProblems::missingValuesNameTheirTensors() {
  const PlanResult some = m_folder->plan(
      "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: {filter: layers, value: 1}}}\n- {model: two, parameters: {weight: 1}}\n");
  FIND_PROBLEM(error, some, Severity::Error, "is missing for the model \"one\" for 3 of ");
  QVERIFY2(error->message.find("lm_head.weight") != std::string::npos && error->message.find("model.norm.weight") != std::string::npos,
           error->message.c_str());
  const PlanResult every = m_folder->plan("merge_method: linear\nmodels: [{model: one}]\n");
  FIND_PROBLEM(whole, every, Severity::Error, "is missing for the model \"one\" for all ");
}

void TestPlanProblems::aWrongNumberOfModelsIsSaidOnce() {
  const PlanResult result =
      m_folder->plan("merge_method: slerp\nbase_model: one\nmodels: [{model: two}, {model: three}]\nparameters: {t: 0.5}\n");
  QVERIFY(!result.plan.has_value());
  QVERIFY2(result.problems.size() == 1, test::problemsText(result).c_str());
}

void TestPlanProblems::aFolderUnderTwoNamesIsNoticed() {
  const PlanResult base = m_folder->plan("merge_method: model_stock\nbase_model: one\nmodels: [{model: two}, {model: ./one}]\n");
  QVERIFY(base.plan.has_value());
  FIND_PROBLEM(ofBase, base, Severity::Warning, "\"./one\" is the folder of the base model \"one\" under another name");
  QCOMPARE(ofBase->path, std::string("models[1]"));
  QCOMPARE(ofBase->where.line, 3);
  const PlanResult twice = m_folder->plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: one}, {model: two}, {model: ./one}]\n");
  QVERIFY(twice.plan.has_value());
  FIND_PROBLEM(other, twice, Severity::Warning, "\"./one\" is the folder of \"one\"");
  QCOMPARE(other->path, std::string("models[2]"));
  const PlanResult none = m_folder->plan("merge_method: model_stock\nbase_model: one\nmodels: [{model: two}, {model: one}, {model: three}]\n");
  QVERIFY(none.plan.has_value() && test::findProblem(none, Severity::Warning, "under another name") == nullptr);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlanProblems)
#include "tst_plan_problems.moc"
