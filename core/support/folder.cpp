// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/folder.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/support/file.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

fs::path parentOf(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

Result<std::optional<FileStatus>> statusOf(const fs::path& path) {
  FileStatus status;
  const int code = uninterrupted([&] { return fileSystem().status(path, status); });
  if (code == -ENOENT || code == -ENOTDIR) {
    return std::nullopt;
  }
  if (code < 0) {
    return systemError(path, "examine", code);
  }
  return status;
}

Result<std::vector<std::string>> namesIn(const fs::path& folder) {
  std::vector<std::string> names;
  if (const int code = uninterrupted([&] { return fileSystem().list(folder, names); }); code < 0) {
    return systemError(folder, "list", code);
  }
  return names;
}

Result<bool> makeFolder(const fs::path& folder) {
  const int code = uninterrupted([&] { return fileSystem().makeFolder(folder); });
  if (code == -EEXIST) {
    LAYERLOOM_TRY(const auto status, statusOf(folder));
    if (status && status->kind == FileStatus::Kind::Folder) {
      return false;
    }
  }
  if (code < 0) {
    return systemError(folder, "create the folder", code);
  }
  return true;
}

Result<std::vector<fs::path>> makeFolders(const fs::path& folder) {
  std::vector<fs::path> missing;
  std::error_code code;
  for (fs::path at = fs::absolute(folder, code).lexically_normal(); !fs::exists(at, code) && at.has_relative_path();
       at = at.parent_path()) {
    missing.push_back(at);
  }
  std::vector<fs::path> made;
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    LAYERLOOM_TRY(const bool isNew, makeFolder(*at));
    if (isNew) {
      made.push_back(*at);
    }
  }
  return made;
}

Status moveTo(const fs::path& from, const fs::path& to) {
  const int code = uninterrupted([&] { return fileSystem().rename(from, to); });
  return code == 0 ? Status() : systemError(to, "move there", code);
}

Status removeFile(const fs::path& path) {
  const int code = uninterrupted([&] { return fileSystem().removeFile(path); });
  return code == 0 || code == -ENOENT ? Status() : systemError(path, "remove", code);
}

Status removeFolder(const fs::path& folder) {
  const int code = uninterrupted([&] { return fileSystem().removeFolder(folder); });
  return code == 0 || code == -ENOENT ? Status() : systemError(folder, "remove", code);
}

Status removeTree(const fs::path& path) {
  LAYERLOOM_TRY(const auto status, statusOf(path));
  if (!status) {
    return {};
  }
  if (status->kind != FileStatus::Kind::Folder) {
    return removeFile(path);
  }
  LAYERLOOM_TRY(const std::vector<std::string> names, namesIn(path));
  Status first;
  for (const std::string& name : names) {
    Status removed = removeTree(path / name);
    if (first && !removed) {
      first = std::move(removed);
    }
  }
  return first ? removeFolder(path) : first;
}

Status syncFolder(const fs::path& folder) {
  FileSystem& system = fileSystem();
  const int descriptor = uninterrupted([&] { return system.open(folder, FileSystem::Open::Folder); });
  if (descriptor < 0) {
    return systemError(folder, "open", descriptor);
  }
  const int code = uninterrupted([&] { return system.flush(descriptor); });
  system.close(descriptor);
  // Some network file systems cannot flush folders and say so; their entries are as safe as they get.
  if (code != 0 && code != -EINVAL && code != -ENOTSUP) {
    return systemError(folder, "flush", code);
  }
  return {};
}

Result<std::uint64_t> freeBytes(const fs::path& path) {
  std::error_code code;
  fs::path existing = fs::absolute(path, code);
  while (!fs::exists(existing, code) && existing.has_relative_path()) {
    existing = parentOf(existing);
  }
  const std::int64_t free = uninterrupted([&] { return fileSystem().freeBytes(existing); });
  if (free < 0) {
    return systemError(existing, "examine", static_cast<int>(free));
  }
  return static_cast<std::uint64_t>(free);
}

}  // namespace layerloom
