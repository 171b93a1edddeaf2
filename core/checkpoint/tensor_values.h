// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/checkpoint/model.h"

namespace layerloom {

/// Reads out.size() elements of a tensor of a mergeable type, from element `first` of the flattened tensor on, as float32. `scratch` is
/// room that the caller keeps from call to call. Returns the bytes that were read.
Result<std::uint64_t> readValues(const Model& model, const ModelTensor& tensor, std::uint64_t first, std::span<float> out,
                                 std::vector<std::byte>& scratch);

}  // namespace layerloom
