// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/content_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace layerloom {

std::string ContentHash::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::optional<ContentHash> ContentHash::fromHex(std::string_view text) {
  constexpr std::size_t kHalf = 16;
  const auto isDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (text.size() != 2 * kHalf || !std::all_of(text.begin(), text.end(), isDigit)) {
    return std::nullopt;
  }
  ContentHash hash;
  std::from_chars(text.data(), text.data() + kHalf, hash.high, 16);
  std::from_chars(text.data() + kHalf, text.data() + 2 * kHalf, hash.low, 16);
  return hash;
}

struct ContentHasher::State {
  XXH3_state_t xxh;
};

ContentHasher::ContentHasher() : m_state(std::make_unique<State>()) {
  XXH3_128bits_reset(&m_state->xxh);
}
ContentHasher::ContentHasher(const ContentHasher& other) : m_state(std::make_unique<State>()) {
  XXH3_copyState(&m_state->xxh, &other.m_state->xxh);
}
ContentHasher::ContentHasher(ContentHasher&&) noexcept = default;
ContentHasher& ContentHasher::operator=(ContentHasher&&) noexcept = default;
ContentHasher::~ContentHasher() = default;

void ContentHasher::add(std::span<const std::byte> bytes) {
  XXH3_128bits_update(&m_state->xxh, bytes.data(), bytes.size());
}

ContentHash ContentHasher::hash() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&m_state->xxh);
  return {hash.high64, hash.low64};
}

ContentHash contentHash(std::span<const std::byte> bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

}  // namespace layerloom
