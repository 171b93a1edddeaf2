// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/plan/tensor_map.h"

namespace layerloom {

/// Gives every job its shard and byte range and the plan its shards and index. Shards are filled in the order of the jobs up to
/// `shardBytes` of data; a larger tensor has a shard of its own. One shard is `model.safetensors` without an index, more are
/// `model-00001-of-00002.safetensors` and so on.
void layOutShards(MergePlan& plan, std::uint64_t shardBytes);

/// What the merge changes about the config of the model it is taken from.
struct ConfigChanges {
  DType dtype = DType::F32;
  bool untie = false;  ///< the result has a head of its own
  std::optional<std::uint64_t> vocabulary;  ///< rows of the embedding, where tokenizers were brought together
  /// Where layers were stacked anew: for each module the layers of the result and the model and layer that each comes from.
  struct Stack {
    std::string module;
    std::vector<std::pair<const Model*, int>> layers;
  };
  std::vector<Stack> stacks;
};

/// The result's config.json: data type, size of the vocabulary, numbers of layers and lists with one entry per layer set
/// anew; keys that would make other
/// programs run code are left out.
std::string makeConfig(const Model& donor, const ConfigChanges& changes);

/// The tokenizer files and the like that belong to a model, by a fixed list; nothing that can be run.
std::vector<std::filesystem::path> companionFiles(const Model& donor);

}  // namespace layerloom
