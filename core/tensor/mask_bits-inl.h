// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Included once per instruction set, after hwy/highway.h; hence a guard that Highway toggles.
#if defined(LAYERLOOM_MASK_BITS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAYERLOOM_MASK_BITS_INL_H
#undef LAYERLOOM_MASK_BITS_INL_H
#else
#define LAYERLOOM_MASK_BITS_INL_H
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

/// The mask of the lanes of a vector that begins at an entry whose number they divide, from one bit per entry.
template <class D>
HWY_INLINE hwy::HWY_NAMESPACE::Mask<D> maskAt(D tag, const std::uint64_t* bits, std::size_t at) {
  namespace hn = hwy::HWY_NAMESPACE;
  if constexpr (hn::MaxLanes(D()) % 8 == 0) {
    return hn::LoadMaskBits(tag, reinterpret_cast<const std::uint8_t*>(bits) + at / 8);  // whole bytes, and no more of them
  }
  const std::uint64_t word = bits[at / 64] >> (at % 64);
  return hn::LoadMaskBits(tag, reinterpret_cast<const std::uint8_t*>(&word));
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#endif
