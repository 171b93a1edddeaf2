// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include "app/cli/cli.h"

namespace layerloom::test {

/// What one run of the program gave.
struct CliRun {
  int status = -1;
  std::string out;
  std::string err;
};

/// Runs layerloom-cli within this process.
inline CliRun runCliWith(const std::vector<std::string>& args, const std::string& input = {},
                         std::stop_source stop = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int status = runCli(args, in, out, err, std::move(stop));
  return {status, out.str(), err.str()};
}

}  // namespace layerloom::test
