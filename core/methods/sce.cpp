// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/sce.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "core/methods/gram.h"
#include "core/methods/rank_selection.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kPiece = 2048;
constexpr double kLeastSum = 1e-6;

class Sce : public TensorMerge {
 public:
  explicit Sce(const MergeSettings& settings);

  int mostPasses() const override { return m_others.empty() ? 1 : (m_selection ? RankSelection::kMostPasses : 0) + 2; }
  std::uint64_t sampleSize() const override { return selects() ? m_selection->sampleSize() : 0; }
  void sample(const Chunk& chunk, std::size_t piece) override {
    std::vector<float> keys(chunk.size());
    variances(chunk, 0, keys);
    m_selection->sample(keys, piece);
  }
  bool needsPass() const override { return m_weighing; }
  std::unique_ptr<Observation> startObservation() const override;
  void absorb(Observation& observation) override;
  Status endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override;

 private:
  friend class SceObservation;

  bool selects() const { return m_selection && m_selection->needsPass(); }
  float delta(const Chunk& chunk, std::size_t other, std::size_t at) const {
    return chunk.inputs[m_others[other]][at] - chunk.inputs[m_base][at];
  }
  /// The variance over the models at each place of a piece.
  void variances(const Chunk& chunk, std::size_t at, std::span<float> out) const;
  /// 1 at the places of a piece that were selected, 0 at the others.
  void select(const Chunk& chunk, std::size_t at, RankSelection::Cursor& cursor, std::span<float> mask) const;
  double elected(const Chunk& chunk, std::size_t at) const;

  const std::size_t m_base;
  const std::vector<std::size_t> m_others;
  const double m_elements;
  bool m_weighing;
  std::optional<RankSelection> m_selection;  ///< nothing: everything is selected
  std::vector<double> m_squares;
  std::vector<double> m_weights;
};

class SceObservation : public Observation {
 public:
  explicit SceObservation(const Sce& sce) : squares(sce.m_others.size()), m_sce(sce) {
    if (sce.selects()) {
      selection = sce.m_selection->startView();
    }
  }

  void observe(const Chunk& chunk) override {
    if (m_sce.selects()) {
      m_variances.resize(chunk.size());
      m_sce.variances(chunk, 0, m_variances);
      m_sce.m_selection->observe(*selection, m_variances);
      return;
    }
    std::array<float, kPiece> buffer{};
    RankSelection::Cursor cursor{chunk.index, 0, 0};
    for (std::size_t at = 0; at < chunk.size(); at += kPiece) {
      const auto mask = std::span(buffer).first(std::min(kPiece, chunk.size() - at));
      m_sce.select(chunk, at, cursor, mask);
      for (std::size_t i = 0; i < squares.size(); ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < mask.size(); ++j) {
          const double delta = m_sce.delta(chunk, i, at + j);
          sum += mask[j] != 0 ? delta * delta : 0.0;
        }
        squares[i] += sum;
      }
    }
  }

  std::unique_ptr<RankSelection::View> selection;
  std::vector<double> squares;

 private:
  const Sce& m_sce;
  std::vector<float> m_variances;
};

Sce::Sce(const MergeSettings& settings)
    : m_base(*settings.base),
      m_others(inputsBesideBase(settings)),
      m_elements(static_cast<double>(std::max<std::uint64_t>(1, settings.elements))),
      m_weighing(!m_others.empty()),
      m_squares(m_others.size()) {
  const double share = settings.value("select_topk");
  if (share < 1 && m_weighing) {
    const auto choose = [share](std::uint64_t entries, std::uint64_t zeros) {
      const std::uint64_t nonzero = entries - zeros;
      // The product is taken in float32 as mergekit takes it: 0.29 · 100 is 29 there, but 28.999… in float64.
      const float product = static_cast<float>(nonzero) * static_cast<float>(std::max(share, 0.0));
      return RankRange{entries - std::min(nonzero, static_cast<std::uint64_t>(product)), entries, true};
    };
    m_selection.emplace(choose, RankSelection::Wishes{false, true}, settings.elements);
  }
}

std::unique_ptr<Observation> Sce::startObservation() const {
  return std::make_unique<SceObservation>(*this);
}

void Sce::absorb(Observation& observation) {
  const auto& seen = static_cast<const SceObservation&>(observation);
  if (selects()) {
    m_selection->absorb(*seen.selection);
    return;
  }
  std::transform(m_squares.begin(), m_squares.end(), seen.squares.begin(), m_squares.begin(), std::plus<>());
}

Status Sce::endPass() {
  if (selects()) {
    m_selection->endPass();
    return {};
  }
  m_weighing = false;
  double sum = 0;
  for (double& square : m_squares) {
    square /= m_elements;
    sum += square;
  }
  for (const double square : m_squares) {
    m_weights.push_back(sum < kLeastSum ? 1 / static_cast<double>(m_squares.size()) : square / sum);
  }
  return {};
}

void Sce::variances(const Chunk& chunk, std::size_t at, std::span<float> out) const {
  const double count = static_cast<double>(m_others.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    double mean = 0;
    for (std::size_t other = 0; other < m_others.size(); ++other) {
      mean += delta(chunk, other, at + i);
    }
    mean /= count;
    double sum = 0;
    for (std::size_t other = 0; other < m_others.size(); ++other) {
      const double deviation = delta(chunk, other, at + i) - mean;
      sum += deviation * deviation;
    }
    out[i] = static_cast<float>(sum / count);
  }
}

void Sce::select(const Chunk& chunk, std::size_t at, RankSelection::Cursor& cursor, std::span<float> mask) const {
  std::fill(mask.begin(), mask.end(), 1.0F);
  if (m_selection) {
    std::array<float, kPiece> buffer{};
    const auto keys = std::span(buffer).first(mask.size());
    variances(chunk, at, keys);
    m_selection->keep(cursor, keys, 1, mask);
  }
}

/// What is added to the base at one place.
double Sce::elected(const Chunk& chunk, std::size_t at) const {
  const double base = chunk.inputs[m_base][at];
  double total = 0;
  for (const std::size_t other : m_others) {
    total += static_cast<double>(chunk.inputs[other][at]) - base;
  }
  const double sign = total >= 0 ? 1 : -1;
  double sum = 0;
  double weights = 0;
  for (std::size_t i = 0; i < m_others.size(); ++i) {
    const double delta = static_cast<double>(chunk.inputs[m_others[i]][at]) - base;
    const bool agrees = delta * sign > 0;
    sum += agrees ? m_weights[i] * delta : 0;
    weights += agrees ? m_weights[i] : 0;
  }
  return sum / std::max(weights, kLeastSum);
}

void Sce::compute(const Chunk& chunk, std::span<float> out) const {
  std::array<float, kPiece> buffer{};
  RankSelection::Cursor cursor{chunk.index, 0, 0};
  for (std::size_t at = 0; at < out.size(); at += kPiece) {
    const auto mask = std::span(buffer).first(std::min(kPiece, out.size() - at));
    select(chunk, at, cursor, mask);
    for (std::size_t i = 0; i < mask.size(); ++i) {
      const float base = chunk.inputs[m_base][at + i];
      const double change = mask[i] != 0 ? elected(chunk, at + i) : 0;
      out[at + i] = change == 0 ? base : static_cast<float>(base + change);
    }
  }
}

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeSce(const MergeSettings& settings) {
  if (!settings.base) {
    return refused(fmt::format("tensor \"{}\": sce needs a base model", escaped(settings.tensor)),
                   "add \"base_model: FOLDER\"");
  }
  return std::make_unique<Sce>(settings);
}

}  // namespace layerloom
