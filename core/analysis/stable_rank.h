// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>

#include "core/analysis/tensor_measure.h"

namespace layerloom {

/// Measures ‖Δ‖²_F / ‖Δ‖²₂ of a matrix for each model that has it, and notes it in `figures`, whose other sums are there already; tensors of
/// one axis have none. Reads the matrix once per step of the iteration. Where it is stopped, the figures stay without.
///
/// ‖Δ‖₂ comes from the largest eigenvalue of ΔᵀΔ: of small matrices from all its eigenvalues, of others by the power iteration sped up as in
/// Lanczos' method (Golub and Van Loan, Matrix Computations, ch. 10), to 10⁻¹² of the value.
Status addStableRanks(const StatisticsSources& sources, const ComparedTensor& tensor, TensorStatistics& figures, const std::stop_token& stop);

}  // namespace layerloom
