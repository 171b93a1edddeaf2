// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/nearswap.h"

#include <fmt/format.h>

#include "core/methods/entry_kernels.h"
#include "core/methods/passthrough.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

class Nearswap : public TensorMerge {
 public:
  explicit Nearswap(const MergeSettings& settings)
      : m_t(settings.value("t")), m_base(*settings.base), m_narrowing(settings.narrowing) {}

  void compute(const Chunk& chunk, std::span<float> out) const override {
    swapNear(chunk.inputs[m_base], chunk.inputs[1 - m_base], m_t, m_narrowing, out);
  }

 private:
  const double m_t;
  const std::size_t m_base;
  const Narrowing m_narrowing;
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
  return std::make_unique<Nearswap>(settings);
}

}  // namespace layerloom
