// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/analysis/advice.h"
#include "core/analysis/statistics_pass.h"
#include "tests/common/model_data.h"

using namespace layerloom;
using namespace layerloom::test;

/// Advice on models that are made to deserve it, and none where nothing is amiss.
class TestAdvice : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void quietModelsGetNotesOnly();
  void farModels();
  void otherAncestors();
  void conflictsAsAWhole();
  void conflictsInSomeLayers();
  void drowning();
  void sameModels();
  void headsThatMoved();
  void denseAndSparseChanges();
  void oddEntries();
  void thresholdsDecide();
  void everyTextIsComplete();
  void modelsBesideTheMergeComeLast();
  void theSamples();

 private:
  /// Values of a matrix of each layer and of the head.
  using Values = std::vector<std::vector<float>>;
  static constexpr std::size_t kLayers = 4;
  static constexpr std::size_t kElements = 64 * 64;

  Values changed(std::uint32_t seed, float size) const;
  Values mixed(const Values& a, float factorA, const Values& b, float factorB) const;
  std::vector<Advice> adviceFor(const std::vector<Values>& deltas, bool trims = false, const AdviceThresholds& thresholds = {});

  Values m_base;
  int m_written = 0;
  std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

std::filesystem::path write(const QTemporaryDir& root, const std::string& name, const std::vector<std::vector<float>>& values) {
  RawTensors tensors;
  for (std::size_t layer = 0; layer + 1 < values.size(); ++layer) {
    tensors.emplace_back("model.layers." + std::to_string(layer) + ".mlp.up_proj.weight", f32Tensor({64, 64}, values[layer]));
  }
  tensors.emplace_back("lm_head.weight", f32Tensor({64, 64}, values.back()));
  const std::filesystem::path folder = std::filesystem::path(root.path().toStdString()) / name;
  writeModel(folder, {{"architectures", {"X"}}, {"num_hidden_layers", values.size() - 1}}, tensors);
  return folder;
}

const Advice* find(const std::vector<Advice>& all, AdviceTopic topic) {
  const auto found = std::find_if(all.begin(), all.end(), [topic](const Advice& one) { return one.topic == topic; });
  return found == all.end() ? nullptr : &*found;
}

AdviceLevel gravest(const std::vector<Advice>& all) {
  return all.empty() ? AdviceLevel::Note : all.front().level;
}

}  // namespace

void TestAdvice::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  m_base = changed(1, 1);
}

TestAdvice::Values TestAdvice::changed(std::uint32_t seed, float size) const {
  Values values;
  for (std::size_t tensor = 0; tensor <= kLayers; ++tensor) {
    values.push_back(randomValues(kElements, seed * 100 + static_cast<std::uint32_t>(tensor)));
    std::for_each(values.back().begin(), values.back().end(), [size](float& value) { value *= size; });
  }
  return values;
}

TestAdvice::Values TestAdvice::mixed(const Values& a, float factorA, const Values& b, float factorB) const {
  Values sum = a;
  for (std::size_t tensor = 0; tensor < sum.size(); ++tensor) {
    for (std::size_t i = 0; i < kElements; ++i) {
      sum[tensor][i] = factorA * a[tensor][i] + factorB * b[tensor][i];
    }
  }
  return sum;
}

std::vector<Advice> TestAdvice::adviceFor(const std::vector<Values>& deltas, bool trims, const AdviceThresholds& thresholds) {
  StatisticsSources sources;
  const std::string number = std::to_string(++m_written);
  sources.base = Model::open(write(*m_folder, "base" + number, m_base)).value();
  sources.baseName = "base";
  for (const Values& delta : deltas) {
    const std::string name = std::string(1, static_cast<char>('a' + sources.models.size()));
    sources.models.push_back(Model::open(write(*m_folder, name + number, mixed(m_base, 1, delta, 1))).value());
    sources.names.push_back("models/" + name);
  }
  return adviceOn(measureStatistics(sources, {}, {}, {}).value(), thresholds, trims);
}

void TestAdvice::quietModelsGetNotesOnly() {
  const auto advice = adviceFor({changed(2, 0.03F), changed(3, 0.04F)});
  QCOMPARE(gravest(advice), AdviceLevel::Note);
  const Advice* independent = find(advice, AdviceTopic::Independent);
  QVERIFY(independent != nullptr);
  QVERIFY2(independent->text().starts_with("The changes of a and b are unrelated"), independent->text().c_str());
  QVERIFY(find(advice, AdviceTopic::MostMoved) != nullptr);
}

