// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/checkpoint/model.h"

namespace layerloom {

/// The factors of one adapted tensor as float32, ready to multiply (see LowRankMatrix).
struct LoadedFactors {
  std::shared_ptr<const LowRankUpdate> of;  ///< holds what it was loaded for, so that an address is never mistaken for another's
  std::vector<float> left;
  std::vector<float> right;
};

/// Room for reading that a thread keeps from call to call.
struct ReadScratch {
  std::vector<std::byte> raw;
  std::vector<LoadedFactors> factors;  ///< per slot, those of the tensor at work
};

/// Reads out.size() elements of a tensor of a mergeable type, from element `first` of the flattened tensor on, as float32: the stored
/// values and, for a model with an adapter, s·B·A on top, summed in float64 (in float32 for 16-bit tensors) and not rounded to the tensor's
/// own type. The values do not depend on how a tensor is cut into calls. A slot loads factors when it meets their tensor first: callers
/// that read several tensors in turn give each its slot. Returns the bytes that were read of the tensor itself.
Result<std::uint64_t> readValues(const Model& model, const ModelTensor& tensor, std::uint64_t first, std::span<float> out,
                                 ReadScratch& scratch, std::size_t slot = 0);

}  // namespace layerloom
