// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "core/support/file.h"

namespace layerloom {

/// Keeps a second merge out of a folder. The lock ends with the process, so that one of a process that was killed is in nobody's way.
class MergeLock {
 public:
  MergeLock() = default;

  /// Takes the file `lock` of an existing folder; refused while another process (or another merge of this one) has it.
  static Result<MergeLock> take(const std::filesystem::path& folder);
  /// Removes the file and lets go.
  void release();

  static constexpr const char* kFileName = "lock";

 private:
  File m_file;
};

}  // namespace layerloom
