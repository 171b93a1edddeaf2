// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/rows.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/support/text.h"

namespace layerloom {
namespace {

/// A row is held in memory as float32 once per input and thread.
constexpr std::uint64_t kLongestRow = 64 * 1024 * 1024;

}  // namespace

std::uint64_t rowElements(const MergeSettings& settings) {
  return settings.shape.empty() ? 1 : std::max<std::uint64_t>(1, settings.shape.back());
}

Result<std::uint64_t> chunkOfRows(const MergeSettings& settings, std::uint64_t row) {
  if (row > kLongestRow) {
    return refused(
        fmt::format("tensor \"{}\": {} looks at whole rows, but a row of {} elements is longer than {}",
                    escaped(settings.tensor), settings.method->name, formatCount(row), formatCount(kLongestRow)),
        "merge this model with another method");
  }
  return std::max<std::uint64_t>(1, kChunkElements / row) * row;
}

}  // namespace layerloom
