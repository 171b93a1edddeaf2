// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/merge_identity.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/checkpoint/header_hash.h"
#include "core/support/folder.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// Raised when the same plan would give other bytes, or the partial folder changes its form.
constexpr int kFormat = 5;

std::string settingsText(const TensorJob& job) {
  const MergeSettings& settings = job.settings;
  std::string text = fmt::format("{} {} {} {}", settings.tensor, settings.seed, settings.values,
                                 settings.base ? static_cast<std::int64_t>(*settings.base) : -1);
  for (std::size_t i = 0; i < job.inputs.size(); ++i) {
    text += fmt::format("\n{} {} {}", job.inputs[i].model, job.inputs[i].tensor->entry.name, job.inputs[i].tensor->entry.begin);
  }
  for (const InputSettings& input : settings.inputs) {
    text += fmt::format("\n{} {}", input.model, input.values);
  }
  return text;
}

/// What the tensors are made of and how, the shards aside.
std::string jobsHash(const MergePlan& plan) {
  ContentHasher hasher;
  const auto add = [&](const std::string& text) {
    hasher.add(std::as_bytes(std::span(text)));
    hasher.add(std::as_bytes(std::span("\0", 1)));
  };
  for (const TensorJob& job : plan.jobs) {
    add(fmt::format("{} {} {} {} {}", job.output.name, static_cast<int>(job.output.dtype), job.output.shape,
                    job.inputDtype ? static_cast<int>(*job.inputDtype) : -1, job.copies));
    add(settingsText(job));
    if (job.rows) {
      for (const auto& rows : job.rows->rows) {
        hasher.add(std::as_bytes(std::span(rows)));
      }
    }
  }
  return hasher.hash().hex();
}

std::string shardsHash(const MergePlan& plan) {
  ContentHasher hasher;
  for (const OutputShard& shard : plan.shards) {
    const std::string text = fmt::format("{} {}\n{}\n", shard.fileName, shard.bytes, shard.header);
    hasher.add(std::as_bytes(std::span(text)));
  }
  return fmt::format("{} files {}", plan.shards.size(), hasher.hash().hex());
}

/// Of the files that go into the result beside the weights. Companions count by size and time.
std::string smallFilesHash(const MergePlan& plan) {
  std::string text = plan.config;
  for (const TokenizerFile& file : plan.files) {
    text += fmt::format("\n{} {}", file.name, hashOf(file.text));
  }
  for (const std::filesystem::path& companion : plan.companions) {
    const auto status = statusOf(companion);
    const FileIdentity identity = status && *status ? (*status)->identity : FileIdentity{};
    text += fmt::format("\n{} {} {}", companion.string(), identity.bytes, identity.modifiedNs);
  }
  return hashOf(text);
}

MergeIdentity::const_iterator findEntry(const MergeIdentity& identity, const std::string& name) {
  return std::find_if(identity.begin(), identity.end(), [&](const auto& entry) { return entry.first == name; });
}

/// Values that say something to people; the others are hashes.
bool isReadable(const std::string& value) {
  return !value.empty() && value.size() < 32;
}

}  // namespace

std::string hashOf(std::string_view text) {
  return contentHash(std::as_bytes(std::span(text))).hex();
}

Result<std::vector<SourceFile>> sourcesOf(const MergePlan& plan) {
  std::vector<SourceFile> sources;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < plan.models.size(); ++i) {
    for (const File& file : plan.models[i]->files()) {
      if (!seen.insert(file.path().string()).second) {
        continue;
      }
      LAYERLOOM_TRY(const ContentHash header, headerHash(file));
      sources.push_back({plan.references[i], file.path().filename().string(), file.path().string(), file.identity(), header});
    }
  }
  return sources;
}

MergeIdentity identityOf(const MergePlan& plan, const std::vector<SourceFile>& sources, const RunOptions& options) {
  MergeIdentity identity = {
      {"the program's version", fmt::format("{} ({})", options.program, kFormat)},
      {"the recipe", hashOf(options.recipeText)},
      {"the method", std::string(plan.method->name)},
      {"the seed", plan.jobs.empty() ? std::string() : fmt::format("{}", plan.jobs.front().settings.seed)},
      {"the set of tensors or a parameter", jobsHash(plan)},
      {"the size of the shards", shardsHash(plan)},
      {"the tokenizer or config of a model", smallFilesHash(plan)},
  };
  for (const SourceFile& source : sources) {
    // Not the device: some file systems have another number after every start of the machine.
    identity.emplace_back(escaped(source.path, 4096),
                          fmt::format("{} {} {} {}", source.identity.bytes, source.identity.modifiedNs, source.identity.inode,
                                      source.header.hex()));
  }
  return identity;
}

std::string differenceFrom(const MergeIdentity& before, const MergeIdentity& now) {
  for (const auto& [name, value] : now) {
    const auto found = findEntry(before, name);
    if (found == before.end()) {
      return fmt::format("{} (it was not part of the merge)", name);
    }
    if (found->second != value) {
      return isReadable(value) && isReadable(found->second)
                 ? fmt::format("{} ({} instead of {})", name, value, escaped(found->second))
                 : name;
    }
  }
  for (const auto& [name, value] : before) {
    if (findEntry(now, name) == now.end()) {
      return fmt::format("{} (it is no longer part of the merge)", escaped(name, 4096));
    }
  }
  return {};
}

}  // namespace layerloom
