// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>
#include <utility>

#include "core/support/text.h"

namespace layerloom {
namespace {

/// One system call moves at most about 2 GiB; smaller pieces also let a signal stop a long call.
constexpr std::size_t kLargestTransfer = 1 << 30;

std::string systemReason(int code) {
  return std::generic_category().message(code);
}

std::string remedyFor(int code) {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      return "free some space, or choose a folder on another disk";
    case EACCES:
    case EPERM:
      return "check the permissions of the file and its folder";
    case EROFS:
      return "choose a folder that can be written to";
    case EFBIG:
      return "choose a smaller shard size: the file system or a limit of this account does not take files that large";
    case EMFILE:
      return "raise the limit of open files (ulimit -n)";
    default:
      return {};
  }
}

tl::unexpected<Error> systemError(const std::filesystem::path& path, const char* what, int code) {
  return ioError(fmt::format("{}: cannot {}: {}", shown(path), what, systemReason(code)), remedyFor(code));
}

FileIdentity identityOf(const struct stat& status) {
#ifdef __APPLE__
  const timespec modified = status.st_mtimespec;
#else
  const timespec modified = status.st_mtim;
#endif
  return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
          static_cast<std::uint64_t>(status.st_size),
          static_cast<std::int64_t>(modified.tv_sec) * 1'000'000'000 + modified.tv_nsec};
}

}  // namespace

std::string shown(const std::filesystem::path& path) {
  return escaped(path.string(), 1000);
}

std::filesystem::path withoutTrailingSlash(const std::filesystem::path& path) {
  std::error_code code;
  const std::filesystem::path whole = std::filesystem::absolute(path, code).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

std::string randomWord() {
  std::random_device device;
  return fmt::format("{:08x}", device());
}

File::File(File&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path)), m_identity(other.m_identity) {}

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    close();
    m_descriptor = std::exchange(other.m_descriptor, -1);
    m_path = std::move(other.m_path);
    m_identity = other.m_identity;
  }
  return *this;
}

File::~File() {
  close();
}

void File::close() noexcept {
  if (m_descriptor >= 0) {
    ::close(std::exchange(m_descriptor, -1));
  }
}

Result<File> File::openForReading(const std::filesystem::path& path) {
  File file;
  file.m_path = path;
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  file.m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file.m_descriptor < 0) {
    return systemError(path, "open", errno);
  }
  struct stat status {};
  if (::fstat(file.m_descriptor, &status) != 0) {
    return systemError(path, "examine", errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return refused(fmt::format("{}: is not a regular file", shown(path)), "name a file, not a folder, device or pipe");
  }
  file.m_identity = identityOf(status);
  return file;
}

Result<File> File::create(const std::filesystem::path& path) {
  File file;
  file.m_path = path;
  file.m_descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file.m_descriptor < 0) {
    return systemError(path, "create", errno);
  }
  return file;
}

Result<FileIdentity> File::currentIdentity() const {
  struct stat status {};
  if (::fstat(m_descriptor, &status) != 0) {
    return systemError(m_path, "examine", errno);
  }
  return identityOf(status);
}

Status File::read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t count =
        ::pread(m_descriptor, out.data(), std::min(out.size(), kLargestTransfer), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return systemError(m_path, "read", errno);
    }
    if (count == 0) {
      return ioError(fmt::format("{}: ends at byte {}, {} bytes short: it was cut while it was read", shown(m_path), offset,
                                 out.size()),
                     "fetch the file again");
    }
    out = out.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status File::write(std::uint64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(m_descriptor, bytes.data(), std::min(bytes.size(), kLargestTransfer), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return systemError(m_path, "write", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Status File::allocate(std::uint64_t bytes) const {
  if (bytes == 0) {
    return {};
  }
#ifdef __linux__
  int code = 0;
  do {
    // Not posix_fallocate: where the file system cannot reserve, it writes every block by hand.
    code = ::fallocate(m_descriptor, 0, 0, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
  } while (code == EINTR);
  if (code == 0) {
    return {};
  }
  if (code != EOPNOTSUPP && code != ENOSYS) {
    return systemError(m_path, "reserve space for", code);
  }
#endif
  if (::ftruncate(m_descriptor, static_cast<off_t>(bytes)) != 0) {
    return systemError(m_path, "set the length of", errno);
  }
  return {};
}

void File::adviseSequential() const {
#ifdef POSIX_FADV_SEQUENTIAL
  // Only a hint: without it the merge is slower, not wrong.
  (void)::posix_fadvise(m_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
}

Status File::syncAndClose() {
  // A failed fsync is final: the system may have dropped the data, and a second call would claim success.
  if (::fsync(m_descriptor) != 0) {
    const int code = errno;
    close();
    return systemError(m_path, "flush", code);
  }
  if (::close(std::exchange(m_descriptor, -1)) != 0) {
    return systemError(m_path, "close", errno);
  }
  return {};
}

Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t limit) {
  LAYERLOOM_TRY(const File file, File::openForReading(path));
  const std::uint64_t bytes = file.identity().bytes;
  if (bytes > limit) {
    return refused(fmt::format("{}: is {} long; at most {} are read", shown(path), formatBytes(bytes), formatBytes(limit)),
                   "check that this is the right file");
  }
  std::string text(bytes, '\0');
  LAYERLOOM_CHECK(file.read(0, std::as_writable_bytes(std::span(text))));
  return text;
}

Status writeNewTextFile(const std::filesystem::path& path, std::string_view text) {
  LAYERLOOM_TRY(File file, File::create(path));
  LAYERLOOM_CHECK(file.write(0, std::as_bytes(std::span(text))));
  return file.syncAndClose();
}

Status replaceTextFile(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::path draft = path;
  draft += fmt::format(".part-{}", ::getpid());
  if (Status written = writeNewTextFile(draft, text); !written) {
    std::error_code ignored;
    std::filesystem::remove(draft, ignored);
    return written;
  }
  std::error_code code;
  std::filesystem::rename(draft, path, code);
  if (code) {
    std::error_code ignored;
    std::filesystem::remove(draft, ignored);
    return systemError(path, "replace", code.value());
  }
  return syncFolder(path.has_parent_path() ? path.parent_path() : ".");
}

Status syncFolder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return systemError(folder, "open", errno);
  }
  const int code = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  // Some network file systems cannot flush folders and say so; their entries are as safe as they get.
  if (code != 0 && code != EINVAL && code != ENOTSUP) {
    return systemError(folder, "flush", code);
  }
  return {};
}

Result<std::uint64_t> freeBytes(const std::filesystem::path& path) {
  std::error_code code;
  std::filesystem::path existing = std::filesystem::absolute(path, code);
  while (!std::filesystem::exists(existing, code) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  struct statvfs status {};
  if (::statvfs(existing.c_str(), &status) != 0) {
    return systemError(existing, "examine", errno);
  }
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

}  // namespace layerloom
