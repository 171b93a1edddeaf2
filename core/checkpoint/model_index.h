// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/support/result.h"

namespace layerloom {

/// A shard index: which file of the folder holds which tensor.
struct ModelIndex {
  std::map<std::string, std::string, std::less<>> fileOf;
  bool hasMetadata = false;
  bool hasTotalSize = false;
  std::optional<std::uint64_t> totalSize;  ///< nothing also where `total_size` is there but is no size
};

/// Reads `model.safetensors.index.json`. File names must be plain names in the same folder that end in .safetensors; a tensor named
/// twice is refused.
Result<ModelIndex> readModelIndex(const std::filesystem::path& path);
/// The same for a text that is at hand; `fileName` is for messages and already escaped.
Result<ModelIndex> parseModelIndex(std::string_view text, const std::string& fileName);

}  // namespace layerloom
