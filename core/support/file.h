// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/support/result.h"

namespace layerloom {

/// A path as messages show it.
std::string shown(const std::filesystem::path& path);
/// The absolute path without a slash at its end.
std::filesystem::path withoutTrailingSlash(const std::filesystem::path& path);
/// A word for the name of a temporary file or folder.
std::string randomWord();

/// What tells one state of a file from another.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t modifiedNs = 0;

  bool operator==(const FileIdentity&) const = default;
};

/// An open regular file. All system calls on files stand behind this class and the functions below. Movable, not copyable; errors name
/// the file and the system's reason. Reading and writing at offsets is safe from several threads.
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
  /// Tells the system that the file is read from front to back.
  void adviseSequential() const;
  /// Flushes to the disk and closes. The first error is final.
  Status syncAndClose();

 private:
  void close() noexcept;

  int m_descriptor = -1;
  std::filesystem::path m_path;
  FileIdentity m_identity;
};

/// The whole text of a regular file of at most `limit` bytes.
Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t limit);
/// Creates a new file with the text and flushes it to the disk.
Status writeNewTextFile(const std::filesystem::path& path, std::string_view text);
/// Replaces or creates a file in one step: readers see the old text or the new one.
Status replaceTextFile(const std::filesystem::path& path, std::string_view text);
/// Flushes a folder's entries to the disk.
Status syncFolder(const std::filesystem::path& folder);
/// Bytes that this user can still write on the file system that holds the path (or its nearest existing parent).
Result<std::uint64_t> freeBytes(const std::filesystem::path& path);

}  // namespace layerloom
