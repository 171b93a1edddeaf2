// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <atomic>
#include <fmt/format.h>
#include <mutex>

#include "core/methods/random_sparsifier.h"
#include "core/support/random.h"
#include "core/support/text.h"
#include "core/tensor/kernels.h"
#include "core/tensor/rank_kernels.h"
#include "core/tensor/selection_kernels.h"

namespace layerloom {
namespace {

/// How the elements of a tensor stand in rows along the second axis: a block holds `stride` rows of `length`, element i
/// of a row `stride` elements from the next.
struct RowShape {
  std::size_t length = 1;
  std::size_t stride = 1;
};

RowShape rowShape(const MergeSettings& settings) {
  RowShape shape;
  if (settings.shape.size() < 2) {
    shape.length = static_cast<std::size_t>(std::max<std::uint64_t>(1, settings.elements));
    return shape;
  }
  shape.length = static_cast<std::size_t>(std::max<std::uint64_t>(1, settings.shape[1]));
  for (std::size_t axis = 2; axis < settings.shape.size(); ++axis) {
    shape.stride *= static_cast<std::size_t>(std::max<std::uint64_t>(1, settings.shape[axis]));
  }
  return shape;
}

/// An element of a row: magnitude bits above, place in the row below.
using Entry = std::uint64_t;

/// Sorts by magnitude and keeps equal ones in their order: three rounds of counting sort, over 11, 10 and 10 bits.
void sortByMagnitude(std::vector<Entry>& entries, std::vector<Entry>& scratch) {
  constexpr std::size_t kWorthCounting = 512;
  if (entries.size() < kWorthCounting) {
    std::sort(entries.begin(), entries.end());
    return;
  }
  scratch.resize(entries.size());
  std::array<std::uint32_t, 2048> starts{};
  for (const auto& [shift, bits] : {std::pair{32U, 11U}, std::pair{43U, 10U}, std::pair{53U, 10U}}) {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    starts.fill(0);
    for (const Entry entry : entries) {
      ++starts[(entry >> shift) & mask];
    }
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts) {
      sum += std::exchange(start, sum);
    }
    for (const Entry entry : entries) {
      scratch[starts[(entry >> shift) & mask]++] = entry;
    }
    entries.swap(scratch);
  }
}

/// Keeps an entry with a probability that rises with its rank in its row.
///
/// An exact rank is needed for few entries only: a histogram of the row tells between which ranks an entry lies, and but for a small share
/// of the draws both ends of that lead to the same decision. So do the upper halves of nearly all random numbers of 32 bits; the lower ones
/// are drawn where they count.
class RankedDrawer : public EntryDrawer {
 public:
  RankedDrawer(const RandomStream& stream, RowShape shape, double least, double greatest)
      : m_stream(stream), m_shape(shape), m_least(least), m_greatest(greatest) {}

  std::size_t run() const override { return m_shape.length * m_shape.stride; }
  double effort() const override { return kEffort; }
  void draw(std::uint64_t first, std::size_t count, std::span<const float> delta, std::span<std::uint64_t> bits) const override;

 private:
  static constexpr std::size_t kMostCells = 2048;
  static constexpr std::uint32_t kOctaves = 8;
  static constexpr std::size_t kLongRow = 2048;
  static constexpr std::size_t kShortRow = 128;
  static constexpr std::size_t kMostCounted = 64;
  static constexpr std::size_t kSampled = 256;
  static constexpr std::uint64_t kLowHalves = std::uint64_t{1} << 63;  ///< where the lower halves begin in the stream
  static constexpr double kEffort = 3;

  struct Row {
    std::uint64_t first = 0;  ///< place in the tensor
    std::span<const float> values;
    std::span<const std::uint16_t> draws;  ///< the upper halves
    std::vector<std::uint32_t> magnitudes;
    std::vector<std::uint16_t> cells;
    std::vector<std::uint32_t> open;
    std::vector<std::uint32_t> ranks;
    std::vector<std::uint64_t> bits;
    std::vector<Entry> entries;
    std::vector<Entry> scratch;
  };

  /// Of the cells up to a top one.
  struct Limits {
    std::size_t cells = 0;
    std::array<std::uint16_t, kMostCells> least;
    std::array<std::uint16_t, kMostCells> greatest;
  };

  struct LastDraws {
    double least = 0;
    double greatest = 0;
    std::vector<std::uint32_t> byRank;
  };

  void setLast() const;
  void drawRow(Row& row) const;
  void drawShortRow(Row& row) const;
  void setLimits(Row& row, Limits& limits) const;
  void decideOpen(Row& row) const;
  void decide(Row& row, std::size_t place, std::size_t rank) const;

