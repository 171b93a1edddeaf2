// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/rank_bracket.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "core/methods/sampled_ranks.h"
#include "core/tensor/kernels.h"
#include "core/tensor/rank_kernels.h"

namespace layerloom {
namespace {

/// Up to so many entries are collected whole.
constexpr std::uint64_t kAll = 32 * 1024;
constexpr std::uint64_t kLeastSample = 16 * 1024;
constexpr std::uint64_t kElementsPerSample = 128;
constexpr std::uint64_t kGreatestSample = 1024 * 1024;
/// So few magnitudes are sorted.
constexpr std::size_t kFew = 16;
/// Pairs of a magnitude and a count that are held at most; beyond, memory would grow with the tensor.
constexpr std::size_t kMostKeys = 2 * 1024 * 1024;
/// Places of the table in which equal magnitudes are counted.
constexpr std::uint32_t kTable = 64 * 1024;

constexpr std::uint32_t kAboveAll = kGreatestMagnitude + 1;

using End = RankBracketView::End;

/// Counts equal magnitudes of a range and appends them to `keys`.
void countKeys(std::span<std::uint32_t> found, const MagnitudeRange& range, std::vector<std::uint32_t>& table,
               std::vector<KeyCount>& keys) {
  // Differences of 16-bit numbers have few digits: what all magnitudes end in need not be told apart.
  const std::uint32_t digits = std::accumulate(found.begin(), found.end(), 0U, std::bit_or<>());
  const int shift = digits == 0 ? 0 : std::countr_zero(digits);
  const std::uint32_t first = range.least >> shift;
  const std::uint32_t width = (range.greatest >> shift) - first;
  if (width >= kTable || found.size() < 64) {
    std::sort(found.begin(), found.end());
    for (std::size_t i = 0; i < found.size();) {
      const auto end = std::upper_bound(found.begin() + static_cast<std::ptrdiff_t>(i), found.end(), found[i]);
      const auto next = static_cast<std::size_t>(end - found.begin());
      keys.push_back({found[i], static_cast<std::uint32_t>(next - i)});
      i = next;
    }
    return;
  }
  table.resize(std::max<std::size_t>(table.size(), width + 1));
  const std::size_t before = keys.size();
  for (const std::uint32_t key : found) {
    if (table[(key >> shift) - first]++ == 0) {
      keys.push_back({key, 0});
    }
  }
  for (std::size_t i = before; i < keys.size(); ++i) {
    keys[i].count = std::exchange(table[(keys[i].key >> shift) - first], 0);
  }
}

/// Room that a thread keeps from call to call; its content has no meaning between them, but that the table is all 0.
struct Scratch {
  std::vector<std::uint32_t> room;
  std::vector<std::uint32_t> table;
};
thread_local Scratch t_scratch;

void collect(std::span<const float> values, const MagnitudeRange& range, End& end) {
  Scratch& scratch = t_scratch;
  scratch.room.resize(std::max(scratch.room.size(), values.size() + kGatherSlack));
  const GatheredMagnitudes gathered = gatherMagnitudes(values, range, scratch.room);
  end.below += gathered.below;
  countKeys(std::span(scratch.room).first(gathered.found), range, scratch.table, end.keys);
  end.chunkEnds.push_back(end.keys.size());
}

/// Returns the greatest.
std::uint32_t appendMagnitudes(std::span<const float> values, std::vector<std::uint32_t>& magnitudes) {
  const std::size_t before = magnitudes.size();
  magnitudes.resize(before + values.size());
  std::uint32_t greatest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t magnitude = magnitudeBits(values[i]);
    magnitudes[before + i] = magnitude;
    greatest = std::max(greatest, magnitude);
  }
  return greatest;
}

std::uint64_t countEqual(std::span<const std::uint32_t> magnitudes, std::uint32_t value) {
  return countBelow(magnitudes, value + 1) - countBelow(magnitudes, value);
}

void append(End& to, End& next) {
  to.below += next.below;
  for (const std::size_t end : next.chunkEnds) {
    to.chunkEnds.push_back(to.keys.size() + end);
  }
  to.keys.insert(to.keys.end(), next.keys.begin(), next.keys.end());
}

/// The key at a rank, by a table over the range and the order inside of one of its cells.
std::optional<RankedMagnitude> findRank(const End& end, const MagnitudeRange& range, std::uint64_t rank) {
  if (rank < end.below) {
    return std::nullopt;
  }
  constexpr std::uint32_t kCells = 4096;
  const std::uint64_t width = std::uint64_t{range.greatest} - range.least + 1;
  const auto cellOf = [&](std::uint32_t key) { return static_cast<std::size_t>(std::uint64_t{key - range.least} * kCells / width); };
  std::vector<std::uint64_t> cells(kCells);
  for (const KeyCount& entry : end.keys) {
    cells[cellOf(entry.key)] += entry.count;
  }
  std::uint64_t below = end.below;
  std::size_t cell = 0;
  while (cell < kCells && below + cells[cell] <= rank) {
    below += cells[cell++];
  }
  std::vector<KeyCount> inside;
  std::copy_if(end.keys.begin(), end.keys.end(), std::back_inserter(inside),
               [&](const KeyCount& entry) { return cellOf(entry.key) == cell; });
  std::sort(inside.begin(), inside.end(), [](const KeyCount& a, const KeyCount& b) { return a.key < b.key; });
  for (std::size_t i = 0; i < inside.size();) {
    RankedMagnitude found{inside[i].key, below, 0};
    for (; i < inside.size() && inside[i].key == found.bits; ++i) {
      found.equal += inside[i].count;
    }
    if (rank < below + found.equal) {
      return found;
    }
    below += found.equal;
  }
  return std::nullopt;
}

/// Per chunk the entries of one magnitude in earlier chunks.
std::vector<std::uint64_t> equalsBefore(const End& end, std::uint32_t bits) {
  std::vector<std::uint64_t> before = {0};
  std::size_t at = 0;
  for (const std::size_t chunkEnd : end.chunkEnds) {
    std::uint64_t equals = 0;
    for (; at < chunkEnd; ++at) {
      equals += end.keys[at].key == bits ? end.keys[at].count : 0;
    }
    before.push_back(before.back() + equals);
  }
  return before;
}

/// Σ of the collected magnitudes that lie between two.
double sumBetween(const End& end, std::uint32_t low, std::uint32_t high) {
  return std::accumulate(end.keys.begin(), end.keys.end(), 0.0, [&](double sum, const KeyCount& entry) {
    const bool inside = entry.key > low && entry.key < high;
    return sum + (inside ? static_cast<double>(std::bit_cast<float>(entry.key)) * entry.count : 0.0);
  });
}

}  // namespace

