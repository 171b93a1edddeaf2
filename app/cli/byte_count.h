// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "core/support/result.h"

namespace layerloom {

/// A number of bytes as people write it: "5GB", "1.5 GB", "500MB", "2GiB", "1000000". Units are decimal, those with an
/// "i" binary; case does not matter. Refused: anything else, zero, and less than one byte.
Result<std::uint64_t> parseByteCount(std::string_view text);

}  // namespace layerloom
