// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/support/result.h"

namespace layerloom {

/// A shard index: which file of the folder holds which tensor.
struct ModelIndex {
  std::map<std::string, std::string, std::less<>> fileOf;
  bool hasMetadata = false;
};

/// Reads `model.safetensors.index.json`. File names must be plain names in the same folder that end in .safetensors; a tensor named
/// twice is refused.
Result<ModelIndex> readModelIndex(const std::filesystem::path& path);

}  // namespace layerloom
