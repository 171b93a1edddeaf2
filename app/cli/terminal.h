// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

namespace layerloom {

/// Columns of the terminal behind std::cout or std::cerr; 0 when the stream is another one or no terminal.
int terminalWidth(const std::ostream& stream) noexcept;

}  // namespace layerloom
