// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/workshop.h"

namespace layerloom::bench {

/// Prints times per byte from 0.1 to 4 GB of input, and those of models of many tensors. Makes its models in the work folder (4 GB and the
/// output).
Status measureScale(const Workshop& workshop);
/// Prints the peak memory of all methods on the family, on one of four times the parameters and on eight models. Makes its models in the
/// work folder (21 GB).
Status measureMemory(const Workshop& workshop);

}  // namespace layerloom::bench
