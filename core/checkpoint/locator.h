// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/checkpoint/model.h"
#include "core/support/model_address.h"

namespace layerloom {

/// Where models and adapters are looked up, in this order: `named` by the exact name, an absolute path, beside the recipe, the working
/// directory, each of `modelDirs`, the Hugging Face cache (HF_HUB_CACHE, HF_HOME or its usual place). Nothing is ever downloaded.
struct LocatorOptions {
  std::filesystem::path recipeDir;
  std::vector<std::filesystem::path> modelDirs;
  /// Results of a recipe's earlier stages: name → folder. A name with a revision is none of them.
  std::map<std::string, std::filesystem::path> named = {};

  bool operator==(const LocatorOptions&) const = default;
};

/// The folder or file of a model or adapter; `revision` (empty: the default one) matters in the Hugging Face cache.
Result<std::filesystem::path> locateModel(const std::string& path, const std::string& revision, const LocatorOptions& options);

/// Locates and opens a model, with its adapter where the address names one.
Result<std::shared_ptr<const Model>> openModel(const ModelAddress& address, const LocatorOptions& options);
/// The same for an address as text, `path[@revision][+adapter[@revision]]`.
Result<std::shared_ptr<const Model>> openModel(std::string_view reference, const LocatorOptions& options);

}  // namespace layerloom
