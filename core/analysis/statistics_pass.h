// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/analysis/statistics.h"
#include "core/checkpoint/model.h"
#include "core/support/result.h"

namespace layerloom {

inline constexpr std::size_t kMostStatisticsModels = 16;

/// What is compared. Adapters of the models are applied.
struct StatisticsSources {
  std::shared_ptr<const Model> base;  ///< null: deltas are taken against the mean of the models
  std::string baseName;
  std::vector<std::shared_ptr<const Model>> models;  ///< 1 to 16
  std::vector<std::string> names;                    ///< one per model
};

struct StatisticsOptions {
  int threads = 0;          ///< 0: as many as the machine has
  bool stableRank = false;  ///< reads every matrix some twenty to a hundred times more
};

/// Called with each tensor that is done, in no certain order, from worker threads but never from two at once.
using StatisticsCallback = std::function<void(const TensorStatistics&)>;

/// Reads base and models once, in constant memory, and measures every tensor of a mergeable type that the base and at least one model have in
/// the same shape. When asked to stop it returns soon, with `complete` false and the tensors that are done.
Result<Statistics> measureStatistics(const StatisticsSources& sources, const StatisticsOptions& options, std::stop_token stop,
                                     const StatisticsCallback& callback);

}  // namespace layerloom
