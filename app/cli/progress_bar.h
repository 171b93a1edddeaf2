// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <string>

#include "core/support/progress.h"

namespace layerloom {

/// One line of at most `width` columns, all ASCII: bar, share, bytes, rate and time left, of which the later ones go
/// first where there is no room.
std::string formatProgressLine(const Progress& progress, int width);

/// Draws progress on one line of a terminal, over and over. Writes nothing where the stream is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::ostream& stream) : m_stream(stream) {}

  void show(const Progress& progress);
  /// Removes the line, so that other text can follow.
  void clear();

 private:
  std::ostream& m_stream;
  bool m_drawn = false;
};

}  // namespace layerloom
