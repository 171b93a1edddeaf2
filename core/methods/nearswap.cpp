// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/nearswap.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/methods/passthrough.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr double kLeastDifference = 1e-6;

class Nearswap : public TensorMerge {
 public:
  Nearswap(double t, std::size_t base) : m_t(t), m_base(base) {}

  void compute(const Chunk& chunk, std::span<float> out) const override {
    const auto bases = chunk.inputs[m_base];
    const auto others = chunk.inputs[1 - m_base];
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double base = bases[i];
      const double other = others[i];
      const double share = std::clamp(m_t / std::max(std::abs(base - other), kLeastDifference), 0.0, 1.0);
      // A share of 0 or 1 leaves the other value out, also where it is infinite.
      const double mixed = share == 0 ? base : share == 1 ? other : share * other + (1 - share) * base;
      out[i] = static_cast<float>(mixed);
    }
  }

 private:
  const double m_t;
  const std::size_t m_base;
};

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeNearswap(const MergeSettings& settings) {
  if (settings.inputs.size() == 1 && settings.base) {
    return makeCopy();
  }
  if (settings.inputs.size() != 2 || !settings.base) {
    return refused(fmt::format("tensor \"{}\": nearswap takes the base model and exactly one other model",
                               escaped(settings.tensor)),
                   "list two models, one of them the base model");
  }
  return std::make_unique<Nearswap>(settings.value("t"), *settings.base);
}

}  // namespace layerloom
