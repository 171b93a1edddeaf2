// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/header_hash.h"

#include <array>
#include <vector>

#include "core/checkpoint/safetensors.h"

namespace layerloom {

Result<ContentHash> headerHash(const File& file) {
  std::array<std::byte, 8> start{};
  LAYERLOOM_CHECK(file.read(0, start));
  LAYERLOOM_TRY(const std::uint64_t length, headerLength(start, file.identity().bytes, file.path().string()));
  std::vector<std::byte> header(length);
  LAYERLOOM_CHECK(file.read(start.size(), header));
  return contentHash(header);
}

}  // namespace layerloom
