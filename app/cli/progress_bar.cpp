// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_bar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <ostream>

#include "app/cli/terminal.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kLongestBar = 30;
constexpr std::size_t kShortestBar = 8;

double shareDone(const Progress& progress) {
  if (progress.bytesTotal == 0) {
    return 1;
  }
  return std::min(1.0, static_cast<double>(progress.bytesDone) / static_cast<double>(progress.bytesTotal));
}

std::string formatRate(const Progress& progress) {
  if (progress.seconds <= 0) {
    return {};
  }
  const double rate = static_cast<double>(progress.bytesDone) / progress.seconds;
  return fmt::format("  {}/s", formatBytes(static_cast<std::uint64_t>(rate)));
}

std::string formatTimeLeft(const Progress& progress) {
  return progress.secondsLeft < 0 ? std::string() : fmt::format("  {} left", formatSeconds(progress.secondsLeft));
}

std::string drawBar(double share, std::size_t cells) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(cells));
  return "[" + std::string(filled, '#') + std::string(cells - filled, '.') + "]";
}

}  // namespace

std::string formatProgressLine(const Progress& progress, int width) {
  const auto room = static_cast<std::size_t>(std::max(width, 0));
  const double share = shareDone(progress);
  // Rounded down: 100 % stands only when all is done.
  std::string text = fmt::format("{:3} %", static_cast<int>(std::floor(share * 100)));
  const std::array<std::string, 3> details = {
      fmt::format("  {} of {}", formatBytes(progress.bytesDone), formatBytes(progress.bytesTotal)),
      formatRate(progress), formatTimeLeft(progress)};
  for (const std::string& detail : details) {
    if (text.size() + detail.size() > room) {
      break;
    }
    text += detail;
  }
  if (room >= text.size() + kShortestBar + 3) {
    text = drawBar(share, std::min(kLongestBar, room - text.size() - 3)) + " " + text;
  }
  return text.substr(0, room);
}

void ProgressBar::show(const Progress& progress) {
  const int width = terminalWidth(m_stream);
  if (width == 0) {
    return;
  }
  // The last column stays free: many terminals wrap as soon as it is written.
  m_stream << '\r' << formatProgressLine(progress, width - 1) << "\x1b[K" << std::flush;
  m_drawn = true;
}

void ProgressBar::clear() {
  if (m_drawn) {
    m_stream << "\r\x1b[K" << std::flush;
    m_drawn = false;
  }
}

}  // namespace layerloom