void TestAdvice::farModels() {
  const auto advice = adviceFor({changed(2, 0.15F), changed(3, 0.4F)});
  QCOMPARE(advice.front().topic, AdviceTopic::FarFromBase);
  QCOMPARE(advice.front().level, AdviceLevel::Warning);
  QCOMPARE(advice.front().models, std::vector<std::size_t>{1});
  QVERIFY2(advice.front().text().find("its relative delta is 0.39") != std::string::npos, advice.front().text().c_str());
  QCOMPARE(std::count_if(advice.begin(), advice.end(), [](const Advice& one) { return one.topic == AdviceTopic::FarFromBase; }), 2);
}

void TestAdvice::otherAncestors() {
  // Another model altogether: Δ = other − base.
  const auto advice = adviceFor({mixed(changed(5, 1), 1, m_base, -1)});
  QCOMPARE(advice.front().topic, AdviceTopic::OtherAncestor);
  QCOMPARE(advice.front().level, AdviceLevel::StrongWarning);
  QVERIFY(find(advice, AdviceTopic::FarFromBase) == nullptr);
}

void TestAdvice::conflictsAsAWhole() {
  const Values a = changed(2, 0.04F);
  const auto strong = adviceFor({a, mixed(a, -0.5F, changed(3, 0.04F), 0.8F)});
  QVERIFY(find(strong, AdviceTopic::Conflict) != nullptr);
  QCOMPARE(find(strong, AdviceTopic::Conflict)->level, AdviceLevel::Warning);
  QVERIFY(find(strong, AdviceTopic::Conflict)->layers.empty());
  const auto mild = adviceFor({a, mixed(a, -0.2F, changed(3, 0.04F), 1)});
  QCOMPARE(find(mild, AdviceTopic::Conflict)->level, AdviceLevel::Caution);
}

void TestAdvice::conflictsInSomeLayers() {
  const Values a = changed(2, 0.04F);
  Values b = changed(3, 0.04F);
  b[2] = mixed(a, -0.5F, b, 0.9F)[2];
  AdviceThresholds thresholds;
  thresholds.conflictCaution = -0.2;
  thresholds.signCaution = 0.6;
  const auto advice = adviceFor({a, b}, false, thresholds);
  const Advice* conflict = find(advice, AdviceTopic::Conflict);
  QVERIFY(conflict != nullptr);
  QCOMPARE(conflict->layers, std::vector<int>{2});
}

void TestAdvice::drowning() {
  const auto advice = adviceFor({changed(2, 0.09F), changed(3, 0.02F)});
  const Advice* drowning = find(advice, AdviceTopic::Drowning);
  QVERIFY(drowning != nullptr);
  QCOMPARE(drowning->level, AdviceLevel::Caution);
  QCOMPARE(drowning->models, (std::vector<std::size_t>{0, 1}));
  QVERIFY2(drowning->text().starts_with("a changed 4.5"), drowning->text().c_str());
}

void TestAdvice::sameModels() {
  const Values a = changed(2, 0.04F);
  const auto same = adviceFor({a, a});
  QVERIFY(find(same, AdviceTopic::Identical) != nullptr);
  QCOMPARE(find(same, AdviceTopic::Identical)->level, AdviceLevel::Caution);
  const auto near = adviceFor({a, mixed(a, 1, changed(3, 0.001F), 1)});
  QCOMPARE(find(near, AdviceTopic::Identical)->level, AdviceLevel::Note);
  const auto none = adviceFor({changed(2, 0)});
  QVERIFY2(find(none, AdviceTopic::Identical)->text().find("same as the base") != std::string::npos, none.front().text().c_str());
}

void TestAdvice::headsThatMoved() {
  Values a = changed(2, 0.02F);
  a.back() = mixed(a, 5, a, 0).back();
  const auto advice = adviceFor({a});
  const Advice* moved = find(advice, AdviceTopic::OuterMovedMore);
  QVERIFY(moved != nullptr);
  QCOMPARE(moved->kind, std::optional(TensorKind::Head));
}

