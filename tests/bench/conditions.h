// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace layerloom::bench {

/// Prints the processor and how busy the machine is: times mean something on a quiet one only.
void printConditions();

}  // namespace layerloom::bench
