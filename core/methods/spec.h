// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace layerloom {

enum class ParameterType { Number, Boolean };
enum class ParameterScope {
  Input,   ///< one value per model and tensor
  Method,  ///< one value per tensor
};

/// One parameter of a merge method; the command line's help, the window's form and the checks are made from it.
struct ParameterSpec {
  std::string name;   ///< mergekit's spelling
  std::string label;  ///< for people, in sentence case
  ParameterType type = ParameterType::Number;
  ParameterScope scope = ParameterScope::Input;
  std::optional<double> standard;  ///< value where the recipe has none; booleans as 0 and 1; nothing: the value is required
  std::optional<double> least;     ///< hard limits, inclusive; nothing: unlimited
  std::optional<double> greatest;
  bool whole = false;  ///< whole numbers only
  bool drawn = false;  ///< worth a curve over the layers
  bool hasEffect = true;  ///< false: accepted because mergekit takes it, without influence on the result
  std::string help;
};

enum class BaseModelUse {
  None,      ///< has no special part: a base model counts as one more input
  Optional,  ///< deltas are taken against it where there is one
  Required,  ///< deltas are taken against it
};

/// What a method makes of an optional tensor (a tied head) that some of its inputs lack. `makeTensorMerge` is told of the inputs that are
/// there only; whoever plans the merge refuses the other cases.
enum class MissingInputs {
  Refused,         ///< all inputs must have the tensor
  PassesLone,      ///< copied where one input has it, whichever
  PassesLoneBase,  ///< copied where only the base has it
  KeepsBase,       ///< copied where only the base has it; merged where the base and at least `minInputs` others do; else left out
};

/// One merge method.
struct MethodSpec {
  std::string name;       ///< mergekit's spelling
  std::string label;      ///< for people
  std::string summary;    ///< one sentence
  std::string formula;    ///< plain text
  std::string reference;  ///< paper or origin
  BaseModelUse baseModel = BaseModelUse::None;
  int minInputs = 1;  ///< models beside the base (with BaseModelUse::None: all models)
  int maxInputs = -1; ///< -1: any number
  MissingInputs missing = MissingInputs::Refused;
  bool random = false;  ///< draws random numbers; the seed matters
  std::vector<ParameterSpec> parameters;

  const ParameterSpec* parameter(std::string_view parameterName) const;
  /// The parameter that the curves show first (weight, t, scale).
  const ParameterSpec* mainParameter() const;
};

/// All methods, in the order for menus.
const std::vector<MethodSpec>& methodSpecs();
/// The method with that name in mergekit's spelling, or null.
const MethodSpec* findMethod(std::string_view name);

}  // namespace layerloom
