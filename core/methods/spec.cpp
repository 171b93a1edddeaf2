// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/spec.h"

#include <algorithm>

/// Marks a text that front ends show translated, for the program that collects such texts; the core itself speaks English only.
#define LAYERLOOM_TEXT(context, text) text

namespace layerloom {
namespace {

constexpr auto kWeightHelp = LAYERLOOM_TEXT("Methods", "How much of the model goes into the merge.");
constexpr auto kDeltaWeightHelp = LAYERLOOM_TEXT("Methods", "How much of the model's change against the base is added.");

ParameterSpec weight(const char* help) {
  ParameterSpec spec;
  spec.name = "weight";
  spec.label = LAYERLOOM_TEXT("Methods", "Merge weight");
  spec.drawn = true;
  spec.help = help;
  return spec;
}

ParameterSpec density(const char* help) {
  ParameterSpec spec;
  spec.name = "density";
  spec.label = LAYERLOOM_TEXT("Methods", "Density");
  spec.standard = 1;
  spec.least = 0;
  spec.greatest = 1;
  spec.drawn = true;
  spec.help = help;
  return spec;
}

ParameterSpec ofMethod(ParameterType type, const char* name, const char* label, double standard, const char* help) {
  ParameterSpec spec;
  spec.name = name;
  spec.label = label;
  spec.type = type;
  spec.scope = ParameterScope::Method;
  spec.standard = standard;
  spec.help = help;
  return spec;
}

ParameterSpec lambda() {
  return ofMethod(ParameterType::Number, "lambda", LAYERLOOM_TEXT("Methods", "Lambda"), 1, LAYERLOOM_TEXT("Methods", "Scales the merged change before it is added to the base."));
}

ParameterSpec normalize(bool standard, const char* help) {
  return ofMethod(ParameterType::Boolean, "normalize", LAYERLOOM_TEXT("Methods", "Normalize"), standard ? 1 : 0, help);
}

ParameterSpec rescale(bool standard) {
  return ofMethod(ParameterType::Boolean, "rescale", LAYERLOOM_TEXT("Methods", "Rescale"), standard ? 1 : 0,
                  LAYERLOOM_TEXT("Methods", "Scales the entries that are kept so that their magnitudes sum to what all entries had."));
}

ParameterSpec withoutEffect(ParameterSpec spec, const char* why) {
  spec.hasEffect = false;
  spec.help = why;
  return spec;
}

ParameterSpec int8Mask() {
  return withoutEffect(ofMethod(ParameterType::Boolean, "int8_mask", LAYERLOOM_TEXT("Methods", "Int8 mask"), 0, ""),
                       LAYERLOOM_TEXT("Methods", "Saves memory in mergekit; accepted here without effect."));
}

MethodSpec linear() {
  MethodSpec spec;
  spec.name = "linear";
  spec.label = LAYERLOOM_TEXT("Methods", "Linear (LERP)");
  spec.summary = LAYERLOOM_TEXT("Methods", "Weighted average of whole models.");
  spec.formula = "W = Σ wᵢ·Wᵢ / Σ wᵢ";
  spec.reference = "Wortsman et al., Model soups, 2022 (arXiv:2203.05482)";
  spec.parameters = {weight(kWeightHelp), normalize(true, LAYERLOOM_TEXT("Methods", "Divides by the sum of the merge weights."))};
  return spec;
}

MethodSpec slerp() {
  MethodSpec spec;
  spec.name = "slerp";
  spec.label = LAYERLOOM_TEXT("Methods", "SLERP");
  spec.summary = LAYERLOOM_TEXT("Methods", "Moves from the base to one other model along the arc between them, tensor by tensor.");
  spec.formula = "W = sin((1−t)θ)/sin θ · B + sin(tθ)/sin θ · W₁";
  spec.reference = "Shoemake, Animating rotation with quaternion curves, 1985";
  spec.baseModel = BaseModelUse::Required;
  spec.minInputs = 1;
  spec.maxInputs = 1;
  ParameterSpec t = ofMethod(ParameterType::Number, "t", LAYERLOOM_TEXT("Methods", "Position t"), 0, LAYERLOOM_TEXT("Methods", "0 is the base model, 1 the other model."));
  t.standard.reset();
  t.least = 0;
  t.greatest = 1;
  t.drawn = true;
  spec.parameters = {t};
  return spec;
}

MethodSpec taskArithmetic() {
  MethodSpec spec;
  spec.name = "task_arithmetic";
  spec.label = LAYERLOOM_TEXT("Methods", "Task arithmetic");
  spec.summary = LAYERLOOM_TEXT("Methods", "Adds the weighted changes of the models to the base.");
  spec.formula = "W = B + λ·Σ wᵢ·δᵢ,  δᵢ = Wᵢ − B";
  spec.reference = "Ilharco et al., Editing models with task arithmetic, 2022 (arXiv:2212.04089)";
  spec.baseModel = BaseModelUse::Required;
  spec.minInputs = 0;
  constexpr auto kUnused = LAYERLOOM_TEXT("Methods", "Belongs to the sparsifying methods; accepted here without effect, as in mergekit.");
  spec.parameters = {weight(kDeltaWeightHelp),
                     lambda(),
                     normalize(false, LAYERLOOM_TEXT("Methods", "Divides by the sum of the merge weights.")),
                     withoutEffect(density(""), kUnused),
                     withoutEffect(rescale(false), kUnused),
                     int8Mask()};
  return spec;
}

constexpr auto kPositionwise = LAYERLOOM_TEXT("Methods", "Divides each entry by the sum of the merge weights that were kept there.");

MethodSpec ties() {
  MethodSpec spec;
  spec.name = "ties";
  spec.label = LAYERLOOM_TEXT("Methods", "TIES");
  spec.summary = LAYERLOOM_TEXT("Methods", "Keeps the largest changes of each model, elects a sign per entry and adds the changes that agree with it.");
  spec.formula = "W = B + λ·agree(wᵢ·trim(δᵢ)),  δᵢ = Wᵢ − B";
  spec.reference = "Yadav et al., TIES-Merging, 2023 (arXiv:2306.01708)";
  spec.baseModel = BaseModelUse::Required;
  spec.minInputs = 0;
  spec.parameters = {weight(kDeltaWeightHelp), density(LAYERLOOM_TEXT("Methods", "Share of each tensor's changes that is kept, the largest ones first.")), lambda(),
                     normalize(true, kPositionwise), rescale(false), int8Mask()};
  return spec;
}

MethodSpec dareLinear() {
  MethodSpec spec;
  spec.name = "dare_linear";
  spec.label = LAYERLOOM_TEXT("Methods", "DARE");
  spec.summary = LAYERLOOM_TEXT("Methods", "Keeps a random share of each model's changes, rescales them and adds them to the base.");
  spec.formula = "W = B + λ·Σ wᵢ·dare(δᵢ),  δᵢ = Wᵢ − B";
  spec.reference = "Yu et al., Language models are super mario (DARE), 2023 (arXiv:2311.03099)";
  spec.baseModel = BaseModelUse::Required;
  spec.minInputs = 0;
  spec.random = true;
  spec.parameters = {weight(kDeltaWeightHelp), density(LAYERLOOM_TEXT("Methods", "Probability that an entry's change is kept.")), lambda(),
                     normalize(false, LAYERLOOM_TEXT("Methods", "Divides by the sum of the merge weights.")), rescale(true), int8Mask()};
  return spec;
}

MethodSpec dareTies() {
  MethodSpec spec = dareLinear();
  spec.name = "dare_ties";
  spec.label = LAYERLOOM_TEXT("Methods", "DARE + TIES");
  spec.summary = LAYERLOOM_TEXT("Methods", "Keeps a random share of each model's changes, then elects a sign per entry as TIES does.");
  spec.formula = "W = B + λ·agree(wᵢ·dare(δᵢ)),  δᵢ = Wᵢ − B";
  spec.parameters = {weight(kDeltaWeightHelp), density(LAYERLOOM_TEXT("Methods", "Probability that an entry's change is kept.")), lambda(),
                     normalize(false, kPositionwise), rescale(true), int8Mask()};
  return spec;
}

MethodSpec passthrough() {
  MethodSpec spec;
  spec.name = "passthrough";
  spec.label = LAYERLOOM_TEXT("Methods", "Passthrough");
  spec.summary = LAYERLOOM_TEXT("Methods", "Copies layers as they are; with slices it stacks layers of several models.");
  spec.formula = "W = s·W₁";
  spec.reference = "mergekit";
  spec.maxInputs = 1;
  ParameterSpec scale;
  scale.name = "scale";
  scale.label = LAYERLOOM_TEXT("Methods", "Scale");
  scale.standard = 1;
  scale.drawn = true;
  scale.help = LAYERLOOM_TEXT("Methods", "Factor on the copied tensor.");
  spec.parameters = {scale};
  return spec;
}

}  // namespace

const ParameterSpec* MethodSpec::parameter(std::string_view parameterName) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const ParameterSpec& parameter) { return parameter.name == parameterName; });
  return found == parameters.end() ? nullptr : &*found;
}

const ParameterSpec* MethodSpec::mainParameter() const {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [](const ParameterSpec& parameter) { return parameter.drawn; });
  return found == parameters.end() ? nullptr : &*found;
}

const std::vector<MethodSpec>& methodSpecs() {
  static const std::vector<MethodSpec> kSpecs = {linear(),     slerp(),    taskArithmetic(), ties(),
                                                 dareLinear(), dareTies(), passthrough()};
  return kSpecs;
}

const MethodSpec* findMethod(std::string_view name) {
  const auto& specs = methodSpecs();
  const auto found = std::find_if(specs.begin(), specs.end(), [&](const MethodSpec& spec) { return spec.name == name; });
  return found == specs.end() ? nullptr : &*found;
}

}  // namespace layerloom
