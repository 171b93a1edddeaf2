// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/methods/spec.h"
#include "core/support/translation.h"

/// What the tables of methods are put together from.
namespace layerloom::spec {

/// A parameter with one value per model.
ParameterSpec ofInput(const char* name, const char* label, double standard, const char* help);
/// A parameter of the whole method.
ParameterSpec ofMethod(ParameterType type, const char* name, const char* label, double standard, const char* help);
ParameterSpec within(ParameterSpec parameter, double least, std::optional<double> greatest);
ParameterSpec required(ParameterSpec parameter);
ParameterSpec drawn(ParameterSpec parameter);
ParameterSpec withoutEffect(ParameterSpec parameter, const char* why);

ParameterSpec weight(const char* help);
ParameterSpec density(const char* help);
ParameterSpec lambda();
ParameterSpec normalize(bool standard, const char* help);
ParameterSpec rescale(bool standard);
ParameterSpec int8Mask();

inline constexpr auto kDividesBySum = LAYERLOOM_TEXT("Methods", "Divides by the sum of the merge weights.");
inline constexpr auto kDeltaWeightHelp =
    LAYERLOOM_TEXT("Methods", "How much of the model's change against the base is added.");

/// Methods that interpolate between models.
std::vector<MethodSpec> interpolatingMethods();
/// Methods that add up changes against a base.
std::vector<MethodSpec> taskVectorMethods();
/// Methods of one kind each.
std::vector<MethodSpec> specialMethods();

}  // namespace layerloom::spec
