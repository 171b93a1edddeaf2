// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/tensor/delta_kernels.h"

namespace layerloom {

// The loops of delta_kernels.h over differences that are float32 numbers, as those of 16-bit models nearly always are: the same bits as
// there, in half the time, since a product of two such numbers is exact in float64.

/// delta ← model − base and sums over them; nothing, and anything in `delta`, where a difference is no float32 number or not finite.
std::optional<DeltaFigures> takeNarrowDeltas(std::span<const float> model, std::span<const float> base, std::span<float> delta);

PairFigures pairFigures(std::span<const float> a, std::span<const float> b);
double sumSquares(std::span<const float> x);

/// As narrowDeltas().
void takeBins(std::span<const float> delta, int leastExponent, std::span<std::uint8_t> bins);

}  // namespace layerloom
