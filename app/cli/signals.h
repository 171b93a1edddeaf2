// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>

namespace layerloom {

/// Turns the first SIGINT or SIGTERM into a stop request; the second one ends the program at once. SIGPIPE and SIGXFSZ
/// are ignored, so that a closed pipe or a file size limit shows as a failed write. To be called once, before any
/// thread is started.
void watchSignals(std::stop_source stop);

/// The signal that asked to stop; 0 when none did.
int receivedSignal() noexcept;

}  // namespace layerloom
