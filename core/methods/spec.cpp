// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/spec.h"

#include <algorithm>

#include "core/methods/spec_parts.h"

namespace layerloom {

const ParameterSpec* MethodSpec::parameter(std::string_view parameterName) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const ParameterSpec& parameter) { return parameter.name == parameterName; });
  return found == parameters.end() ? nullptr : &*found;
}

const ParameterSpec* MethodSpec::mainParameter() const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [](const ParameterSpec& parameter) { return parameter.drawn; });
  return found == parameters.end() ? nullptr : &*found;
}

const std::vector<MethodSpec>& methodSpecs() {
  static const std::vector<MethodSpec> kSpecs = [] {
    std::vector<MethodSpec> all = spec::interpolatingMethods();
    for (const auto& family : {spec::taskVectorMethods(), spec::specialMethods()}) {
      all.insert(all.end(), family.begin(), family.end());
    }
    return all;
  }();
  return kSpecs;
}

const MethodSpec* findMethod(std::string_view name) {
  const auto& specs = methodSpecs();
  const auto found =
      std::find_if(specs.begin(), specs.end(), [&](const MethodSpec& method) { return method.name == name; });
  return found == specs.end() ? nullptr : &*found;
}

}  // namespace layerloom
