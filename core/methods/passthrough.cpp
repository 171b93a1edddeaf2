// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/passthrough.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/methods/gram.h"
#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

class Passthrough : public TensorMerge {
 public:
  explicit Passthrough(double factor) : m_factor(static_cast<float>(factor)) {}

  void compute(const Chunk& chunk, std::span<float> out) const override { scale(chunk.inputs[0], m_factor, out); }
  std::vector<std::optional<double>> factors() const override { return {m_factor}; }
  std::optional<SpanSettings> span() const override { return fixedSpan(factors()); }

 private:
  const float m_factor;
};

class Copy : public TensorMerge {
 public:
  explicit Copy(std::size_t input) : m_input(input) {}

  void compute(const Chunk& chunk, std::span<float> out) const override {
    std::copy(chunk.inputs[m_input].begin(), chunk.inputs[m_input].end(), out.begin());
  }
  std::vector<std::optional<double>> factors() const override {
    std::vector<std::optional<double>> factors(m_input + 1);
    factors[m_input] = 1;
    return factors;
  }
  std::optional<SpanSettings> span() const override { return fixedSpan(factors()); }

 private:
  const std::size_t m_input;
};

}  // namespace

std::unique_ptr<TensorMerge> makeCopy(std::size_t input) {
  return std::make_unique<Copy>(input);
}

Result<std::unique_ptr<TensorMerge>> makePassthrough(const MergeSettings& settings) {
  if (settings.inputs.size() != 1) {
    return refused(fmt::format("tensor \"{}\": passthrough takes exactly one model", escaped(settings.tensor)),
                   "list one model per slice");
  }
  return std::make_unique<Passthrough>(settings.value(0, "scale"));
}

}  // namespace layerloom
