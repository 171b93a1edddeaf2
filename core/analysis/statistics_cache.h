// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/analysis/statistics_pass.h"

namespace layerloom {

/// Statistics of earlier times, one file for each set of models, named by the fingerprints of their files and headers. Files may be removed at any
/// time; one that is damaged counts as absent. Old ones go when the folder grows beyond its bound.
class StatisticsCache {
 public:
  /// Keeps nothing.
  StatisticsCache() = default;
  /// The folder is made when something is kept, for the user alone.
  explicit StatisticsCache(std::filesystem::path folder, std::uint64_t mostBytes = 512ULL << 20);
  /// In the user's cache folder (XDG_CACHE_HOME or its like); keeps nothing where there is none.
  static StatisticsCache ofUser();

  /// Complete statistics of the sources, with stable ranks where `options` ask for them.
  std::optional<Statistics> find(const StatisticsSources& sources, const StatisticsOptions& options) const;
  /// Keeps complete statistics.
  Status keep(const StatisticsSources& sources, const StatisticsOptions& options, const Statistics& statistics) const;

 private:
  std::filesystem::path fileOf(const StatisticsSources& sources) const;
  void removeOldest() const;

  std::filesystem::path m_folder;  ///< empty: keeps nothing
  std::uint64_t m_mostBytes = 0;
};

/// measureStatistics() where the cache does not know the answer; what was measured is kept. That keeping fails is no error. The callback gets
/// every tensor in either case.
Result<Statistics> cachedStatistics(const StatisticsSources& sources, const StatisticsOptions& options, const StatisticsCache& cache,
                                    std::stop_token stop, const StatisticsCallback& callback);

}  // namespace layerloom
