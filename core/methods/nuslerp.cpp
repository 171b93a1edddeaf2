// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/methods/entry_kernels.h"
#include "core/methods/gram.h"
#include "core/methods/passthrough.h"
#include "core/methods/rows.h"
#include "core/methods/slerp.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr double kLeastNorm = 1e-7;
constexpr double kLeastWeightSum = 1e-6;
/// 1 − cos² up to this is parallel. mergekit's 1e-16 is no more than the rounding of cos² even in float64.
constexpr double kParallel = 1e-14;

/// Inner products of one pair of vectors.
struct Pair {
  double first = 0;
  double second = 0;
  double mixed = 0;
};

struct PairCoefficients {
  double first = 0;
  double second = 0;
  double origin = 0;
};

double cosineOf(const Pair& pair) {
  const double first = std::sqrt(pair.first);
  const double second = std::sqrt(pair.second);
  const bool tiny = first < kLeastNorm || second < kLeastNorm;
  const double norms =
      tiny ? std::max(first, kLeastNorm) * std::max(second, kLeastNorm) : std::sqrt(pair.first * pair.second);
  return std::clamp(pair.mixed / norms, -1.0, 1.0);
}

PairCoefficients interpolate(double t, const Pair& pair) {
  const double cosine = cosineOf(pair);
  if ((1 - cosine) * (1 + cosine) <= kParallel || t == 0 || t == 1) {
    return {1 - t, t, 0};
  }
  const double angle = std::acos(cosine);
  const double first = std::sin((1 - t) * angle) / std::sin(angle);
  const double second = std::sin(t * angle) / std::sin(angle);
  return {first, second, 1 - first - second};
}

/// Sums over the vectors along the first axis of consecutive elements: at most one entry per vector, and none for
/// vectors not seen.
class ColumnObservation : public Observation {
 public:
  ColumnObservation(const std::vector<std::size_t>& inputs, std::optional<std::size_t> base, std::uint64_t columns)
      : m_inputs(inputs), m_base(base), m_columns(columns) {}

  void observe(const Chunk& chunk) override {
    if (m_seen == 0) {
      first = chunk.offset;
    }
    pairs.resize(std::min<std::uint64_t>(m_columns, m_seen + chunk.size()));
    for (std::size_t at = 0; at < chunk.size();) {
      const std::uint64_t column = m_seen % m_columns;
      const std::size_t run = std::min<std::uint64_t>(m_columns - column, chunk.size() - at);
      const auto origin = m_base ? chunk.inputs[*m_base].subspan(at, run) : std::span<const float>();
      addProducts(chunk.inputs[m_inputs[0]].subspan(at, run), chunk.inputs[m_inputs[1]].subspan(at, run), origin, pairs,
                  column);
      at += run;
      m_seen += run;
    }
  }

  std::uint64_t first = 0;
  PairSums pairs;

 private:
  const std::vector<std::size_t>& m_inputs;
  const std::optional<std::size_t> m_base;
  const std::uint64_t m_columns;
  std::uint64_t m_seen = 0;
};

/// One slerp for each vector along the first axis.
class ColumnMerge : public TensorMerge {
 public:
  ColumnMerge(const MergeSettings& settings, std::vector<std::size_t> inputs, double t, std::uint64_t columns)
      : m_inputs(std::move(inputs)),
        m_base(settings.base),
        m_t(t),
        m_columns(columns),
        m_narrowing(settings.narrowing),
        m_summed(m_inputs) {
    m_pairs.resize(columns);
    if (m_base) {
      m_summed.push_back(*m_base);
    }
  }

  int usualPasses() const override { return 2; }
  bool needsPass() const override { return m_coefficients.empty(); }
  std::unique_ptr<Observation> startObservation() const override {
    return std::make_unique<ColumnObservation>(m_inputs, m_base, m_columns);
  }
  void absorb(Observation& observation) override;
  Status endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override;

