// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/checkpoint/safetensors.h"

namespace layerloom::bench {

/// The sizes of a Qwen2 model; as they stand, those of the half-billion one (494 M parameters).
struct ModelShape {
  std::uint64_t layers = 24;
  std::uint64_t hidden = 896;
  std::uint64_t intermediate = 4864;
  std::uint64_t heads = 14;
  std::uint64_t keyValueHeads = 2;
  std::uint64_t vocabulary = 151936;

  /// A model of at least that many tensors of a few elements each.
  static ModelShape tiny(std::uint64_t tensors);

  /// Names and shapes in the order of transformers, all BF16, byte ranges from 0 on without gaps. The head is the embedding.
  std::vector<TensorEntry> tensors() const;
  /// config.json as transformers writes it.
  std::string config() const;
};

}  // namespace layerloom::bench
