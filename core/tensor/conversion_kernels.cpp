// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/conversion_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <utility>

#include <Eigen/Core>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/conversion_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void decodeBf16(const std::byte* HWY_RESTRICT bytes, float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t half;
    std::memcpy(&half, bytes + 2 * i, 2);
    const std::uint32_t bits = static_cast<std::uint32_t>(half) << 16;
    std::memcpy(out + i, &bits, 4);
  }
}

/// Round to nearest even on the upper 16 bits. A NaN keeps its sign and becomes quiet: rounding could carry it into infinity or zero.
HWY_INLINE std::uint32_t roundedToBf16(std::uint32_t bits) {
  const std::uint32_t rounded = bits + 0x7FFF + ((bits >> 16) & 1);
  const std::uint32_t quiet = bits | 0x00400000;
  return ((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded) & 0xFFFF0000;
}

/// The upper halves of vectors of 32-bit numbers.
template <class D>
HWY_INLINE auto halvesOf(D, hn::Vec<D> bits) {
  return hn::TruncateTo(hn::Rebind<std::uint16_t, D>(), hn::ShiftRight<16>(bits));
}

/// As roundedToBf16(), the lower halves being left as they come; not for NaN.
template <class D>
HWY_INLINE hn::Vec<D> numbersRoundedToBf16(D wide, hn::Vec<D> bits) {
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(wide, 1));
  return hn::Add(hn::Add(bits, hn::Set(wide, 0x7FFF)), odd);
}

/// Stores the upper halves of two vectors of 32-bit numbers, those of `first` first.
template <class D>
HWY_INLINE void storeHalves(D wide, hn::Vec<D> first, hn::Vec<D> second, std::uint16_t* HWY_RESTRICT out) {
#if HWY_TARGET == HWY_SCALAR
  const hn::Rebind<std::uint16_t, D> narrow;
  hn::StoreU(halvesOf(wide, first), narrow, out);
  hn::StoreU(halvesOf(wide, second), narrow, out + hn::Lanes(wide));
#else
  const hn::Repartition<std::uint16_t, D> halves;
  hn::StoreU(hn::ConcatOdd(halves, hn::BitCast(halves, second), hn::BitCast(halves, first)), halves, out);
#endif
}

void encodeBf16(const float* HWY_RESTRICT values, std::byte* HWY_RESTRICT bytes, std::size_t count) {
  const hn::ScalableTag<std::uint32_t> wide;
  const hn::Rebind<std::uint16_t, decltype(wide)> narrow;
  std::size_t i = 0;
  for (const std::size_t lanes = hn::Lanes(wide); i + lanes <= count; i += lanes) {
    const auto bits = hn::BitCast(wide, hn::LoadU(hn::Rebind<float, decltype(wide)>(), values + i));
    const auto quiet = hn::Or(bits, hn::Set(wide, 0x00400000));
    const auto isNan = hn::Gt(hn::And(bits, hn::Set(wide, 0x7FFFFFFF)), hn::Set(wide, 0x7F800000));
    const auto rounded = hn::IfThenElse(isNan, quiet, numbersRoundedToBf16(wide, bits));
    hn::StoreU(halvesOf(wide, rounded), narrow, reinterpret_cast<std::uint16_t*>(bytes) + i);
  }
  for (; i < count; ++i) {
    std::uint32_t bits;
    std::memcpy(&bits, values + i, 4);
    const auto half = static_cast<std::uint16_t>(roundedToBf16(bits) >> 16);
    std::memcpy(bytes + 2 * i, &half, 2);
  }
}

void roundToBf16(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t bits;
    std::memcpy(&bits, values + i, 4);
    bits = roundedToBf16(bits);
    std::memcpy(values + i, &bits, 4);
  }
}

/// Several vectors on every instruction set, which need not wait for each other.
constexpr std::size_t kSquareSums = 64;

HWY_INLINE float totalOfSquares(float (&sums)[kSquareSums]) {
  for (std::size_t half = kSquareSums / 2; half > 0; half /= 2) {
    for (std::size_t lane = 0; lane < half; ++lane) {
      sums[lane] += sums[lane + half];
    }
  }
  return sums[0];
}

