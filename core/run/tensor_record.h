// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/support/content_hash.h"

namespace layerloom {

/// What was counted while a tensor was made.
struct TensorAudit {
  std::uint64_t inputNans = 0;       ///< over all inputs, once each, whatever the number of passes
  std::uint64_t inputInfinities = 0;
  std::uint64_t outputNans = 0;
  std::uint64_t outputInfinities = 0;
  std::uint64_t saturations = 0;     ///< entries that were finite before they were rounded to the output's type and are infinite in it
  double squaredNorm = 0;            ///< of the result
  std::vector<double> squaredInputNorms;  ///< in the order of the job's inputs, as they entered the method
};

/// A tensor that stands whole in its file.
struct TensorRecord {
  std::size_t job = 0;  ///< index into MergePlan::jobs
  ContentHash hash;     ///< of its file from the beginning to the end of the tensor
  TensorAudit audit;
};

}  // namespace layerloom
