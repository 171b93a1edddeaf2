// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/arcee_fusion.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <fmt/format.h>

#include "core/methods/passthrough.h"
#include "core/methods/rank_selection.h"
#include "core/methods/row_divergence.h"
#include "core/methods/rows.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// The divergence of a row of at least so many elements is remembered from one pass to the next.
constexpr std::uint64_t kRememberedRow = 64;

class ArceeFusion : public TensorMerge {
 public:
  ArceeFusion(const MergeSettings& settings, std::uint64_t chunkElements)
      : m_base(*settings.base),
        m_elements(settings.elements),
        m_row(static_cast<std::size_t>(rowElements(settings))),
        m_chunkElements(chunkElements),
        m_pass(settings.elements > 0 ? Pass::High : Pass::Done) {}

  std::uint64_t chunkElements() const override { return m_chunkElements; }
  int mostPasses() const override { return 3; }
  bool needsPass() const override { return m_pass != Pass::Done; }
  std::unique_ptr<Observation> startObservation() const override;
  void absorb(Observation& observation) override;
  Status endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override;

 private:
  friend class ImportanceObservation;

  enum class Pass { High, Low, Done };

  std::vector<float> divergences(const Chunk& chunk) const;
  void importances(const Chunk& chunk, std::span<const float> ofRows, std::span<float> out) const;

  const std::size_t m_base;
  const std::uint64_t m_elements;
  const std::size_t m_row;
  const std::uint64_t m_chunkElements;
  Pass m_pass;
  RankFinder m_finder;
  std::vector<float> m_seen;         ///< divergences of the rows absorbed in the first pass
  std::vector<float> m_divergences;  ///< of all rows, once the first pass is over and where rows are long
  float m_threshold = 0;
};

class ImportanceObservation : public Observation {
 public:
  explicit ImportanceObservation(const ArceeFusion& fusion) : counts(fusion.m_finder.startView()), m_fusion(fusion) {}

  void observe(const Chunk& chunk) override {
    const std::vector<float> ofRows = m_fusion.divergences(chunk);
    m_importances.resize(chunk.size());
    m_fusion.importances(chunk, ofRows, m_importances);
    m_fusion.m_finder.observe(counts, m_importances);
    if (m_fusion.m_pass == ArceeFusion::Pass::High && m_fusion.m_row >= kRememberedRow) {
      divergences.insert(divergences.end(), ofRows.begin(), ofRows.end());
    }
  }

  RankFinder::View counts;
  std::vector<float> divergences;

 private:
  const ArceeFusion& m_fusion;
  std::vector<float> m_importances;
};

std::unique_ptr<Observation> ArceeFusion::startObservation() const {
  return std::make_unique<ImportanceObservation>(*this);
}

void ArceeFusion::absorb(Observation& observation) {
  const auto& seen = static_cast<const ImportanceObservation&>(observation);
  m_finder.absorb(seen.counts);
  m_seen.insert(m_seen.end(), seen.divergences.begin(), seen.divergences.end());
}

Status ArceeFusion::endPass() {
  if (m_pass == Pass::High) {
    const std::uint64_t last = m_elements - 1;
    m_finder.endHigh(std::array{last / 4, last / 2, last / 4 * 3 + last % 4 * 3 / 4});
    m_divergences = std::move(m_seen);
    m_pass = Pass::Low;
    return {};
  }
  m_finder.endLow();
  const auto quantile = [&](std::size_t i) { return std::bit_cast<float>(m_finder.found()[i].bits); };
  m_threshold = quantile(1) + 1.5F * (quantile(2) - quantile(0));
  m_pass = Pass::Done;
  return {};
}

std::vector<float> ArceeFusion::divergences(const Chunk& chunk) const {
  const std::size_t rows = chunk.size() / m_row;
  if (!m_divergences.empty()) {
    const auto first = m_divergences.begin() + static_cast<std::ptrdiff_t>(chunk.offset / m_row);
    return {first, first + static_cast<std::ptrdiff_t>(rows)};
  }
  std::vector<float> ofRows;
  RowDivergence divergence;
  for (std::size_t row = 0; row < rows; ++row) {
    ofRows.push_back(divergence(chunk.inputs[1 - m_base].subspan(row * m_row, m_row),
                                chunk.inputs[m_base].subspan(row * m_row, m_row)));
  }
  return ofRows;
}

void ArceeFusion::importances(const Chunk& chunk, std::span<const float> ofRows, std::span<float> out) const {
  for (std::size_t row = 0; row < ofRows.size(); ++row) {
    for (std::size_t i = row * m_row; i < (row + 1) * m_row; ++i) {
      out[i] = std::abs(chunk.inputs[1 - m_base][i] - chunk.inputs[m_base][i]) * ofRows[row];
    }
  }
}

void ArceeFusion::compute(const Chunk& chunk, std::span<float> out) const {
  importances(chunk, divergences(chunk), out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = out[i] >= m_threshold ? chunk.inputs[1 - m_base][i] : chunk.inputs[m_base][i];
  }
}

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeArceeFusion(const MergeSettings& settings) {
  if (settings.inputs.size() == 1) {
    return makeCopy();
  }
  if (settings.inputs.size() != 2 || !settings.base) {
    return refused(fmt::format("tensor \"{}\": arcee_fusion takes the base model and exactly one other model",
                               escaped(settings.tensor)),
                   "list two models, one of them the base model");
  }
  LAYERLOOM_TRY(const std::uint64_t chunkElements, chunkOfRows(settings, rowElements(settings)));
  return std::make_unique<ArceeFusion>(settings, chunkElements);
}

}  // namespace layerloom
