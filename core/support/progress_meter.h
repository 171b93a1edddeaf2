// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>

#include "core/support/progress.h"

namespace layerloom {

/// Counts bytes from several threads and reports at a bearable pace. The estimate of the time left comes from a smoothed rate and is
/// given from the first half second on.
class ProgressMeter {
 public:
  ProgressMeter(std::uint64_t bytesTotal, const ProgressCallback& callback);

  /// Adds finished bytes; reports when the last report is old enough. Safe from several threads.
  void add(std::uint64_t bytes, const std::string& item);
  /// The last report: all is done.
  void finish();
  /// A thread has waited, paused, between these times. They count neither as time nor for the rate, once for all threads.
  void rested(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to);
  /// Since the start, without rests.
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  void report(const std::string& item);
  double secondsNow() const;
  double secondsLeft(double seconds, std::uint64_t done);

  const ProgressCallback& m_callback;
  const std::uint64_t m_bytesTotal;
  const Clock::time_point m_start = Clock::now();
  std::atomic<std::uint64_t> m_bytesDone = 0;
  std::atomic<std::int64_t> m_nextReportNs = 0;
  mutable std::mutex m_mutex;
  Clock::duration m_rest{0};
  Clock::time_point m_restedUntil;
  double m_lastSeconds = 0;
  std::uint64_t m_lastBytes = 0;
  double m_recentBytes = 0;    ///< those and the time they took, each report counting less with its age
  double m_recentSeconds = 0;
};

}  // namespace layerloom
