// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/support/random.h"

namespace layerloom::bench {

/// Random numbers of the standard normal distribution (cut at about 4.4), addressed by position as those of RandomStream.
class NormalNumbers {
 public:
  NormalNumbers(std::uint64_t seed, std::string_view model, std::string_view tensor) : m_stream(seed, model, tensor) {}

  /// Fills `out` with the numbers at positions first, first + 1, …; `first` must be a multiple of 4.
  void fill(std::uint64_t first, std::span<float> out);

 private:
  RandomStream m_stream;
  std::vector<std::uint32_t> m_uniform;
};

}  // namespace layerloom::bench
