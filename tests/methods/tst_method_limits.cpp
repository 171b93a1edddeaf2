// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>
#include <map>

#include "tests/common/float_bits.h"
#include "tests/methods/method_driver.h"

namespace layerloom {
namespace {

using Parameters = std::map<std::string, double>;

/// A method with parameters for all inputs and for the method.
struct Limit {
  std::string name;
  std::string method;
  Parameters parameters;
};

/// Values that arithmetic would not leave alone: zeros of both signs, the smallest and the largest numbers.
Values withOddValues(Values values) {
  using Limits = std::numeric_limits<float>;
  const Values odd = {0.0F, -0.0F, Limits::denorm_min(), -Limits::denorm_min(), Limits::min(), Limits::max() / 4};
  std::copy(odd.begin(), odd.end(), values.begin() + 17);
  return values;
}

MergeSettings settingsOf(const Limit& limit, const std::vector<Values>& inputs,
                         const std::vector<std::uint64_t>& shape) {
  MergeSettings settings = settingsFor(limit.method.c_str(), inputs, shape);
  for (const auto& [name, value] : limit.parameters) {
    const ParameterSpec* parameter = settings.method->parameter(name);
    if (parameter == nullptr) {
      qFatal("%s has no parameter %s", limit.method.c_str(), name.c_str());
    }
    parameter->scope == ParameterScope::Input ? setAll(settings, name, value) : set(settings, name, value);
  }
  return settings;
}

/// The methods that add task vectors to the base.
std::vector<const MethodSpec*> taskVectorMethods() {
  std::vector<const MethodSpec*> methods;
  for (const MethodSpec& spec : methodSpecs()) {
    if (spec.parameter("lambda") != nullptr) {
      methods.push_back(&spec);
    }
  }
  return methods;
}

/// Parameters with which such a method keeps every change as it is.
Parameters keepingAll(const MethodSpec& method) {
  Parameters parameters;
  for (const auto& [name, value] : Parameters{{"density", 1}, {"epsilon", 0}, {"gamma", 0}}) {
    if (method.parameter(name) != nullptr) {
      parameters[name] = value;
    }
  }
  return parameters;
}

/// Whether the values are these but for a rounding or two of the sum of base and change.
bool isRounded(const Values& got, const Values& base, const Values& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const float size = std::max(std::abs(base[i]), std::abs(wanted[i]));
    if (!(std::abs(got[i] - wanted[i]) <= size * 0x1p-22F)) {
      qWarning("element %zu is %.9g, not %.9g", i, static_cast<double>(got[i]), static_cast<double>(wanted[i]));
      return false;
    }
  }
  return got.size() == wanted.size();
}

std::vector<std::uint16_t> roundedToBf16(const Values& values) {
  std::vector<std::uint16_t> bits(values.size());
  std::transform(values.begin(), values.end(), bits.begin(), test::toBf16);
  return bits;
}

constexpr std::size_t kCount = 12'000;
const std::vector<std::uint64_t> kShape = {40, 300};

/// What every merge method gives at the ends of its parameters, and for models that do not differ.
class TestMethodLimits : public QObject {
  Q_OBJECT

