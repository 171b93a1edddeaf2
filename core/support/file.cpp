// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <system_error>
#include <utility>

#include "core/support/folder.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

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

tl::unexpected<Error> systemError(const std::filesystem::path& path, const char* what, int code) {
  return ioError(fmt::format("{}: cannot {}: {}", shown(path), what, systemReason(-code)), remedyFor(-code));
}

File::File(File&& other) noexcept
    : m_system(other.m_system),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_path(std::move(other.m_path)),
      m_identity(other.m_identity) {}

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    close();
    m_system = other.m_system;
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
    m_system->close(std::exchange(m_descriptor, -1));
  }
}

Result<File> File::open(const std::filesystem::path& path, FileSystem::Open mode, const char* what) {
  File file;
  file.m_path = path;
  file.m_system = &fileSystem();
  const int descriptor = uninterrupted([&] { return file.m_system->open(path, mode); });
  if (descriptor < 0) {
    return systemError(path, what, descriptor);
  }
  file.m_descriptor = descriptor;
  FileStatus status;
  if (const int code = uninterrupted([&] { return file.m_system->status(descriptor, status); }); code < 0) {
    return systemError(path, "examine", code);
  }
  if (status.kind != FileStatus::Kind::Regular) {
    return refused(fmt::format("{}: is not a regular file", shown(path)), "name a file, not a folder, device or pipe");
  }
  file.m_identity = status.identity;
  return file;
}

Result<File> File::openForReading(const std::filesystem::path& path) {
  return open(path, FileSystem::Open::Read, "open");
}

Result<File> File::create(const std::filesystem::path& path) {
  return open(path, FileSystem::Open::Create, "create");
}

Result<File> File::openOrCreate(const std::filesystem::path& path) {
  return open(path, FileSystem::Open::CreateOrOpen, "open for writing");
}

Result<FileIdentity> File::currentIdentity() const {
  FileStatus status;
  if (const int code = uninterrupted([&] { return m_system->status(m_descriptor, status); }); code < 0) {
    return systemError(m_path, "examine", code);
  }
  return status.identity;
}

Status File::read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const std::int64_t count = uninterrupted([&] { return m_system->read(m_descriptor, offset, out); });
    if (count < 0) {
      return systemError(m_path, "read", static_cast<int>(count));
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
    const std::int64_t count = uninterrupted([&] { return m_system->write(m_descriptor, offset, bytes); });
    if (count <= 0) {
      return systemError(m_path, "write", count == 0 ? -EIO : static_cast<int>(count));
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
  const int code = uninterrupted([&] { return m_system->reserve(m_descriptor, bytes); });
  if (code == -EOPNOTSUPP || code == -ENOSYS) {
    return setLength(bytes);
  }
  return code == 0 ? Status() : systemError(m_path, "reserve space for", code);
}

Status File::setLength(std::uint64_t bytes) const {
  const int code = uninterrupted([&] { return m_system->setLength(m_descriptor, bytes); });
  return code == 0 ? Status() : systemError(m_path, "set the length of", code);
}

Result<FileLock> File::lock() const {
  switch (const int code = uninterrupted([&] { return m_system->lock(m_descriptor); })) {
    case 0:
      return FileLock::Taken;
    case -EWOULDBLOCK:
      return FileLock::Held;
    case -ENOLCK:
    case -ENOSYS:
    case -EOPNOTSUPP:
      return FileLock::Unknown;
    default:
      return systemError(m_path, "lock", code);
  }
}

void File::adviseSequential() const {
  m_system->adviseSequential(m_descriptor);
}

Status File::sync() const {
  const int code = uninterrupted([&] { return m_system->flush(m_descriptor); });
  return code == 0 ? Status() : systemError(m_path, "flush", code);
}

Status File::syncAndClose() {
  if (Status synced = sync(); !synced) {
    close();
    return synced;
  }
  const int code = m_system->close(std::exchange(m_descriptor, -1));
  // Interrupted or not, the descriptor is gone, and the data is on the disk already.
  return code == 0 || code == -EINTR ? Status() : systemError(m_path, "close", code);
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
  Status done = writeNewTextFile(draft, text);
  if (done) {
    done = moveTo(draft, path);
  }
  if (!done) {
    (void)removeFile(draft);
    return done;
  }
  return syncFolder(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace layerloom
