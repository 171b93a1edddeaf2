// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/statistics.h"

namespace layerloom {

/// Entries of a matrix: the same of the base (first) and of some models.
struct SampleView {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::vector<std::span<const float>> vectors;

  std::size_t entries() const { return static_cast<std::size_t>(rows * columns); }
};

/// One of so many parts of each row: every step-th entry from `first` on. Uses `room`, which must outlive the view.
SampleView everyOf(const SampleView& view, std::uint64_t step, std::uint64_t first, std::vector<float>& room);

/// What of a sketch is used, and its parts by which the error of an estimate is judged.
class SketchSample {
 public:
  /// `models` are the indices of those that are used; the sketch must have them, and must outlive this. Of at most `mostEntries` entries (0: no
  /// limit) as far as a whole row allows.
  SketchSample(const TensorSketch& sketch, std::span<const std::size_t> models, std::uint64_t mostEntries);

  const SampleView& all() const { return m_all; }
  /// Holds every entry of the tensor, in its shape.
  bool isWhole() const { return m_whole; }

  /// Into how many parts the rows can be divided; below 2 the sample has too few.
  std::size_t rowParts() const;
  /// Into how many parts each row can be divided.
  std::size_t entryParts() const;
  /// A part of the rows.
  SampleView rowPart(std::size_t part) const;
  /// A part of each row, other columns from row to row. Uses `room`, which must outlive the view.
  SampleView entryPart(std::size_t part, std::vector<float>& room) const;

 private:
  void takeRows(std::uint64_t rows);
  void takeEntries(std::uint64_t entries);

  SampleView m_all;
  bool m_whole = false;
  std::vector<std::vector<float>> m_taken;
};

}  // namespace layerloom