std::uint64_t RankBracket::sampleSize(std::uint64_t elements) {
  return elements <= kAll ? 0 : std::min(elements, std::clamp(elements / kElementsPerSample, kLeastSample, kGreatestSample));
}

RankBracket::RankBracket(std::span<const float> sample, std::size_t piece, const RankRange& range) {
  if (sample.empty() || range.from >= range.to) {
    return;
  }
  SampledRanks ranks(sample, piece);
  m_low = ranks.around(range.from);
  // What all magnitudes up to the greatest belong to needs no end.
  m_high = range.to < sample.size() ? ranks.around(range.to - 1) : MagnitudeRange{kAboveAll, kGreatestMagnitude};
  if (m_high.least <= m_low.greatest) {
    m_low.greatest = std::max(m_low.greatest, m_high.greatest);
    m_low.least = std::min(m_low.least, m_high.least);
    m_high = m_low;
  }
}

void RankBracket::observe(RankBracketView& view, std::span<const float> values, const RankSelection::Wishes& wishes) const {
  if (isWhole()) {
    view.greatest = std::max(view.greatest, appendMagnitudes(values, view.magnitudes));
    view.low.chunkEnds.push_back(view.magnitudes.size());
  } else {
    collect(values, m_low, view.low);
    if (!isOne() && !m_high.isEmpty()) {
      collect(values, m_high, view.high);
    }
  }
  if (wishes.sums) {
    view.all += sumAbs(values);
    view.between += isOne() ? 0.0 : sumAbsInRange(values, {m_low.greatest + 1, m_high.least - 1});
  }
  view.entries += values.size();
  view.zeros += wishes.zeros ? static_cast<std::uint64_t>(std::count(values.begin(), values.end(), 0.0F)) : 0;
}

void RankBracket::absorb(RankBracketView& view) {
  m_seen.all += view.all;
  m_seen.between += view.between;
  m_seen.zeros += view.zeros;
  m_seen.entries += view.entries;
  m_tooMany = m_tooMany || m_seen.low.keys.size() + m_seen.high.keys.size() + m_seen.magnitudes.size() > kMostKeys;
  if (m_tooMany) {
    m_seen.low = {};
    m_seen.high = {};
    m_seen.magnitudes = {};
  } else if (isWhole()) {
    absorbWhole(view);
  } else {
    append(m_seen.low, view.low);
    append(m_seen.high, view.high);
  }
}

void RankBracket::absorbWhole(RankBracketView& view) {
  const std::size_t before = m_seen.magnitudes.size();
  if (before == 0) {
    m_seen.magnitudes.swap(view.magnitudes);
    m_seen.low.chunkEnds.swap(view.low.chunkEnds);
  } else {
    m_seen.magnitudes.insert(m_seen.magnitudes.end(), view.magnitudes.begin(), view.magnitudes.end());
    for (const std::size_t end : view.low.chunkEnds) {
      m_seen.low.chunkEnds.push_back(before + end);
    }
  }
  m_seen.greatest = std::max(m_seen.greatest, view.greatest);
}

