// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/audit.h"
#include "core/run/merge_identity.h"
#include "core/support/content_hash.h"

namespace layerloom {

/// The file in a merged model that tells what its files are and what they were made of; no program needs it to load the model.
inline constexpr const char* kManifestName = "layerloom_manifest.json";

struct ManifestFile {
  std::string name;
  std::uint64_t bytes = 0;
  ContentHash hash;
};

struct ManifestContent {
  std::vector<ContentHash> shardHashes;  ///< in the order of the plan's shards
  std::vector<SourceFile> sources;
  MergeAudit audit;
  std::vector<ManifestFile> files;  ///< filled when they are written
};

/// The text of the manifest. The same for the same merge of the same models, wherever and whenever it is made, but for `audit` where other
/// versions of the program count otherwise. Described in app/cli/manifest_json.md.
std::string makeManifest(const MergePlan& plan, const RunOptions& options, const ManifestContent& content);

}  // namespace layerloom
