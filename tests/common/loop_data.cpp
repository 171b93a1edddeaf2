// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/common/loop_data.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <random>

namespace layerloom::test {

std::uint32_t magnitudeOf(float value) {
  return std::bit_cast<std::uint32_t>(std::fabs(value));
}

std::vector<std::uint32_t> bitsOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  std::transform(values.begin(), values.end(), std::back_inserter(bits), [](float value) { return std::bit_cast<std::uint32_t>(value); });
  return bits;
}

std::vector<float> oddValues(std::size_t size, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> found(size);
  for (std::size_t i = 0; i < size; ++i) {
    found[i] = i % 5 == 0 ? std::round(normal(generator) * 4) / 4 : normal(generator);
  }
  const float odd[] = {0.0F, -0.0F, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::denorm_min(),
                       std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::max()};
  for (std::size_t i = 0; i < std::size(odd) && 20 * i + 9 < size; ++i) {
    found[20 * i + 9] = odd[i];
  }
  return found;
}

std::vector<std::uint32_t> draws(std::size_t size, std::uint32_t seed, std::uint32_t most) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<std::uint32_t> even(0, most);
  std::vector<std::uint32_t> found(size);
  std::generate(found.begin(), found.end(), [&] { return even(generator); });
  return found;
}

}  // namespace layerloom::test
