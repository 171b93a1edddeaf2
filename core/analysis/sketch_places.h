// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace layerloom {

/// Entries of a sketch at most; a tensor that has no more is held whole.
inline constexpr std::uint64_t kSketchEntries = 4096;

/// Which entries of a tensor its sketch holds: one row and, in each, one column at random from each of equal strata. Rows come in random
/// order, so that any run of them is a sample of its own.
class SketchPlaces {
 public:
  /// `tensor` names the random stream; the same tensor has the same places in every comparison.
  SketchPlaces(std::string_view tensor, std::span<const std::uint64_t> shape);

  std::uint64_t rows() const { return m_rows; }
  std::uint64_t columns() const { return m_columns; }
  bool isWhole() const { return m_whole; }

  /// Copies the entries that lie among `values`, elements of the flattened tensor from `first` on, to their places in the sketch.
  template <class T>
  void copy(std::uint64_t first, std::span<const T> values, std::span<float> sketch) const {
    for (std::size_t i = firstPlace(first); i < m_places.size() && m_places[i].element < first + values.size(); ++i) {
      sketch[m_places[i].slot] = static_cast<float>(values[m_places[i].element - first]);
    }
  }

 private:
  struct Place {
    std::uint64_t element = 0;
    std::uint32_t slot = 0;
  };
  void pick(std::string_view tensor, std::uint64_t tensorRows, std::uint64_t tensorColumns);
  std::size_t firstPlace(std::uint64_t element) const;

  std::uint64_t m_rows = 0;
  std::uint64_t m_columns = 0;
  bool m_whole = false;
  std::vector<Place> m_places;  ///< by element
};

}  // namespace layerloom
