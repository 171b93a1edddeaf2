// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace layerloom {

/// How far a long operation has come. Bytes count what was read plus what was written.
struct Progress {
  std::uint64_t bytesDone = 0;
  std::uint64_t bytesTotal = 0;
  double seconds = 0;      ///< since the start, without pauses
  double secondsLeft = -1; ///< smoothed estimate; negative while there is none
  std::string item;        ///< the tensor in hand
};

/// Called from worker threads, never from two at once, at most every 50 ms and once at the end.
using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace layerloom
