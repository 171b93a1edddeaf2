// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>
#include <stop_token>
#include <string>
#include <vector>

#include "app/cli/cli.h"
#include "app/cli/exit_status.h"
#include "app/cli/signals.h"
#include "core/support/pause.h"

int main(int argc, char** argv) {
  const std::stop_source stop;
  static layerloom::PauseSwitch pause;  // outlives the thread that takes the signals
  layerloom::watchSignals(stop, pause);
  const std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
  const int status = layerloom::runCli(args, std::cin, std::cout, std::cerr, stop, &pause);
  // The shell's way to say which signal it was: 128 + its number.
  const bool cancelled = status == static_cast<int>(layerloom::ExitStatus::Cancelled);
  return cancelled && layerloom::receivedSignal() != 0 ? 128 + layerloom::receivedSignal() : status;
}