void TestAdvice::denseAndSparseChanges() {
  Values sparse = changed(2, 0.04F);
  for (auto& values : sparse) {
    for (std::size_t i = 0; i < values.size(); i += 1) {
      values[i] = i % 16 == 0 ? values[i] : 0;
    }
  }
  QVERIFY(find(adviceFor({sparse}), AdviceTopic::SparseDelta) != nullptr);
  const Values dense = changed(3, 0.04F);
  QCOMPARE(find(adviceFor({dense}), AdviceTopic::DenseDelta)->level, AdviceLevel::Note);
  QCOMPARE(find(adviceFor({dense}, true), AdviceTopic::DenseDelta)->level, AdviceLevel::Caution);
}

void TestAdvice::oddEntries() {
  Values a = changed(2, 0.04F);
  a[1][7] = std::nanf("");
  const auto advice = adviceFor({a});
  QCOMPARE(advice.front().topic, AdviceTopic::NonFinite);
  QCOMPARE(advice.front().level, AdviceLevel::StrongWarning);
}

void TestAdvice::thresholdsDecide() {
  AdviceThresholds thresholds;
  QVERIFY(thresholds.set("farCaution", 0.01));
  QVERIFY(!thresholds.set("farcaution", 0.01));
  for (const std::string_view name : AdviceThresholds::names()) {
    QVERIFY(AdviceThresholds().set(name, 1));
  }
  QVERIFY(find(adviceFor({changed(2, 0.03F)}), AdviceTopic::FarFromBase) == nullptr);
  QVERIFY(find(adviceFor({changed(2, 0.03F)}, false, thresholds), AdviceTopic::FarFromBase) != nullptr);
}

void TestAdvice::everyTextIsComplete() {
  const Values a = changed(2, 0.3F);
  for (const Advice& one : adviceFor({a, mixed(a, -0.5F, changed(3, 0.01F), 1), changed(4, 0.02F), changed(4, 0.02F)}, true)) {
    QVERIFY2(!QString::fromStdString(one.text()).contains(QRegularExpression(QStringLiteral("%[0-9]"))), one.text().c_str());
    QVERIFY(one.text().ends_with('.'));
    for (std::size_t i = 1; i <= one.arguments.size(); ++i) {
      QVERIFY2(std::string(one.format).find("%" + std::to_string(i)) != std::string::npos, one.format);
    }
  }
}

void TestAdvice::modelsBesideTheMergeComeLast() {
  // b is far and drowns the others; the merge takes a and c.
  const auto all = adviceFor({changed(2, 0.03F), changed(3, 0.4F), changed(4, 0.03F)});
  QCOMPARE(all.front().models, std::vector<std::size_t>{1});
  const auto sorted = withMergedFirst(all, {true, false, true});
  QCOMPARE(sorted.size(), all.size());
  const auto firstBeside = std::find_if(sorted.begin(), sorted.end(), [](const Advice& one) { return one.beside; });
  QVERIFY(firstBeside != sorted.begin() && firstBeside != sorted.end());
  for (auto one = sorted.begin(); one != sorted.end(); ++one) {
    const bool speaksOfB = std::find(one->models.begin(), one->models.end(), 1) != one->models.end();
    QCOMPARE(one->beside, speaksOfB);
    QCOMPARE(one->beside, one >= firstBeside);
  }
  // Within the two parts the gravest stays first.
  const auto graver = [](const Advice& a, const Advice& b) { return a.level > b.level; };
  QVERIFY(std::is_sorted(sorted.begin(), firstBeside, graver) && std::is_sorted(firstBeside, sorted.end(), graver));
  QCOMPARE(firstBeside->topic, AdviceTopic::FarFromBase);
  // A recipe without models leaves nothing out; nor does one that has taken all back.
  const auto none = withMergedFirst(sorted, {false, false, false});
  QVERIFY(std::none_of(none.begin(), none.end(), [](const Advice& one) { return one.beside; }));
}

void TestAdvice::theSamples() {
  StatisticsSources sources;
  const std::filesystem::path root = LAYERLOOM_SAMPLES;
  sources.base = Model::open(root / "base").value();
  sources.baseName = "base";
  for (const char* name : {"prose", "code", "far"}) {
    sources.models.push_back(Model::open(root / name).value());
    sources.names.emplace_back(name);
  }
  const auto advice = adviceOn(measureStatistics(sources, {}, {}, {}).value(), {}, false);
  QCOMPARE(advice.front().topic, AdviceTopic::FarFromBase);
  QCOMPARE(advice.front().models, std::vector<std::size_t>{2});
}

QTEST_GUILESS_MAIN(TestAdvice)
#include "tst_advice.moc"
