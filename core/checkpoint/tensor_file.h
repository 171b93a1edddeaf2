// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/checkpoint/safetensors.h"
#include "core/support/file.h"

namespace layerloom {

/// A safetensors file, its header checked.
struct TensorFile {
  File file;
  std::vector<TensorEntry> tensors;  ///< byte ranges count from the start of the file
  std::vector<std::string> warnings;  ///< with the file's name
};

Result<TensorFile> openTensorFile(const std::filesystem::path& path);

}  // namespace layerloom
