// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/merge_lock.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "core/support/folder.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::uint64_t kMaxOwnerBytes = 1000;

std::string hostName() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

/// Who holds the lock, for people, and for file systems without locks: "4711 host".
std::string ownText() {
  return fmt::format("{} {}\n", ::getpid(), hostName());
}

/// Judged by the text alone, where the file system knows no locks. A process of another machine counts as alive.
bool ownerLives(const std::string& owner) {
  long process = 0;
  const auto [end, code] = std::from_chars(owner.data(), owner.data() + owner.size(), process);
  if (code != std::errc() || process <= 0) {
    return false;
  }
  if (std::string_view(end, owner.data() + owner.size()) != " " + hostName() + "\n") {
    return true;
  }
  return ::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM;
}

tl::unexpected<Error> heldBy(const std::filesystem::path& path, const std::string& owner) {
  const std::string process = owner.substr(0, owner.find_first_of(" \n"));
  return refused(fmt::format("{}: another merge into this folder is at work{}", shown(path.parent_path()),
                             process.empty() ? std::string() : fmt::format(" (process {})", escaped(process))),
                 fmt::format("wait for its end, or name another folder; if there is none, remove {}", shown(path)));
}

}  // namespace

Result<MergeLock> MergeLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kFileName;
  MergeLock lock;
  for (;;) {
    LAYERLOOM_TRY(lock.m_file, File::openOrCreate(path));
    LAYERLOOM_TRY(const FileLock outcome, lock.m_file.lock());
    const std::string owner = readTextFile(path, kMaxOwnerBytes).value_or(std::string());
    if (outcome == FileLock::Held || (outcome == FileLock::Unknown && ownerLives(owner))) {
      return heldBy(path, owner);
    }
    // The one before may have removed the file between our opening and locking it; then the lock keeps nobody out.
    LAYERLOOM_TRY(const auto now, statusOf(path));
    if (now && now->identity.inode == lock.m_file.identity().inode) {
      break;
    }
  }
  const std::string text = ownText();
  Status noted = lock.m_file.setLength(0);
  if (noted) {
    noted = lock.m_file.write(0, std::as_bytes(std::span(text)));
  }
  if (!noted) {
    lock.release();
    return tl::unexpected(std::move(noted).error());
  }
  return lock;
}

void MergeLock::release() {
  if (m_file.isOpen()) {
    // One that stays is taken over by the next merge.
    (void)removeFile(m_file.path());
    m_file = File();
  }
}

}  // namespace layerloom
