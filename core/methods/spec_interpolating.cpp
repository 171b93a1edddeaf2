// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/spec_parts.h"

namespace layerloom::spec {
namespace {

constexpr auto kWeightHelp = LAYERLOOM_TEXT("Methods", "How much of the model goes into the merge.");

MethodSpec linear() {
  MethodSpec method;
  method.name = "linear";
  method.label = LAYERLOOM_TEXT("Methods", "Linear (LERP)");
  method.summary = LAYERLOOM_TEXT("Methods", "Weighted average of whole models.");
  method.formula = "W = Σ wᵢ·Wᵢ / Σ wᵢ";
  method.reference = "Wortsman et al., Model soups, 2022 (arXiv:2203.05482)";
  method.parameters = {weight(kWeightHelp), normalize(true, kDividesBySum)};
  return method;
}

MethodSpec slerp() {
  MethodSpec method;
  method.name = "slerp";
  method.label = LAYERLOOM_TEXT("Methods", "SLERP");
  method.summary =
      LAYERLOOM_TEXT("Methods", "Moves from the base to one other model along the arc between them, tensor by tensor.");
  method.formula = "W = sin((1−t)θ)/sin θ · B + sin(tθ)/sin θ · W₁";
  method.reference = "Shoemake, Animating rotation with quaternion curves, 1985";
  method.baseModel = BaseModelUse::Required;
  method.maxInputs = 1;
  method.missing = MissingInputs::PassesLone;
  method.parameters = {
      drawn(required(within(ofMethod(ParameterType::Number, "t", LAYERLOOM_TEXT("Methods", "Position t"), 0,
                                     LAYERLOOM_TEXT("Methods", "0 is the base model, 1 the other model.")),
                            0, 1)))};
  return method;
}

MethodSpec nuslerp() {
  MethodSpec method;
  method.name = "nuslerp";
  method.label = LAYERLOOM_TEXT("Methods", "NuSLERP");
  method.summary = LAYERLOOM_TEXT("Methods",
                                  "Moves between two models along the arc between them, or between their changes "
                                  "against a base, which are added to it.");
  method.formula =
      "W = B + sin((1−t)θ)/sin θ · δ₁ + sin(tθ)/sin θ · δ₂,  δᵢ = Wᵢ − B,  t = w₂/(w₁ + w₂);  without base: B = 0";
  method.reference = "mergekit";
  method.baseModel = BaseModelUse::Optional;
  method.minInputs = 2;
  method.maxInputs = 2;
  method.missing = MissingInputs::PassesLone;
  method.parameters = {
      weight(LAYERLOOM_TEXT("Methods", "The second weight's share of the sum is the position between the two models.")),
      ofMethod(
          ParameterType::Boolean, "nuslerp_flatten", LAYERLOOM_TEXT("Methods", "Flatten"), 1,
          LAYERLOOM_TEXT("Methods", "Takes each tensor as one vector; otherwise its rows or columns move one by one.")),
      ofMethod(
          ParameterType::Boolean, "nuslerp_row_wise", LAYERLOOM_TEXT("Methods", "Along the first axis"), 0,
          LAYERLOOM_TEXT("Methods", "Without flattening: the vectors lie along the first axis instead of the last."))};
  return method;
}

MethodSpec multislerp() {
  MethodSpec method;
  method.name = "multislerp";
  method.label = LAYERLOOM_TEXT("Methods", "Multi-SLERP");
  method.summary = LAYERLOOM_TEXT(
      "Methods", "Averages directions and lengths of any number of models apart, or of their changes against a base.");
  method.formula = "W = B + Σ wᵢ‖δᵢ‖ · m/‖m‖,  m = Σ wᵢ·δᵢ/‖δᵢ‖,  δᵢ = Wᵢ − B;  without base: B = 0";
  method.reference = "mergekit (goddard.blog/posts/multislerp-wow-what-a-cool-idea)";
  method.baseModel = BaseModelUse::Optional;
  method.parameters = {
      weight(kWeightHelp),
      ofMethod(ParameterType::Boolean, "normalize_weights", LAYERLOOM_TEXT("Methods", "Normalize weights"), 1,
               kDividesBySum),
      within(ofMethod(ParameterType::Number, "eps", LAYERLOOM_TEXT("Methods", "Epsilon"), 1e-8,
                      LAYERLOOM_TEXT("Methods", "Added to the norms so that zero vectors can be divided by them.")),
             0, std::nullopt)};
  return method;
}

MethodSpec karcher() {
  MethodSpec method;
  method.name = "karcher";
  method.label = LAYERLOOM_TEXT("Methods", "Karcher mean");
  method.summary = LAYERLOOM_TEXT(
      "Methods",
      "The direction with the smallest sum of squared angles to all models, with the mean of their lengths.");
  method.formula = "W = mean ‖Wᵢ‖ · argmin Σ angle(u, Wᵢ)²,  ‖u‖ = 1";
  method.reference = "arXiv:2603.04972, 2026";
  ParameterSpec steps = within(ofMethod(ParameterType::Number, "max_iter", LAYERLOOM_TEXT("Methods", "Most iterations"),
                                        10, LAYERLOOM_TEXT("Methods", "The search ends after so many steps.")),
                               0, std::nullopt);
  steps.whole = true;
  method.parameters = {
      steps, within(ofMethod(ParameterType::Number, "tol", LAYERLOOM_TEXT("Methods", "Tolerance"), 1e-5,
                             LAYERLOOM_TEXT("Methods",
                                            "The search ends when a step turns the direction by less, in radians.")),
                    0, std::nullopt)};
  return method;
}

}  // namespace

std::vector<MethodSpec> interpolatingMethods() {
  return {linear(), slerp(), nuslerp(), multislerp(), karcher()};
}

}  // namespace layerloom::spec
