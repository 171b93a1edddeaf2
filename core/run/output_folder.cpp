// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/output_folder.h"

#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <system_error>
#include <utility>

#include "core/run/model_card.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxCompanionBytes = 256'000'000;

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

Status checkRoom(const MergePlan& plan, const fs::path& output) {
  std::uint64_t needed = 0;
  for (const OutputShard& shard : plan.shards) {
    needed += shard.bytes;
  }
  needed += needed / 100;
  LAYERLOOM_TRY(const std::uint64_t free, freeBytes(output));
  if (free < needed) {
    return ioError(fmt::format("{}: the disk has {} free, but the result takes {}", shown(output), formatBytes(free),
                               formatBytes(needed)),
                   fmt::format("free {} more, or choose a folder on another disk", formatBytes(needed - free)));
  }
  return {};
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

Status checkOutput(const MergePlan& plan, const fs::path& output, bool overwrite) {
  const fs::path target = withoutTrailingSlash(output);
  LAYERLOOM_CHECK(checkPlace(plan, output));
  LAYERLOOM_CHECK(checkExisting(target, overwrite));
  return checkRoom(plan, target);
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept
    : m_output(std::move(other.m_output)),
      m_draft(std::exchange(other.m_draft, {})),
      m_shards(std::move(other.m_shards)),
      m_names(std::move(other.m_names)) {}

OutputFolder::~OutputFolder() {
  if (!m_draft.empty()) {
    std::error_code ignored;
    fs::remove_all(m_draft, ignored);
  }
}

Result<OutputFolder> OutputFolder::create(const MergePlan& plan, const fs::path& output) {
  OutputFolder folder;
  folder.m_output = withoutTrailingSlash(output);
  std::error_code code;
  fs::create_directories(folder.m_output.parent_path(), code);
  fs::path draft = folder.m_output;
  draft += ".partial-" + randomWord();
  if (code || !fs::create_directory(draft, code)) {
    return ioError(fmt::format("{}: cannot create the folder: {}", shown(draft), code.message()),
                   "check the permissions of the parent folder");
  }
  folder.m_draft = draft;
  LAYERLOOM_CHECK(folder.createShards(plan));
  return folder;
}

Status OutputFolder::createShards(const MergePlan& plan) {
  for (const OutputShard& shard : plan.shards) {
    LAYERLOOM_TRY(File file, File::create(m_draft / shard.fileName));
    LAYERLOOM_CHECK(file.allocate(shard.bytes));
    LAYERLOOM_CHECK(file.write(0, std::as_bytes(std::span(shard.header))));
    m_shards.push_back(std::move(file));
    m_names.push_back(shard.fileName);
  }
  return {};
}

Status OutputFolder::writeText(const std::string& name, const std::string& text) {
  m_names.push_back(name);
  return writeNewTextFile(m_draft / name, text);
}

Status OutputFolder::writeSmallFiles(const MergePlan& plan, const std::string& recipeText) {
  for (const fs::path& companion : plan.companions) {
    LAYERLOOM_TRY(const std::string text, readTextFile(companion, kMaxCompanionBytes));
    LAYERLOOM_CHECK(writeText(companion.filename().string(), text));
  }
  for (const TokenizerFile& file : plan.files) {
    LAYERLOOM_CHECK(writeText(file.name, file.text));
  }
  if (!plan.config.empty()) {
    LAYERLOOM_CHECK(writeText("config.json", plan.config));
  }
  LAYERLOOM_CHECK(writeText("README.md", makeModelCard(plan, m_output.filename().string(), recipeText)));
  LAYERLOOM_CHECK(writeText("mergekit_config.yml", recipeText));
  if (!plan.index.empty()) {
    LAYERLOOM_CHECK(writeText("model.safetensors.index.json", plan.index));
  }
  return {};
}

Result<std::vector<std::string>> OutputFolder::commit(const MergePlan& plan, const RunOptions& options) {
  for (File& shard : m_shards) {
    LAYERLOOM_CHECK(shard.syncAndClose());
  }
  LAYERLOOM_CHECK(writeSmallFiles(plan, options.recipeText));
  LAYERLOOM_CHECK(syncFolder(m_draft));
  LAYERLOOM_CHECK(moveIntoPlace(options.overwrite));
  std::sort(m_names.begin(), m_names.end());
  return m_names;
}

Status OutputFolder::moveIntoPlace(bool overwrite) {
  std::error_code code;
  fs::path retired;
  if (overwrite && fs::exists(m_output, code) && !fs::is_empty(m_output, code)) {
    retired = m_output;
    retired += ".replaced-" + randomWord();
    fs::rename(m_output, retired, code);
  }
  if (!code) {
    // Over an existing folder that is not empty, this fails: a result that appeared meanwhile is not lost.
    fs::rename(m_draft, m_output, code);
  }
  if (code) {
    std::error_code ignored;
    if (!retired.empty() && !fs::exists(m_output, ignored)) {
      fs::rename(retired, m_output, ignored);
    }
    return ioError(fmt::format("{}: cannot move the result there: {}", shown(m_output), code.message()),
                   "choose another folder");
  }
  m_draft.clear();
  if (!retired.empty()) {
    fs::remove_all(retired, code);
  }
  return syncFolder(m_output.parent_path());
}

}  // namespace layerloom
