// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sketch_places.h"

#include <algorithm>
#include <numeric>

#include "core/support/random.h"

namespace layerloom {
namespace {

constexpr std::uint64_t kSide = 64;
static_assert(kSide * kSide == kSketchEntries);

/// One number at random from each of `parts` equal strata of 0 … size − 1.
std::vector<std::uint64_t> pickFromStrata(std::uint64_t size, std::uint64_t parts, std::span<const std::uint32_t> draws) {
  std::vector<std::uint64_t> picked(parts);
  for (std::uint64_t i = 0; i < parts; ++i) {
    const std::uint64_t begin = i * size / parts;
    const std::uint64_t end = (i + 1) * size / parts;
    picked[i] = begin + (static_cast<std::uint64_t>(draws[i]) * (end - begin) >> 32);
  }
  return picked;
}

}  // namespace

SketchPlaces::SketchPlaces(std::string_view tensor, std::span<const std::uint64_t> shape) {
  const std::uint64_t elements = std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
  const std::uint64_t tensorRows = shape.size() < 2 || elements == 0 ? 1 : shape.front();
  const std::uint64_t tensorColumns = elements / tensorRows;
  m_whole = elements <= kSketchEntries;
  if (m_whole) {
    m_rows = tensorRows;
    m_columns = tensorColumns;
    m_places.resize(elements);
    for (std::uint64_t i = 0; i < elements; ++i) {
      m_places[i] = {i, static_cast<std::uint32_t>(i)};
    }
    return;
  }
  // A side that is short is taken whole, the other one in return has more than kSide.
  m_rows = std::min(tensorRows, kSide);
  m_columns = std::min(tensorColumns, kSketchEntries / m_rows);
  m_rows = std::min(tensorRows, kSketchEntries / m_columns);
  pick(tensor, tensorRows, tensorColumns);
}

void SketchPlaces::pick(std::string_view tensor, std::uint64_t tensorRows, std::uint64_t tensorColumns) {
  std::vector<std::uint32_t> draws((2 * m_rows + m_rows * m_columns + 3) / 4 * 4);
  RandomStream(0, "sketch", tensor).fill(0, draws);
  const std::span<const std::uint32_t> all = draws;
  const std::vector<std::uint64_t> rows = pickFromStrata(tensorRows, m_rows, all.first(m_rows));
  std::vector<std::size_t> order(m_rows);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(all[m_rows + a], a) < std::pair(all[m_rows + b], b);
  });
  for (std::size_t slotRow = 0; slotRow < order.size(); ++slotRow) {
    const std::vector<std::uint64_t> columns = pickFromStrata(tensorColumns, m_columns, all.subspan(2 * m_rows + order[slotRow] * m_columns, m_columns));
    for (std::size_t column = 0; column < columns.size(); ++column) {
      m_places.push_back({rows[order[slotRow]] * tensorColumns + columns[column], static_cast<std::uint32_t>(slotRow * m_columns + column)});
    }
  }
  std::sort(m_places.begin(), m_places.end(), [](const Place& a, const Place& b) { return a.element < b.element; });
}

std::size_t SketchPlaces::firstPlace(std::uint64_t element) const {
  const auto found = std::lower_bound(m_places.begin(), m_places.end(), element, [](const Place& place, std::uint64_t wanted) { return place.element < wanted; });
  return static_cast<std::size_t>(found - m_places.begin());
}

}  // namespace layerloom
