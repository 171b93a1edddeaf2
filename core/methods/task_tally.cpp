// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/task_tally.h"

#include <cstdint>
#include <vector>

namespace layerloom {

// All numbers have 32 bits, so that the loops run over vectors.
void countTasks(std::span<const float> deltas, std::size_t stride, std::span<const float> total, std::span<const std::size_t> inputs, MergeTally& tally) {
  thread_local std::vector<std::uint32_t> signs;
  signs.assign(total.size(), 0);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto delta = deltas.subspan(i * stride, total.size());
    for (std::size_t at = 0; at < delta.size(); ++at) {
      signs[at] |= (delta[at] > 0 ? 1U : 0U) | (delta[at] < 0 ? 2U : 0U);
    }
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto delta = deltas.subspan(i * stride, total.size());
    std::uint32_t kept = 0;
    std::uint32_t disputed = 0;
    std::uint32_t won = 0;
    for (std::size_t at = 0; at < delta.size(); ++at) {
      const std::uint32_t above = delta[at] > 0 ? 1 : 0;
      const std::uint32_t own = delta[at] != 0 ? 1 : 0;
      const std::uint32_t open = own & (signs[at] == 3 ? 1U : 0U);
      const std::uint32_t elected = total[at] >= 0 ? 1 : 0;
      kept += own;
      disputed += open;
      won += open & (above ^ elected ^ 1U);
    }
    InputTally& input = *tally.inputs[inputs[i]];
    input.kept += kept;
    input.won += won;
    input.lost += disputed - won;
  }
}

}  // namespace layerloom
