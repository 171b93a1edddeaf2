// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checkpoint/adapter_folder.h"

#include <bit>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "core/checkpoint/tensor_values.h"

namespace layerloom::test {

const std::string kQ = "model.layers.0.self_attn.q_proj";
const std::string kUp = "model.layers.1.mlp.up_proj";

void AdapterFolder::writeAdapter(const RawTensors& tensors, const std::string& config) const {
  if (!std::filesystem::exists(path("base"))) {
    writeTinyLlama(path("base"), 2, 1);
  }
  writeBytes(path("lora/adapter_config.json"), config);
  writeBytes(path("lora/adapter_model.safetensors"), safetensorsBytes(tensors));
}

void AdapterFolder::writeBase(const RawTensors& tensors) const {
  writeBytes(path("base/model.safetensors"), safetensorsBytes(tensors));
}

Result<std::shared_ptr<const Model>> AdapterFolder::open() const {
  return openModel("base+lora", {m_folder.path().toStdString(), {}});
}

std::vector<float> AdapterFolder::read(const std::string& tensor, std::size_t chunk) const {
  const auto model = open();
  if (!model) {
    throw std::runtime_error(model.error().message);
  }
  const ModelTensor* found = (*model)->find(tensor);
  std::vector<float> values(found->entry.elements());
  ReadScratch scratch;
  for (std::size_t first = 0; first < values.size(); first += chunk) {
    const auto part = std::span(values).subspan(first, std::min(chunk, values.size() - first));
    const auto bytes = readValues(**model, *found, first, part, scratch);
    if (!bytes || *bytes != part.size() * bitsOf(found->dtypeInFile()) / 8) {
      throw std::runtime_error(bytes ? "read a wrong number of bytes" : bytes.error().message);
    }
  }
  return values;
}

RawTensor matrix(std::uint64_t rows, std::uint64_t columns, std::uint32_t seed) {
  return f32Tensor({rows, columns}, randomValues(rows * columns, seed));
}

RawTensors pairOf(const std::string& module, std::uint64_t out, std::uint64_t in, std::uint64_t rank) {
  return {{"base_model.model." + module + ".lora_A.weight", matrix(rank, in, 71)},
          {"base_model.model." + module + ".lora_B.weight", matrix(out, rank, 72)}};
}

std::vector<double> adapted(const RawTensor& base, const RawTensor& a, const RawTensor& b, double scale,
                            bool transposed) {
  std::vector<double> result = valuesOf(base);
  const std::vector<double> inner = valuesOf(a);
  const std::vector<double> outer = valuesOf(b);
  const std::size_t rank = a.shape[0];
  const std::size_t in = inner.size() / rank;
  const std::size_t out = b.shape[0];
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < in; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < rank; ++k) {
        sum += outer[o * rank + k] * inner[k * in + i];
      }
      result[transposed ? i * out + o : o * in + i] += scale * sum;
    }
  }
  return result;
}

RawTensor tensorOf(const RawTensors& tensors, const std::string& name) {
  for (const auto& [known, tensor] : tensors) {
    if (known == name) {
      return tensor;
    }
  }
  throw std::runtime_error(name + " is not there");
}

bool isNear(const std::vector<float>& got, const std::vector<double>& want, double relative, double absolute) {
  for (std::size_t i = 0; i < want.size() && i < got.size(); ++i) {
    if (!(std::fabs(got[i] - want[i]) <= absolute + relative * std::fabs(want[i]))) {
      qWarning("element %zu is %.9g instead of %.9g", i, double{got[i]}, want[i]);
      return false;
    }
  }
  return got.size() == want.size();
}

std::vector<std::uint32_t> bitsOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

}  // namespace layerloom::test
