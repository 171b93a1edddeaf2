// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/tensor_kind.h"

namespace layerloom {

/// Bins of |Δ|: bin i counts 2^(kHistogramLeast + i) ≤ |Δ| < 2^(kHistogramLeast + i + 1); the first takes all smaller ones but zeros, the last
/// all greater ones.
inline constexpr int kHistogramBins = 64;
inline constexpr int kHistogramLeast = -48;

/// The shares of entries, largest magnitudes first, whose part of ‖Δ‖² is measured.
inline constexpr std::array<double, 3> kTopShares = {0.01, 0.05, 0.20};

/// How a model differs from the base: Δ = model − base in float64 from the stored values, over a tensor or a group of tensors. Entries whose Δ is
/// not finite are counted and otherwise left out.
struct DeltaStatistics {
  std::uint64_t elements = 0;
  std::uint64_t zeros = 0;      ///< entries with Δ = 0
  std::uint64_t nonFinite = 0;  ///< entries with NaN or infinity in model or base
  double squared = 0;           ///< ‖Δ‖² = Σ Δ²
  double sum = 0;               ///< Σ Δ
  double maxAbs = 0;            ///< max |Δ|
  double baseSquared = 0;       ///< ‖W‖² of the base over the same tensors
  double baseDot = 0;           ///< ⟨W, Δ⟩
  std::array<std::uint64_t, kHistogramBins> histogram = {};
  /// Per entry of kTopShares, the part of ‖Δ‖² that the ⌈share · elements⌉ largest |Δ| hold; of a group, the mean of its tensors weighted by
  /// elements. 0 where Δ = 0.
  std::array<double, kTopShares.size()> topShares = {};
  /// ‖Δ‖²_F / ‖Δ‖²₂ of a matrix (later axes count as one); of a group, the mean of its matrices weighted by elements. Nothing where it was not
  /// asked for, there is no matrix, or Δ = 0.
  std::optional<double> stableRank;
  std::uint64_t rankedElements = 0;  ///< elements of the matrices behind stableRank

  double norm() const;      ///< ‖Δ‖
  double relative() const;  ///< ‖Δ‖/‖W‖; 0 for 0/0, infinite where only the base is 0
  double rms() const;       ///< √(Σ Δ² / elements)
  double mean() const;
  double zeroShare() const;

  void add(const DeltaStatistics& other);
};

/// How the deltas of two models lie to each other.
struct PairStatistics {
  double dot = 0;              ///< ⟨Δa, Δb⟩
  double squaredA = 0;         ///< ‖Δa‖² over the tensors that both models have
  double squaredB = 0;
  std::uint64_t both = 0;      ///< entries where both are nonzero
  std::uint64_t opposite = 0;  ///< of these, those with opposite signs
  double bothWeight = 0;       ///< Σ min(|Δa|, |Δb|) over `both`
  double oppositeWeight = 0;   ///< the same over `opposite`

  /// Over all entries, within ±1; nothing where one delta is zero.
  std::optional<double> cosine() const;
  /// opposite / both; nothing for 0/0.
  std::optional<double> signConflict() const;
  /// The same weighted by min(|Δa|, |Δb|).
  std::optional<double> weightedSignConflict() const;

  void add(const PairStatistics& other);
};

/// The same entries of base and models, picked by a counter-based generator: methods that need more than inner products are tried on them. Rows
/// and columns of the matrix are thinned out evenly, so that a rank within a row stays one. Small tensors are held whole.
struct TensorSketch {
  std::uint64_t rows = 0;     ///< rows that were picked; 1 for vectors
  std::uint64_t columns = 0;  ///< entries per row
  bool whole = false;         ///< holds every entry, in the shape of the tensor
  std::vector<float> base;                 ///< rows · columns values
  std::vector<std::vector<float>> models;  ///< one per model; empty where the model lacks the tensor
};

/// Models by index, each pair once: (0,1), (0,2), …, (1,2), ….
std::size_t pairCount(std::size_t models);
std::size_t pairIndex(std::size_t a, std::size_t b, std::size_t models);  ///< for a ≠ b, in any order

/// Figures of a tensor or a group of tensors: one entry per model and one per pair, nothing where a model lacks the tensor or has it in
/// another shape.
struct GroupStatistics {
  std::uint64_t elements = 0;
  double baseSquared = 0;  ///< ‖W‖²
  std::vector<std::optional<DeltaStatistics>> models;
  std::vector<std::optional<PairStatistics>> pairs;  ///< by pairIndex()

  /// Of the model that moved furthest, its relative delta; 0 where there is none.
  double greatestRelative() const;
  void add(const GroupStatistics& other);
};

struct TensorStatistics {
  std::string name;
  int layer = -1;  ///< −1: outside the layers
  std::string module;  ///< of the layer ("encoder"); "" where the model has one stack only
  TensorKind kind = TensorKind::Other;
  std::vector<std::uint64_t> shape;
  GroupStatistics figures;
  std::shared_ptr<const TensorSketch> sketch;
};

struct LayerStatistics {
  int layer = -1;
  std::string module;
  GroupStatistics figures;
};

struct KindStatistics {
  TensorKind kind = TensorKind::Other;
  GroupStatistics figures;
};

/// How models differ from a base and from each other.
struct Statistics {
  std::string base;  ///< as given; empty: deltas are taken against the mean of the models
  std::vector<std::string> models;
  std::vector<TensorStatistics> tensors;  ///< layer by layer, those outside the layers first, then by name
  std::vector<std::string> notes;         ///< what was left out and why, for people
  bool complete = false;                  ///< false while tensors are missing that will come

  std::vector<LayerStatistics> layers() const;  ///< in order; without the tensors outside the layers
  std::vector<KindStatistics> kinds() const;    ///< those that occur, in the order of TensorKind
  GroupStatistics total() const;
  /// The tensors by falling greatest relative delta, at most so many.
  std::vector<const TensorStatistics*> mostDiverged(std::size_t most) const;
};

}  // namespace layerloom
