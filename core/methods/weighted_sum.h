// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/methods/tensor_merge.h"

namespace layerloom {

/// out ← Σ coefficient · input, in the order of the inputs. Inputs with the coefficient 0 are left out, so that they change nothing, not
/// even the sign of a zero; with none left the result is 0.
void weightedSum(const Chunk& chunk, std::span<const float> coefficients, std::span<float> out);

/// The same for the elements of the chunk from `at` on and the inputs listed, added up in float64 and rounded once: coefficients that sum to
/// 1 give back an input that is the same everywhere, bit for bit.
void preciseSum(const Chunk& chunk, std::span<const std::size_t> inputs, std::span<const double> coefficients, std::size_t at,
                std::span<float> out, Narrowing narrowing = Narrowing::ToNearest);

/// `linear`: Σ wᵢ·Wᵢ, divided by Σ wᵢ where the settings say so. Every input counts, also the base model.
Result<std::unique_ptr<TensorMerge>> makeLinear(const MergeSettings& settings);

}  // namespace layerloom
