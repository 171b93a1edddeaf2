// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pause_watch.h"

#include <chrono>

namespace layerloom {

PauseWatch::PauseWatch(const PauseSwitch* pause, MergeReporter& reporter) : m_pause(pause), m_reporter(reporter) {
  if (m_pause != nullptr) {
    m_thread = std::jthread([this](const std::stop_token& stop) { watch(stop); });
  }
}

PauseWatch::~PauseWatch() = default;

void PauseWatch::watch(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPoll(20);
  bool wasPaused = false;
  std::unique_lock lock(m_mutex);
  while (!m_ended.wait_for(lock, stop, kPoll, [&] { return stop.stop_requested(); })) {
    const bool isPaused = m_pause->isPaused();
    if (isPaused != wasPaused) {
      isPaused ? m_reporter.paused() : m_reporter.resumed();
      wasPaused = isPaused;
    }
  }
}

}  // namespace layerloom