  const RandomStream m_stream;
  const RowShape m_shape;
  const double m_least;
  const double m_greatest;
  mutable std::mutex m_setting;
  mutable std::atomic<bool> m_isSet = false;  ///< not std::call_once, which calls the kernel for every drawer
  mutable std::vector<std::uint32_t> m_last;  ///< by rank, the greatest draw with which an entry is kept; set with the first draw
};

/// Not before it is needed: a plan makes the method for every tensor and draws nothing.
void RankedDrawer::setLast() const {
  const std::lock_guard lock(m_setting);
  if (m_isSet) {
    return;
  }
  // A preview makes many drawers for rows of the same length with the same probabilities.
  thread_local LastDraws known;
  if (known.byRank.size() != m_shape.length || known.least != m_least || known.greatest != m_greatest) {
    known = {m_least, m_greatest, std::vector<std::uint32_t>(m_shape.length)};
    for (std::size_t rank = 0; rank < m_shape.length; ++rank) {
      // The only entry of its row stands in the middle.
      const double height = m_shape.length > 1 ? static_cast<double>(rank) / static_cast<double>(m_shape.length - 1) : 0.5;
      const std::uint64_t threshold = drawThreshold(m_least + height * (m_greatest - m_least));
      known.byRank[rank] = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, threshold) - 1);
    }
  }
  m_last = known.byRank;
  m_isSet.store(true, std::memory_order_release);
}

/// Sorts the entries into cells by magnitude, and sets between which draws the lowest and the highest rank of a cell are kept.
void RankedDrawer::setLimits(Row& row, Limits& limits) const {
  // Cells that are about even below the mean and grow above it hold about equally many entries of what is near normal, and a row with a few
  // large entries keeps its cells for the others. They decide on nothing but the time, so that a part of the row will do for the mean.
  const auto sampled = row.values.first(std::min(row.values.size(), kSampled));
  const double sampledSum = sumAbs(sampled);
  CellScale scale;
  // A part of nothing but zeros says nothing of the rest.
  scale.shift = static_cast<float>(sampledSum > 0 ? sampledSum / static_cast<double>(sampled.size())
                                                  : sumAbs(row.values) / static_cast<double>(row.values.size()));
  scale.octaveBits = row.values.size() < kLongRow ? 6 : 8;  // setting up a cell takes as long as some entries
  scale.last = (kOctaves << scale.octaveBits) - 1;
  limits.cells = takeCells(row.values, scale, row.magnitudes, row.cells) + std::size_t{1};
  // Neighbours are often equal, and would wait for each other in one table.
  std::array<std::array<std::uint32_t, kMostCells>, 4> counts;
  for (auto& table : counts) {
    std::fill_n(table.begin(), limits.cells, 0);
  }
  const std::size_t whole = row.cells.size() / counts.size() * counts.size();
  for (std::size_t i = 0; i < whole; i += counts.size()) {
    for (std::size_t table = 0; table < counts.size(); ++table) {
      ++counts[table][row.cells[i + table]];
    }
  }
  for (std::size_t i = whole; i < row.cells.size(); ++i) {
    ++counts[0][row.cells[i]];
  }
  for (std::size_t cell = 0; cell < limits.cells; ++cell) {
    counts[0][cell] += counts[1][cell] + counts[2][cell] + counts[3][cell];
  }
  const std::span<const std::uint32_t> last = m_last;
  std::size_t rank = 0;
  for (std::size_t cell = 0; cell < limits.cells; ++cell) {
    limits.least[cell] = static_cast<std::uint16_t>(last[std::min(rank, last.size() - 1)] >> 16);
    rank += counts[0][cell];
    limits.greatest[cell] = static_cast<std::uint16_t>(last[std::max<std::size_t>(rank, 1) - 1] >> 16);
  }
}

void RankedDrawer::decide(Row& row, std::size_t place, std::size_t rank) const {
  const std::uint32_t upper = row.draws[place];
  const std::uint32_t last = m_last[rank];
  bool isKept = upper < last >> 16;
  if (upper == last >> 16) {
    const std::uint64_t own = kLowHalves + row.first + place * m_shape.stride;
    std::array<std::uint16_t, 8> lower;
    m_stream.fill(own - own % lower.size(), lower);
    isKept = lower[own % lower.size()] <= (last & 0xFFFF);
  }
  row.bits[place / kBitsPerWord] |= std::uint64_t{isKept} << (place % kBitsPerWord);
}

