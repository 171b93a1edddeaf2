// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/support/file_system.h"

namespace layerloom::test {

/// A fault that meets one call.
struct Fault {
  enum class Kind {
    None,
    Once,      ///< the call fails with `error`
    Lasting,   ///< the call and all after it that write fail with `error`
    Short,     ///< a read or write moves half of its bytes
    Kill,      ///< the process ends before the call
    KillAmid,  ///< the process ends within the call: half of a write is done, other calls are done
    LoseData,  ///< the machine stops before the call: bytes that were not flushed are zero afterwards; the journal's are there
    LoseAll,   ///< the same, and of a file that was not flushed nothing is there
  };

  Kind kind = Kind::None;
  int error = 0;
  std::uint64_t at = 0;  ///< the number of the call, from 1
};

/// The system's files with a fault in one call. Counts the calls. Nothing is flushed in truth, to be quick. After the end of the process all
/// calls fail and do nothing, and locks are free. To outlive all files that were opened through it.
class FaultyFiles final : public FileSystem {
 public:
  explicit FaultyFiles(Fault fault = {}) : m_fault(fault) {}

  std::uint64_t calls() const { return m_calls; }
  bool hasMet() const { return m_calls >= m_fault.at; }
  /// Called before call `at`, once.
  void before(std::uint64_t at, std::function<void()> hook);
  /// What `freeBytes` says instead of the truth.
  std::optional<std::int64_t> freeBytesAre;
  /// What `lock` says instead of the truth.
  std::optional<int> lockIs;

  int open(const std::filesystem::path& path, Open mode) override;
  int close(int descriptor) override;
  std::int64_t read(int descriptor, std::uint64_t offset, std::span<std::byte> out) override;
  std::int64_t write(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) override;
  int reserve(int descriptor, std::uint64_t bytes) override;
  int setLength(int descriptor, std::uint64_t bytes) override;
  int flush(int descriptor) override;
  int lock(int descriptor) override;
  int status(int descriptor, FileStatus& out) override;
  int status(const std::filesystem::path& path, FileStatus& out) override;
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  int makeFolder(const std::filesystem::path& path) override;
  int removeFile(const std::filesystem::path& path) override;
  int removeFolder(const std::filesystem::path& path) override;
  int list(const std::filesystem::path& folder, std::vector<std::string>& names) override;
  std::int64_t freeBytes(const std::filesystem::path& path) override;
  void adviseSequential(int) override {}

 private:
  /// What a file would lose if the machine stopped.
  struct Unflushed {
    bool wasFlushed = false;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  ///< offset and length
  };

  int perform(bool writes, const std::function<int()>& call);
  /// Counts a call; a negative error number, or 0 where the call may go on.
  int enter(bool writes);
  bool isHit() const { return m_calls == m_fault.at; }
  void die();
  void loseUnflushed();

  const Fault m_fault;
  FileSystem& m_real = systemFiles();
  std::recursive_mutex m_mutex;  ///< recursive: a hook may run a merge
  std::uint64_t m_calls = 0;
  std::uint64_t m_hookAt = 0;
  std::function<void()> m_hook;
  bool m_dead = false;
  std::map<int, std::filesystem::path> m_open;
  std::map<std::filesystem::path, Unflushed> m_unflushed;
};

}  // namespace layerloom::test