/// Σ x² in partial sums of float32 that are short enough to lose little; not finite where a value is not, or is huge. The values are the two
/// vectors that pairAt(i) gives, and beyond the last whole block what stands where restFrom(i) says.
template <class D, class PairAt, class RestFrom>
HWY_INLINE float sumSquares(D tag, std::size_t count, const PairAt& pairAt, const RestFrom& restFrom) {
  constexpr std::size_t kWidth = hn::MaxLanes(D());
  // In registers: an array of numbers would be set to zero by a slow instruction for each of many short vectors.
  hn::Vec<D> vectors[kSquareSums / kWidth];
  HWY_UNROLL(16)
  for (auto& vector : vectors) {
    vector = hn::Zero(tag);
  }
  std::size_t i = 0;
  for (; i + kSquareSums <= count; i += kSquareSums) {
    for (std::size_t at = 0; at < kSquareSums / kWidth; at += 2) {
      const auto [first, second] = pairAt(i + at * kWidth);
      vectors[at] = hn::Add(vectors[at], hn::Mul(first, first));
      vectors[at + 1] = hn::Add(vectors[at + 1], hn::Mul(second, second));
    }
  }
  HWY_ALIGN float sums[kSquareSums];
  for (std::size_t at = 0; at < kSquareSums / kWidth; ++at) {
    hn::Store(vectors[at], tag, sums + at * kWidth);
  }
  const float* HWY_RESTRICT rest = restFrom(i);
  for (std::size_t lane = 0; i + lane < count; ++lane) {
    sums[lane] += rest[lane] * rest[lane];
  }
  return totalOfSquares(sums);
}

float sumSquaresFloats(const float* HWY_RESTRICT x, std::size_t count) {
  const hn::ScalableTag<float> tag;
  return sumSquares(
      tag, count, [=](std::size_t i) HWY_ATTR { return std::pair(hn::LoadU(tag, x + i), hn::LoadU(tag, x + i + hn::Lanes(tag))); },
      [=](std::size_t i) { return x + i; });
}

/// decodeBf16() and sumSquaresFloats() of the result in one.
float decodeBf16Squared(const std::byte* HWY_RESTRICT bytes, float* HWY_RESTRICT out, std::size_t count) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToUnsigned<decltype(tag)> wide;
  const hn::Rebind<std::uint16_t, decltype(tag)> narrow;
  const auto decodeAt = [=](std::size_t i) HWY_ATTR {
    const auto halves = hn::LoadU(narrow, reinterpret_cast<const std::uint16_t*>(bytes) + i);
    const auto values = hn::BitCast(tag, hn::ShiftLeft<16>(hn::PromoteTo(wide, halves)));
    return values;
  };
  return sumSquares(
      tag, count,
      [=](std::size_t i) HWY_ATTR {
        const std::pair values(decodeAt(i), decodeAt(i + hn::Lanes(tag)));
        hn::StoreU(values.first, tag, out + i);
        hn::StoreU(values.second, tag, out + i + hn::Lanes(tag));
        return values;
      },
      [=](std::size_t i) {
        decodeBf16(bytes + 2 * i, out + i, count - i);
        return out + i;
      });
}

/// encodeBf16() and sumSquaresFloats() of the values in one. Where the sum is not finite, the bytes of a NaN may be wrong.
float encodeBf16Squared(const float* HWY_RESTRICT values, std::byte* HWY_RESTRICT bytes, std::size_t count) {
  const hn::ScalableTag<float> tag;
  const hn::RebindToUnsigned<decltype(tag)> wide;
  return sumSquares(
      tag, count,
      [=](std::size_t i) HWY_ATTR {
        const auto first = hn::LoadU(tag, values + i);
        const auto second = hn::LoadU(tag, values + i + hn::Lanes(tag));
        storeHalves(wide, numbersRoundedToBf16(wide, hn::BitCast(wide, first)), numbersRoundedToBf16(wide, hn::BitCast(wide, second)),
                    reinterpret_cast<std::uint16_t*>(bytes) + i);
        return std::pair(first, second);
      },
      [=](std::size_t i) {
        encodeBf16(values + i, bytes + 2 * i, count - i);
        return values + i;
      });
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(decodeBf16);
HWY_EXPORT(encodeBf16);
HWY_EXPORT(roundToBf16);
HWY_EXPORT(sumSquaresFloats);
HWY_EXPORT(decodeBf16Squared);
HWY_EXPORT(encodeBf16Squared);

namespace {

template <typename Stored>
void decodeEach(const std::byte* bytes, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes + i * sizeof(Stored), sizeof(Stored));
    out[i] = static_cast<float>(stored);
  }
}

