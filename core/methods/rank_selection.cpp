// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/rank_selection.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iterator>
#include <utility>

#include "core/methods/rank_bracket.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

constexpr unsigned kLowBits = 16;
constexpr std::size_t kHighBuckets = std::size_t{1} << (31 - kLowBits);
constexpr std::size_t kLowBuckets = std::size_t{1} << kLowBits;
constexpr std::uint32_t kLowMask = (1U << kLowBits) - 1;
/// Up to so many entries are held: their tables would be larger.
constexpr std::uint64_t kHeld = 32 * 1024;

/// The bucket of a histogram in which a rank lies; `rank` becomes the rank inside of it.
std::size_t findBucket(std::span<const std::uint64_t> histogram, std::uint64_t& rank) {
  for (std::size_t bucket = 0; bucket + 1 < histogram.size(); ++bucket) {
    if (rank < histogram[bucket]) {
      return bucket;
    }
    rank -= histogram[bucket];
  }
  return histogram.size() - 1;
}

double magnitudeOf(std::uint32_t bits) {
  return std::bit_cast<float>(bits);
}

}  // namespace

RankFinder::RankFinder(std::uint64_t elements) : m_held(elements <= kHeld) {}

RankFinder::View RankFinder::startView() const {
  View view;
  view.counts.resize(m_high && !m_held ? kHighBuckets : 0);
  return view;
}

/// The place of a magnitude in the tables of the second pass, which stand one after the other; it lies in one of them.
std::size_t RankFinder::lowBucketOf(std::uint32_t bits) const {
  const auto table = std::find(m_buckets.begin(), m_buckets.end(), bits >> kLowBits) - m_buckets.begin();
  return static_cast<std::size_t>(table) * kLowBuckets + (bits & kLowMask);
}

void RankFinder::observe(View& view, std::span<const float> values) const {
  if (m_held) {
    std::transform(values.begin(), values.end(), std::back_inserter(view.magnitudes), magnitudeBits);
    return;
  }
  if (m_high) {
    for (const float value : values) {
      ++view.counts[magnitudeBits(value) >> kLowBits];
    }
    return;
  }
  for (const std::uint32_t bucket : m_buckets) {
    const std::uint32_t first = bucket << kLowBits;
    view.magnitudes.resize(std::max(view.magnitudes.size(), view.gathered + values.size() + kGatherSlack));
    view.gathered += gatherMagnitudes(values, {first, first | kLowMask}, std::span(view.magnitudes).subspan(view.gathered)).found;
  }
  // As a rule a bucket holds a small share of the entries, fewer than a table has places.
  if (view.gathered >= kLowBuckets) {
    view.counts.resize(m_buckets.size() * kLowBuckets);
    for (const std::uint32_t bits : std::span(view.magnitudes).first(std::exchange(view.gathered, 0))) {
      ++view.counts[lowBucketOf(bits)];
    }
  }
}

void RankFinder::absorb(const View& view) {
  if (m_held) {
    m_magnitudes.insert(m_magnitudes.end(), view.magnitudes.begin(), view.magnitudes.end());
    return;
  }
  m_counts.resize(m_high ? kHighBuckets : m_buckets.size() * kLowBuckets);
  std::transform(view.counts.begin(), view.counts.end(), m_counts.begin(), m_counts.begin(), std::plus<std::uint64_t>());
  for (const std::uint32_t bits : std::span(view.magnitudes).first(view.gathered)) {
    ++m_counts[lowBucketOf(bits)];
  }
}

void RankFinder::findHeld(std::span<const std::uint64_t> ranks) {
  std::sort(m_magnitudes.begin(), m_magnitudes.end());
  for (const std::uint64_t rank : ranks) {
    const auto [first, last] = std::equal_range(m_magnitudes.begin(), m_magnitudes.end(), m_magnitudes[rank]);
    m_found.push_back({*first, static_cast<std::uint64_t>(first - m_magnitudes.begin()), static_cast<std::uint64_t>(last - first)});
  }
  m_magnitudes = {};
}

void RankFinder::endHigh(std::span<const std::uint64_t> ranks) {
  if (m_held) {
    findHeld(ranks);
    return;
  }
  m_counts.resize(kHighBuckets);
  for (const std::uint64_t rank : ranks) {
    std::uint64_t inside = rank;
    const auto bucket = static_cast<std::uint32_t>(findBucket(m_counts, inside));
    m_found.push_back({bucket << kLowBits, rank - inside, 0});
    m_ranks.push_back(inside);
    if (std::find(m_buckets.begin(), m_buckets.end(), bucket) == m_buckets.end()) {
      m_buckets.push_back(bucket);
    }
  }
  m_counts.clear();
  m_high = false;
}

