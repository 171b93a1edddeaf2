// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/spec_parts.h"

namespace layerloom::spec {

ParameterSpec ofInput(const char* name, const char* label, double standard, const char* help) {
  ParameterSpec parameter;
  parameter.name = name;
  parameter.label = label;
  parameter.standard = standard;
  parameter.help = help;
  return parameter;
}

ParameterSpec ofMethod(ParameterType type, const char* name, const char* label, double standard, const char* help) {
  ParameterSpec parameter = ofInput(name, label, standard, help);
  parameter.type = type;
  parameter.scope = ParameterScope::Method;
  return parameter;
}

ParameterSpec within(ParameterSpec parameter, double least, std::optional<double> greatest) {
  parameter.least = least;
  parameter.greatest = greatest;
  return parameter;
}

ParameterSpec required(ParameterSpec parameter) {
  parameter.standard.reset();
  return parameter;
}

ParameterSpec drawn(ParameterSpec parameter) {
  parameter.drawn = true;
  return parameter;
}

ParameterSpec withoutEffect(ParameterSpec parameter, const char* why) {
  parameter.hasEffect = false;
  parameter.help = why;
  return parameter;
}

ParameterSpec weight(const char* help) {
  return drawn(required(ofInput("weight", LAYERLOOM_TEXT("Methods", "Merge weight"), 0, help)));
}

ParameterSpec density(const char* help) {
  return drawn(within(ofInput("density", LAYERLOOM_TEXT("Methods", "Density"), 1, help), 0, 1));
}

ParameterSpec lambda() {
  return ofMethod(ParameterType::Number, "lambda", LAYERLOOM_TEXT("Methods", "Lambda"), 1,
                  LAYERLOOM_TEXT("Methods", "Scales the merged change before it is added to the base."));
}

ParameterSpec normalize(bool standard, const char* help) {
  return ofMethod(ParameterType::Boolean, "normalize", LAYERLOOM_TEXT("Methods", "Normalize"), standard ? 1 : 0, help);
}

ParameterSpec rescale(bool standard) {
  return ofMethod(
      ParameterType::Boolean, "rescale", LAYERLOOM_TEXT("Methods", "Rescale"), standard ? 1 : 0,
      LAYERLOOM_TEXT("Methods",
                     "Scales the entries that are kept so that their magnitudes sum to what all entries had."));
}

ParameterSpec int8Mask() {
  return withoutEffect(ofMethod(ParameterType::Boolean, "int8_mask", LAYERLOOM_TEXT("Methods", "Int8 mask"), 0, ""),
                       LAYERLOOM_TEXT("Methods", "Saves memory in mergekit; accepted here without effect."));
}

}  // namespace layerloom::spec
