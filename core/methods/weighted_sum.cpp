// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/weighted_sum.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

class Linear : public TensorMerge {
 public:
  explicit Linear(std::vector<float> coefficients) : m_coefficients(std::move(coefficients)) {}

  void compute(const Chunk& chunk, std::span<float> out) const override { weightedSum(chunk, m_coefficients, out); }

 private:
  const std::vector<float> m_coefficients;
};

}  // namespace

void weightedSum(const Chunk& chunk, std::span<const float> coefficients, std::span<float> out) {
  bool first = true;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (coefficients[i] == 0) {
      continue;
    }
    if (first) {
      scale(chunk.inputs[i], coefficients[i], out);
      first = false;
    } else {
      addScaled(chunk.inputs[i], coefficients[i], out);
    }
  }
  if (first) {
    std::fill(out.begin(), out.end(), 0.0F);
  }
}

Result<std::unique_ptr<TensorMerge>> makeLinear(const MergeSettings& settings) {
  double sum = 0;
  for (const InputSettings& input : settings.inputs) {
    sum += input.weight;
  }
  if (settings.normalize && sum == 0) {
    return refused(fmt::format("tensor \"{}\": the merge weights sum to 0, so they cannot be normalised", escaped(settings.tensor)),
                   "change a weight, or set normalize to false");
  }
  std::vector<float> coefficients;
  for (const InputSettings& input : settings.inputs) {
    coefficients.push_back(static_cast<float>(settings.normalize ? input.weight / sum : input.weight));
  }
  return std::make_unique<Linear>(std::move(coefficients));
}

}  // namespace layerloom
