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
  /// Some bytes take longer than others: estimates count `extraTotal` more of them than there are.
  ProgressMeter(std::uint64_t bytesTotal, std::uint64_t extraTotal, const ProgressCallback& callback);

  /// Adds finished bytes, and how many more they count for in estimates; reports when the last report is old enough. Safe from several threads.
  void add(std::uint64_t bytes, const std::string& item, std::uint64_t extra = 0);
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
  double secondsLeft(double seconds);

  const ProgressCallback& m_callback;
  const std::uint64_t m_bytesTotal;
  const std::uint64_t m_effortTotal;
  const Clock::time_point m_start = Clock::now();
  std::atomic<std::uint64_t> m_bytesDone = 0;
  std::atomic<std::uint64_t> m_effortDone = 0;
  std::atomic<std::int64_t> m_nextReportNs = 0;
  mutable std::mutex m_mutex;
  Clock::duration m_rest{0};
  Clock::time_point m_restedUntil;
  double m_lastSeconds = 0;
  std::uint64_t m_lastEffort = 0;
  double m_recentEffort = 0;   ///< that and the time they took, each report counting less with its age
  double m_recentSeconds = 0;
};

}  // namespace layerloom
