// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace layerloom {

/// What tells one state of a file from another.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t modifiedNs = 0;

  bool operator==(const FileIdentity&) const = default;
};

/// What the system says about a file or folder.
struct FileStatus {
  enum class Kind { Regular, Folder, Link, Other };

  Kind kind = Kind::Other;
  FileIdentity identity;
  std::uint64_t allocatedBytes = 0;  ///< on the disk
};

/// The system calls on files, so that tests can put faults in their place: everything that the library reads and writes goes through
/// `fileSystem()`. Each method is one call: it may be interrupted and may move fewer bytes than were asked for. It returns a value or 0, or
/// the negative error number. Safe from several threads.
class FileSystem {
 public:
  enum class Open {
    Read,          ///< does not wait on pipes
    Create,        ///< for reading and writing; fails where something is there, a link too
    CreateOrOpen,  ///< for reading and writing; fails on a link
    Folder,        ///< to flush its entries
  };

  virtual ~FileSystem() = default;

  virtual int open(const std::filesystem::path& path, Open mode) = 0;
  virtual int close(int descriptor) = 0;
  virtual std::int64_t read(int descriptor, std::uint64_t offset, std::span<std::byte> out) = 0;
  virtual std::int64_t write(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  /// Reserves room on the disk; the file is at least this long afterwards.
  virtual int reserve(int descriptor, std::uint64_t bytes) = 0;
  virtual int setLength(int descriptor, std::uint64_t bytes) = 0;
  virtual int flush(int descriptor) = 0;
  /// Takes the lock on the file that ends with the descriptor or the process; -EWOULDBLOCK where another has it.
  virtual int lock(int descriptor) = 0;
  virtual int status(int descriptor, FileStatus& out) = 0;
  /// Of a link itself, not of what it leads to.
  virtual int status(const std::filesystem::path& path, FileStatus& out) = 0;
  /// Replaces a file by a file, and an empty folder by a folder; never a folder that holds something.
  virtual int rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual int makeFolder(const std::filesystem::path& path) = 0;
  virtual int removeFile(const std::filesystem::path& path) = 0;
  virtual int removeFolder(const std::filesystem::path& path) = 0;
  /// The names in a folder.
  virtual int list(const std::filesystem::path& folder, std::vector<std::string>& names) = 0;
  /// Bytes that this user can still write on the file system of an existing path.
  virtual std::int64_t freeBytes(const std::filesystem::path& path) = 0;
  /// A hint only.
  virtual void adviseSequential(int descriptor) = 0;
};

/// Repeats a call that a signal interrupted.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result == -EINTR) {
    result = call();
  }
  return result;
}

/// The system's own.
FileSystem& systemFiles();
/// The one in use.
FileSystem& fileSystem();

/// Puts another file system in use for as long as it lives; for tests. Not while another thread works with files. Files that were opened
/// through it stay with it, so it has to outlive them.
class FileSystemInUse {
 public:
  explicit FileSystemInUse(FileSystem& system);
  ~FileSystemInUse();
  FileSystemInUse(const FileSystemInUse&) = delete;
  FileSystemInUse& operator=(const FileSystemInUse&) = delete;

 private:
  FileSystem* m_before;
};

}  // namespace layerloom
