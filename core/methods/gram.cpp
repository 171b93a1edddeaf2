// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/gram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/methods/weighted_sum.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

/// Differences from the origin are taken over pieces this long, so that those of all inputs stay in the cache.
constexpr std::size_t kPiece = 4096;

/// Adds up the Gram matrix of elements of chunks.
class GramReader {
 public:
  explicit GramReader(const SpanSettings& settings) : gram(settings.vectors.size()), m_settings(settings) {}

  void read(const Chunk& chunk, std::size_t at, std::size_t size) {
    if (gram.vectors() == 2) {
      const auto input = [&](std::size_t which) { return chunk.inputs[which].subspan(at, size); };
      const auto origin = m_settings.origin ? input(*m_settings.origin) : std::span<const float>();
      gram.add(products(input(m_settings.vectors[0]), input(m_settings.vectors[1]), origin));
      return;
    }
    m_pieces.resize(m_settings.vectors.size());
    m_deltas.resize(m_settings.origin ? m_settings.vectors.size() * kPiece : 0);
    const std::size_t step = m_settings.origin ? kPiece : std::max<std::size_t>(1, size);
    for (std::size_t done = 0; done < size; done += step) {
      const std::size_t length = std::min(step, size - done);
      for (std::size_t i = 0; i < m_settings.vectors.size(); ++i) {
        m_pieces[i] = chunk.inputs[m_settings.vectors[i]].subspan(at + done, length);
        if (m_settings.origin) {
          const auto delta = std::span(m_deltas).subspan(i * kPiece, length);
          subtract(m_pieces[i], chunk.inputs[*m_settings.origin].subspan(at + done, length), delta);
          m_pieces[i] = delta;
        }
      }
      gram.add(m_pieces);
    }
  }

  Gram gram;

 private:
  const SpanSettings& m_settings;
  std::vector<std::span<const float>> m_pieces;
  std::vector<float> m_deltas;
};

class GramObservation : public Observation {
 public:
  explicit GramObservation(const SpanSettings& settings) : reader(settings) {}
  void observe(const Chunk& chunk) override { reader.read(chunk, 0, chunk.size()); }

  GramReader reader;
};

class SpanMerge : public TensorMerge {
 public:
  explicit SpanMerge(SpanSettings settings)
      : m_settings(std::move(settings)), m_inputs(m_settings.vectors), m_gram(m_settings.vectors.size()) {
    if (m_settings.origin) {
      m_inputs.push_back(*m_settings.origin);
    }
    m_coefficients.resize(m_inputs.size());
  }

  std::uint64_t chunkElements() const override { return m_settings.chunkElements; }
  int usualPasses() const override { return m_settings.row > 0 ? 1 : 2; }
  bool needsPass() const override { return m_settings.row == 0 && !m_seen; }
  std::unique_ptr<Observation> startObservation() const override {
    return std::make_unique<GramObservation>(m_settings);
  }
  void absorb(Observation& observation) override { m_gram.add(static_cast<GramObservation&>(observation).reader.gram); }
  Status endPass() override {
    m_seen = true;
    return m_settings.coefficients(m_gram, m_coefficients);
  }
  void compute(const Chunk& chunk, std::span<float> out) const override {
    if (m_settings.row == 0) {
      preciseSum(chunk, m_inputs, m_coefficients, 0, out, m_settings.narrowing);
    } else {
      computeRows(chunk, out);
    }
  }
  bool looksAtRows() const override { return m_settings.row > 0; }
  std::vector<std::optional<double>> factors() const override;
  std::optional<SpanSettings> span() const override {
    return m_settings.row == 0 ? std::optional(m_settings) : std::nullopt;
  }

 private:
  void computeRows(const Chunk& chunk, std::span<float> out) const;

  const SpanSettings m_settings;
  std::vector<std::size_t> m_inputs;
  Gram m_gram;
  bool m_seen = false;
  std::vector<double> m_coefficients;
};

std::vector<std::optional<double>> SpanMerge::factors() const {
  std::vector<std::optional<double>> factors;
  for (std::size_t i = 0; i < m_inputs.size() && m_settings.row == 0; ++i) {
    factors.resize(std::max(factors.size(), m_inputs[i] + 1));
    factors[m_inputs[i]] = m_coefficients[i];
  }
  return factors;
}

void SpanMerge::computeRows(const Chunk& chunk, std::span<float> out) const {
  GramReader reader(m_settings);
  std::vector<double> coefficients(m_inputs.size());
  for (std::size_t at = 0; at < out.size(); at += m_settings.row) {
    const auto row = out.subspan(at, std::min<std::size_t>(m_settings.row, out.size() - at));
    reader.gram.clear();
    reader.read(chunk, at, row.size());
    if (!m_settings.coefficients(reader.gram, coefficients)) {
      std::fill(coefficients.begin(), coefficients.end(), 0.0);
    }
    preciseSum(chunk, m_inputs, coefficients, at, row, m_settings.narrowing);
  }
}

}  // namespace

double Gram::norm(std::size_t i) const {
  return std::sqrt(at(i, i));
}

double Gram::cosine(std::size_t i, std::size_t j, double leastNorms) const {
  // One root of the product, not a product of roots: it is exact where both vectors are the same.
  return std::clamp(at(i, j) / std::max(std::sqrt(at(i, i) * at(j, j)), leastNorms), -1.0, 1.0);
}

void Gram::clear() {
  std::fill(m_products.begin(), m_products.end(), 0.0);
}

void Gram::add(const Gram& other) {
  std::transform(m_products.begin(), m_products.end(), other.m_products.begin(), m_products.begin(), std::plus<>());
}

void Gram::add(const Products& pair) {
  m_products[0] += pair.first;
  m_products[1] += pair.mixed;
  m_products[2] += pair.mixed;
  m_products[3] += pair.second;
}

void Gram::add(const std::vector<std::span<const float>>& pieces) {
  for (std::size_t i = 0; i < m_vectors; ++i) {
    for (std::size_t j = i; j < m_vectors; ++j) {
      const double product = dot(pieces[i], pieces[j]);
      m_products[i * m_vectors + j] += product;
      if (j != i) {
        m_products[j * m_vectors + i] += product;
      }
    }
  }
}

std::unique_ptr<TensorMerge> makeSpanMerge(SpanSettings settings) {
  return std::make_unique<SpanMerge>(std::move(settings));
}

SpanSettings fixedSpan(const std::vector<std::optional<double>>& coefficients) {
  SpanSettings span;
  span.vectors.resize(coefficients.size());
  std::iota(span.vectors.begin(), span.vectors.end(), std::size_t{0});
  span.coefficients = [coefficients](const Gram&, std::span<double> out) -> Status {
    std::transform(coefficients.begin(), coefficients.end(), out.begin(),
                   [](const std::optional<double>& coefficient) { return coefficient.value_or(0); });
    return {};
  };
  return span;
}

std::vector<std::size_t> inputsBesideBase(const MergeSettings& settings) {
  std::vector<std::size_t> inputs;
  for (std::size_t i = 0; i < settings.inputs.size(); ++i) {
    if (settings.base != i) {
      inputs.push_back(i);
    }
  }
  return inputs;
}

}  // namespace layerloom
