// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/cli/merge_reporter.h"
#include "core/support/pause.h"

namespace layerloom {

/// Tells a reporter when a merge is paused and when it goes on, for as long as this lives. The switch is thrown by signals, which tell
/// nobody; so it is looked at every 20 ms.
class PauseWatch {
 public:
  /// `pause` may be null: nothing is ever paused.
  PauseWatch(const PauseSwitch* pause, MergeReporter& reporter);
  ~PauseWatch();

 private:
  void watch(const std::stop_token& stop);

  const PauseSwitch* m_pause;
  MergeReporter& m_reporter;
  std::mutex m_mutex;
  std::condition_variable_any m_ended;
  std::jthread m_thread;
};

}  // namespace layerloom
