// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/progress_meter.h"

#include <algorithm>
#include <cmath>

namespace layerloom {
namespace {

constexpr std::int64_t kReportIntervalNs = 50'000'000;
constexpr double kSmoothingSeconds = 2.0;
constexpr double kFirstEstimateSeconds = 0.5;

}  // namespace

ProgressMeter::ProgressMeter(std::uint64_t bytesTotal, std::uint64_t extraTotal, const ProgressCallback& callback)
    : m_callback(callback), m_bytesTotal(bytesTotal), m_effortTotal(bytesTotal + extraTotal) {}

void ProgressMeter::add(std::uint64_t bytes, const std::string& item, std::uint64_t extra) {
  m_bytesDone.fetch_add(bytes, std::memory_order_relaxed);
  m_effortDone.fetch_add(bytes + extra, std::memory_order_relaxed);
  if (!m_callback) {
    return;
  }
  const std::int64_t now = std::chrono::nanoseconds(Clock::now() - m_start).count();
  std::int64_t due = m_nextReportNs.load(std::memory_order_relaxed);
  // Exactly one thread wins the exchange and reports; the others go on with their work.
  if (now >= due && m_nextReportNs.compare_exchange_strong(due, now + kReportIntervalNs)) {
    report(item);
  }
}

void ProgressMeter::finish() {
  if (m_callback) {
    report({});
  }
}

void ProgressMeter::rested(Clock::time_point from, Clock::time_point to) {
  const std::lock_guard lock(m_mutex);
  const Clock::time_point begin = std::max(from, m_restedUntil);
  if (to > begin) {
    m_rest += to - begin;
    m_restedUntil = to;
  }
}

double ProgressMeter::seconds() const {
  const std::lock_guard lock(m_mutex);
  return secondsNow();
}

double ProgressMeter::secondsNow() const {
  return std::chrono::duration<double>(Clock::now() - m_start - m_rest).count();
}

void ProgressMeter::report(const std::string& item) {
  const std::lock_guard lock(m_mutex);
  Progress progress;
  progress.bytesDone = std::min(m_bytesDone.load(std::memory_order_relaxed), m_bytesTotal);
  progress.bytesTotal = m_bytesTotal;
  progress.seconds = secondsNow();
  progress.secondsLeft = secondsLeft(progress.seconds);
  progress.item = item;
  m_callback(progress);
}

double ProgressMeter::secondsLeft(double seconds) {
  const double elapsed = seconds - m_lastSeconds;
  const std::uint64_t done = std::min(m_effortDone.load(std::memory_order_relaxed), m_effortTotal);
  if (elapsed > 0 && done > m_lastEffort) {
    // What is old counts less, and what took no time counts for nothing: a first report after a millisecond must not set the rate.
    const double kept = std::exp(-elapsed / kSmoothingSeconds);
    m_recentEffort = kept * m_recentEffort + static_cast<double>(done - m_lastEffort);
    m_recentSeconds = kept * m_recentSeconds + elapsed;
    m_lastSeconds = seconds;
    m_lastEffort = done;
  }
  if (seconds < kFirstEstimateSeconds || m_recentEffort <= 0) {
    return -1;
  }
  return static_cast<double>(m_effortTotal - done) * m_recentSeconds / m_recentEffort;
}

}  // namespace layerloom
