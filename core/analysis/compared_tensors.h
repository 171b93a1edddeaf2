// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/analysis/statistics_pass.h"
#include "core/analysis/tensor_measure.h"

namespace layerloom {

/// What of the sources can be compared.
struct Comparison {
  std::vector<ComparedTensor> tensors;  ///< layer by layer, those outside the layers first, then by name
  std::vector<std::string> notes;       ///< what was left out and why, for people
};

/// Tensors of a mergeable type that the base and a model have in the same shape; without a base, those that two models have.
Comparison comparedTensors(const StatisticsSources& sources);

}  // namespace layerloom