/// Bit by bit, the greatest magnitude with no more than `rank` entries below it, until few are left that it can be: counting is so much faster
/// than ordering.
RankedMagnitude RankBracket::findAmongAll(std::uint64_t rank) const {
  const std::span<const std::uint32_t> magnitudes = m_seen.magnitudes;
  if (rank + 1 == magnitudes.size()) {
    const std::uint64_t below = countBelow(magnitudes, m_seen.greatest);
    return {m_seen.greatest, below, magnitudes.size() - below};
  }
  std::uint32_t bits = 0;
  std::uint64_t below = 0;
  std::uint64_t notAbove = magnitudes.size();
  std::uint32_t bit = std::bit_floor(m_seen.greatest);
  for (; bit != 0 && notAbove - below > kFew; bit >>= 1U) {
    const std::uint64_t count = countBelow(magnitudes, bits | bit);
    if (count <= rank) {
      bits |= bit;
      below = count;
    } else {
      notAbove = count;
    }
  }
  if (bit == 0) {
    return {bits, below, notAbove - below};
  }
  std::array<std::uint32_t, kFew> few;
  std::size_t found = 0;
  for (const std::uint32_t magnitude : magnitudes) {
    if (magnitude - bits < 2 * bit) {
      few[found++] = magnitude;
    }
  }
  std::sort(few.begin(), few.begin() + static_cast<std::ptrdiff_t>(found));
  const auto [first, last] = std::equal_range(few.begin(), few.begin() + static_cast<std::ptrdiff_t>(found), few[rank - below]);
  return {*first, below + static_cast<std::uint64_t>(first - few.begin()), static_cast<std::uint64_t>(last - first)};
}

std::optional<RankBracket::Found> RankBracket::findWhole(std::uint64_t lowRank, std::uint64_t highRank, bool sums) const {
  const std::span<const std::uint32_t> magnitudes = m_seen.magnitudes;
  if (highRank >= magnitudes.size()) {
    return std::nullopt;
  }
  const RankedMagnitude low = findAmongAll(lowRank);
  Found found{low, highRank < low.below + low.equal ? low : findAmongAll(highRank), {}, m_seen.all, 0};
  for (std::size_t i = 0; i < magnitudes.size() && sums; ++i) {
    const bool inside = magnitudes[i] > found.low.bits && magnitudes[i] < found.high.bits;
    found.between += inside ? static_cast<double>(std::bit_cast<float>(magnitudes[i])) : 0.0;
  }
  found.before.reserve(m_seen.low.chunkEnds.size() + 1);
  found.before.push_back({0, 0});
  std::size_t begin = 0;
  for (const std::size_t end : m_seen.low.chunkEnds) {
    const auto chunk = magnitudes.subspan(begin, end - begin);
    const RankSelection::ChunkEquals& last = found.before.back();
    found.before.push_back({last.low + countEqual(chunk, found.low.bits), last.high + countEqual(chunk, found.high.bits)});
    begin = end;
  }
  return found;
}

/// The end of a range that has none, as the sample said; nothing where it has one after all.
std::optional<RankedMagnitude> RankBracket::aboveAll(std::uint64_t highRank) const {
  return highRank + 1 == m_seen.entries ? std::optional(RankedMagnitude{kAboveAll, m_seen.entries, 0}) : std::nullopt;
}

std::optional<RankBracket::Found> RankBracket::find(std::uint64_t lowRank, std::uint64_t highRank, bool sums) const {
  if (m_tooMany) {
    return std::nullopt;
  }
  if (isWhole()) {
    return findWhole(lowRank, highRank, sums);
  }
  const End& highEnd = isOne() ? m_seen.low : m_seen.high;
  const auto low = findRank(m_seen.low, m_low, lowRank);
  const auto high = m_high.isEmpty() ? aboveAll(highRank) : findRank(highEnd, m_high, highRank);
  if (!low || !high) {
    return std::nullopt;
  }
  Found found{*low, *high, {}, m_seen.all, m_seen.between + sumBetween(m_seen.low, low->bits, high->bits)};
  found.between += isOne() ? 0.0 : sumBetween(m_seen.high, low->bits, high->bits);
  const std::vector<std::uint64_t> lows = equalsBefore(m_seen.low, low->bits);
  const std::vector<std::uint64_t> highs = equalsBefore(highEnd, high->bits);
  for (std::size_t i = 0; i < lows.size(); ++i) {
    found.before.push_back({lows[i], m_high.isEmpty() ? 0 : highs[i]});
  }
  return found;
}

}  // namespace layerloom
