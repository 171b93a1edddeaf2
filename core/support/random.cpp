// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/random.h"

#define XXH_INLINE_ALL  // header only: the library need not be linked
#include <xxhash.h>

#include <Random123/philox.h>
#include <algorithm>
#include <cmath>
#include <string>

namespace layerloom {

std::array<std::uint32_t, 4> philoxBlock(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept {
  const auto block = r123::Philox4x32()({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
  return {block[0], block[1], block[2], block[3]};
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view model, std::string_view tensor) noexcept
    : m_key(seed), m_stream(XXH3_64bits_withSeed(tensor.data(), tensor.size(), XXH3_64bits(model.data(), model.size()))) {}

void RandomStream::fill(std::uint64_t first, std::span<std::uint32_t> out) const noexcept {
  const std::array<std::uint32_t, 2> key = {static_cast<std::uint32_t>(m_key), static_cast<std::uint32_t>(m_key >> 32)};
  std::uint64_t block = first / 4;
  for (std::size_t done = 0; done < out.size(); done += 4, ++block) {
    const auto numbers = philoxBlock({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                                     static_cast<std::uint32_t>(m_stream), static_cast<std::uint32_t>(m_stream >> 32)},
                                    key);
    std::copy_n(numbers.begin(), std::min<std::size_t>(4, out.size() - done), out.begin() + static_cast<std::ptrdiff_t>(done));
  }
}

std::uint64_t drawThreshold(double probability) noexcept {
  return static_cast<std::uint64_t>(std::llround(std::clamp(probability, 0.0, 1.0) * 4294967296.0));
}

}  // namespace layerloom
