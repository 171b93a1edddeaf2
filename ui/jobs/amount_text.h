// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QString>

namespace layerloom {

// Amounts in the user's language, short in place.

/// "3.1 GB", decimal units.
QString bytesText(std::uint64_t bytes);
/// "1.9 of 3.1 GB"; both in the greater one's unit.
QString bytesOfText(std::uint64_t part, std::uint64_t whole);
/// "220 MB/s".
QString rateText(double bytesPerSecond);
/// "0.4 s", "14 s", "3 min 20 s", "2 h 5 min".
QString durationText(double seconds);

}  // namespace layerloom
