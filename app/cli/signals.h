// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>

#include "core/support/pause.h"

namespace layerloom {

/// Turns the first SIGINT or SIGTERM into a stop request; the second one ends the program at once. SIGUSR1 pauses, SIGUSR2 goes on.
/// SIGPIPE and SIGXFSZ are ignored, so that a closed pipe or a file size limit shows as a failed write. To be called once, before any
/// thread is started.
void watchSignals(std::stop_source stop, PauseSwitch& pause);

/// The signal that asked to stop; 0 when none did.
int receivedSignal() noexcept;

}  // namespace layerloom
