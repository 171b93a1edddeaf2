// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/workshop.h"

namespace layerloom::bench {

/// Prints a table of all methods: times of layerloom-cli, mergekit, another layerloom-cli where wanted, and the floor, run in turn.
Status compareMethods(const Workshop& workshop);
/// Prints a table of all methods with one thread and with two, four, … up to the machine's.
Status compareThreads(const Workshop& workshop);

}  // namespace layerloom::bench