Survey surveyEach(std::span<const float> x) {
  Survey found;
  for (const float value : x) {
    found.nans += std::isnan(value) ? 1 : 0;
    found.infinities += std::isinf(value) ? 1 : 0;
    found.squares += std::isfinite(value) ? static_cast<double>(value) * static_cast<double>(value) : 0.0;
  }
  return found;
}

template <typename Stored>
void encodeEach(std::span<const float> values, std::byte* bytes) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Stored stored = static_cast<Stored>(values[i]);
    std::memcpy(bytes + i * sizeof(Stored), &stored, sizeof(Stored));
  }
}

}  // namespace

void decode(DType type, const std::byte* bytes, std::span<float> out) {
  if (out.empty()) {
    return;  // an empty span may have no address, which memcpy does not take
  }
  switch (type) {
    case DType::F32:
      std::memcpy(out.data(), bytes, out.size_bytes());
      return;
    case DType::BF16:
      HWY_DYNAMIC_DISPATCH(decodeBf16)(bytes, out.data(), out.size());
      return;
    case DType::F16:
      decodeEach<Eigen::half>(bytes, out);
      return;
    case DType::F64:
      decodeEach<double>(bytes, out);
      return;
    default:
      assert(!"decode takes mergeable types only");
  }
}

void encode(DType type, std::span<const float> values, std::byte* bytes) {
  if (values.empty()) {
    return;
  }
  switch (type) {
    case DType::F32:
      std::memcpy(bytes, values.data(), values.size_bytes());
      return;
    case DType::BF16:
      HWY_DYNAMIC_DISPATCH(encodeBf16)(values.data(), bytes, values.size());
      return;
    case DType::F16:
      encodeEach<Eigen::half>(values, bytes);
      return;
    case DType::F64:
      encodeEach<double>(values, bytes);
      return;
    default:
      assert(!"encode takes mergeable types only");
  }
}

void roundTo(DType type, std::span<float> values) {
  if (type == DType::BF16) {
    HWY_DYNAMIC_DISPATCH(roundToBf16)(values.data(), values.size());
  } else if (type == DType::F16) {
    for (float& value : values) {
      value = static_cast<float>(static_cast<Eigen::half>(value));
    }
  }
}

Survey& Survey::operator+=(const Survey& other) {
  nans += other.nans;
  infinities += other.infinities;
  squares += other.squares;
  return *this;
}

namespace {

/// Surveys values in pieces; `squaresOf(at, piece)` gives Σ x² of one.
template <typename SquaresOf>
Survey surveyPieces(std::span<const float> x, const SquaresOf& squaresOf) {
  constexpr std::size_t kPiece = 1024;
  Survey found;
  for (std::size_t at = 0; at < x.size(); at += kPiece) {
    const auto piece = x.subspan(at, std::min(kPiece, x.size() - at));
    const float squares = squaresOf(at, piece.size());
    if (std::isfinite(squares)) {
      found.squares += squares;
    } else {
      found += surveyEach(piece);
    }
  }
  return found;
}

}  // namespace

Survey survey(std::span<const float> x) {
  return surveyPieces(x, [&](std::size_t at, std::size_t size) { return HWY_DYNAMIC_DISPATCH(sumSquaresFloats)(x.data() + at, size); });
}

Survey decodeSurveyed(DType type, const std::byte* bytes, std::span<float> out) {
  if (type != DType::BF16) {
    decode(type, bytes, out);
    return survey(out);
  }
  return surveyPieces(out, [&](std::size_t at, std::size_t size) {
    return HWY_DYNAMIC_DISPATCH(decodeBf16Squared)(bytes + 2 * at, out.data() + at, size);
  });
}

Survey encodeSurveyed(DType type, std::span<const float> values, std::byte* bytes) {
  if (type != DType::BF16) {
    encode(type, values, bytes);
    return survey(values);
  }
  return surveyPieces(values, [&](std::size_t at, std::size_t size) {
    const float squares = HWY_DYNAMIC_DISPATCH(encodeBf16Squared)(values.data() + at, bytes + 2 * at, size);
    if (!std::isfinite(squares)) {
      HWY_DYNAMIC_DISPATCH(encodeBf16)(values.data() + at, bytes + 2 * at, size);
    }
    return squares;
  });
}

}  // namespace layerloom
#endif  // HWY_ONCE
