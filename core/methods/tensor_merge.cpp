// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/tensor_merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/methods/arcee_fusion.h"
#include "core/methods/gram.h"
#include "core/methods/model_stock.h"
#include "core/methods/nearswap.h"
#include "core/methods/passthrough.h"
#include "core/methods/ram.h"
#include "core/methods/sce.h"
#include "core/methods/slerp.h"
#include "core/methods/spherical_means.h"
#include "core/methods/task_vectors.h"
#include "core/methods/weighted_sum.h"

namespace layerloom {
namespace {

using Factory = Result<std::unique_ptr<TensorMerge>> (*)(const MergeSettings&);

struct MethodEntry {
  std::string_view name;
  Factory make;
};

template <Sparsification sparsification, bool electsSign>
Result<std::unique_ptr<TensorMerge>> makeTasks(const MergeSettings& settings) {
  return makeTaskVectorMerge(settings, sparsification, electsSign);
}

constexpr MethodEntry kMethods[] = {
    {"linear", makeLinear},
    {"slerp", makeSlerp},
    {"nuslerp", makeNuslerp},
    {"multislerp", makeMultislerp},
    {"karcher", makeKarcher},
    {"task_arithmetic", makeTasks<Sparsification::None, false>},
    {"ties", makeTasks<Sparsification::Magnitude, true>},
    {"dare_linear", makeTasks<Sparsification::Random, false>},
    {"dare_ties", makeTasks<Sparsification::Random, true>},
    {"della", makeTasks<Sparsification::RankedRandom, true>},
    {"della_linear", makeTasks<Sparsification::RankedRandom, false>},
    {"breadcrumbs", makeTasks<Sparsification::Outliers, false>},
    {"breadcrumbs_ties", makeTasks<Sparsification::Outliers, true>},
    {"sce", makeSce},
    {"model_stock", makeModelStock},
    {"nearswap", makeNearswap},
    {"arcee_fusion", makeArceeFusion},
    {"ram", [](const MergeSettings& settings) { return makeRam(settings, false); }},
    {"ramplus_tl", [](const MergeSettings& settings) { return makeRam(settings, true); }},
    {"passthrough", makePassthrough},
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

std::optional<SpanSettings> TensorMerge::span() const {
  return std::nullopt;
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
