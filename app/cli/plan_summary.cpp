// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/plan_summary.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/run/manifest.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kLongestPath = 4096;

std::string describeModels(const MergePlan& plan) {
  std::string text;
  for (std::size_t i = 0; i < plan.models.size(); ++i) {
    const Model& model = *plan.models[i];
    text += fmt::format("  read    {}: {}, {}\n", escaped(plan.references[i], kLongestPath), formatBytes(model.bytes()),
                        escaped(model.path().string(), kLongestPath));
  }
  return text;
}

std::string describeFiles(const MergePlan& plan) {
  std::string text;
  for (const OutputShard& shard : plan.shards) {
    text += fmt::format("  write   {}: {}\n", shard.fileName, formatBytes(shard.bytes));
  }
  for (const std::string& name : outputFileNames(plan)) {
    const bool isShard = std::any_of(plan.shards.begin(), plan.shards.end(),
                                     [&](const OutputShard& shard) { return shard.fileName == name; });
    if (!isShard) {
      text += fmt::format("  write   {}\n", escaped(name));
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> outputFileNames(const MergePlan& plan) {
  std::vector<std::string> names;
  for (const OutputShard& shard : plan.shards) {
    names.push_back(shard.fileName);
  }
  names.emplace_back(kManifestName);
  if (!plan.index.empty()) {
    names.emplace_back("model.safetensors.index.json");
  }
  if (!plan.config.empty()) {
    names.emplace_back("config.json");
  }
  for (const std::filesystem::path& companion : plan.companions) {
    names.push_back(companion.filename().string());
  }
  names.emplace_back("mergekit_config.yml");
  names.emplace_back("README.md");
  return names;
}

int passesOver(const MergePlan& plan) {
  int most = 0;
  for (const TensorJob& job : plan.jobs) {
    most = std::max(most, job.passes);
  }
  return most;
}

std::string describePlan(const MergePlan& plan, const std::filesystem::path& output) {
  const int passes = passesOver(plan);
  std::string text =
      fmt::format("{} would be made with the method {}:\n", escaped(output.string(), kLongestPath), plan.method->name);
  text += fmt::format("  {} tensors, {} layers, {} parameters\n", plan.jobs.size(), plan.layers,
                      formatCount(plan.parameters()));
  text += fmt::format("  {} to read in {} pass{} over the inputs, {} to write\n", formatBytes(plan.bytesToRead), passes,
                      passes == 1 ? "" : "es", formatBytes(plan.bytesToWrite));
  return text + describeModels(plan) + describeFiles(plan);
}

}  // namespace layerloom
