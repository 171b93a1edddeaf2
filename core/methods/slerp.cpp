// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/slerp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/methods/weighted_sum.h"
#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

constexpr double kNearlyColinear = 0.9995;
constexpr double kNoNorm = 1e-8;

/// The entries of the Gram matrix of two inputs.
class GramObservation : public Observation {
 public:
  void observe(const Chunk& chunk) override {
    first += dot(chunk.inputs[0], chunk.inputs[0]);
    second += dot(chunk.inputs[1], chunk.inputs[1]);
    mixed += dot(chunk.inputs[0], chunk.inputs[1]);
  }

  double first = 0;
  double second = 0;
  double mixed = 0;
};

class Slerp : public TensorMerge {
 public:
  Slerp(double t, std::size_t base) : m_t(t), m_base(base) {}

  int mostPasses() const override { return 2; }
  bool needsPass() const override { return !m_seen; }
  std::unique_ptr<Observation> startObservation() const override { return std::make_unique<GramObservation>(); }
  void absorb(Observation& observation) override {
    const auto& gram = static_cast<const GramObservation&>(observation);
    m_gram.first += gram.first;
    m_gram.second += gram.second;
    m_gram.mixed += gram.mixed;
  }
  void endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override { weightedSum(chunk, m_coefficients, out); }

 private:
  const double m_t;
  const std::size_t m_base;
  bool m_seen = false;
  GramObservation m_gram;
  std::array<float, 2> m_coefficients{};
};

double normFrom(double squared) {
  const double norm = std::sqrt(squared);
  return norm > kNoNorm ? norm : 1.0;
}

void Slerp::endPass() {
  m_seen = true;
  const double cosine = std::clamp(m_gram.mixed / (normFrom(m_gram.first) * normFrom(m_gram.second)), -1.0, 1.0);
  double ofBase = 1 - m_t;
  double ofOther = m_t;
  if (std::abs(cosine) <= kNearlyColinear) {
    const double angle = std::acos(cosine);
    ofBase = std::sin((1 - m_t) * angle) / std::sin(angle);
    ofOther = std::sin(m_t * angle) / std::sin(angle);
  }
  m_coefficients[m_base] = static_cast<float>(ofBase);
  m_coefficients[1 - m_base] = static_cast<float>(ofOther);
}

class Copy : public TensorMerge {
 public:
  void compute(const Chunk& chunk, std::span<float> out) const override {
    std::copy(chunk.inputs[0].begin(), chunk.inputs[0].end(), out.begin());
  }
};

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeSlerp(const MergeSettings& settings) {
  if (settings.inputs.size() == 1) {
    return std::make_unique<Copy>();
  }
  if (settings.inputs.size() != 2 || !settings.base) {
    return refused(fmt::format("tensor \"{}\": slerp takes the base model and exactly one other model", escaped(settings.tensor)),
                   "list two models, one of them the base model");
  }
  return std::make_unique<Slerp>(settings.value("t"), *settings.base);
}

}  // namespace layerloom
