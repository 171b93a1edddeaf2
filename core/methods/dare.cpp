// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "core/methods/random_sparsifier.h"
#include "core/support/random.h"
#include "core/tensor/selection_kernels.h"

namespace layerloom {
namespace {

/// Keeps each entry with the same probability.
///
/// An entry is kept when its random number, a fraction in binary digits, is below the probability. Digits are drawn for many entries at a
/// time, and only until the first one in which number and probability differ has turned up for each: one digit for a probability of one
/// half, about a dozen for others.
class EvenDrawer : public EntryDrawer {
 public:
  EvenDrawer(const RandomStream& stream, std::uint32_t threshold) : m_stream(stream), m_threshold(threshold) {}

  std::size_t run() const override { return kRun; }
  bool isBlind() const override { return true; }
  void draw(std::uint64_t first, std::size_t count, std::span<const float>, std::span<std::uint64_t> bits) const override {
    constexpr std::size_t kWords = wordsFor(kRun);
    std::array<std::uint64_t, kWords> kept{};
    std::array<std::uint64_t, kWords> undecided;
    undecided.fill(~std::uint64_t{0});
    std::uint64_t anyUndecided = 1;
    std::uint32_t rest = m_threshold;  // the digits that follow, the next one on top; where all are 0, no number is below any more
    for (std::uint64_t digit = 0; rest != 0 && anyUndecided != 0; ++digit, rest <<= 1) {
      std::array<std::uint32_t, 2 * kWords> numbers;
      m_stream.fill((digit << kDigitShift) + first / 32, numbers);
      const std::uint64_t belowOne = rest >> 31 != 0 ? ~std::uint64_t{0} : 0;
      anyUndecided = 0;
      for (std::size_t i = 0; i < kWords; ++i) {
        const std::uint64_t ones = numbers[2 * i] | std::uint64_t{numbers[2 * i + 1]} << 32;
        kept[i] |= undecided[i] & ~ones & belowOne;
        undecided[i] &= ~(ones ^ belowOne);
        anyUndecided |= undecided[i];
      }
    }
    const std::size_t words = wordsFor(count);
    std::copy_n(kept.begin(), words, bits.begin());
    if (const std::size_t used = count % kBitsPerWord; used != 0) {
      bits[words - 1] &= (std::uint64_t{1} << used) - 1;
    }
  }

 private:
  static constexpr std::size_t kRun = 1024;
  static constexpr unsigned kDigitShift = 59;  ///< 32 digits fill the stream; each has room for 32 · 2^59 entries

  const RandomStream m_stream;
  const std::uint32_t m_threshold;  ///< the probability in units of 2^-32
};

}  // namespace

std::unique_ptr<Sparsifier> makeRandomSparsifier(double density, bool rescale, const MergeSettings& settings, std::size_t input) {
  if (density >= 1) {
    return nullptr;
  }
  // Less than 2^32, which would mean always, for a density that rounds up to 1.
  const auto threshold = static_cast<std::uint32_t>(std::min<std::uint64_t>(drawThreshold(density), 0xFFFFFFFF));
  if (threshold == 0) {
    return makeDropAll();
  }
  const RandomStream stream(settings.seed, settings.inputs[input].model, settings.tensor);
  return makeDrawnSparsifier(std::make_unique<EvenDrawer>(stream, threshold), rescale, settings, input);
}

}  // namespace layerloom