/// Finds exact ranks; of equal magnitudes the first is the lower.
void RankedDrawer::decideOpen(Row& row) const {
  if (row.open.size() <= kMostCounted) {
    for (const std::uint32_t place : row.open) {
      decide(row, place, rankOf(row.magnitudes, place));
    }
    return;
  }
  row.entries.resize(row.magnitudes.size());
  for (std::size_t i = 0; i < row.entries.size(); ++i) {
    row.entries[i] = (std::uint64_t{row.magnitudes[i]} << 32) | i;
  }
  sortByMagnitude(row.entries, row.scratch);
  row.ranks.resize(row.entries.size());
  for (std::size_t rank = 0; rank < row.entries.size(); ++rank) {
    row.ranks[static_cast<std::uint32_t>(row.entries[rank])] = static_cast<std::uint32_t>(rank);
  }
  for (const std::uint32_t place : row.open) {
    decide(row, place, row.ranks[place]);
  }
}

/// Cells would take longer than all ranks do.
void RankedDrawer::drawShortRow(Row& row) const {
  row.ranks.resize(row.values.size());
  std::transform(row.values.begin(), row.values.end(), row.magnitudes.begin(), magnitudeBits);
  rankAll(row.magnitudes, row.ranks);
  std::fill(row.bits.begin(), row.bits.end(), 0);
  for (std::size_t i = 0; i < row.ranks.size(); ++i) {
    decide(row, i, row.ranks[i]);
  }
}

void RankedDrawer::drawRow(Row& row) const {
  row.magnitudes.resize(row.values.size());
  row.cells.resize(row.values.size());
  row.bits.resize(wordsFor(row.values.size()));
  if (row.values.size() <= kShortRow) {
    drawShortRow(row);
    return;
  }
  Limits limits;
  setLimits(row, limits);
  row.open.clear();
  chooseByCell(row.draws, row.cells, {std::span(limits.least).first(limits.cells), std::span(limits.greatest).first(limits.cells)}, row.bits,
               row.open);
  decideOpen(row);
}

void RankedDrawer::draw(std::uint64_t first, std::size_t count, std::span<const float> delta, std::span<std::uint64_t> bits) const {
  if (!m_isSet.load(std::memory_order_acquire)) {
    setLast();
  }
  thread_local Row row;
  const std::size_t skipped = first % 8;  // the stream is read from places divisible by eight
  thread_local std::vector<std::uint16_t> draws;
  draws.resize(skipped + count);
  m_stream.fill(first - skipped, draws);
  const auto own = std::span<const std::uint16_t>(draws).subspan(skipped);
  row.first = first;
  if (m_shape.stride == 1) {
    row.values = delta;
    row.draws = own;
    drawRow(row);
    std::copy(row.bits.begin(), row.bits.end(), bits.begin());
    return;
  }
  std::fill(bits.begin(), bits.end(), 0);
  std::vector<float> values(m_shape.length);
  std::vector<std::uint16_t> upper(m_shape.length);
  row.values = values;
  row.draws = upper;
  for (std::size_t offset = 0; offset < m_shape.stride; ++offset, ++row.first) {
    for (std::size_t i = 0; i < m_shape.length; ++i) {
      values[i] = delta[offset + i * m_shape.stride];
      upper[i] = own[offset + i * m_shape.stride];
    }
    drawRow(row);
    for (std::size_t i = 0; i < m_shape.length; ++i) {
      const std::size_t place = offset + i * m_shape.stride;
      bits[place / kBitsPerWord] |= ((row.bits[i / kBitsPerWord] >> (i % kBitsPerWord)) & 1) << (place % kBitsPerWord);
    }
  }
}

}  // namespace

std::uint64_t rankedBlock(const MergeSettings& settings) {
  const RowShape shape = rowShape(settings);
  return static_cast<std::uint64_t>(shape.length) * shape.stride;
}

Result<std::unique_ptr<Sparsifier>> makeRankedRandomSparsifier(const MergeSettings& settings, std::size_t input) {
  const double density = settings.value(input, "density");
  const double epsilon = settings.value(input, "epsilon");
  if (density >= 1) {
    return nullptr;
  }
  if (density <= 0) {
    return makeDropAll();
  }
  if (!(density - epsilon > 0) || !(density + epsilon < 1)) {
    return refused(
        fmt::format(
            "tensor \"{}\": with density {} and epsilon {} the probabilities for \"{}\" would go from {} to {}, but "
            "they must lie between 0 and 1",
            escaped(settings.tensor), formatDouble(density), formatDouble(epsilon),
            escaped(settings.inputs[input].model), fmt::format("{:.6g}", density - epsilon), fmt::format("{:.6g}", density + epsilon)),
        fmt::format("set epsilon below {}", fmt::format("{:.6g}", std::min(density, 1 - density))));
  }
  const RandomStream stream(settings.seed, settings.inputs[input].model, settings.tensor);
  return makeDrawnSparsifier(std::make_unique<RankedDrawer>(stream, rowShape(settings), density - epsilon, density + epsilon),
                             settings.flag("rescale"), settings, input);
}

}  // namespace layerloom
