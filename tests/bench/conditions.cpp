// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/conditions.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

namespace layerloom::bench {
namespace {

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) {
      return line.substr(line.find(':') + 2);
    }
  }
  return "unknown processor";
}

}  // namespace

void printConditions() {
  std::array<double, 1> load{};
  const bool known = ::getloadavg(load.data(), 1) == 1;
  fmt::print("{}, {} threads, load {}\n", processor(), std::thread::hardware_concurrency(), known ? fmt::format("{:.2f}", load[0]) : "unknown");
}

}  // namespace layerloom::bench