 private slots:
  void nothingAddedGivesTheBase_data();
  void nothingAddedGivesTheBase();
  void oneModelAloneIsGiven_data();
  void oneModelAloneIsGiven();
  void aLoneTaskVectorIsAdded_data();
  void aLoneTaskVectorIsAdded();
  void aWeightOfZeroLeavesAModelOut_data();
  void aWeightOfZeroLeavesAModelOut();
  void equalTunesGiveTheTune_data();
  void equalTunesGiveTheTune();
  void equalModelsStayInTheirType_data();
  void equalModelsStayInTheirType();
};

void TestMethodLimits::nothingAddedGivesTheBase_data() {
  QTest::addColumn<Limit>("limit");
  std::vector<Limit> limits = {{"t", "slerp", {{"t", 0}}},
                               {"t", "nearswap", {{"t", 0}}},
                               {"select_topk", "sce", {{"select_topk", 0}}},
                               {"epsilon", "ram", {{"epsilon", 1e38}}},
                               {"epsilon", "ramplus_tl", {{"epsilon", 1e38}}}};
  for (const MethodSpec* method : taskVectorMethods()) {
    limits.push_back({"weight", method->name, {{"weight", 0}}});
    limits.push_back({"lambda", method->name, {{"lambda", 0}}});
    const ParameterSpec* density = method->parameter("density");
    if (density->hasEffect) {
      Parameters none = keepingAll(*method);
      none["density"] = 0;
      limits.push_back({"density", method->name, none});
    }
  }
  for (const Limit& limit : limits) {
    QTest::addRow("%s: %s", limit.method.c_str(), limit.name.c_str()) << limit;
  }
}

void TestMethodLimits::nothingAddedGivesTheBase() {
  QFETCH(Limit, limit);
  std::vector<Values> inputs = family(2, kCount, 3);
  inputs.resize(findMethod(limit.method)->maxInputs == 1 ? 2 : 3);
  inputs[0] = withOddValues(std::move(inputs[0]));
  for (const bool on : {false, true}) {
    MergeSettings settings = settingsOf(limit, inputs, kShape);
    for (const char* flag : {"normalize", "rescale"}) {
      set(settings, flag, on);
    }
    QVERIFY(sameBits(merged(settings, inputs), inputs[0]));
  }
}

void TestMethodLimits::oneModelAloneIsGiven_data() {
  QTest::addColumn<Limit>("limit");
  QTest::addColumn<std::vector<double>>("weights");  // empty: the method has none
  QTest::addColumn<int>("given");
  using Weights = std::vector<double>;
  QTest::newRow("linear") << Limit{"", "linear", {{"normalize", 0}}} << Weights{0, 1, 0} << 1;
  QTest::newRow("linear, normalized") << Limit{"", "linear", {{"normalize", 1}}} << Weights{0, 0.3, 0} << 1;
  QTest::newRow("slerp") << Limit{"", "slerp", {{"t", 1}}} << Weights{} << 1;
  QTest::newRow("nearswap") << Limit{"", "nearswap", {{"t", 1}}} << Weights{} << 1;
  QTest::newRow("passthrough") << Limit{"", "passthrough", {{"scale", 1}}} << Weights{} << 0;
  for (const int flatten : {0, 1}) {
    for (const int rows : {0, 1}) {
      const Limit limit{"", "nuslerp", {{"nuslerp_flatten", flatten}, {"nuslerp_row_wise", rows}}};
      QTest::addRow("nuslerp, the first %d %d", flatten, rows) << limit << Weights{0.3, 0} << 0;
      QTest::addRow("nuslerp, the second %d %d", flatten, rows) << limit << Weights{0, 0.3} << 1;
    }
  }
}

void TestMethodLimits::oneModelAloneIsGiven() {
  QFETCH(Limit, limit);
  QFETCH(std::vector<double>, weights);
  QFETCH(int, given);
  std::vector<Values> inputs = family(2, kCount, 5, 0.01F);
  inputs.resize(!weights.empty() ? weights.size() : limit.method == "passthrough" ? 1 : 2);
  if (limit.method != "nearswap") {
    inputs[given] = withOddValues(std::move(inputs[given]));
  }
  MergeSettings settings = settingsOf(limit, inputs, kShape);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    set(settings, i, "weight", weights[i]);
  }
  QVERIFY(sameBits(merged(settings, inputs), inputs[given]));
}

void TestMethodLimits::aLoneTaskVectorIsAdded_data() {
  QTest::addColumn<Limit>("limit");
  for (const MethodSpec* method : taskVectorMethods()) {
    QTest::newRow(method->name.c_str()) << Limit{"", method->name, keepingAll(*method)};
  }
  QTest::newRow("sce") << Limit{"", "sce", {}};
  QTest::newRow("ram") << Limit{"", "ram", {{"epsilon", 0}}};
  QTest::newRow("ramplus_tl") << Limit{"", "ramplus_tl", {{"epsilon", 0}}};
}

// B + (W − B) in float32, which is W but for rounding; to the bit, as the definition has it.
void TestMethodLimits::aLoneTaskVectorIsAdded() {
  QFETCH(Limit, limit);
  const std::vector<Values> inputs = family(1, kCount, 7);
  Values wanted(kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    wanted[i] = inputs[0][i] + (inputs[1][i] - inputs[0][i]);
  }
  for (const bool normalize : {false, true}) {
    for (const bool rescale : {false, true}) {
      MergeSettings settings = settingsOf(limit, inputs, kShape);
      set(settings, "normalize", normalize);
      set(settings, "rescale", rescale);
      const Values got = merged(settings, inputs);
      QVERIFY(isRounded(got, inputs[0], inputs[1]));
      if (settings.method->parameter("lambda") != nullptr) {
        QVERIFY(sameBits(got, wanted));
      }
    }
  }
}

void TestMethodLimits::aWeightOfZeroLeavesAModelOut_data() {
  QTest::addColumn<std::string>("method");
  for (const MethodSpec& spec : methodSpecs()) {
    if (spec.parameter("weight") != nullptr && spec.maxInputs < 0) {
      QTest::newRow(spec.name.c_str()) << spec.name;
    }
  }
}

