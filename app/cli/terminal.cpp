// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/terminal.h"

#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace layerloom {
namespace {

constexpr int kUsualWidth = 80;

int descriptorOf(const std::ostream& stream) noexcept {
  if (&stream == &std::cerr) {
    return STDERR_FILENO;
  }
  return &stream == &std::cout ? STDOUT_FILENO : -1;
}

}  // namespace

int terminalWidth(const std::ostream& stream) noexcept {
  const int descriptor = descriptorOf(stream);
  if (descriptor < 0 || isatty(descriptor) == 0) {
    return 0;
  }
  winsize size{};
  // Serial lines and some containers report no size.
  const bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsualWidth;
}

}  // namespace layerloom
