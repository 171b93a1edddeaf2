// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sketch_sample.h"

#include <algorithm>
#include <numeric>

namespace layerloom {
namespace {

constexpr std::size_t kParts = 16;
/// Fewer parts tell too little of the spread, smaller ones too little of thresholds.
constexpr std::size_t kLeastParts = 4;
constexpr std::size_t kLeastEntries = 64;

std::size_t partsOf(std::uint64_t things, std::uint64_t entries) {
  const std::uint64_t parts = std::min({std::uint64_t{kParts}, things, entries / kLeastEntries});
  return parts < kLeastParts ? 0 : static_cast<std::size_t>(parts);
}

/// A step through 0 … size − 1 that meets every number once and neighbours far apart (the golden section).
std::uint64_t scatteringStep(std::uint64_t size) {
  auto step = static_cast<std::uint64_t>(static_cast<double>(size) * 0.6180339887498949) | 1;
  while (std::gcd(step, size) != 1) {
    ++step;
  }
  return step;
}

}  // namespace

SampleView everyOf(const SampleView& view, std::uint64_t step, std::uint64_t first, std::vector<float>& room) {
  SampleView result{view.rows, view.columns / step, {}};
  room.resize(view.vectors.size() * result.entries());
  for (std::size_t i = 0; i < view.vectors.size(); ++i) {
    const auto values = std::span(room).subspan(i * result.entries(), result.entries());
    for (std::uint64_t row = 0; row < view.rows; ++row) {
      for (std::uint64_t column = 0; column < result.columns; ++column) {
        values[row * result.columns + column] = view.vectors[i][row * view.columns + step * column + first];
      }
    }
    result.vectors.emplace_back(values);
  }
  return result;
}

SketchSample::SketchSample(const TensorSketch& sketch, std::span<const std::size_t> models, std::uint64_t mostEntries) {
  m_all = {sketch.rows, sketch.columns, {std::span<const float>(sketch.base)}};
  for (const std::size_t model : models) {
    m_all.vectors.emplace_back(sketch.models[model]);
  }
  m_whole = sketch.whole;
  if (mostEntries == 0 || m_all.entries() <= mostEntries) {
    return;
  }
  if (sketch.rows == 1) {
    takeEntries(mostEntries);
    return;
  }
  // No fewer rows than can be divided into parts.
  const std::uint64_t dividable = (kLeastParts * kLeastEntries + sketch.columns - 1) / sketch.columns;
  const std::uint64_t rows = std::max({std::uint64_t{kLeastParts}, dividable, mostEntries / sketch.columns});
  if (rows < sketch.rows) {
    takeRows(rows);
  }
}

void SketchSample::takeRows(std::uint64_t rows) {
  // Rows of a whole sketch stand in their order, the others do not.
  const std::uint64_t step = m_whole ? scatteringStep(m_all.rows) : 1;
  for (auto& vector : m_all.vectors) {
    std::vector<float>& taken = m_taken.emplace_back();
    for (std::uint64_t row = 0; row < rows; ++row) {
      const auto values = vector.subspan(row * step % m_all.rows * m_all.columns, m_all.columns);
      taken.insert(taken.end(), values.begin(), values.end());
    }
  }
  m_all.rows = rows;
  m_all.vectors.assign(m_taken.begin(), m_taken.end());
  m_whole = false;
}

void SketchSample::takeEntries(std::uint64_t entries) {
  for (auto& vector : m_all.vectors) {
    std::vector<float>& taken = m_taken.emplace_back(entries);
    for (std::uint64_t i = 0; i < entries; ++i) {
      taken[i] = vector[i * m_all.columns / entries];
    }
  }
  m_all.columns = entries;
  m_all.vectors.assign(m_taken.begin(), m_taken.end());
  m_whole = false;
}

std::size_t SketchSample::rowParts() const {
  return partsOf(m_all.rows, m_all.entries());
}

std::size_t SketchSample::entryParts() const {
  return partsOf(m_all.columns, m_all.entries());
}

SampleView SketchSample::rowPart(std::size_t part) const {
  const std::uint64_t begin = m_all.rows * part / rowParts();
  const std::uint64_t end = m_all.rows * (part + 1) / rowParts();
  SampleView view{end - begin, m_all.columns, {}};
  for (const auto& vector : m_all.vectors) {
    view.vectors.push_back(vector.subspan(begin * m_all.columns, view.entries()));
  }
  return view;
}

SampleView SketchSample::entryPart(std::size_t part, std::vector<float>& room) const {
  const std::size_t parts = entryParts();
  SampleView view{m_all.rows, m_all.columns / parts, {}};
  room.resize(m_all.vectors.size() * view.entries());
  for (std::size_t i = 0; i < m_all.vectors.size(); ++i) {
    const auto values = std::span(room).subspan(i * view.entries(), view.entries());
    for (std::uint64_t row = 0; row < view.rows; ++row) {
      for (std::uint64_t column = 0; column < view.columns; ++column) {
        values[row * view.columns + column] = m_all.vectors[i][row * m_all.columns + column * parts + (part + row) % parts];
      }
    }
    view.vectors.push_back(values);
  }
  return view;
}

}  // namespace layerloom
