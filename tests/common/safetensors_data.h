// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace layerloom::test {

/// A tensor as it lies in a file.
struct RawTensor {
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::string bytes;

  bool operator==(const RawTensor&) const = default;
};

/// Tensors in the order of a file.
using RawTensors = std::vector<std::pair<std::string, RawTensor>>;

// A small reader and writer of safetensors files, independent of the program's. They throw std::runtime_error.

std::map<std::string, RawTensor> readSafetensors(const std::filesystem::path& file);
/// All tensors of a model folder, through the index where there is one.
std::map<std::string, RawTensor> readModelFolder(const std::filesystem::path& folder);
std::string safetensorsBytes(const RawTensors& tensors);
/// Length of the header, header, data: the parts of a file put together as they are, right or wrong.
std::string safetensorsBytes(const std::string& header, const std::string& data);

RawTensor f32Tensor(std::vector<std::uint64_t> shape, const std::vector<float>& values);
RawTensor bf16Tensor(std::vector<std::uint64_t> shape, const std::vector<float>& values);
RawTensor f16Tensor(std::vector<std::uint64_t> shape, const std::vector<float>& values);
/// Values of an F32, F64, F16 or BF16 tensor.
std::vector<double> valuesOf(const RawTensor& tensor);
/// Bits of an F16 or BF16 tensor.
std::vector<std::uint16_t> bitsOf16(const RawTensor& tensor);

std::string readBytes(const std::filesystem::path& file);
/// Makes missing folders.
void writeBytes(const std::filesystem::path& file, const std::string& bytes);

/// Reproducible values in about [-1, 1] that differ from one seed to the next.
std::vector<float> randomValues(std::size_t count, std::uint32_t seed);

/// A model folder of the llama kind in one file with `layers` layers, hidden size 8, vocabulary 16, filled from the
/// seed.
void writeTinyLlama(const std::filesystem::path& folder, int layers, std::uint32_t seed,
                    const std::string& dtype = "F32");
/// The tensors of that model.
RawTensors tinyLlamaTensors(int layers, std::uint32_t seed, const std::string& dtype = "F32");
/// Its config.json.
std::string tinyLlamaConfig(int layers);

}  // namespace layerloom::test
