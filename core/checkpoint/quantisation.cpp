// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/quantisation.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace layerloom {
namespace {

using Names = std::pair<std::string_view, const char*>;

bool isFp8(DType type) {
  return type == DType::F8E4M3 || type == DType::F8E5M2 || type == DType::F8E4M3Fnuz || type == DType::F8E5M2Fnuz;
}

/// "…q_proj." of "…q_proj.qweight"
std::string moduleOf(std::string_view tensor) {
  return std::string(tensor.substr(0, tensor.rfind('.') + 1));
}

/// GPTQ and AWQ share their names; GPTQ packs along the inputs, so that packed weight and scales have equally many columns.
const char* packedScheme(const Model& model, const ModelTensor& packed) {
  const std::string module = moduleOf(packed.entry.name);
  const ModelTensor* scales = model.find(module + "scales");
  if (scales == nullptr) {
    return "packed integers";
  }
  const bool sameColumns = packed.entry.shape.size() == 2 && scales->entry.shape.size() == 2 &&
                           packed.entry.shape[1] == scales->entry.shape[1];
  return sameColumns || model.find(module + "g_idx") != nullptr ? "GPTQ" : "AWQ";
}

const char* schemeOfName(std::string_view name) {
  constexpr std::array kInside = {Names{".quant_state.bitsandbytes__", "bitsandbytes 4-bit"},
                                  Names{".weight.absmax", "bitsandbytes 4-bit"}, Names{".weight.quant_map", "bitsandbytes 4-bit"}};
  constexpr std::array kEndings = {Names{".SCB", "bitsandbytes 8-bit"},
                                   Names{".weight_format", "bitsandbytes 8-bit"},
                                   Names{".weight_packed", "compressed tensors, packed"},
                                   Names{".codebooks", "AQLM"},
                                   Names{".W_q", "HQQ"},
                                   Names{".weight._data", "Quanto"}};
  for (const auto& [part, scheme] : kInside) {
    if (name.find(part) != std::string_view::npos) {
      return scheme;
    }
  }
  for (const auto& [ending, scheme] : kEndings) {
    if (name.ends_with(ending)) {
      return scheme;
    }
  }
  return nullptr;
}

/// A weight of 8 bits: which scales stand beside it.
const char* schemeOfBytes(const Model& model, const ModelTensor& tensor) {
  const std::string& name = tensor.entry.name;
  const bool fp8 = isFp8(tensor.entry.dtype);
  if (model.find(name + "_scale_inv") != nullptr) {
    return fp8 ? "FP8 with block scales" : "8-bit weights with block scales";
  }
  if (model.find(name + "_scale") != nullptr) {
    return fp8 ? "FP8 with scales" : "8-bit weights with scales";
  }
  if (fp8) {
    return "FP8";
  }
  if (name.ends_with("_blocks") && model.find(name.substr(0, name.size() - 6) + "scales") != nullptr) {
    return "MXFP4";
  }
  return name.ends_with(".weight") ? "8-bit weights" : nullptr;
}

const char* schemeOf(const Model& model, const ModelTensor& tensor) {
  if (tensor.entry.name.ends_with(".qweight")) {
    return packedScheme(model, tensor);
  }
  if (const char* scheme = schemeOfName(tensor.entry.name)) {
    return scheme;
  }
  const DType type = tensor.entry.dtype;
  return isFp8(type) || type == DType::U8 || type == DType::I8 ? schemeOfBytes(model, tensor) : nullptr;
}

/// The methods that config.json names, as people write them.
std::string inWords(const std::string& method) {
  constexpr std::array kMethods = {Names{"gptq", "GPTQ"},     Names{"awq", "AWQ"},     Names{"aqlm", "AQLM"},
                                   Names{"fp8", "FP8"},       Names{"fbgemm_fp8", "FP8"}, Names{"mxfp4", "MXFP4"},
                                   Names{"hqq", "HQQ"},       Names{"eetq", "EETQ"},   Names{"quanto", "Quanto"},
                                   Names{"bitnet", "BitNet"}, Names{"vptq", "VPTQ"}};
  const auto found = std::find_if(kMethods.begin(), kMethods.end(), [&](const Names& names) { return names.first == method; });
  return found == kMethods.end() ? method : found->second;
}

}  // namespace

std::string quantisationOf(const Model& model) {
  const char* weak = nullptr;
  for (const auto& [name, tensor] : model.tensors()) {
    const char* scheme = schemeOf(model, tensor);
    // Plain bytes may belong to a scheme that other tensors show better.
    if (scheme != nullptr && std::string_view(scheme) != "8-bit weights") {
      return scheme;
    }
    weak = weak == nullptr ? scheme : weak;
  }
  const std::string& method = model.config().quantisation;
  return method.empty() && weak != nullptr ? weak : inWords(method);
}

}  // namespace layerloom
