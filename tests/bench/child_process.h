// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/support/result.h"

namespace layerloom::bench {

/// How a program ended and what it took.
struct ChildResult {
  int status = 0;  ///< exit status; 128 + number of the signal that ended it
  double seconds = 0;
  double cpuSeconds = 0;        ///< user and system, of all threads
  std::uint64_t peakBytes = 0;  ///< resident memory at its highest
};

/// A running program. Its standard error goes to a file, its standard output to nowhere or, line by line, to readLine(). Must be waited for.
class Child {
 public:
  using Clock = std::chrono::steady_clock;

  /// `command` is looked up in PATH.
  static Result<Child> start(const std::vector<std::string>& command, const std::filesystem::path& errorFile, bool readsLines = false);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  /// The next line of standard output without its end; nothing when there are no more.
  std::optional<std::string> readLine();
  void interrupt();
  ChildResult wait();
  Clock::time_point started() const { return m_start; }

 private:
  Child() = default;

  pid_t m_pid = -1;
  int m_lines = -1;
  std::string m_buffer;
  Clock::time_point m_start;
};

/// Runs a program to its end; one that fails is an error with the end of what it said.
Result<ChildResult> run(const std::vector<std::string>& command, const std::filesystem::path& errorFile);
/// The error for a program that failed.
Error failure(const std::vector<std::string>& command, int status, const std::filesystem::path& errorFile);

}  // namespace layerloom::bench