void RankFinder::endLow() {
  m_counts.resize(m_buckets.size() * kLowBuckets);
  for (std::size_t i = 0; i < m_found.size(); ++i) {
    RankedMagnitude& found = m_found[i];
    const auto at = std::find(m_buckets.begin(), m_buckets.end(), found.bits >> kLowBits) - m_buckets.begin();
    const auto counts = std::span(m_counts).subspan(static_cast<std::size_t>(at) * kLowBuckets, kLowBuckets);
    std::uint64_t inside = m_ranks[i];
    const std::size_t bucket = findBucket(counts, inside);
    found.bits |= static_cast<std::uint32_t>(bucket);
    found.below += m_ranks[i] - inside;
    found.equal = counts[bucket];
  }
  m_counts = {};
}

RankSelection::RankSelection(Chooser choose, Wishes wishes, std::uint64_t elements)
    : m_choose(std::move(choose)), m_wishes(wishes), m_elements(elements), m_bracket(std::make_unique<RankBracket>()) {}
RankSelection::~RankSelection() = default;
RankSelection::RankSelection(RankSelection&&) noexcept = default;

std::uint64_t RankSelection::sampleSize() const {
  return RankBracket::sampleSize(m_elements);
}

void RankSelection::sample(std::span<const float> values, std::size_t piece) {
  const double share = static_cast<double>(values.size()) / static_cast<double>(std::max<std::uint64_t>(1, m_elements));
  const auto zeros = static_cast<double>(std::count(values.begin(), values.end(), 0.0F));
  const RankRange range = m_choose(m_elements, static_cast<std::uint64_t>(zeros / share));
  const auto scaled = [&](std::uint64_t rank) { return static_cast<std::uint64_t>(static_cast<double>(rank) * share); };
  RankRange ofSample{scaled(range.from), values.size(), range.firstOfEquals};
  if (range.to < m_elements) {
    ofSample.to = std::max(std::min<std::uint64_t>(scaled(range.to), values.size() - 1), ofSample.from + 1);
  }
  m_bracket = std::make_unique<RankBracket>(values, piece, ofSample);
}

std::unique_ptr<RankSelection::View> RankSelection::startView() const {
  auto view = std::make_unique<View>();
  start(*view);
  return view;
}

void RankSelection::start(View& view) const {
  if (m_pass == Pass::High || m_pass == Pass::Low) {
    view.m_counts = m_finder.startView();
  }
}

void RankSelection::observe(View& view, std::span<const float> values) const {
  if (m_pass == Pass::Bracket) {
    m_bracket->observe(view.m_bracket, values, m_wishes);
    return;
  }
  if (m_pass != Pass::Equals) {
    m_finder.observe(view.m_counts, values);
    return;
  }
  ChunkEquals equals;
  for (const float value : values) {
    const std::uint32_t bits = magnitudeBits(value);
    equals.low += bits == m_low.bits ? 1 : 0;
    equals.high += bits == m_high.bits ? 1 : 0;
  }
  view.m_equals.push_back(equals);
  if (m_wishes.sums) {
    view.m_between += m_high.bits > m_low.bits ? sumAbsInRange(values, {m_low.bits + 1, m_high.bits - 1}) : 0.0;
    view.m_all += sumAbs(values);
  }
}

void RankSelection::absorb(View& view) {
  if (m_pass == Pass::Bracket) {
    m_bracket->absorb(view.m_bracket);
    return;
  }
  if (m_pass != Pass::Equals) {
    m_finder.absorb(view.m_counts);
    return;
  }
  m_before.resize(std::max<std::size_t>(1, m_before.size()));
  for (const ChunkEquals& equals : view.m_equals) {
    m_before.push_back({m_before.back().low + equals.low, m_before.back().high + equals.high});
  }
  m_all += view.m_all;
  m_between += view.m_between;
}

void RankSelection::endPass() {
  switch (m_pass) {
    case Pass::Bracket:
      return endBracket();
    case Pass::High:
      return endHigh();
    case Pass::Low:
      return endLow();
    default:
      m_pass = Pass::Done;
  }
}

/// Sets the range; nothing is kept where it is empty.
void RankSelection::choose(std::uint64_t entries, std::uint64_t zeros) {
  m_range = m_choose(entries, zeros);
  m_range.to = std::min(m_range.to, entries);
  m_none = m_range.from >= m_range.to;
}

