// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <stop_token>

#include "app/cli/exit_status.h"
#include "core/support/pause.h"

namespace CLI {
class App;
}

namespace layerloom {

/// What a command may use of the world around the program.
struct CommandContext {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  std::stop_token stop;
  const PauseSwitch* pause = nullptr;  ///< null: nothing pauses
};

/// One command of layerloom-cli.
class Command {
 public:
  virtual ~Command() = default;

  /// Adds the command with its options and help to the parser. Parsed values land in this object, which has to outlive
  /// the parsing.
  virtual CLI::App* addTo(CLI::App& program) = 0;
  /// Carries the command out with the values that were parsed.
  virtual ExitStatus run(CommandContext& context) = 0;
};

}  // namespace layerloom
