// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/arcee_fusion.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <optional>

#include "core/methods/bracketed_ranks.h"
#include "core/methods/entry_kernels.h"
#include "core/methods/passthrough.h"
#include "core/methods/precise_divergence.h"
#include "core/methods/rank_selection.h"
#include "core/methods/row_divergence.h"
#include "core/methods/rows.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// The divergence of a row of at least so many elements is remembered from one pass to the next.
constexpr std::uint64_t kRememberedRow = 64;
/// Importances that are counted at a time, where rows are short.
constexpr std::size_t kPiece = 2048;
/// Rows of a sample: their importances belong together, so that fewer tell little of those of the others.
constexpr std::uint64_t kLeastSampledRows = 24;
constexpr std::uint64_t kElementsPerSample = 128;
constexpr std::uint64_t kLeastSample = 16 * 1024;
constexpr std::uint64_t kGreatestSample = 1024 * 1024;  ///< where the fewest rows are more, there is no sample: memory must not grow with their length
/// Rows of a tensor for one of its sample at least; in smaller tensors a pass more costs less.
constexpr std::uint64_t kRowsPerSampled = 16;
/// Importances are rounded to float32, and a threshold formed of them may be off by this share. Models of 16 bits have many importances in
/// a row that are multiples of one another, so that entries lie exactly at the threshold: those are to pass.
constexpr float kThresholdError = 0x1p-21F;

/// The divergence of a row, as precise as the merge is to choose; a thread's own.
class Divergence {
 public:
  explicit Divergence(bool precise) : m_precise(precise) {}

  float operator()(std::span<const float> x, std::span<const float> y) {
    return m_precise ? static_cast<float>(m_inDoubles(x, y)) : m_inFloats(x, y);
  }

 private:
  const bool m_precise;
  RowDivergence m_inFloats;
  PreciseDivergence m_inDoubles;
};

class ArceeFusion : public TensorMerge {
 public:
  ArceeFusion(const MergeSettings& settings, std::uint64_t chunkElements)
      : m_base(*settings.base),
        m_elements(settings.elements),
        m_row(static_cast<std::size_t>(rowElements(settings))),
        m_chunkElements(chunkElements),
        m_precise(settings.choosesPrecisely),
        m_pass(settings.elements > 0 ? Pass::High : Pass::Done),
        m_finder(settings.elements) {}

  std::uint64_t chunkElements() const override { return m_chunkElements; }
  int usualPasses() const override { return sampleSize() > 0 ? 2 : 3; }
  std::uint64_t sampleSize() const override;
  std::uint64_t samplePiece() const override { return m_row; }
  Status sample(TensorSample& sample) override;
  bool needsPass() const override { return m_pass != Pass::Done; }
  std::unique_ptr<Observation> startObservation() const override;
  void absorb(Observation& observation) override;
  Status endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override;
  bool looksAtRows() const override { return true; }
  MergeTally startTally() const override {
    MergeTally tally{true, false, std::vector<std::optional<InputTally>>(2)};
    tally.inputs[1 - m_base].emplace();
    return tally;
  }
  void computeTallied(const Chunk& chunk, std::span<float> out, MergeTally& tally) const override {
    compute(chunk, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      tally.inputs[1 - m_base]->kept += out[i] != chunk.inputs[m_base][i] ? 1 : 0;
    }
  }

 private:
  friend class ImportanceObservation;

  enum class Pass { High, Low, Done };

  /// The row of a chunk that begins at an element.
  std::span<const float> base(const Chunk& chunk, std::size_t at) const {
    return chunk.inputs[m_base].subspan(at, m_row);
  }
  std::span<const float> other(const Chunk& chunk, std::size_t at) const {
    return chunk.inputs[1 - m_base].subspan(at, m_row);
  }
  float divergence(const Chunk& chunk, std::size_t at, Divergence& form) const;
  /// Of the quartiles.
  std::array<std::uint64_t, 3> ranks() const {
    const std::uint64_t last = m_elements - 1;
    return {last / 4, last / 2, last / 4 * 3 + last % 4 * 3 / 4};
  }
  void setThreshold(std::span<const std::uint32_t> quartiles);

  const std::size_t m_base;
  const std::uint64_t m_elements;
  const std::size_t m_row;
  const std::uint64_t m_chunkElements;
  const bool m_precise;
  Pass m_pass;
  std::optional<BracketedRanks> m_brackets;  ///< while they are hoped to spare the passes of m_finder
  RankFinder m_finder;
  std::vector<float> m_seen;         ///< divergences of the rows absorbed in the first pass
  std::vector<float> m_divergences;  ///< of all rows, once the first pass is over and where rows are long
  float m_threshold = 0;
};

