// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/support/file_system.h"
#include "core/support/result.h"

namespace layerloom {

/// What stands at a path, of a link the link itself; nothing where there is nothing.
Result<std::optional<FileStatus>> statusOf(const std::filesystem::path& path);
/// The names in a folder, sorted.
Result<std::vector<std::string>> namesIn(const std::filesystem::path& folder);

/// Makes a folder; false where there is one already. A link is none.
Result<bool> makeFolder(const std::filesystem::path& folder);
/// Makes a folder with those above it; returns those that were made, the topmost first.
Result<std::vector<std::filesystem::path>> makeFolders(const std::filesystem::path& folder);
/// Moves a file or folder within a file system. A file at `to` is replaced, a folder only when it is empty.
Status moveTo(const std::filesystem::path& from, const std::filesystem::path& to);
/// Removes a file; nothing there is no error.
Status removeFile(const std::filesystem::path& path);
/// Removes an empty folder; nothing there is no error.
Status removeFolder(const std::filesystem::path& folder);
/// Removes a file, or a folder with all that is in it; follows no links. Goes on after an error and returns the first.
Status removeTree(const std::filesystem::path& path);
/// Flushes a folder's entries to the disk.
Status syncFolder(const std::filesystem::path& folder);
/// Bytes that this user can still write on the file system that holds the path (or its nearest existing parent).
Result<std::uint64_t> freeBytes(const std::filesystem::path& path);

}  // namespace layerloom
