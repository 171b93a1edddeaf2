// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/random.h"

#define XXH_INLINE_ALL  // header only: the library need not be linked
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/support/random.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Words = hn::ScalableTag<std::uint64_t>;

/// The products of the lower halves of the lanes with a number of 32 bits.
template <typename V>
HWY_INLINE V timesLow(V lanes, std::uint64_t factor) {
#if HWY_TARGET == HWY_SCALAR
  return hn::Set(Words(), (hn::GetLane(lanes) & 0xFFFFFFFF) * factor);
#else
  const hn::Repartition<std::uint32_t, Words> halves;
  return hn::MulEven(hn::BitCast(halves, lanes), hn::BitCast(halves, hn::Set(Words(), factor)));
#endif
}

/// Philox4x32-10 of the counters {block + i, stream} for as many blocks as a vector has lanes, the 128 bits of each in the order of the
/// words. Words stand in 64 bits, of which only the lower half counts, so that a product gives both halves of the next words at once.
HWY_INLINE void philoxBlocks(std::uint64_t block, std::uint64_t stream, std::uint64_t key, std::uint8_t* out) {
  const Words words;
  auto c0 = hn::Add(hn::Set(words, block), hn::Iota(words, 0));
  auto c1 = hn::ShiftRight<32>(c0);
  auto c2 = hn::Set(words, stream);
  auto c3 = hn::ShiftRight<32>(c2);
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const auto product0 = timesLow(c0, 0xD2511F53);
    const auto product1 = timesLow(c2, 0xCD9E8D57);
    c0 = hn::Xor3(hn::ShiftRight<32>(product1), c1, hn::Set(words, k0));
    c2 = hn::Xor3(hn::ShiftRight<32>(product0), c3, hn::Set(words, k1));
    c1 = product1;
    c3 = product0;
    k0 += 0x9E3779B9;  // Weyl sequences
    k1 += 0xBB67AE85;
  }
  const auto low = hn::Set(words, 0xFFFFFFFF);
  const auto first = hn::Or(hn::And(c0, low), hn::ShiftLeft<32>(c1));
  const auto second = hn::Or(hn::And(c2, low), hn::ShiftLeft<32>(c3));
#if HWY_TARGET == HWY_SCALAR
  const std::uint64_t both[2] = {hn::GetLane(first), hn::GetLane(second)};
  std::memcpy(out, both, sizeof both);
#else
  hn::StoreInterleaved2(first, second, words, reinterpret_cast<std::uint64_t*>(out));
#endif
}

/// Fills `bytes` of `out`, the first of which begin the given block.
void fillRandom(std::uint64_t block, std::uint64_t stream, std::uint64_t key, void* HWY_RESTRICT out, std::size_t bytes) {
  constexpr std::size_t kBlock = 16;
  const std::size_t blocks = hn::Lanes(Words());
  auto* at = static_cast<std::uint8_t*>(out);
  for (; bytes >= kBlock * blocks; block += blocks, at += kBlock * blocks, bytes -= kBlock * blocks) {
    philoxBlocks(block, stream, key, at);
  }
  if (bytes > 0) {
    HWY_ALIGN std::uint8_t buffer[kBlock * hn::MaxLanes(Words())];
    philoxBlocks(block, stream, key, buffer);
    std::memcpy(at, buffer, bytes);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(fillRandom);

RandomStream::RandomStream(std::uint64_t seed, std::string_view model, std::string_view tensor) noexcept
    : m_key(seed), m_stream(XXH3_64bits_withSeed(tensor.data(), tensor.size(), XXH3_64bits(model.data(), model.size()))) {}

void RandomStream::fill(std::uint64_t first, std::span<std::uint32_t> out) const noexcept {
  HWY_DYNAMIC_DISPATCH(fillRandom)(first / 4, m_stream, m_key, out.data(), out.size_bytes());
}

void RandomStream::fill(std::uint64_t first, std::span<std::uint16_t> out) const noexcept {
  HWY_DYNAMIC_DISPATCH(fillRandom)(first / 8, m_stream, m_key, out.data(), out.size_bytes());
}

std::uint64_t drawThreshold(double probability) noexcept {
  return static_cast<std::uint64_t>(std::llround(std::clamp(probability, 0.0, 1.0) * 4294967296.0));
}

}  // namespace layerloom
#endif  // HWY_ONCE
