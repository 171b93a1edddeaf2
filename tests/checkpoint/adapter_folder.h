// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <QTemporaryDir>

#include "core/checkpoint/locator.h"
#include "tests/common/safetensors_data.h"

namespace layerloom::test {

/// A folder with the tiny llama (hidden size 8, vocabulary 16) of two layers or another base, and a LoRA adapter beside
/// it.
class AdapterFolder {
 public:
  std::string path(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }
  /// Writes "lora", and the llama as "base" where there is none yet.
  void writeAdapter(const RawTensors& tensors,
                    const std::string& config = R"({"peft_type":"LORA","r":3,"lora_alpha":6})") const;
  void writeBase(const RawTensors& tensors) const;
  /// base+lora.
  Result<std::shared_ptr<const Model>> open() const;
  /// The values of a tensor of base+lora, read in chunks.
  std::vector<float> read(const std::string& tensor, std::size_t chunk = 1000) const;

 private:
  QTemporaryDir m_folder;
};

extern const std::string kQ;   ///< a square module
extern const std::string kUp;  ///< one of 12 × 8

RawTensor matrix(std::uint64_t rows, std::uint64_t columns, std::uint32_t seed);
/// The two factors of a module.
RawTensors pairOf(const std::string& module, std::uint64_t out, std::uint64_t in, std::uint64_t rank = 3);
/// W + scale · B·A, or W + scale · (B·A)ᵀ, element by element in float64.
std::vector<double> adapted(const RawTensor& base, const RawTensor& a, const RawTensor& b, double scale,
                            bool transposed = false);
RawTensor tensorOf(const RawTensors& tensors, const std::string& name);
bool isNear(const std::vector<float>& got, const std::vector<double>& want, double relative = 1e-7,
            double absolute = 1e-9);
std::vector<std::uint32_t> bitsOf(const std::vector<float>& values);

}  // namespace layerloom::test
