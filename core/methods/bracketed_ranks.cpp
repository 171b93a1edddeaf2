// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/bracketed_ranks.h"

#include <algorithm>
#include <array>
#include <bit>

#include "core/methods/sampled_ranks.h"

namespace layerloom {
namespace {

/// Magnitudes that are held at most; beyond, memory would grow with the tensor.
constexpr std::size_t kMostHeld = 8 * 1024 * 1024;
/// So many are expected at most, so that a sample that is a little off does not cost a pass.
constexpr double kMostExpected = kMostHeld / 2.0;
/// Beyond this share of the entries, collecting takes longer than a pass more.
constexpr double kGreatestShare = 0.5;

/// The magnitude at a rank of those in a range: by a table over the range, then by the order inside of one of its cells. Orders `magnitudes` anew.
std::uint32_t magnitudeAt(std::uint64_t rank, const MagnitudeRange& range, std::span<std::uint32_t> magnitudes) {
  constexpr int kCellBits = 12;
  constexpr std::size_t kCells = std::size_t{1} << kCellBits;
  const int shift = std::max(0, static_cast<int>(std::bit_width(range.greatest - range.least)) - kCellBits);
  const auto cellOf = [&](std::uint32_t magnitude) { return static_cast<std::size_t>((magnitude - range.least) >> shift); };
  std::array<std::uint64_t, kCells> cells{};
  for (const std::uint32_t magnitude : magnitudes) {
    ++cells[cellOf(magnitude)];
  }
  std::size_t cell = 0;
  while (rank >= cells[cell]) {
    rank -= cells[cell++];
  }
  const auto end = std::partition(magnitudes.begin(), magnitudes.end(), [&](std::uint32_t magnitude) { return cellOf(magnitude) == cell; });
  const auto found = magnitudes.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(magnitudes.begin(), found, end);
  return *found;
}

}  // namespace

BracketedRanks::BracketedRanks(std::span<const std::uint64_t> ranks, std::uint64_t elements, std::span<const float> sample,
                               std::size_t piece) {
  const double share = static_cast<double>(sample.size()) / static_cast<double>(elements);
  SampledRanks ofSample(sample, piece);
  double expected = 0;
  for (const std::uint64_t rank : ranks) {
    const MagnitudeRange range = ofSample.around(static_cast<std::uint64_t>(static_cast<double>(rank) * share));
    m_brackets.push_back({rank, range, 0, {}});
    expected += static_cast<double>(ofSample.countIn(range)) / share;
  }
  m_arePromising = expected <= std::min(kMostExpected, kGreatestShare * static_cast<double>(elements));
}

void BracketedRanks::observe(View& view, std::span<const float> values) const {
  view.brackets.resize(m_brackets.size());
  for (std::size_t i = 0; i < m_brackets.size(); ++i) {
    View::Bracket& seen = view.brackets[i];
    seen.magnitudes.resize(std::max(seen.magnitudes.size(), seen.found + values.size() + kGatherSlack));
    const GatheredMagnitudes gathered = gatherMagnitudes(values, m_brackets[i].range, std::span(seen.magnitudes).subspan(seen.found));
    seen.below += gathered.below;
    seen.found += gathered.found;
  }
}

void BracketedRanks::absorb(const View& view) {
  std::size_t held = 0;
  for (std::size_t i = 0; i < view.brackets.size() && !m_tooMany; ++i) {
    const View::Bracket& seen = view.brackets[i];
    Bracket& bracket = m_brackets[i];
    bracket.below += seen.below;
    bracket.magnitudes.insert(bracket.magnitudes.end(), seen.magnitudes.begin(), seen.magnitudes.begin() + static_cast<std::ptrdiff_t>(seen.found));
    held += bracket.magnitudes.size();
  }
  if (held > kMostHeld) {
    m_tooMany = true;
    // Other threads go on reading the ranges.
    for (Bracket& bracket : m_brackets) {
      bracket.magnitudes = {};
    }
  }
}

std::optional<std::vector<std::uint32_t>> BracketedRanks::find() {
  if (m_tooMany) {
    return std::nullopt;
  }
  std::vector<std::uint32_t> found;
  for (Bracket& bracket : m_brackets) {
    if (bracket.rank < bracket.below || bracket.rank - bracket.below >= bracket.magnitudes.size()) {
      return std::nullopt;
    }
    found.push_back(magnitudeAt(bracket.rank - bracket.below, bracket.range, bracket.magnitudes));
  }
  return found;
}

}  // namespace layerloom
