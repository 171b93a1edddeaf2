// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <stop_token>
#include <string>

#include "core/support/pause.h"

namespace layerloom {

/// The whole program behind main: `args` without the program's name. Returns the exit status; never throws. A stop
/// request cancels a running merge, `pause` (may be null) holds it up. Progress is drawn only when `err` is std::cerr on a terminal.
int runCli(std::span<const std::string> args, std::istream& in, std::ostream& out, std::ostream& err,
           std::stop_source stop, const PauseSwitch* pause = nullptr);

}  // namespace layerloom