 private:
  const std::vector<std::size_t> m_inputs;
  const std::optional<std::size_t> m_base;
  const double m_t;
  const std::uint64_t m_columns;
  const Narrowing m_narrowing;
  std::vector<std::size_t> m_summed;  ///< the inputs of the result: both vectors, and the origin where there is one
  PairSums m_pairs;
  std::vector<std::vector<double>> m_coefficients;  ///< per input, one per column
};

void ColumnMerge::absorb(Observation& observation) {
  const auto& seen = static_cast<const ColumnObservation&>(observation);
  for (std::size_t i = 0; i < seen.pairs.size(); ++i) {
    const std::size_t column = (seen.first + i) % m_columns;
    m_pairs.first[column] += seen.pairs.first[i];
    m_pairs.second[column] += seen.pairs.second[i];
    m_pairs.mixed[column] += seen.pairs.mixed[i];
  }
}

Status ColumnMerge::endPass() {
  m_coefficients.assign(m_summed.size(), std::vector<double>(m_columns));
  for (std::size_t column = 0; column < m_columns; ++column) {
    const Pair pair{m_pairs.first[column], m_pairs.second[column], m_pairs.mixed[column]};
    const PairCoefficients of = interpolate(m_t, pair);
    m_coefficients[0][column] = of.first;
    m_coefficients[1][column] = of.second;
    if (m_base) {
      m_coefficients[2][column] = of.origin;
    }
  }
  m_pairs = {};
  return {};
}

void ColumnMerge::compute(const Chunk& chunk, std::span<float> out) const {
  for (std::size_t at = 0; at < out.size();) {
    const std::uint64_t column = (chunk.offset + at) % m_columns;
    const std::size_t run = std::min<std::uint64_t>(m_columns - column, out.size() - at);
    combineElements(beginsOf(chunk, m_summed, at), m_coefficients, column, m_narrowing, out.subspan(at, run));
    at += run;
  }
}

std::unique_ptr<TensorMerge> makeSpan(const MergeSettings& settings, std::vector<std::size_t> inputs, double t,
                                      std::uint64_t row, std::uint64_t chunkElements) {
  SpanSettings span;
  span.narrowing = settings.narrowing;
  span.vectors = std::move(inputs);
  span.origin = settings.base;
  span.row = row;
  span.chunkElements = chunkElements;
  span.coefficients = [t](const Gram& gram, std::span<double> coefficients) -> Status {
    const PairCoefficients of = interpolate(t, {gram.at(0, 0), gram.at(1, 1), gram.at(0, 1)});
    coefficients[0] = of.first;
    coefficients[1] = of.second;
    if (coefficients.size() > 2) {
      coefficients[2] = of.origin;
    }
    return {};
  };
  return makeSpanMerge(std::move(span));
}

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeNuslerp(const MergeSettings& settings) {
  if (settings.inputs.size() == 1) {
    return makeCopy();
  }
  std::vector<std::size_t> inputs = inputsBesideBase(settings);
  if (inputs.size() != 2) {
    return refused(
        fmt::format("tensor \"{}\": nuslerp takes exactly two models beside the base model", escaped(settings.tensor)),
        "list two models");
  }
  const double second = settings.value(inputs[1], "weight");
  const double sum = settings.value(inputs[0], "weight") + second;
  const double t = std::abs(sum) < kLeastWeightSum ? 0.5 : second / sum;
  const std::uint64_t row = rowElements(settings);
  const std::uint64_t leading = settings.shape.empty() ? 1 : settings.shape.front();
  const bool columnWise = settings.flag("nuslerp_row_wise");
  const bool oneVector = columnWise ? leading == settings.elements : row == settings.elements;
  if (settings.flag("nuslerp_flatten") || oneVector || settings.elements == 0) {
    return makeSpan(settings, std::move(inputs), t, 0, kChunkElements);
  }
  if (columnWise) {
    return std::make_unique<ColumnMerge>(settings, std::move(inputs), t, settings.elements / leading);
  }
  LAYERLOOM_TRY(const std::uint64_t chunk, chunkOfRows(settings, row));
  return makeSpan(settings, std::move(inputs), t, row, chunk);
}

}  // namespace layerloom
