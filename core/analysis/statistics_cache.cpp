// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/statistics_cache.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/analysis/compared_tensors.h"
#include "core/analysis/statistics_file.h"
#include "core/support/content_hash.h"
#include "core/support/folder.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFileBytes = 1ULL << 30;
constexpr const char* kSuffix = ".statistics";

fs::path folderFrom(const char* variable, const char* below) {
  const char* value = std::getenv(variable);
  return value == nullptr || *value == '\0' ? fs::path() : fs::path(value) / below;
}

/// Where the system keeps what programs can make again.
fs::path cacheFolderOfUser() {
#if defined(_WIN32)
  return folderFrom("LOCALAPPDATA", "");
#elif defined(__APPLE__)
  return folderFrom("HOME", "Library/Caches");
#else
  const fs::path folder = folderFrom("XDG_CACHE_HOME", "");
  return folder.is_absolute() ? folder : folderFrom("HOME", ".cache");
#endif
}

/// All that decides over the figures of a model.
void addModel(const Model& model, ContentHasher& hasher) {
  std::string text = "model " + model.fingerprint();
  for (const auto& [name, tensor] : model.tensors()) {
    text += fmt::format("\n{} {} {} {} {}", name, static_cast<int>(tensor.dtypeInFile()), tensor.entry.shape, tensor.entry.begin, tensor.file);
    if (tensor.update) {
      text += fmt::format(" {} {}", tensor.update->scale, tensor.update->transposed);
    }
  }
  hasher.add(std::as_bytes(std::span(text)));
}

}  // namespace

StatisticsCache::StatisticsCache(fs::path folder, std::uint64_t mostBytes) : m_folder(std::move(folder)), m_mostBytes(mostBytes) {}

StatisticsCache StatisticsCache::ofUser() {
  const fs::path folder = cacheFolderOfUser();
  return folder.empty() ? StatisticsCache() : StatisticsCache(folder / "layerloom" / "statistics");
}

fs::path StatisticsCache::fileOf(const StatisticsSources& sources) const {
  ContentHasher hasher;
  if (sources.base) {
    addModel(*sources.base, hasher);
  }
  const std::string_view kBorder = "\nmodels\n";
  hasher.add(std::as_bytes(std::span(kBorder)));
  for (const auto& model : sources.models) {
    addModel(*model, hasher);
  }
  return m_folder / (hasher.hash().hex() + kSuffix);
}

std::optional<Statistics> StatisticsCache::find(const StatisticsSources& sources, const StatisticsOptions& options) const {
  if (m_folder.empty()) {
    return std::nullopt;
  }
  const fs::path file = fileOf(sources);
  const Result<std::string> text = readTextFile(file, kMostFileBytes);
  std::optional<StoredStatistics> stored = text ? fromFileText(*text) : std::nullopt;
  const bool fits = stored && (stored->stableRank || !options.stableRank) &&
                    std::all_of(stored->statistics.tensors.begin(), stored->statistics.tensors.end(),
                                [&](const TensorStatistics& tensor) { return tensor.figures.models.size() == sources.models.size(); });
  if (!fits) {
    return std::nullopt;
  }
  // Files that were used last go last.
  std::error_code ignored;
  fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
  stored->statistics.base = sources.base ? sources.baseName : std::string();
  stored->statistics.models = sources.names;
  stored->statistics.notes = comparedTensors(sources).notes;
  return std::move(stored->statistics);
}

Status StatisticsCache::keep(const StatisticsSources& sources, const StatisticsOptions& options, const Statistics& statistics) const {
  if (m_folder.empty() || !statistics.complete) {
    return {};
  }
  LAYERLOOM_CHECK(makeFolders(m_folder));
  std::error_code ignored;
  fs::permissions(m_folder, fs::perms::owner_all, ignored);
  LAYERLOOM_CHECK(replaceTextFile(fileOf(sources), toFileText(statistics, options.stableRank)));
  removeOldest();
  return {};
}

void StatisticsCache::removeOldest() const {
  struct Entry {
    std::int64_t modifiedNs;
    std::uint64_t bytes;
    fs::path path;
  };
  std::vector<Entry> entries;
  std::uint64_t sum = 0;
  const Result<std::vector<std::string>> names = namesIn(m_folder);
  for (const std::string& name : names.value_or(std::vector<std::string>())) {
    const auto status = statusOf(m_folder / name);
    if (name.ends_with(kSuffix) && status && *status && (*status)->kind == FileStatus::Kind::Regular) {
      entries.push_back({(*status)->identity.modifiedNs, (*status)->identity.bytes, m_folder / name});
      sum += entries.back().bytes;
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.modifiedNs < b.modifiedNs; });
  for (auto entry = entries.begin(); entry != entries.end() && sum > m_mostBytes; ++entry) {
    sum -= entry->bytes;
    static_cast<void>(removeFile(entry->path));  // the next time tries again
  }
}

Result<Statistics> cachedStatistics(const StatisticsSources& sources, const StatisticsOptions& options, const StatisticsCache& cache,
                                    std::stop_token stop, const StatisticsCallback& callback) {
  if (std::optional<Statistics> known = cache.find(sources, options)) {
    if (callback) {
      std::for_each(known->tensors.begin(), known->tensors.end(), callback);
    }
    return *std::move(known);
  }
  LAYERLOOM_TRY(Statistics measured, measureStatistics(sources, options, std::move(stop), callback));
  static_cast<void>(cache.keep(sources, options, measured));
  return measured;
}

}  // namespace layerloom
