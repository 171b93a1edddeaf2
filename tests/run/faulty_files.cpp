// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/run/faulty_files.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace layerloom::test {

namespace fs = std::filesystem;
using Kind = Fault::Kind;

void FaultyFiles::before(std::uint64_t at, std::function<void()> hook) {
  m_hookAt = at;
  m_hook = std::move(hook);
}

int FaultyFiles::enter(bool writes) {
  if (m_dead) {
    return -EIO;
  }
  ++m_calls;
  if (m_hook && m_calls == m_hookAt) {
    const auto hook = std::exchange(m_hook, nullptr);
    hook();
  }
  if (m_fault.kind == Kind::Lasting && m_calls >= m_fault.at && writes) {
    return -m_fault.error;
  }
  if (!isHit()) {
    return 0;
  }
  switch (m_fault.kind) {
    case Kind::Once:
      return -m_fault.error;
    case Kind::Kill:
    case Kind::LoseData:
    case Kind::LoseAll:
      die();
      return -EIO;
    default:
      return 0;
  }
}

int FaultyFiles::perform(bool writes, const std::function<int()>& call) {
  const std::lock_guard lock(m_mutex);
  if (const int code = enter(writes); code < 0) {
    return code;
  }
  const bool dies = isHit() && m_fault.kind == Kind::KillAmid;
  const int result = call();
  if (dies) {
    die();
    return -EIO;
  }
  return result;
}

void FaultyFiles::die() {
  m_dead = true;
  for (const auto& [descriptor, path] : m_open) {
    m_real.close(descriptor);
  }
  m_open.clear();
  if (m_fault.kind == Kind::LoseData || m_fault.kind == Kind::LoseAll) {
    loseUnflushed();
  }
}

void FaultyFiles::loseUnflushed() {
  for (const auto& [path, lost] : m_unflushed) {
    const bool isJournal = path.filename() == "journal";
    if (lost.ranges.empty() || (isJournal && m_fault.kind == Kind::LoseData)) {
      continue;
    }
    const int descriptor = m_real.open(path, Open::CreateOrOpen);
    if (m_fault.kind == Kind::LoseAll && (isJournal || !lost.wasFlushed)) {
      m_real.setLength(descriptor, isJournal && lost.wasFlushed ? lost.ranges.front().first : 0);
    } else {
      for (const auto& [offset, length] : lost.ranges) {
        m_real.write(descriptor, offset, std::vector<std::byte>(length));
      }
    }
    m_real.close(descriptor);
  }
}

int FaultyFiles::open(const fs::path& path, Open mode) {
  return perform(mode == Open::Create || mode == Open::CreateOrOpen, [&] {
    const int descriptor = m_real.open(path, mode);
    if (descriptor >= 0) {
      m_open[descriptor] = path;
    }
    return descriptor;
  });
}

int FaultyFiles::close(int descriptor) {
  const std::lock_guard lock(m_mutex);
  if (m_open.count(descriptor) == 0) {
    return -EBADF;
  }
  // The system frees the descriptor also where it reports an error.
  const int code = enter(false);
  if (m_open.erase(descriptor) > 0) {
    m_real.close(descriptor);
  }
  return code;
}

std::int64_t FaultyFiles::read(int descriptor, std::uint64_t offset, std::span<std::byte> out) {
  const std::lock_guard lock(m_mutex);
  if (const int code = enter(false); code < 0) {
    return code;
  }
  if (isHit() && m_fault.kind == Kind::Short && out.size() > 1) {
    out = out.first(out.size() / 2);
  }
  return m_real.read(descriptor, offset, out);
}

std::int64_t FaultyFiles::write(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) {
  const std::lock_guard lock(m_mutex);
  if (const int code = enter(true); code < 0) {
    return code;
  }
  const bool dies = isHit() && m_fault.kind == Kind::KillAmid;
  if (isHit() && (dies || m_fault.kind == Kind::Short) && bytes.size() > 1) {
    bytes = bytes.first(bytes.size() / 2);
  }
  m_unflushed[m_open.at(descriptor)].ranges.emplace_back(offset, bytes.size());
  const std::int64_t count = m_real.write(descriptor, offset, bytes);
  if (dies) {
    die();
    return -EIO;
  }
  return count;
}

int FaultyFiles::reserve(int descriptor, std::uint64_t bytes) {
  return perform(true, [&] { return m_real.reserve(descriptor, bytes); });
}

int FaultyFiles::setLength(int descriptor, std::uint64_t bytes) {
  return perform(true, [&] { return m_real.setLength(descriptor, bytes); });
}

int FaultyFiles::flush(int descriptor) {
  return perform(true, [&] {
    m_unflushed[m_open.at(descriptor)] = {true, {}};
    return 0;
  });
}

int FaultyFiles::lock(int descriptor) {
  return perform(false, [&] { return lockIs ? *lockIs : m_real.lock(descriptor); });
}

int FaultyFiles::status(int descriptor, FileStatus& out) {
  return perform(false, [&] { return m_real.status(descriptor, out); });
}

int FaultyFiles::status(const fs::path& path, FileStatus& out) {
  return perform(false, [&] { return m_real.status(path, out); });
}

int FaultyFiles::rename(const fs::path& from, const fs::path& to) {
  return perform(true, [&] { return m_real.rename(from, to); });
}

int FaultyFiles::makeFolder(const fs::path& path) {
  return perform(true, [&] { return m_real.makeFolder(path); });
}

int FaultyFiles::removeFile(const fs::path& path) {
  return perform(true, [&] {
    m_unflushed.erase(path);
    return m_real.removeFile(path);
  });
}

int FaultyFiles::removeFolder(const fs::path& path) {
  return perform(true, [&] { return m_real.removeFolder(path); });
}

int FaultyFiles::list(const fs::path& folder, std::vector<std::string>& names) {
  return perform(false, [&] { return m_real.list(folder, names); });
}

std::int64_t FaultyFiles::freeBytes(const fs::path& path) {
  const std::lock_guard lock(m_mutex);
  if (const int code = enter(false); code < 0) {
    return code;
  }
  return freeBytesAre ? *freeBytesAre : m_real.freeBytes(path);
}

}  // namespace layerloom::test
