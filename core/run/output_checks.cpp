// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/output_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "core/run/output_folder.h"
#include "core/support/folder.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

/// What the files beside the weights take, companions included.
std::uint64_t smallBytes(const MergePlan& plan) {
  std::uint64_t bytes = plan.config.size() + plan.index.size();
  for (const TokenizerFile& file : plan.files) {
    bytes += file.text.size();
  }
  for (const fs::path& companion : plan.companions) {
    std::error_code code;
    const std::uintmax_t size = fs::file_size(companion, code);
    bytes += code ? 0 : size;
  }
  return bytes;
}

/// What an unfinished merge holds of the disk already: it is used again or removed.
std::uint64_t bytesHeld(const MergePlan& plan, const fs::path& output) {
  std::uint64_t bytes = 0;
  for (const OutputShard& shard : plan.shards) {
    const auto status = statusOf(partialFolder(output) / kModelFolder / shard.fileName);
    if (status && *status) {
      bytes += std::min((*status)->allocatedBytes, shard.bytes);
    }
  }
  return bytes;
}

Status checkRoom(const MergePlan& plan, const fs::path& output) {
  std::uint64_t needed = smallBytes(plan);
  for (const OutputShard& shard : plan.shards) {
    needed += shard.bytes;
  }
  needed += needed / 100;
  needed -= std::min(needed, bytesHeld(plan, output));
  LAYERLOOM_TRY(const std::uint64_t free, freeBytes(output));
  if (free < needed) {
    return ioError(fmt::format("{}: the disk has {} free, but the result takes {}", shown(output), formatBytes(free),
                               formatBytes(needed)),
                   fmt::format("free {} more, or choose a folder on another disk", formatBytes(needed - free)));
  }
  return {};
}

bool unfinishedIn(const fs::path& output) {
  const auto journal = statusOf(partialFolder(output) / kJournalName);
  return !journal || *journal;
}

Status checkApart(const fs::path& output, const std::string& reference, const Model& model) {
  // One that an earlier stage is going to make has no place yet.
  if (model.isAnnounced()) {
    return {};
  }
  std::error_code code;
  const fs::path target = withoutTrailingSlash(output);
  const fs::path canonicalTarget = fs::weakly_canonical(target, code);
  const auto holds = [&](const fs::path& path) {
    const fs::path canonical = fs::weakly_canonical(path, code);
    return std::mismatch(canonicalTarget.begin(), canonicalTarget.end(), canonical.begin(), canonical.end()).first ==
           canonicalTarget.end();
  };
  if (model.owns(target) || holds(model.path()) || (!model.adapterPath().empty() && holds(model.adapterPath()))) {
    return refused(
        fmt::format("{}: the output is, lies in or holds the model \"{}\"", shown(output), escaped(reference)),
        "name a folder outside the models");
  }
  return {};
}

}  // namespace

Status checkPlace(const MergePlan& plan, const fs::path& output) {
  for (std::size_t i = 0; i < plan.models.size(); ++i) {
    LAYERLOOM_CHECK(checkApart(output, plan.references[i], *plan.models[i]));
  }
  for (const auto& [reference, model] : plan.stageModels) {
    LAYERLOOM_CHECK(checkApart(output, reference, *model));
  }
  return {};
}

Status checkExisting(const fs::path& output, bool overwrite) {
  std::error_code code;
  if (fs::is_symlink(fs::symlink_status(output, code))) {
    return refused(fmt::format("{}: the output is a link", shown(output)), "name a folder that does not exist yet");
  }
  if (!fs::exists(output, code) || fs::is_empty(output, code)) {
    return {};
  }
  if (!overwrite) {
    return refused(fmt::format("{}: the output exists already", shown(output)),
                   "name another folder, or allow it to be replaced (--overwrite)");
  }
  if (!fs::exists(output / "mergekit_config.yml", code)) {
    return refused(fmt::format("{}: is no merged model, so it is not replaced", shown(output)), "name another folder");
  }
  return {};
}

Status checkOutput(const MergePlan& plan, const fs::path& output, const RunOptions& options) {
  const fs::path target = withoutTrailingSlash(output);
  LAYERLOOM_CHECK(checkPlace(plan, output));
  LAYERLOOM_CHECK(checkPlace(plan, partialFolder(target)));
  if (options.unfinished == UnfinishedMerge::Resume && isInPlace(target, plan.jobs.size())) {
    return {};
  }
  if (Status allowed = checkExisting(target, options.overwrite); !allowed) {
    if (options.unfinished == UnfinishedMerge::Resume && !unfinishedIn(target)) {
      sweepPartialFolder(target);
      return refused(fmt::format("{}; there is no interrupted merge to go on with", allowed.error().message), allowed.error().remedy);
    }
    return allowed;
  }
  return checkRoom(plan, target);
}

}  // namespace layerloom