class ImportanceObservation : public Observation {
 public:
  explicit ImportanceObservation(const ArceeFusion& fusion)
      : counts(fusion.m_brackets ? RankFinder::View() : fusion.m_finder.startView()), m_fusion(fusion), m_divergence(fusion.m_precise) {}

  void observe(const Chunk& chunk) override {
    const std::size_t row = m_fusion.m_row;
    // Row by row, so that they are in the cache for each step, and counted together where they are short.
    const std::size_t together = std::max<std::size_t>(1, kPiece / row) * row;
    m_importances.resize(std::min(together, chunk.size()));
    for (std::size_t start = 0; start < chunk.size(); start += together) {
      const std::size_t size = std::min(together, chunk.size() - start);
      for (std::size_t at = 0; at < size; at += row) {
        const float divergence = m_fusion.divergence(chunk, start + at, m_divergence);
        importances(m_fusion.base(chunk, start + at), m_fusion.other(chunk, start + at), divergence,
                    std::span(m_importances).subspan(at, row));
        if (m_fusion.m_divergences.empty() && row >= kRememberedRow) {
          divergences.push_back(divergence);
        }
      }
      const auto formed = std::span(m_importances).first(size);
      if (m_fusion.m_brackets) {
        m_fusion.m_brackets->observe(bracketed, formed);
      } else {
        m_fusion.m_finder.observe(counts, formed);
      }
    }
  }

  BracketedRanks::View bracketed;
  RankFinder::View counts;
  std::vector<float> divergences;

 private:
  const ArceeFusion& m_fusion;
  Divergence m_divergence;
  std::vector<float> m_importances;
};

std::uint64_t ArceeFusion::sampleSize() const {
  const std::uint64_t entries = std::clamp(m_elements / kElementsPerSample, kLeastSample, kGreatestSample);
  const std::uint64_t rows = std::max(kLeastSampledRows, entries / m_row);
  return m_elements / m_row / kRowsPerSampled < rows || rows * m_row > kGreatestSample ? 0 : rows * m_row;
}

Status ArceeFusion::sample(TensorSample& sample) {
  std::vector<float> bases(m_row);
  std::vector<float> others(m_row);
  std::vector<float> all(sample.size());
  Divergence form(m_precise);
  for (std::size_t at = 0; at < all.size(); at += m_row) {
    LAYERLOOM_CHECK(sample.read(m_base, at, bases));
    LAYERLOOM_CHECK(sample.read(1 - m_base, at, others));
    importances(bases, others, form(others, bases), std::span(all).subspan(at, m_row));
  }
  m_brackets.emplace(ranks(), m_elements, all, m_row);
  if (!m_brackets->arePromising()) {
    m_brackets.reset();
  }
  return {};
}

std::unique_ptr<Observation> ArceeFusion::startObservation() const {
  return std::make_unique<ImportanceObservation>(*this);
}

void ArceeFusion::absorb(Observation& observation) {
  const auto& seen = static_cast<const ImportanceObservation&>(observation);
  if (m_brackets) {
    m_brackets->absorb(seen.bracketed);
  } else {
    m_finder.absorb(seen.counts);
  }
  m_seen.insert(m_seen.end(), seen.divergences.begin(), seen.divergences.end());
}

Status ArceeFusion::endPass() {
  if (m_divergences.empty()) {
    m_divergences = std::move(m_seen);
  }
  if (m_brackets) {
    if (const auto quartiles = m_brackets->find()) {
      setThreshold(*quartiles);
    }
    m_brackets.reset();
    return {};
  }
  if (m_pass == Pass::High) {
    m_finder.endHigh(ranks());
    m_pass = Pass::Low;
    if (m_finder.needsLow()) {
      return {};
    }
  } else {
    m_finder.endLow();
  }
  std::vector<std::uint32_t> quartiles;
  for (const RankedMagnitude& found : m_finder.found()) {
    quartiles.push_back(found.bits);
  }
  setThreshold(quartiles);
  return {};
}

void ArceeFusion::setThreshold(std::span<const std::uint32_t> quartiles) {
  const auto quartile = [&](std::size_t i) { return std::bit_cast<float>(quartiles[i]); };
  m_threshold = quartile(1) + 1.5F * (quartile(2) - quartile(0));
  m_threshold -= m_precise ? m_threshold * kThresholdError : 0;
  m_pass = Pass::Done;
}

float ArceeFusion::divergence(const Chunk& chunk, std::size_t at, Divergence& form) const {
  return m_divergences.empty() ? form(other(chunk, at), base(chunk, at)) : m_divergences[(chunk.offset + at) / m_row];
}

void ArceeFusion::compute(const Chunk& chunk, std::span<float> out) const {
  Divergence rows(m_precise);
  for (std::size_t at = 0; at < out.size(); at += m_row) {
    takeImportant(base(chunk, at), other(chunk, at), divergence(chunk, at, rows), m_threshold, out.subspan(at, m_row));
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
