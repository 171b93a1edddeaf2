// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace layerloom {

/// XXH3-128 of some bytes. It finds faults of disks and programs, not forgeries.
struct ContentHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool operator==(const ContentHash&) const = default;
  /// 32 hexadecimal digits, as `xxhsum -H2` prints them.
  std::string hex() const;
  /// Nothing unless the text is what hex() writes.
  static std::optional<ContentHash> fromHex(std::string_view text);
};

/// Hashes bytes that come piece by piece.
class ContentHasher {
 public:
  ContentHasher();
  ContentHasher(const ContentHasher& other);
  ContentHasher(ContentHasher&&) noexcept;
  ContentHasher& operator=(ContentHasher&&) noexcept;
  ~ContentHasher();

  void add(std::span<const std::byte> bytes);
  /// Of all bytes so far.
  ContentHash hash() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

ContentHash contentHash(std::span<const std::byte> bytes);

}  // namespace layerloom
