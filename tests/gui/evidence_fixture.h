// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ui/evidence/evidence_data.h"

namespace layerloom::test {

/// Three layers with q, up and norm, an embedding and a last norm, the head tied; models "prose", "code" and "a, \"b\"". Layer 1 has no "up";
/// the third model lacks q in layer 2; the second changed nothing in the embedding. All figures are whole numbers, so that sums are exact.
std::shared_ptr<Statistics> madeUpStatistics();

/// The same as the dock gets it, complete.
EvidenceData madeUpEvidence();

/// ‖Δ‖² of a model in a tensor of the fixture; the tensors count from 1 in their order.
double madeUpSquared(int tensor, int model);
/// ‖W‖² of a tensor.
double madeUpBase(int tensor);
/// Position of a tensor, from 1.
int madeUpIndex(const std::string& tensor);

}  // namespace layerloom::test
