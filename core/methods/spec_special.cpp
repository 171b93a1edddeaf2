// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/spec_parts.h"

namespace layerloom::spec {
namespace {

MethodSpec modelStock() {
  MethodSpec method;
  method.name = "model_stock";
  method.label = LAYERLOOM_TEXT("Methods", "Model Stock");
  method.summary = LAYERLOOM_TEXT(
      "Methods", "Moves from the base towards the models' mean, the further the better their changes agree.");
  method.formula = "W = t·mean Wᵢ + (1−t)·B,  t = n·cos θ/(1 + (n−1)·cos θ)";
  method.reference = "Jang et al., Model Stock, 2024 (arXiv:2403.19522)";
  method.baseModel = BaseModelUse::Required;
  method.minInputs = 2;
  method.missing = MissingInputs::KeepsBase;
  method.parameters = {
      ofMethod(ParameterType::Boolean, "filter_wise", LAYERLOOM_TEXT("Methods", "Row by row"), 0,
               LAYERLOOM_TEXT("Methods", "Measures the angle for each row of a tensor instead of the whole tensor."))};
  return method;
}

MethodSpec nearswap() {
  MethodSpec method;
  method.name = "nearswap";
  method.label = LAYERLOOM_TEXT("Methods", "NearSwap");
  method.summary = LAYERLOOM_TEXT(
      "Methods", "Takes over the other model's entries where they lie near the base's, and moves by t elsewhere.");
  method.formula = "W = q·W₁ + (1−q)·B,  q = clamp(t/|B − W₁|, 0, 1)";
  method.reference = "mergekit (huggingface.co/alchemonaut/QuartetAnemoi-70B-t0.0001)";
  method.baseModel = BaseModelUse::Required;
  method.maxInputs = 1;
  method.missing = MissingInputs::PassesLoneBase;
  method.parameters = {drawn(required(within(
      ofMethod(ParameterType::Number, "t", LAYERLOOM_TEXT("Methods", "Distance t"), 0,
               LAYERLOOM_TEXT(
                   "Methods",
                   "Entries that differ by less are swapped; the others move by so much towards the other model.")),
      0, 1)))};
  return method;
}

MethodSpec arceeFusion() {
  MethodSpec method;
  method.name = "arcee_fusion";
  method.label = LAYERLOOM_TEXT("Methods", "Arcee Fusion");
  method.summary = LAYERLOOM_TEXT(
      "Methods", "Takes over the other model's entries where their importance stands out from the tensor's.");
  method.formula = "W = W₁ where |W₁ − B|·KL(softmax W₁ ‖ softmax B) ≥ median + 1.5·(q₃ − q₁), B elsewhere";
  method.reference = "mergekit (arcee.ai)";
  method.baseModel = BaseModelUse::Required;
  method.maxInputs = 1;
  method.missing = MissingInputs::PassesLone;
  return method;
}

MethodSpec passthrough() {
  MethodSpec method;
  method.name = "passthrough";
  method.label = LAYERLOOM_TEXT("Methods", "Passthrough");
  method.summary =
      LAYERLOOM_TEXT("Methods", "Copies layers as they are; with slices it stacks layers of several models.");
  method.formula = "W = s·W₁";
  method.reference = "mergekit";
  method.maxInputs = 1;
  method.parameters = {drawn(ofInput("scale", LAYERLOOM_TEXT("Methods", "Scale"), 1,
                                     LAYERLOOM_TEXT("Methods", "Factor on the copied tensor.")))};
  return method;
}

}  // namespace

std::vector<MethodSpec> specialMethods() {
  return {modelStock(), nearswap(), arceeFusion(), passthrough()};
}

}  // namespace layerloom::spec
