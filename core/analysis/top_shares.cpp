// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/top_shares.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

#include "core/methods/sampled_ranks.h"
#include "core/tensor/delta_kernels.h"

namespace layerloom {
namespace {

/// Up to so many entries are collected whole.
constexpr std::uint64_t kAll = 32 * 1024;
constexpr std::uint64_t kLeastSample = 16 * 1024;
constexpr std::uint64_t kMostSample = 256 * 1024;
constexpr std::uint64_t kElementsPerSample = 256;
/// Values that are held at most; beyond, memory would grow with the tensor.
constexpr std::size_t kMostValues = 4 * 1024 * 1024;
constexpr std::size_t kProbes = 4;
/// Magnitudes are looked at when so many have come together.
constexpr std::size_t kTogether = 4096;

std::uint64_t entriesOf(double share, std::uint64_t elements) {
  // The product may lie a rounding above a whole number.
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(elements) - 1e-6)));
}

/// The number a rounding below or above the float32 with these bits.
float below(std::uint32_t bits) {
  return bits == 0 ? 0.0F : std::bit_cast<float>(bits - 1);
}
float above(std::uint32_t bits) {
  constexpr std::uint32_t kInfinite = 0x7F800000;
  return bits + 1 >= kInfinite ? std::numeric_limits<float>::infinity() : std::bit_cast<float>(bits + 1);
}

}  // namespace

bool ValueCounter::addToSlot(double value, std::uint64_t count) {
  if (m_slots.empty()) {
    m_slots.resize(kSlots);
  }
  const std::uint64_t hash = std::bit_cast<std::uint64_t>(value) * 0x9E3779B97F4A7C15ULL;
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    Slot& slot = m_slots[((hash >> 56) + probe) % kSlots];
    if (slot.count == 0 || slot.value == value) {
      slot.value = value;
      slot.count += count;
      return true;
    }
  }
  return false;
}

template <class T>
void ValueCounter::add(std::span<T> values) {
  // The values of 16-bit differences lie on a coarse grid: rounds of counting those that equal the first leave little, and need no
  // increments that wait on each other. They end where many values are rare.
  constexpr std::size_t kRare = 32;
  constexpr int kMostRare = 8;
  for (int rare = 0; rare < kMostRare && !values.empty();) {
    const T first = values.front();
    const std::size_t left = dropEqual(values, first);
    addCount(static_cast<double>(first), values.size() - left);
    rare += values.size() - left < values.size() / kRare ? 1 : 0;
    values = values.first(left);
  }
  for (const T value : values) {
    addCount(static_cast<double>(value), 1);
  }
}

void ValueCounter::addCount(double value, std::uint64_t count) {
  if (!addToSlot(value, count)) {
    m_single.insert(m_single.end(), count, value);
  }
}

void ValueCounter::add(const ValueCounter& other) {
  for (const auto& [value, count] : other.counts()) {
    addCount(value, count);
  }
}

std::vector<std::pair<double, std::uint64_t>> ValueCounter::counts() const {
  std::vector<std::pair<double, std::uint64_t>> all;
  all.reserve(size());
  for (const Slot& slot : m_slots) {
    if (slot.count > 0) {
      all.emplace_back(slot.value, slot.count);
    }
  }
  for (const double value : m_single) {
    all.emplace_back(value, 1);
  }
  return all;
}

std::uint64_t TopShares::sampleSize(std::uint64_t elements) {
  return elements <= kAll ? 0 : std::clamp(elements / kElementsPerSample, kLeastSample, kMostSample);
}

TopShares::TopShares(std::span<const float> sample, std::size_t piece, double deviations) {
  if (sample.empty()) {
    return;
  }
  SampledRanks ranks(sample, piece, deviations);
  for (std::size_t i = 0; i < kTopShares.size(); ++i) {
    const std::uint64_t rank = sample.size() - std::min<std::uint64_t>(sample.size(), entriesOf(kTopShares[i], sample.size()));
    const MagnitudeRange range = ranks.around(rank);
    m_brackets[i] = {below(range.least), above(range.greatest)};
  }
}

void TopShares::View::add(const View& next) {
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i].above += next.shares[i].above;
    shares[i].squares += next.shares[i].squares;
    shares[i].inside.add(next.shares[i].inside);
  }
}

bool TopShares::View::holdsTooMuch() const {
  return std::any_of(shares.begin(), shares.end(), [](const Share& share) { return share.inside.size() > kMostValues; });
}

template <class T>
void TopShares::observeAs(View& view, std::span<const T> delta) const {
  constexpr T kAny = std::numeric_limits<T>::infinity();
  auto& room = std::get<View::Room<T>>(view.m_rooms);
  room.waiting.resize(std::max(room.waiting.size(), kTogether + delta.size() + kGatherSlack));
  room.count += layerloom::gatherMagnitudes(delta, m_brackets.back().least, kAny, std::span(room.waiting).subspan(room.count));
  if (room.count >= kTogether) {
    look<T>(view);
  }
}

/// From the widest share to the narrowest: what is left of one is all that the next has to look at.
template <class T>
void TopShares::look(View& view) const {
  constexpr T kAny = std::numeric_limits<T>::infinity();
  auto& room = std::get<View::Room<T>>(view.m_rooms);
  if (room.count == 0) {
    return;
  }
  room.inside.resize(room.waiting.size());
  std::span<const T> left = std::span(room.waiting).first(std::exchange(room.count, 0));
  for (std::size_t i = m_brackets.size(); i-- > 0;) {
    const Bracket bracket = m_brackets[i];
    View::Share& share = view.shares[i];
    if (i + 1 < m_brackets.size()) {
      left = left.first(layerloom::gatherMagnitudes(left, bracket.least, kAny, room.waiting));
    }
    const SumAbove sum = sumAbove(left, bracket.greatest);
    share.above += sum.count;
    share.squares += sum.squares;
    if (sum.count < left.size()) {
      share.inside.add(std::span(room.inside).first(layerloom::gatherMagnitudes(left, bracket.least, bracket.greatest, room.inside)));
    }
  }
}

void TopShares::settle(View& view) const {
  look<double>(view);
  look<float>(view);
  view.m_rooms = {};
}

template void TopShares::observeAs(View&, std::span<const double>) const;
template void TopShares::observeAs(View&, std::span<const float>) const;

std::optional<std::array<double, kTopShares.size()>> TopShares::find(const View& view, std::uint64_t elements, double squares) const {
  std::array<double, kTopShares.size()> parts = {};
  if (view.holdsTooMuch()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const View::Share& share = view.shares[i];
    const std::uint64_t wanted = entriesOf(kTopShares[i], elements);
    if (share.above > wanted) {
      return std::nullopt;
    }
    auto inside = share.inside.counts();
    std::sort(inside.begin(), inside.end(), std::greater<>());
    std::uint64_t missing = wanted - share.above;
    double sum = share.squares;
    for (const auto& [value, count] : inside) {
      const std::uint64_t taken = std::min(missing, count);
      sum += value * value * static_cast<double>(taken);
      missing -= taken;
    }
    if (missing > 0) {
      return std::nullopt;
    }
    parts[i] = squares == 0 ? 0 : std::min(1.0, sum / squares);
  }
  return parts;
}

}  // namespace layerloom
