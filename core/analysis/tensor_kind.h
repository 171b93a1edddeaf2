// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/checkpoint/layout.h"

namespace layerloom {

/// What a tensor does in a transformer, in the order of a heat map's rows.
enum class TensorKind {
  Query,
  Key,
  Value,
  Qkv,  ///< query, key and value in one matrix
  Output,
  Gate,
  Up,
  GateUp,  ///< gate and up in one matrix
  Down,
  Router,  ///< chooses among experts
  Norm,
  Embedding,
  Head,
  Other,
};

inline constexpr int kTensorKinds = static_cast<int>(TensorKind::Other) + 1;

/// "q", "k", "v", "qkv", "o", "gate", "up", "gate_up", "down", "router", "norm", "embedding", "head", "other".
std::string_view kindName(TensorKind kind);

/// The kind of a tensor by its name, in the spellings of the common families (Llama, Mixtral, Phi, GPT-2, GPT-NeoX, Falcon, BERT, T5, Whisper);
/// weights and biases alike. The layout tells embedding and head, where the name lies outside the layers.
TensorKind kindOf(std::string_view tensor, const ModelLayout& layout);

}  // namespace layerloom
