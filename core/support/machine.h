// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace layerloom {

/// Bytes of physical memory of this machine; 0 where the system does not say.
std::uint64_t physicalMemory() noexcept;

}  // namespace layerloom
