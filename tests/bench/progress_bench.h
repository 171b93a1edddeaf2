// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/workshop.h"

namespace layerloom::bench {

/// Prints for all methods how far the estimate of the time left is off, at the first tenth and later.
Status measureEstimates(const Workshop& workshop);
/// Prints for all methods how long a merge takes to end after an interrupt at random moments.
Status measureInterrupts(const Workshop& workshop);

}  // namespace layerloom::bench
