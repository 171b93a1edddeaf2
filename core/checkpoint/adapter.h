// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/checkpoint/adapter_config.h"
#include "core/checkpoint/model.h"
#include "core/checkpoint/tensor_file.h"

namespace layerloom {

/// The pair of factors of one module.
struct AdapterFactors {
  std::string module;      ///< as the adapter names it, without "base_model.model."
  bool isEmbedding = false;
  TensorEntry a;           ///< lora_A: rank × in
  TensorEntry b;           ///< lora_B: out × rank
};

/// A whole tensor that takes the place of one of the base's: a module of "modules_to_save", a trained bias, a saved embedding.
struct AdapterReplacement {
  std::string tensor;  ///< without "base_model.model."
  TensorEntry entry;
};

/// An opened LoRA adapter as peft writes it: names understood, nothing compared with a base yet.
struct Adapter {
  std::filesystem::path path;
  AdapterConfig config;
  TensorFile file;  ///< its tensors are moved into the lists below
  std::vector<AdapterFactors> factors;
  std::vector<AdapterReplacement> replacements;
};

/// Opens a folder with adapter_config.json and adapter_model.safetensors. Refused: pickles, shards, tensors that are neither factors nor
/// whole tensors, factors without their other half, types that are no floating-point numbers.
Result<Adapter> openAdapter(const std::filesystem::path& folder);

/// The tensors of the base that the adapter changes, as they are with it, by the base's names; the adapter's file has the number `file`.
/// With W the base's weight of a module, r its rank, and s = α / r (or α / √r) the scale:
///   linear and convolution   W + s·B·A; transposed where the weight lies as in × out, which the shapes show, and for square weights
///                            the module's like-named others or else "fan_in_fan_out"
///   embedding                W + s·(B·A)ᵀ
/// (Hu et al., "LoRA", arXiv:2106.09685.) Names may differ from the base's by one leading part ("model."), the same for all. Refused: a
/// module that the base lacks, shapes that do not fit, a base that is quantised.
Result<std::map<std::string, ModelTensor>> fitAdapter(const Adapter& adapter, const Model& base, std::size_t file);

}  // namespace layerloom
