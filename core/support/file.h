// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/support/file_system.h"
#include "core/support/result.h"

namespace layerloom {

/// A path as messages show it.
std::string shown(const std::filesystem::path& path);
/// The absolute path without a slash at its end.
std::filesystem::path withoutTrailingSlash(const std::filesystem::path& path);
/// A word for the name of a temporary file or folder.
std::string randomWord();

enum class FileLock {
  Taken,
  Held,      ///< by another
  Unknown,   ///< the file system knows no locks
};

/// An open regular file. Movable, not copyable; errors name the file and the system's reason. Reading and writing at offsets is safe from
/// several threads. Calls that were interrupted or cut short are taken up again. System calls go to the `fileSystem()` of its opening.
class File {
 public:
  File() = default;
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  /// Opens for reading. Refuses folders, devices, pipes and sockets without waiting on them.
  static Result<File> openForReading(const std::filesystem::path& path);
  /// Creates a file that must not exist yet; never follows a link at the path.
  static Result<File> create(const std::filesystem::path& path);
  /// Opens a file for reading and writing, or creates it; never follows a link at the path.
  static Result<File> openOrCreate(const std::filesystem::path& path);

  bool isOpen() const { return m_descriptor >= 0; }
  const std::filesystem::path& path() const { return m_path; }
  /// As of opening.
  const FileIdentity& identity() const { return m_identity; }
  /// As of now.
  Result<FileIdentity> currentIdentity() const;

  /// Fills `out` from `offset`; the file's end before that is an error.
  Status read(std::uint64_t offset, std::span<std::byte> out) const;
  Status write(std::uint64_t offset, std::span<const std::byte> bytes) const;
  /// Reserves the space on disk, so that a full disk shows now and not later.
  Status allocate(std::uint64_t bytes) const;
  /// Cuts the file or lengthens it with zeros.
  Status setLength(std::uint64_t bytes) const;
  /// Takes the lock on the file, which ends when the file is closed, also by the end of the process.
  Result<FileLock> lock() const;
  /// Tells the system that the file is read from front to back.
  void adviseSequential() const;
  /// Flushes to the disk. An error is final: what was not written is lost, and a second call would claim success.
  Status sync() const;
  /// Flushes to the disk and closes.
  Status syncAndClose();

 private:
  static Result<File> open(const std::filesystem::path& path, FileSystem::Open mode, const char* what);
  void close() noexcept;

  FileSystem* m_system = nullptr;
  int m_descriptor = -1;
  std::filesystem::path m_path;
  FileIdentity m_identity;
};

/// The error of a failed system call: "path: cannot WHAT: reason", with the remedy that belongs to the reason. `code`: a negative error
/// number as FileSystem returns it.
tl::unexpected<Error> systemError(const std::filesystem::path& path, const char* what, int code);

/// The whole text of a regular file of at most `limit` bytes.
Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t limit);
/// Creates a new file with the text and flushes it to the disk.
Status writeNewTextFile(const std::filesystem::path& path, std::string_view text);
/// Replaces or creates a file in one step: readers see the old text or the new one.
Status replaceTextFile(const std::filesystem::path& path, std::string_view text);

}  // namespace layerloom
