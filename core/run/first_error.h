// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include "core/support/result.h"

namespace layerloom {

/// The first error of several threads; raises a flag for all of them.
class FirstError {
 public:
  explicit FirstError(std::atomic<bool>& failed) : m_failed(failed) {}

  /// True where the status is an error.
  bool note(Status status) {
    if (status) {
      return false;
    }
    const std::lock_guard lock(m_mutex);
    m_failed = true;
    if (m_status) {
      m_status = std::move(status);
    }
    return true;
  }
  /// Once no thread is at work any more.
  Status take() { return std::move(m_status); }

 private:
  std::atomic<bool>& m_failed;
  std::mutex m_mutex;
  Status m_status;
};

}  // namespace layerloom
