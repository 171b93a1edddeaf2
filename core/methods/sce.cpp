// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/sce.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "core/methods/entry_kernels.h"
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

  int usualPasses() const override { return m_others.empty() ? 1 : (m_selection ? RankSelection::kUsualPasses : 0) + 2; }
  std::uint64_t sampleSize() const override { return selects() ? m_selection->sampleSize() : 0; }
  Status sample(TensorSample& sample) override;
  bool needsPass() const override { return m_weighing; }
  std::unique_ptr<Observation> startObservation() const override;
  void absorb(Observation& observation) override;
  Status endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override { computeAll(chunk, out, nullptr); }
  std::vector<std::optional<double>> factors() const override;
  MergeTally startTally() const override;
  void computeTallied(const Chunk& chunk, std::span<float> out, MergeTally& tally) const override {
    computeAll(chunk, out, &tally);
  }

 private:
  friend class SceObservation;

  void computeAll(const Chunk& chunk, std::span<float> out, MergeTally* tally) const;
  void count(const Chunk& chunk, std::size_t at, std::size_t size, std::span<const float> mask, MergeTally& tally) const;

  bool selects() const { return m_selection && m_selection->needsPass(); }
  /// The variance over the models at each place of a piece.
  void variancesAt(const Chunk& chunk, std::size_t at, std::span<float> out) const;
  /// 1 at the places of a piece that were selected, 0 at the others. Empty where everything is selected.
  std::span<const float> select(const Chunk& chunk, std::size_t at, RankSelection::Cursor& cursor,
                                std::span<float> buffer) const;

  const std::size_t m_base;
  const std::vector<std::size_t> m_others;
  const std::size_t m_inputs;
  const Narrowing m_narrowing;
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
      m_sce.variancesAt(chunk, 0, m_variances);
      m_sce.m_selection->observe(*selection, m_variances);
      return;
    }
    std::array<float, kPiece> buffer;
    RankSelection::Cursor cursor{chunk.index, 0, 0};
    for (std::size_t at = 0; at < chunk.size(); at += kPiece) {
      const std::size_t size = std::min(kPiece, chunk.size() - at);
      const auto mask = m_sce.select(chunk, at, cursor, std::span(buffer).first(size));
      const auto base = chunk.inputs[m_sce.m_base].subspan(at, size);
      for (std::size_t i = 0; i < squares.size(); ++i) {
        squares[i] += sumSquaredDeltas(base, chunk.inputs[m_sce.m_others[i]].subspan(at, size), mask);
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
      m_inputs(settings.inputs.size()),
      m_narrowing(settings.narrowing),
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

/// Some pieces at a time: the sample of a large tensor is large.
Status Sce::sample(TensorSample& sample) {
  const std::size_t together = std::max<std::size_t>(1, kChunkElements / sample.piece()) * sample.piece();
  std::vector<float> keys(sample.size());
  std::vector<std::vector<float>> values(m_inputs, std::vector<float>(std::min(together, sample.size())));
  for (std::size_t at = 0; at < sample.size(); at += together) {
    Chunk chunk;
    for (std::size_t i = 0; i < m_inputs; ++i) {
      const auto part = std::span(values[i]).first(std::min(together, sample.size() - at));
      LAYERLOOM_CHECK(sample.read(i, at, part));
      chunk.inputs.push_back(part);
    }
    variancesAt(chunk, 0, std::span(keys).subspan(at, chunk.size()));
  }
  m_selection->sample(keys, sample.piece());
  return {};
}

void Sce::variancesAt(const Chunk& chunk, std::size_t at, std::span<float> out) const {
  variances(chunk.inputs[m_base].subspan(at, out.size()), beginsOf(chunk, m_others, at), out);
}

std::span<const float> Sce::select(const Chunk& chunk, std::size_t at, RankSelection::Cursor& cursor,
                                   std::span<float> buffer) const {
  if (!m_selection) {
    return {};
  }
  std::array<float, kPiece> variances;
  const auto keys = std::span(variances).first(buffer.size());
  variancesAt(chunk, at, keys);
  std::fill(buffer.begin(), buffer.end(), 1.0F);
  m_selection->keep(cursor, keys, 1, buffer);
  return buffer;
}

std::vector<std::optional<double>> Sce::factors() const {
  std::vector<std::optional<double>> factors(m_inputs);
  for (std::size_t i = 0; i < m_weights.size(); ++i) {
    factors[m_others[i]] = m_weights[i];
  }
  return factors;
}

MergeTally Sce::startTally() const {
  MergeTally tally{m_selection.has_value(), true, std::vector<std::optional<InputTally>>(m_inputs)};
  for (const std::size_t other : m_others) {
    tally.inputs[other].emplace();
  }
  return tally;
}

/// The signs are those that `addElected` sees.
void Sce::count(const Chunk& chunk, std::size_t at, std::size_t size, std::span<const float> mask, MergeTally& tally) const {
  const auto base = chunk.inputs[m_base].subspan(at, size);
  const std::vector<const float*> others = beginsOf(chunk, m_others, at);
  for (std::size_t entry = 0; entry < size; ++entry) {
    if (!mask.empty() && mask[entry] == 0) {
      continue;
    }
    double total = 0;
    bool rises = false;
    bool falls = false;
    for (const float* other : others) {
      const double delta = double{other[entry]} - base[entry];
      total += delta;
      rises = rises || delta > 0;
      falls = falls || delta < 0;
    }
    for (std::size_t i = 0; i < others.size(); ++i) {
      const double delta = double{others[i][entry]} - base[entry];
      InputTally& input = *tally.inputs[m_others[i]];
      const bool open = delta != 0 && rises && falls;
      const bool agrees = (delta > 0) == (total >= 0);
      input.kept += delta != 0 ? 1 : 0;
      input.won += open && agrees ? 1 : 0;
      input.lost += open && !agrees ? 1 : 0;
    }
  }
}

void Sce::computeAll(const Chunk& chunk, std::span<float> out, MergeTally* tally) const {
  std::array<float, kPiece> buffer;
  RankSelection::Cursor cursor{chunk.index, 0, 0};
  for (std::size_t at = 0; at < out.size(); at += kPiece) {
    const std::size_t size = std::min(kPiece, out.size() - at);
    const auto mask = select(chunk, at, cursor, std::span(buffer).first(size));
    addElected(chunk.inputs[m_base].subspan(at, size), beginsOf(chunk, m_others, at), m_weights, mask,
               m_narrowing, out.subspan(at, size));
    if (tally != nullptr) {
      count(chunk, at, size, mask, *tally);
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
