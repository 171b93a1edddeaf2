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

ProgressMeter::ProgressMeter(std::uint64_t bytesTotal, const ProgressCallback& callback)
    : m_callback(callback), m_bytesTotal(bytesTotal) {}

void ProgressMeter::add(std::uint64_t bytes, const std::string& item) {
  m_bytesDone.fetch_add(bytes, std::memory_order_relaxed);
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
  progress.secondsLeft = secondsLeft(progress.seconds, progress.bytesDone);
  progress.item = item;
  m_callback(progress);
}

double ProgressMeter::secondsLeft(double seconds, std::uint64_t done) {
  const double elapsed = seconds - m_lastSeconds;
  if (elapsed > 0 && done > m_lastBytes) {
    // What is old counts less, and what took no time counts for nothing: a first report after a millisecond must not set the rate.
    const double kept = std::exp(-elapsed / kSmoothingSeconds);
    m_recentBytes = kept * m_recentBytes + static_cast<double>(done - m_lastBytes);
    m_recentSeconds = kept * m_recentSeconds + elapsed;
    m_lastSeconds = seconds;
    m_lastBytes = done;
  }
  if (seconds < kFirstEstimateSeconds || m_recentBytes <= 0) {
    return -1;
  }
  return static_cast<double>(m_bytesTotal - done) * m_recentSeconds / m_recentBytes;
}

}  // namespace layerloom