void RankSelection::endBracket() {
  choose(m_elements, m_bracket->zeros());
  if (m_none) {
    m_pass = Pass::Done;
    return;
  }
  auto found = m_bracket->find(m_range.from, m_range.to - 1, m_wishes.sums);
  m_bracket.reset();
  if (!found) {
    m_pass = Pass::High;
    return;
  }
  setEnds(found->low, found->high);
  m_before = std::move(found->before);
  m_all = found->all;
  m_between = found->between;
  m_pass = Pass::Done;
}

void RankSelection::endHigh() {
  m_finder.endHigh(std::array{m_range.from, m_range.to - 1});
  m_pass = Pass::Low;
}

void RankSelection::endLow() {
  m_finder.endLow();
  setEnds(m_finder.found()[0], m_finder.found()[1]);
  m_pass = m_wishes.sums || m_ordered ? Pass::Equals : Pass::Done;
}

void RankSelection::setEnds(const RankedMagnitude& low, const RankedMagnitude& high) {
  m_low = {low.bits, low.equal, m_range.from - low.below, low.equal};
  m_high = {high.bits, high.equal, 0, m_range.to - high.below};
  if (low.bits == high.bits) {
    m_low.to = m_high.to;
    m_high.from = m_high.to;  // told once is enough
  }
  if (m_range.firstOfEquals) {
    m_low.to -= m_low.from;
    m_low.from = 0;
  }
  m_ordered = m_low.isPart() || m_high.isPart();
}

double RankSelection::sumOfKept() const {
  const double low = static_cast<double>(m_low.to - m_low.from) * magnitudeOf(m_low.bits);
  const double high = static_cast<double>(m_high.to - m_high.from) * magnitudeOf(m_high.bits);
  return m_none ? 0 : m_between + low + high;
}

RankSelection::Share RankSelection::shareOf(const End& end, std::uint64_t before, std::uint64_t after) const {
  if (before == after || before >= end.to || after <= end.from) {
    return Share::None;
  }
  return end.from <= before && after <= end.to ? Share::All : Share::Some;
}

std::optional<MagnitudeRange> RankSelection::rangeIn(std::uint64_t chunk) const {
  if (m_none) {
    return MagnitudeRange{1, 0};
  }
  if (!m_ordered) {
    return MagnitudeRange{m_low.bits, m_high.bits};
  }
  const Share low = shareOf(m_low, m_before[chunk].low, m_before[chunk + 1].low);
  if (m_low.bits == m_high.bits) {
    return low == Share::Some ? std::nullopt
                              : std::optional(low == Share::All ? MagnitudeRange{m_low.bits, m_low.bits} : MagnitudeRange{1, 0});
  }
  const Share high = shareOf(m_high, m_before[chunk].high, m_before[chunk + 1].high);
  if (low == Share::Some || high == Share::Some) {
    return std::nullopt;
  }
  return MagnitudeRange{m_low.bits + (low == Share::All ? 0 : 1), m_high.bits - (high == Share::All ? 0 : 1)};
}

void RankSelection::keep(Cursor& cursor, float factor, std::span<float> values) const {
  keep(cursor, values, factor, values);
}

void RankSelection::keep(Cursor& cursor, std::span<const float> keys, float factor, std::span<float> values) const {
  if (const auto range = rangeIn(cursor.chunk)) {
    keepInRange(keys, *range, factor, values);
  } else {
    keepByPlace(cursor, keys, factor, values);
  }
}

void RankSelection::keepByPlace(Cursor& cursor, std::span<const float> keys, float factor, std::span<float> values) const {
  std::uint64_t low = m_before[cursor.chunk].low + cursor.lowSeen;
  std::uint64_t high = m_before[cursor.chunk].high + cursor.highSeen;
  const bool isOne = m_low.bits == m_high.bits;
  // Few entries are equal to an end: these one by one, all others together.
  thread_local std::vector<std::pair<std::size_t, float>> atEnds;
  atEnds.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t bits = magnitudeBits(keys[i]);
    if (bits == m_low.bits) {
      atEnds.emplace_back(i, low >= m_low.from && low < m_low.to ? values[i] * factor : 0.0F);
      ++low;
    } else if (bits == m_high.bits) {
      atEnds.emplace_back(i, high >= m_high.from && high < m_high.to ? values[i] * factor : 0.0F);
      ++high;
    }
  }
  const MagnitudeRange between = isOne ? MagnitudeRange{1, 0} : MagnitudeRange{m_low.bits + 1, m_high.bits - 1};
  keepInRange(keys, between, factor, values);
  for (const auto& [place, value] : atEnds) {
    values[place] = value;
  }
  cursor.lowSeen = low - m_before[cursor.chunk].low;
  cursor.highSeen = high - m_before[cursor.chunk].high;
}

}  // namespace layerloom
