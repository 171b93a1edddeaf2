// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/weighted_sum.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/methods/entry_kernels.h"
#include "core/methods/gram.h"
#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

class Linear : public TensorMerge {
 public:
  Linear(std::vector<float> weights, float divisor) : m_weights(std::move(weights)), m_divisor(divisor) {}

  void compute(const Chunk& chunk, std::span<float> out) const override {
    weightedSum(chunk, m_weights, out);
    if (m_divisor != 1) {
      divide(out, m_divisor);
    }
  }
  std::vector<std::optional<double>> factors() const override {
    std::vector<std::optional<double>> factors(m_weights.begin(), m_weights.end());
    for (auto& factor : factors) {
      *factor /= m_divisor;
    }
    return factors;
  }
  std::optional<SpanSettings> span() const override { return fixedSpan(factors()); }

 private:
  const std::vector<float> m_weights;
  const float m_divisor;
};

}  // namespace

void weightedSum(const Chunk& chunk, std::span<const float> coefficients, std::span<float> out) {
  std::vector<std::size_t> counted;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (coefficients[i] != 0) {
      counted.push_back(i);
    }
  }
  if (counted.empty()) {
    std::fill(out.begin(), out.end(), 0.0F);
    return;
  }
  const auto input = [&](std::size_t i) { return chunk.inputs[counted[i]]; };
  const auto factor = [&](std::size_t i) { return coefficients[counted[i]]; };
  if (counted.size() == 1) {
    scale(input(0), factor(0), out);
    return;
  }
  scaleTwo(input(0), factor(0), input(1), factor(1), out);
  for (std::size_t i = 2; i < counted.size(); ++i) {
    addScaled(input(i), factor(i), out);
  }
}

void preciseSum(const Chunk& chunk, std::span<const std::size_t> inputs, std::span<const double> coefficients, std::size_t at,
                std::span<float> out, Narrowing narrowing) {
  std::vector<const float*> counted;
  std::vector<double> factors;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (coefficients[i] != 0) {
      counted.push_back(chunk.inputs[inputs[i]].data() + at);
      factors.push_back(coefficients[i]);
    }
  }
  if (counted.empty()) {
    std::fill(out.begin(), out.end(), 0.0F);
  } else {
    sumScaled(counted, factors, narrowing, out);
  }
}

Result<std::unique_ptr<TensorMerge>> makeLinear(const MergeSettings& settings) {
  float sum = 0;
  std::vector<float> weights;
  const bool normalizes = settings.flag("normalize");
  for (std::size_t i = 0; i < settings.inputs.size(); ++i) {
    weights.push_back(static_cast<float>(settings.value(i, "weight")));
    sum += weights.back();
  }
  if (normalizes && sum == 0) {
    return refused(fmt::format("tensor \"{}\": the merge weights sum to 0, so they cannot be normalised", escaped(settings.tensor)),
                   "change a weight, or set normalize to false");
  }
  // A lone weight divided by itself is 1, whatever it is: that model comes out bit for bit.
  const auto used = std::count_if(weights.begin(), weights.end(), [](float weight) { return weight != 0; });
  if (normalizes && used == 1) {
    std::replace_if(weights.begin(), weights.end(), [](float weight) { return weight != 0; }, 1.0F);
    sum = 1;
  }
  return std::make_unique<Linear>(std::move(weights), normalizes ? sum : 1.0F);
}

}  // namespace layerloom
