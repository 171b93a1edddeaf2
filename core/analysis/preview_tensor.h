// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/analysis/prepared_sample.h"
#include "core/analysis/preview_sums.h"
#include "core/methods/gram.h"

namespace layerloom {

/// What is predicted: a job, and what was measured of the tensor that all its inputs are.
struct PreviewTask {
  const TensorJob& job;
  const PreviewLinks::Job& link;
  const TensorStatistics& tensor;
  std::size_t models = 0;  ///< of the statistics
  bool looksAtRows = false;  ///< the method treats each row by itself, so that rows must stay whole
  /// What is kept of the sample from one prediction to the next; null: nothing is.
  std::unique_ptr<PreparedSample>* kept = nullptr;
};

/// The prediction for one tensor; `note` says why there is none.
struct TensorPrediction {
  std::optional<MergeSums> sums;
  bool exact = false;
  std::string note;
  std::uint64_t entries = 0;  ///< on which method code was run
};

/// Inner products of the base (first) and the models' Δ over all entries. Of a model that lacks the tensor they are 0.
Gram gramOf(const TensorStatistics& tensor, std::size_t models);

/// Which models of the statistics are inputs of the job, each once; the base is none.
std::vector<std::size_t> sourcesOf(const PreviewLinks::Job& link);

/// From inner products alone; the method's result must be the sum that `span` tells.
Result<MergeSums> predictSpan(const PreviewTask& task, const SpanSettings& span);

/// By running the method on the sketch, of which at most `mostEntries` entries are used (0: all).
Result<TensorPrediction> predictBySketch(const PreviewTask& task, std::uint64_t mostEntries);

}  // namespace layerloom
