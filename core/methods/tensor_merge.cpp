// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/tensor_merge.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/methods/passthrough.h"
#include "core/methods/slerp.h"
#include "core/methods/task_vectors.h"
#include "core/methods/weighted_sum.h"

namespace layerloom {
namespace {

using Factory = Result<std::unique_ptr<TensorMerge>> (*)(const MergeSettings&);

struct MethodEntry {
  std::string_view name;
  Factory make;
};

constexpr MethodEntry kMethods[] = {
    {"linear", makeLinear},
    {"slerp", makeSlerp},
    {"passthrough", makePassthrough},
    {"task_arithmetic", [](const MergeSettings& settings) { return makeTaskVectorMerge(settings, Sparsification::None, false); }},
    {"ties", [](const MergeSettings& settings) { return makeTaskVectorMerge(settings, Sparsification::Magnitude, true); }},
    {"dare_linear", [](const MergeSettings& settings) { return makeTaskVectorMerge(settings, Sparsification::Random, false); }},
    {"dare_ties", [](const MergeSettings& settings) { return makeTaskVectorMerge(settings, Sparsification::Random, true); }},
};

double valueOf(const MethodSpec& method, const std::vector<double>& values, std::string_view name) {
  const ParameterSpec* parameter = method.parameter(name);
  return parameter == nullptr ? 0 : values[static_cast<std::size_t>(parameter - method.parameters.data())];
}

}  // namespace

double MergeSettings::value(std::string_view parameter) const {
  return valueOf(*method, values, parameter);
}

double MergeSettings::value(std::size_t input, std::string_view parameter) const {
  return valueOf(*method, inputs[input].values, parameter);
}

std::vector<double> standardValues(const MethodSpec& method) {
  std::vector<double> values;
  for (const ParameterSpec& parameter : method.parameters) {
    values.push_back(parameter.standard.value_or(0));
  }
  return values;
}

Result<std::unique_ptr<TensorMerge>> makeTensorMerge(const MergeSettings& settings) {
  const auto found = std::find_if(std::begin(kMethods), std::end(kMethods),
                                  [&](const MethodEntry& entry) { return entry.name == settings.method->name; });
  if (found == std::end(kMethods)) {
    return defect(fmt::format("the method {} is listed but not made", settings.method->name));
  }
  return found->make(settings);
}

}  // namespace layerloom
