// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/model_shape.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace layerloom::bench {
namespace {

constexpr std::uint64_t kTensorsPerLayer = 12;

}  // namespace

ModelShape ModelShape::tiny(std::uint64_t tensors) {
  ModelShape shape;
  shape.layers = (tensors + kTensorsPerLayer - 1) / kTensorsPerLayer;
  shape.hidden = 4;
  shape.intermediate = 4;
  shape.heads = 2;
  shape.keyValueHeads = 1;
  shape.vocabulary = 8;
  return shape;
}

std::vector<TensorEntry> ModelShape::tensors() const {
  std::vector<TensorEntry> entries;
  std::uint64_t end = 0;
  const auto add = [&](std::string name, std::vector<std::uint64_t> dimensions) {
    TensorEntry entry{std::move(name), DType::BF16, std::move(dimensions), end, end};
    entry.end = end += entry.elements() * 2;
    entries.push_back(std::move(entry));
  };
  const std::uint64_t keyValues = hidden / heads * keyValueHeads;
  add("model.embed_tokens.weight", {vocabulary, hidden});
  for (std::uint64_t layer = 0; layer < layers; ++layer) {
    const std::string prefix = fmt::format("model.layers.{}.", layer);
    add(prefix + "input_layernorm.weight", {hidden});
    add(prefix + "mlp.down_proj.weight", {hidden, intermediate});
    add(prefix + "mlp.gate_proj.weight", {intermediate, hidden});
    add(prefix + "mlp.up_proj.weight", {intermediate, hidden});
    add(prefix + "post_attention_layernorm.weight", {hidden});
    add(prefix + "self_attn.k_proj.bias", {keyValues});
    add(prefix + "self_attn.k_proj.weight", {keyValues, hidden});
    add(prefix + "self_attn.o_proj.weight", {hidden, hidden});
    add(prefix + "self_attn.q_proj.bias", {hidden});
    add(prefix + "self_attn.q_proj.weight", {hidden, hidden});
    add(prefix + "self_attn.v_proj.bias", {keyValues});
    add(prefix + "self_attn.v_proj.weight", {keyValues, hidden});
  }
  add("model.norm.weight", {hidden});
  return entries;
}

std::string ModelShape::config() const {
  const nlohmann::ordered_json config = {
      {"architectures", {"Qwen2ForCausalLM"}},
      {"attention_dropout", 0.0},
      {"bos_token_id", vocabulary - 2},
      {"eos_token_id", vocabulary - 1},
      {"hidden_act", "silu"},
      {"hidden_size", hidden},
      {"initializer_range", 0.02},
      {"intermediate_size", intermediate},
      {"max_position_embeddings", 32768},
      {"model_type", "qwen2"},
      {"num_attention_heads", heads},
      {"num_hidden_layers", layers},
      {"num_key_value_heads", keyValueHeads},
      {"rms_norm_eps", 1e-06},
      {"rope_theta", 1000000.0},
      {"tie_word_embeddings", true},
      {"torch_dtype", "bfloat16"},
      {"use_cache", true},
      {"vocab_size", vocabulary},
  };
  return config.dump(2) + "\n";
}

}  // namespace layerloom::bench
