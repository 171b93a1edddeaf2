// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/support/result.h"

namespace layerloom {

/// What the program hands back to the shell; part of its stable contract.
enum class ExitStatus {
  Done = 0,
  Defect = 1,       ///< a fault of this program
  Refused = 2,      ///< a recipe, model or option was refused; nothing was written
  Io = 3,           ///< reading or writing failed
  Cancelled = 130,  ///< stopped on request; nothing was left behind
};

/// The status that belongs to a fault of that kind.
ExitStatus exitStatusOf(ErrorKind kind) noexcept;

/// The name of that kind in JSON output: "refused", "io" or "defect".
const char* nameOf(ErrorKind kind) noexcept;

/// The lines on exit statuses at the end of a command's help.
std::string exitStatusHelp();

}  // namespace layerloom
