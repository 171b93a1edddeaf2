// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/common/safetensors_data.h"

namespace layerloom::test {

/// A model folder in one file.
void writeModel(const std::filesystem::path& folder, const nlohmann::json& config, const RawTensors& tensors);

/// A model of the T5 kind: an encoder and a decoder of their own depths, hidden size 8, vocabulary 16.
RawTensors tinyT5Tensors(int encoderLayers, int decoderLayers, std::uint32_t seed);
void writeTinyT5(const std::filesystem::path& folder, int encoderLayers, int decoderLayers, std::uint32_t seed);

/// The text of a tokenizer.json (BPE without merges) whose tokens have the ids 0, 1, 2 ….
std::string tinyTokenizer(const std::vector<std::string>& tokens);

/// The tensors without one of them.
RawTensors without(RawTensors tensors, const std::string& name);
/// The tensors with one more.
RawTensors with(RawTensors tensors, const std::string& name, RawTensor tensor);

/// A table of whole numbers.
RawTensor i64Tensor(std::vector<std::uint64_t> shape, const std::vector<std::int64_t>& values);

}  // namespace layerloom::test