// A model of weight 0 has no say, not even in an election.
void TestMethodLimits::aWeightOfZeroLeavesAModelOut() {
  QFETCH(std::string, method);
  std::vector<Values> inputs = family(3, kCount, 9);
  // Multi-SLERP measures all models before it weighs them, as in mergekit; the others do not look at this one.
  if (method != "multislerp") {
    inputs[2][11] = std::numeric_limits<float>::infinity();
    inputs[2][12] = std::numeric_limits<float>::quiet_NaN();
  }
  std::vector<Values> others = inputs;
  others.erase(others.begin() + 2);
  MergeSettings with = settingsFor(method.c_str(), inputs, kShape);
  MergeSettings without = settingsFor(method.c_str(), others, kShape);
  for (MergeSettings* settings : {&with, &without}) {
    setAll(*settings, "weight", 0.375);
    setAll(*settings, "density", 0.5);
    settings->inputs.back().model = "last";
  }
  set(with, 2, "weight", 0);
  QVERIFY(sameBits(merged(with, inputs), merged(without, others)));
}

void TestMethodLimits::equalTunesGiveTheTune_data() {
  QTest::addColumn<Limit>("limit");
  QTest::newRow("linear") << Limit{"", "linear", {{"weight", 0.3}}};
  QTest::newRow("nuslerp") << Limit{"", "nuslerp", {{"weight", 0.3}}};
  QTest::newRow("multislerp") << Limit{"", "multislerp", {{"weight", 0.3}}};
  QTest::newRow("karcher") << Limit{"", "karcher", {}};
  QTest::newRow("model_stock") << Limit{"", "model_stock", {}};
  QTest::newRow("model_stock by rows") << Limit{"", "model_stock", {{"filter_wise", 1}}};
  QTest::newRow("sce") << Limit{"", "sce", {}};
  QTest::newRow("ram") << Limit{"", "ram", {{"epsilon", 0}}};
  QTest::newRow("ramplus_tl") << Limit{"", "ramplus_tl", {{"epsilon", 0}}};
  for (const MethodSpec* method : taskVectorMethods()) {
    Parameters parameters = keepingAll(*method);
    parameters["weight"] = 0.3;
    parameters["normalize"] = 1;
    QTest::newRow(method->name.c_str()) << Limit{"", method->name, parameters};
  }
}

// Two models that are the same, and a base that is not: all that the methods do to weights and directions cancels.
void TestMethodLimits::equalTunesGiveTheTune() {
  QFETCH(Limit, limit);
  std::vector<Values> inputs = family(1, kCount, 13);
  inputs.push_back(inputs[1]);
  const Values base = inputs[0];
  const MethodSpec& spec = *findMethod(limit.method);
  if (spec.baseModel == BaseModelUse::None) {
    inputs.erase(inputs.begin());
  }
  MergeSettings settings = settingsOf(limit, inputs, kShape);
  settings.base = spec.baseModel == BaseModelUse::None ? std::nullopt : std::optional<std::size_t>(0);
  QVERIFY(isRounded(merged(settings, inputs), base, inputs.back()));
}

void TestMethodLimits::equalModelsStayInTheirType_data() {
  QTest::addColumn<std::string>("method");
  QTest::addColumn<bool>("withBase");
  for (const MethodSpec& spec : methodSpecs()) {
    QTest::newRow(spec.name.c_str()) << spec.name << (spec.baseModel == BaseModelUse::Required);
    if (spec.baseModel == BaseModelUse::Optional) {
      QTest::addRow("%s with base", spec.name.c_str()) << spec.name << true;
    }
  }
}

// With weights that no float holds, float32 may round; in the models' own 16 bits nothing of that is left.
void TestMethodLimits::equalModelsStayInTheirType() {
  QFETCH(std::string, method);
  QFETCH(bool, withBase);
  const MethodSpec& spec = *findMethod(method);
  Values values = randomValues(kCount, 17);
  for (float& value : values) {
    value = static_cast<float>(test::fromBf16(test::toBf16(value)));
  }
  const std::size_t others = spec.maxInputs > 0 ? static_cast<std::size_t>(spec.maxInputs) : 3;
  const std::vector<Values> inputs(others + (withBase ? 1 : 0), values);
  MergeSettings settings = settingsFor(method.c_str(), inputs, kShape);
  settings.base = withBase ? std::optional<std::size_t>(0) : std::nullopt;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    set(settings, i, "weight", 0.1 + 0.23 * static_cast<double>(i));
  }
  setAll(settings, "density", 0.5);
  set(settings, "t", 0.3);
  set(settings, "select_topk", 0.5);
  QVERIFY(roundedToBf16(merged(settings, inputs)) == roundedToBf16(values));
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestMethodLimits)
#include "tst_method_limits.moc"
