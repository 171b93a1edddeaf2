// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/checkpoint/model.h"

namespace layerloom {

/// Where model references are looked up, in this order: an absolute path, beside the recipe, the working directory, each of
/// `modelDirs`, the Hugging Face cache (HF_HUB_CACHE, HF_HOME or its usual place). Nothing is ever downloaded.
struct LocatorOptions {
  std::filesystem::path recipeDir;
  std::vector<std::filesystem::path> modelDirs;
};

/// The folder or file that a reference names.
Result<std::filesystem::path> locateModel(const std::string& reference, const LocatorOptions& options);

/// Opens models by reference and keeps them, so that each is opened once. Not safe for several threads.
class ModelCache {
 public:
  explicit ModelCache(LocatorOptions options) : m_options(std::move(options)) {}

  Result<std::shared_ptr<const Model>> open(const std::string& reference);

 private:
  LocatorOptions m_options;
  std::vector<std::pair<std::string, std::shared_ptr<const Model>>> m_models;
};

}  // namespace layerloom
