// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/pause.h"

#include <chrono>
#include <thread>

namespace layerloom {

// Polled and not notified: a signal handler may neither lock nor notify.
void PauseSwitch::wait(const std::stop_token& stop) const {
  constexpr std::chrono::milliseconds kPoll(20);
  while (isPaused() && !stop.stop_requested()) {
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace layerloom
