// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/file_system.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

namespace layerloom {
namespace {

/// One system call moves at most about 2 GiB; smaller pieces also let a signal stop a long call.
constexpr std::size_t kLargestTransfer = 1 << 30;

int outcome(int result) {
  return result < 0 ? -errno : result;
}

FileStatus statusFrom(const struct stat& status) {
#ifdef __APPLE__
  const timespec modified = status.st_mtimespec;
#else
  const timespec modified = status.st_mtim;
#endif
  FileStatus result;
  if (S_ISREG(status.st_mode)) {
    result.kind = FileStatus::Kind::Regular;
  } else if (S_ISDIR(status.st_mode)) {
    result.kind = FileStatus::Kind::Folder;
  } else if (S_ISLNK(status.st_mode)) {
    result.kind = FileStatus::Kind::Link;
  }
  result.identity = {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
                     static_cast<std::uint64_t>(status.st_size),
                     static_cast<std::int64_t>(modified.tv_sec) * 1'000'000'000 + modified.tv_nsec};
  result.allocatedBytes = static_cast<std::uint64_t>(status.st_blocks) * 512;
  return result;
}

int flagsOf(FileSystem::Open mode) {
  switch (mode) {
    case FileSystem::Open::Read:
      return O_RDONLY | O_NONBLOCK;
    case FileSystem::Open::Create:
      return O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
    case FileSystem::Open::CreateOrOpen:
      return O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
    case FileSystem::Open::Folder:
      return O_RDONLY | O_DIRECTORY;
  }
  return O_RDONLY;
}

class PosixFileSystem final : public FileSystem {
 public:
  int open(const std::filesystem::path& path, Open mode) override {
    return outcome(::open(path.c_str(), flagsOf(mode) | O_CLOEXEC, 0666));
  }
  int close(int descriptor) override { return outcome(::close(descriptor)); }
  std::int64_t read(int descriptor, std::uint64_t offset, std::span<std::byte> out) override {
    const ssize_t count = ::pread(descriptor, out.data(), std::min(out.size(), kLargestTransfer), static_cast<off_t>(offset));
    return count < 0 ? -errno : count;
  }
  std::int64_t write(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) override {
    const ssize_t count = ::pwrite(descriptor, bytes.data(), std::min(bytes.size(), kLargestTransfer), static_cast<off_t>(offset));
    return count < 0 ? -errno : count;
  }
  int reserve(int descriptor, std::uint64_t bytes) override {
#ifdef __linux__
    struct statfs system {};
    if (::fstatfs(descriptor, &system) == 0 && system.f_type == TMPFS_MAGIC) {
      return -EOPNOTSUPP;  // in memory, reserving takes half as long as writing and spares nothing of that
    }
    // Not posix_fallocate: where the file system cannot reserve, it writes every block by hand.
    return outcome(::fallocate(descriptor, 0, 0, static_cast<off_t>(bytes)));
#else
    (void)descriptor;
    (void)bytes;
    return -ENOSYS;
#endif
  }
  int setLength(int descriptor, std::uint64_t bytes) override {
    return outcome(::ftruncate(descriptor, static_cast<off_t>(bytes)));
  }
  int flush(int descriptor) override { return outcome(::fsync(descriptor)); }
  int lock(int descriptor) override { return outcome(::flock(descriptor, LOCK_EX | LOCK_NB)); }
  int status(int descriptor, FileStatus& out) override {
    struct stat status {};
    const int result = outcome(::fstat(descriptor, &status));
    out = statusFrom(status);
    return result;
  }
  int status(const std::filesystem::path& path, FileStatus& out) override {
    struct stat status {};
    const int result = outcome(::lstat(path.c_str(), &status));
    out = statusFrom(status);
    return result;
  }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return outcome(std::rename(from.c_str(), to.c_str()));
  }
  int makeFolder(const std::filesystem::path& path) override { return outcome(::mkdir(path.c_str(), 0777)); }
  int removeFile(const std::filesystem::path& path) override { return outcome(::unlink(path.c_str())); }
  int removeFolder(const std::filesystem::path& path) override { return outcome(::rmdir(path.c_str())); }
  int list(const std::filesystem::path& folder, std::vector<std::string>& names) override {
    std::error_code code;
    names.clear();
    for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
      names.push_back(at->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return -code.value();
  }
  std::int64_t freeBytes(const std::filesystem::path& path) override {
    struct statvfs status {};
    if (::statvfs(path.c_str(), &status) != 0) {
      return -errno;
    }
    return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
  }
  void adviseSequential(int descriptor) override {
#ifdef POSIX_FADV_SEQUENTIAL
    // Only a hint: without it the merge is slower, not wrong.
    (void)::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
#else
    (void)descriptor;
#endif
  }
};

/// Null: the system's own.
std::atomic<FileSystem*> g_inUse = nullptr;

}  // namespace

FileSystem& systemFiles() {
  static PosixFileSystem system;
  return system;
}

FileSystem& fileSystem() {
  FileSystem* const inUse = g_inUse.load(std::memory_order_acquire);
  return inUse == nullptr ? systemFiles() : *inUse;
}

FileSystemInUse::FileSystemInUse(FileSystem& system) : m_before(g_inUse.exchange(&system)) {}

FileSystemInUse::~FileSystemInUse() {
  g_inUse.store(m_before);
}

}  // namespace layerloom
