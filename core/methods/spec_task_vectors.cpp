// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/spec_parts.h"

namespace layerloom::spec {
namespace {

constexpr auto kPositionwise =
    LAYERLOOM_TEXT("Methods", "Divides each entry by the sum of the merge weights that were kept there.");
constexpr auto kProbability = LAYERLOOM_TEXT("Methods", "Probability that an entry's change is kept.");

/// What the family has in common; the parameters that are its own come behind the density.
MethodSpec taskVectors(const char* name, const ParameterSpec& densitySpec, std::vector<ParameterSpec> own, bool elects,
                       bool normalizes, bool rescales) {
  MethodSpec method;
  method.name = name;
  method.baseModel = BaseModelUse::Required;
  method.minInputs = 0;
  method.parameters = {weight(kDeltaWeightHelp), densitySpec};
  method.parameters.insert(method.parameters.end(), own.begin(), own.end());
  for (const ParameterSpec& parameter :
       {lambda(), normalize(normalizes, elects ? kPositionwise : kDividesBySum), rescale(rescales), int8Mask()}) {
    method.parameters.push_back(parameter);
  }
  return method;
}

MethodSpec taskArithmetic() {
  constexpr auto kUnused =
      LAYERLOOM_TEXT("Methods", "Belongs to the sparsifying methods; accepted here without effect, as in mergekit.");
  MethodSpec method;
  method.name = "task_arithmetic";
  method.label = LAYERLOOM_TEXT("Methods", "Task arithmetic");
  method.summary = LAYERLOOM_TEXT("Methods", "Adds the weighted changes of the models to the base.");
  method.formula = "W = B + λ·Σ wᵢ·δᵢ,  δᵢ = Wᵢ − B";
  method.reference = "Ilharco et al., Editing models with task arithmetic, 2022 (arXiv:2212.04089)";
  method.baseModel = BaseModelUse::Required;
  method.minInputs = 0;
  method.parameters = {weight(kDeltaWeightHelp),
                       lambda(),
                       normalize(false, kDividesBySum),
                       withoutEffect(density(""), kUnused),
                       withoutEffect(rescale(false), kUnused),
                       int8Mask()};
  return method;
}

MethodSpec ties() {
  MethodSpec method = taskVectors(
      "ties",
      density(LAYERLOOM_TEXT("Methods", "Share of each tensor's changes that is kept, the largest ones first.")), {},
      true, true, false);
  method.label = LAYERLOOM_TEXT("Methods", "TIES");
  method.summary = LAYERLOOM_TEXT(
      "Methods",
      "Keeps the largest changes of each model, elects a sign per entry and adds the changes that agree with it.");
  method.formula = "W = B + λ·agree(wᵢ·trim(δᵢ)),  δᵢ = Wᵢ − B";
  method.reference = "Yadav et al., TIES-Merging, 2023 (arXiv:2306.01708)";
  return method;
}

MethodSpec dare(bool elects) {
  MethodSpec method = taskVectors(elects ? "dare_ties" : "dare_linear", density(kProbability), {}, elects, false, true);
  method.label = elects ? LAYERLOOM_TEXT("Methods", "DARE + TIES") : LAYERLOOM_TEXT("Methods", "DARE");
  method.summary =
      elects
          ? LAYERLOOM_TEXT("Methods",
                           "Keeps a random share of each model's changes, then elects a sign per entry as TIES does.")
          : LAYERLOOM_TEXT("Methods",
                           "Keeps a random share of each model's changes, rescales them and adds them to the base.");
  method.formula = elects ? "W = B + λ·agree(wᵢ·dare(δᵢ)),  δᵢ = Wᵢ − B" : "W = B + λ·Σ wᵢ·dare(δᵢ),  δᵢ = Wᵢ − B";
  method.reference = "Yu et al., Language models are super mario (DARE), 2023 (arXiv:2311.03099)";
  method.random = true;
  return method;
}

MethodSpec della(bool elects) {
  const ParameterSpec epsilon = within(ofInput("epsilon", LAYERLOOM_TEXT("Methods", "Epsilon"), 0.15,
                                               LAYERLOOM_TEXT("Methods",
                                                              "The probability rises with the rank of a change in its "
                                                              "row, from density − epsilon to density + epsilon; "
                                                              "both must lie between 0 and 1.")),
                                       0, 0.5);
  MethodSpec method = taskVectors(
      elects ? "della" : "della_linear",
      density(LAYERLOOM_TEXT("Methods", "Probability that a change in the middle of its row's ranks is kept.")),
      {epsilon}, elects, elects, true);
  method.label = elects ? LAYERLOOM_TEXT("Methods", "DELLA + TIES") : LAYERLOOM_TEXT("Methods", "DELLA");
  method.summary =
      elects
          ? LAYERLOOM_TEXT("Methods",
                           "Keeps changes at random, large ones of a row more often than small ones, then elects a "
                           "sign per entry as TIES does.")
          : LAYERLOOM_TEXT(
                "Methods",
                "Keeps changes at random, large ones of a row more often than small ones, and adds them to the base.");
  method.formula = elects ? "W = B + λ·agree(wᵢ·della(δᵢ)),  δᵢ = Wᵢ − B" : "W = B + λ·Σ wᵢ·della(δᵢ),  δᵢ = Wᵢ − B";
  method.reference = "Deep et al., DELLA-Merging, 2024 (arXiv:2406.11617)";
  method.random = true;
  return method;
}

MethodSpec breadcrumbs(bool elects) {
  const ParameterSpec gamma = within(
      ofInput("gamma", LAYERLOOM_TEXT("Methods", "Gamma"), 0.01,
              LAYERLOOM_TEXT("Methods",
                             "Share of each tensor's changes that is dropped as outliers, the largest ones first.")),
      0, 1);
  MethodSpec method = taskVectors(elects ? "breadcrumbs_ties" : "breadcrumbs",
                                  density(LAYERLOOM_TEXT("Methods", "Share of each tensor's changes that is kept.")),
                                  {gamma}, elects, false, false);
  method.label =
      elects ? LAYERLOOM_TEXT("Methods", "Model Breadcrumbs + TIES") : LAYERLOOM_TEXT("Methods", "Model Breadcrumbs");
  method.summary =
      elects
          ? LAYERLOOM_TEXT(
                "Methods",
                "Drops the largest and the smallest changes of each model, then elects a sign per entry as TIES does.")
          : LAYERLOOM_TEXT("Methods",
                           "Drops the largest and the smallest changes of each model and adds the others to the base.");
  method.formula = elects ? "W = B + λ·agree(wᵢ·mask(δᵢ)),  δᵢ = Wᵢ − B" : "W = B + λ·Σ wᵢ·mask(δᵢ),  δᵢ = Wᵢ − B";
  method.reference = "Davari and Belilovsky, Model Breadcrumbs, 2023 (arXiv:2312.06795)";
  return method;
}

MethodSpec sce() {
  MethodSpec method;
  method.name = "sce";
  method.label = LAYERLOOM_TEXT("Methods", "SCE");
  method.summary = LAYERLOOM_TEXT("Methods",
                                  "Selects the entries in which the models differ most, weighs each model by the size "
                                  "of its changes and erases minority signs.");
  method.formula = "W = B + Σ wᵢ·mᵢ·δᵢ / Σ wᵢ·mᵢ,  wᵢ ∝ mean δᵢ²,  δᵢ = Wᵢ − B";
  method.reference = "Wan et al., FuseChat, 2024 (arXiv:2408.07990)";
  method.baseModel = BaseModelUse::Required;
  method.minInputs = 0;
  method.parameters = {
      drawn(within(ofMethod(ParameterType::Number, "select_topk", LAYERLOOM_TEXT("Methods", "Selected share"), 1,
                            LAYERLOOM_TEXT("Methods",
                                           "Share of the entries that is kept, those of the largest variance first.")),
                   0, 1)),
      int8Mask()};
  return method;
}

MethodSpec ram(bool rescales) {
  const auto number = [](const char* name, const char* label, double standard, const char* help) {
    return within(ofMethod(ParameterType::Number, name, label, standard, help), 0, std::nullopt);
  };
  MethodSpec method;
  method.name = rescales ? "ramplus_tl" : "ram";
  method.label = rescales ? LAYERLOOM_TEXT("Methods", "RAM+ (tensor-local)") : LAYERLOOM_TEXT("Methods", "RAM");
  method.summary =
      rescales ? LAYERLOOM_TEXT("Methods", "As RAM, but strengthens the changes that one model makes alone.")
               : LAYERLOOM_TEXT(
                     "Methods",
                     "Adds a change in full where one model makes it alone, and the mean where several models do.");
  method.formula =
      rescales ? "W = B + (1 + r·clamp(sharedᵢ/uniqueᵢ, 0, α))·δᵢ where one changes, B + mean δᵢ where several do"
               : "W = B + δᵢ where one changes, B + mean δᵢ where several do,  δᵢ = Wᵢ − B";
  method.reference = "Yuan et al., Behavior Knowledge Merge in Reinforced Agentic Models, 2026 (arXiv:2601.13572)";
  method.baseModel = BaseModelUse::Required;
  method.minInputs = 0;
  if (rescales) {
    method.parameters = {
        number("r", LAYERLOOM_TEXT("Methods", "Rescaling r"), 0.1,
               LAYERLOOM_TEXT("Methods", "How strongly a model's own changes grow with the share of its common ones.")),
        number("alpha", LAYERLOOM_TEXT("Methods", "Alpha"), 0.2,
               LAYERLOOM_TEXT("Methods", "Upper limit of the ratio of common to own changes."))};
  }
  method.parameters.push_back(number("epsilon", LAYERLOOM_TEXT("Methods", "Epsilon"), 1e-5,
                                     LAYERLOOM_TEXT("Methods", "Changes up to this magnitude count as none.")));
  return method;
}

}  // namespace

std::vector<MethodSpec> taskVectorMethods() {
  return {taskArithmetic(),  ties(), dare(false), dare(true), della(false), della(true), breadcrumbs(false),
          breadcrumbs(true), sce(),  ram(false),  ram(true)};
}

}  // namespace layerloom::spec
