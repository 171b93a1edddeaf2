// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/common/model_data.h"

namespace layerloom::test {

using Json = nlohmann::json;

void writeModel(const std::filesystem::path& folder, const Json& config, const RawTensors& tensors) {
  writeBytes(folder / "config.json", config.dump(2));
  writeBytes(folder / "model.safetensors", safetensorsBytes(tensors));
}

RawTensors tinyT5Tensors(int encoderLayers, int decoderLayers, std::uint32_t seed) {
  RawTensors tensors;
  const auto add = [&](const std::string& name, std::vector<std::uint64_t> shape) {
    const std::size_t count = shape.size() == 1 ? shape[0] : shape[0] * shape[1];
    const auto own = seed * 1000 + static_cast<std::uint32_t>(tensors.size());
    tensors.emplace_back(name, f32Tensor(std::move(shape), randomValues(count, own)));
  };
  add("shared.weight", {16, 8});
  for (const auto& [stack, layers] : {std::pair{"encoder", encoderLayers}, std::pair{"decoder", decoderLayers}}) {
    for (int layer = 0; layer < layers; ++layer) {
      const std::string prefix = std::string(stack) + ".block." + std::to_string(layer) + ".layer.";
      add(prefix + "0.SelfAttention.q.weight", {8, 8});
      add(prefix + "1.DenseReluDense.wi.weight", {12, 8});
    }
    add(std::string(stack) + ".final_layer_norm.weight", {8});
  }
  add("lm_head.weight", {16, 8});
  return tensors;
}

void writeTinyT5(const std::filesystem::path& folder, int encoderLayers, int decoderLayers, std::uint32_t seed) {
  const Json config = {{"architectures", {"T5ForConditionalGeneration"}},
                       {"model_type", "t5"},
                       {"d_model", 8},
                       {"num_layers", encoderLayers},
                       {"num_decoder_layers", decoderLayers},
                       {"vocab_size", 16},
                       {"tie_word_embeddings", false}};
  writeModel(folder, config, tinyT5Tensors(encoderLayers, decoderLayers, seed));
}

std::string tinyTokenizer(const std::vector<std::string>& tokens) {
  Json vocabulary = Json::object();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    vocabulary[tokens[i]] = i;
  }
  const Json model = {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", Json::array()}};
  return Json{{"version", "1.0"}, {"added_tokens", Json::array()}, {"model", model}}.dump(2);
}

RawTensors without(RawTensors tensors, const std::string& name) {
  std::erase_if(tensors, [&](const auto& entry) { return entry.first == name; });
  return tensors;
}

RawTensors with(RawTensors tensors, const std::string& name, RawTensor tensor) {
  tensors.emplace_back(name, std::move(tensor));
  return tensors;
}

RawTensor i64Tensor(std::vector<std::uint64_t> shape, const std::vector<std::int64_t>& values) {
  return {"I64", std::move(shape), std::string(reinterpret_cast<const char*>(values.data()), values.size() * 8)};
}

}  // namespace layerloom::test
