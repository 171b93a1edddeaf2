// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <limits>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "core/analysis/statistics.h"

namespace layerloom {

/// Counts equal numbers: the few values of 16-bit differences in a small table, all others one by one.
class ValueCounter {
 public:
  /// Reorders the values.
  template <class T>
  void add(std::span<T> values);
  void add(const ValueCounter& other);
  /// Value and how often it occurs; a value may come more than once.
  std::vector<std::pair<double, std::uint64_t>> counts() const;
  /// Entries that are held.
  std::size_t size() const { return m_single.size() + m_slots.size(); }

 private:
  static constexpr std::size_t kSlots = 256;
  struct Slot {
    double value = 0;
    std::uint64_t count = 0;
  };
  bool addToSlot(double value, std::uint64_t count);
  void addCount(double value, std::uint64_t count);

  std::vector<Slot> m_slots;  ///< empty or kSlots
  std::vector<double> m_single;
};

/// Measures which part of Σ Δ² the largest entries hold, in one pass: a sample brackets the magnitude at the border of each share, the pass
/// adds up what lies above and collects what lies inside. The answer is exact, or there is none.
class TopShares {
 public:
  /// Entries a sample should hold; 0: all are collected.
  static std::uint64_t sampleSize(std::uint64_t elements);
  /// Collects everything.
  TopShares() = default;
  /// `sample` consists of pieces of `piece` neighbours; `deviations`: how wide the brackets are, in standard deviations of a sampled rank.
  TopShares(std::span<const float> sample, std::size_t piece, double deviations);

  /// What one task has seen.
  struct View {
    struct Share {
      std::uint64_t above = 0;
      double squares = 0;  ///< of those above
      ValueCounter inside;
    };
    std::array<Share, kTopShares.size()> shares;
    void add(const View& next);
    bool holdsTooMuch() const;

   private:
    friend class TopShares;
    /// Magnitudes that may belong to the widest share and wait: looking at many together is faster.
    template <class T>
    struct Room {
      std::vector<T> waiting;
      std::size_t count = 0;
      std::vector<T> inside;  ///< of a bracket
    };
    std::tuple<Room<double>, Room<float>> m_rooms;
  };
  void observe(View& view, std::span<const double> delta) const { observeAs(view, delta); }
  /// The same for deltas that are float32 numbers; twice as fast.
  void observe(View& view, std::span<const float> delta) const { observeAs(view, delta); }
  /// Looks at the values that still wait, and gives their room away; to be called when nothing more is to come.
  void settle(View& view) const;
  /// `squares`: Σ Δ² of all `elements`. Nothing where a border lies outside its bracket, or where more values fell into it than are held.
  std::optional<std::array<double, kTopShares.size()>> find(const View& view, std::uint64_t elements, double squares) const;

 private:
  template <class T>
  void observeAs(View& view, std::span<const T> delta) const;
  template <class T>
  void look(View& view) const;

  struct Bracket {
    float least = 0;
    float greatest = std::numeric_limits<float>::infinity();
  };
  std::array<Bracket, kTopShares.size()> m_brackets;  ///< of falling magnitude; their lower ends fall too
};

}  // namespace layerloom
