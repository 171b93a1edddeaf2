// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/common/safetensors_data.h"

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/common/float_bits.h"

namespace layerloom::test {
namespace {

using Json = nlohmann::ordered_json;

std::string lengthPrefix(std::size_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) {
    bytes += static_cast<char>((static_cast<std::uint64_t>(length) >> (8 * i)) & 0xFF);
  }
  return bytes;
}

template <typename T>
std::vector<T> elementsOf(const std::string& bytes) {
  std::vector<T> elements(bytes.size() / sizeof(T));
  std::memcpy(elements.data(), bytes.data(), elements.size() * sizeof(T));
  return elements;
}

template <typename T>
std::string bytesOf(const std::vector<T>& elements) {
  return {reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(T)};
}

RawTensor makeTensor(const std::string& dtype, std::vector<std::uint64_t> shape, std::uint32_t seed) {
  std::size_t count = 1;
  for (const std::uint64_t length : shape) {
    count *= length;
  }
  const std::vector<float> values = randomValues(count, seed);
  if (dtype == "BF16") {
    return bf16Tensor(std::move(shape), values);
  }
  return dtype == "F16" ? f16Tensor(std::move(shape), values) : f32Tensor(std::move(shape), values);
}

RawTensor tensor16(const char* dtype, std::vector<std::uint64_t> shape, const std::vector<float>& values,
                   std::uint16_t (&encode)(float)) {
  std::vector<std::uint16_t> bits;
  for (const float value : values) {
    bits.push_back(encode(value));
  }
  return {dtype, std::move(shape), bytesOf(bits)};
}

}  // namespace

std::map<std::string, RawTensor> readSafetensors(const std::filesystem::path& file) {
  const std::string bytes = readBytes(file);
  std::uint64_t length = 0;
  if (bytes.size() < 8) {
    throw std::runtime_error(file.string() + ": shorter than 8 bytes");
  }
  std::memcpy(&length, bytes.data(), 8);
  const Json header = Json::parse(bytes.substr(8, length));
  const std::string data = bytes.substr(8 + length);
  std::map<std::string, RawTensor> tensors;
  std::uint64_t total = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      continue;
    }
    const auto begin = entry.at("data_offsets").at(0).get<std::uint64_t>();
    const auto end = entry.at("data_offsets").at(1).get<std::uint64_t>();
    total += end - begin;
    tensors[name] = {entry.at("dtype"), entry.at("shape"), data.substr(begin, end - begin)};
  }
  if (total != data.size()) {
    throw std::runtime_error(file.string() + ": tensors do not fill the data");
  }
  return tensors;
}

std::map<std::string, RawTensor> readModelFolder(const std::filesystem::path& folder) {
  const std::filesystem::path index = folder / "model.safetensors.index.json";
  if (!std::filesystem::exists(index)) {
    return readSafetensors(folder / "model.safetensors");
  }
  const Json json = Json::parse(readBytes(index));
  std::map<std::string, RawTensor> tensors;
  std::set<std::string> shards;
  for (const auto& [name, shard] : json.at("weight_map").items()) {
    shards.insert(shard.get<std::string>());
  }
  for (const std::string& shard : shards) {
    for (const auto& [name, tensor] : readSafetensors(folder / shard)) {
      if (json["weight_map"].at(name) != shard || !tensors.emplace(name, tensor).second) {
        throw std::runtime_error(shard + ": index and shards disagree on " + name);
      }
    }
  }
  if (tensors.size() != json["weight_map"].size()) {
    throw std::runtime_error(index.string() + ": names tensors that no shard has");
  }
  return tensors;
}

std::string safetensorsBytes(const RawTensors& tensors) {
  Json header = Json::object();
  std::string data;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", tensor.dtype},
                    {"shape", tensor.shape},
                    {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data += tensor.bytes;
  }
  return safetensorsBytes(header.dump(), data);
}

std::string safetensorsBytes(const std::string& header, const std::string& data) {
  return lengthPrefix(header.size()) + header + data;
}

RawTensor f32Tensor(std::vector<std::uint64_t> shape, const std::vector<float>& values) {
  return {"F32", std::move(shape), bytesOf(values)};
}

RawTensor bf16Tensor(std::vector<std::uint64_t> shape, const std::vector<float>& values) {
  return tensor16("BF16", std::move(shape), values, toBf16);
}

RawTensor f16Tensor(std::vector<std::uint64_t> shape, const std::vector<float>& values) {
  return tensor16("F16", std::move(shape), values, toF16);
}

std::vector<double> valuesOf(const RawTensor& tensor) {
  std::vector<double> values;
  if (tensor.dtype == "F64") {
    return elementsOf<double>(tensor.bytes);
  }
  if (tensor.dtype == "F32") {
    for (const float value : elementsOf<float>(tensor.bytes)) {
      values.push_back(value);
    }
    return values;
  }
  for (const std::uint16_t bits : bitsOf16(tensor)) {
    values.push_back(tensor.dtype == "BF16" ? fromBf16(bits) : fromF16(bits));
  }
  return values;
}

std::vector<std::uint16_t> bitsOf16(const RawTensor& tensor) {
  if (tensor.dtype != "BF16" && tensor.dtype != "F16") {
    throw std::runtime_error(tensor.dtype + " has no 16-bit floats");
  }
  return elementsOf<std::uint16_t>(tensor.bytes);
}

std::string readBytes(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw std::runtime_error(file.string() + ": cannot be read");
  }
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

void writeBytes(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream.flush()) {
    throw std::runtime_error(file.string() + ": cannot be written");
  }
}

std::vector<float> randomValues(std::size_t count, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<float> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(static_cast<float>(static_cast<std::int32_t>(generator())) / 2147483648.0F);
  }
  return values;
}

RawTensors tinyLlamaTensors(int layers, std::uint32_t seed, const std::string& dtype) {
  RawTensors tensors;
  const auto add = [&](const std::string& name, std::vector<std::uint64_t> shape) {
    tensors.emplace_back(name,
                         makeTensor(dtype, std::move(shape), seed * 1000 + static_cast<std::uint32_t>(tensors.size())));
  };
  add("lm_head.weight", {16, 8});
  add("model.embed_tokens.weight", {16, 8});
  for (int layer = 0; layer < layers; ++layer) {
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    add(prefix + "input_layernorm.weight", {8});
    add(prefix + "mlp.up_proj.weight", {12, 8});
    add(prefix + "self_attn.q_proj.weight", {8, 8});
  }
  add("model.norm.weight", {8});
  return tensors;
}

std::string tinyLlamaConfig(int layers) {
  const Json config = {{"architectures", {"LlamaForCausalLM"}},
                       {"model_type", "llama"},
                       {"hidden_size", 8},
                       {"num_hidden_layers", layers},
                       {"vocab_size", 16},
                       {"tie_word_embeddings", false},
                       {"torch_dtype", "float32"}};
  return config.dump(2);
}

void writeTinyLlama(const std::filesystem::path& folder, int layers, std::uint32_t seed, const std::string& dtype) {
  writeBytes(folder / "config.json", tinyLlamaConfig(layers));
  writeBytes(folder / "model.safetensors", safetensorsBytes(tinyLlamaTensors(layers, seed, dtype)));
}

}  // namespace layerloom::test
