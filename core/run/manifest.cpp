// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/run/audit_json.h"

namespace layerloom {

using Json = nlohmann::ordered_json;

std::string makeManifest(const MergePlan& plan, const RunOptions& options, const ManifestContent& content) {
  constexpr int kVersion = 1;
  Json json = {{"version", kVersion},
               {"program", "Layerloom " + options.program},
               {"method", plan.method->name},
               {"seed", plan.jobs.empty() ? 0 : plan.jobs.front().settings.seed},
               {"recipe_xxh3_128", hashOf(options.recipeText)}};
  std::vector<ManifestFile> files = content.files;
  std::sort(files.begin(), files.end(), [](const ManifestFile& a, const ManifestFile& b) { return a.name < b.name; });
  json["files"] = Json::array();
  for (const ManifestFile& file : files) {
    json["files"].push_back({{"name", file.name}, {"bytes", file.bytes}, {"xxh3_128", file.hash.hex()}});
  }
  json["sources"] = Json::array();
  for (const SourceFile& source : content.sources) {
    json["sources"].push_back({{"model", source.model},
                               {"name", source.name},
                               {"bytes", source.identity.bytes},
                               {"header_xxh3_128", source.header.hex()}});
  }
  json["audit"] = auditToJson(content.audit);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace layerloom
