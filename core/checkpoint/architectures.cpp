// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/architectures.h"

#include <algorithm>
#include <array>

namespace layerloom {
namespace {

constexpr std::array kT5 = {FamilyModule{"encoder", "encoder.", "num_layers"}, FamilyModule{"decoder", "decoder.", "num_decoder_layers"},
                            FamilyModule{"shared", "", ""}};
constexpr std::array kWhisper = {FamilyModule{"encoder", "model.encoder.", "encoder_layers"},
                                 FamilyModule{"decoder", "", "decoder_layers"}};
constexpr std::array kVision = {FamilyModule{"text_decoder", "", "text_config.num_hidden_layers"},
                                FamilyModule{"multi_modal_projector", "multi_modal_projector.", ""},
                                FamilyModule{"vision_tower", "vision_tower.", "vision_config.num_hidden_layers"}};
constexpr std::array kLlama4 = {FamilyModule{"text_decoder", "", "text_config.num_hidden_layers"},
                                FamilyModule{"multi_modal_projector", "multi_modal_projector.", ""},
                                FamilyModule{"vision_model", "vision_model.", "vision_config.num_hidden_layers"}};
constexpr std::array kQwen2Vl = {FamilyModule{"text_decoder", "", "num_hidden_layers"},
                                 FamilyModule{"multi_modal_projector", "visual.merger.", ""},
                                 FamilyModule{"vision_tower", "visual.", "vision_config.depth"}};
constexpr std::array kQwen3Vl = {FamilyModule{"text_decoder", "", "text_config.num_hidden_layers"},
                                 FamilyModule{"multi_modal_projector", "model.visual.merger.", ""},
                                 FamilyModule{"vision_tower", "model.visual.", "vision_config.depth"}};

struct Family {
  std::string_view architecture;
  std::span<const FamilyModule> modules;
};

constexpr std::array kFamilies = {Family{"T5ForConditionalGeneration", kT5},
                                  Family{"WhisperForConditionalGeneration", kWhisper},
                                  Family{"Gemma3ForConditionalGeneration", kVision},
                                  Family{"Mistral3ForConditionalGeneration", kVision},
                                  Family{"Llama4ForConditionalGeneration", kLlama4},
                                  Family{"Qwen2VLForConditionalGeneration", kQwen2Vl},
                                  Family{"Qwen2_5_VLForConditionalGeneration", kQwen2Vl},
                                  Family{"Qwen3VLForConditionalGeneration", kQwen3Vl},
                                  Family{"Qwen3VLMoeForConditionalGeneration", kQwen3Vl}};

constexpr std::array<std::string_view, 54> kDescribed = {
    "ApertusForCausalLM",
    "ArceeForCausalLM",
    "BaichuanForCausalLM",
    "BertForMaskedLM",
    "BertForMultipleChoice",
    "BertForSequenceClassification",
    "BertForTokenClassification",
    "BertModel",
    "ChatGLMModel",
    "Cohere2ForCausalLM",
    "CohereForCausalLM",
    "DistilBertForMaskedLM",
    "DistilBertForSequenceClassification",
    "DistilBertForTokenClassification",
    "DistilBertModel",
    "ExaoneForCausalLM",
    "FalconForCausalLM",
    "GPT2ForSequenceClassification",
    "GPT2LMHeadModel",
    "GPTBigCodeForCausalLM",
    "GPTNeoXForCausalLM",
    "Gemma2ForCausalLM",
    "Gemma3ForCausalLM",
    "GemmaForCausalLM",
    "Glm4ForCausalLM",
    "Glm4MoeForCausalLM",
    "GraniteForCausalLM",
    "GraniteMoeHybridForCausalLM",
    "InternLM2ForCausalLM",
    "JAISLMHeadModel",
    "LLaMaForCausalLM",
    "Lfm2ForCausalLM",
    "LlamaForCausalLM",
    "LlamaForSequenceClassification",
    "MambaForCausalLM",
    "MistralForCausalLM",
    "MixFormerSequentialForCausalLM",
    "MixtralForCausalLM",
    "Olmo2ForCausalLM",
    "Phi3ForCausalLM",
    "Phi3SmallForCausalLM",
    "PhiForCausalLM",
    "QWenLMHeadModel",
    "Qwen2ForCausalLM",
    "Qwen3ForCausalLM",
    "Qwen3MoeForCausalLM",
    "RobertaForMaskedLM",
    "RobertaForSequenceClassification",
    "RobertaForTokenClassification",
    "RobertaModel",
    "SolarForCausalLM",
    "StableLMEpochForCausalLM",
    "StableLmForCausalLM",
    "Starcoder2ForCausalLM",
};

/// Layers of one model that differ in kind, biases that only some models of a family have.
struct OptionalPart {
  std::string_view architecture;
  std::string_view part;  ///< of the tensor's name
};

constexpr std::array kOptionalParts = {OptionalPart{"Lfm2ForCausalLM", ".layers."},
                                       OptionalPart{"GraniteMoeHybridForCausalLM", ".layers."},
                                       OptionalPart{"Llama4ForConditionalGeneration", ".feed_forward."},
                                       OptionalPart{"Glm4ForCausalLM", "_proj.bias"},
                                       OptionalPart{"Glm4MoeForCausalLM", "_proj.bias"},
                                       OptionalPart{"Glm4MoeForCausalLM", "_norm.weight"},
                                       OptionalPart{"GraniteForCausalLM", "_proj.bias"},
                                       OptionalPart{"StableLmForCausalLM", "_proj.bias"},
                                       OptionalPart{"BertForSequenceClassification", ".pooler."},
                                       OptionalPart{"BertForTokenClassification", ".pooler."},
                                       OptionalPart{"BertForMultipleChoice", ".pooler."},
                                       OptionalPart{"LlamaForSequenceClassification", "score.bias"},
                                       OptionalPart{"T5ForConditionalGeneration", "relative_attention_bias"},
                                       OptionalPart{"T5ForConditionalGeneration", "embed_tokens"}};

}  // namespace

std::span<const FamilyModule> familyModules(std::string_view architecture) {
  const auto found = std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& family) { return family.architecture == architecture; });
  return found == kFamilies.end() ? std::span<const FamilyModule>() : found->modules;
}

bool isDescribedInMergekit(std::string_view architecture) {
  return !familyModules(architecture).empty() || std::find(kDescribed.begin(), kDescribed.end(), architecture) != kDescribed.end();
}

bool readsSharedHead(std::string_view architecture) {
  constexpr std::array<std::string_view, 3> kOwnHeadOnly = {"CohereForCausalLM", "Cohere2ForCausalLM", "Lfm2ForCausalLM"};
  return architecture.empty() || (isDescribedInMergekit(architecture) &&
                                  std::find(kOwnHeadOnly.begin(), kOwnHeadOnly.end(), architecture) == kOwnHeadOnly.end());
}

bool isOptionalPart(std::string_view architecture, std::string_view tensor) {
  if (architecture.empty()) {
    return false;
  }
  return !isDescribedInMergekit(architecture) ||
         std::any_of(kOptionalParts.begin(), kOptionalParts.end(), [&](const OptionalPart& optional) {
           return optional.architecture == architecture && tensor.find(optional.part) != std::string_view::npos;
         });
}

}  // namespace layerloom
