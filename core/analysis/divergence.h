// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/checkpoint/model.h"
#include "core/support/result.h"

namespace layerloom {

/// How far one tensor of a model is from the base's: Δ = model − base in float64 sums over the stored values.
struct TensorDivergence {
  std::string tensor;
  int layer = -1;  ///< −1: outside the layers
  double deltaSquared = 0;  ///< ‖ΔW‖²
  double baseSquared = 0;   ///< ‖W‖² of the base

  /// ‖ΔW‖ / ‖W‖; 0 for 0/0.
  double relative() const;
};

struct DivergenceOptions {
  int threads = 0;  ///< 0: as many as the machine has
};

/// Called from worker threads as tensors are done, in no certain order, never from two at once.
using DivergenceCallback = std::function<void(const TensorDivergence&)>;

/// Reads base and model once and reports every tensor that both have with the same shape. Stops soon after a request to stop; what was
/// reported until then stands.
Status measureDivergence(std::shared_ptr<const Model> base, std::shared_ptr<const Model> model, const DivergenceOptions& options,
                         std::stop_token stop, const DivergenceCallback& callback);

}  // namespace layerloom
