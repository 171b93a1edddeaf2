// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <stop_token>

namespace layerloom {

/// Holds up a long operation at its next safe point, until it is told to go on or to stop. Safe from several threads and, but for `wait`,
/// from signal handlers.
class PauseSwitch {
 public:
  void pause() noexcept { m_paused.store(true, std::memory_order_relaxed); }
  void goOn() noexcept { m_paused.store(false, std::memory_order_relaxed); }
  bool isPaused() const noexcept { return m_paused.load(std::memory_order_relaxed); }

  /// Returns at once unless paused; else within 20 ms of `goOn` or of a stop.
  void wait(const std::stop_token& stop) const;

 private:
  std::atomic<bool> m_paused = false;
};

}  // namespace layerloom
