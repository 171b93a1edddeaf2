// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "core/methods/random_sparsifier.h"
#include "core/support/random.h"
#include "core/tensor/selection_kernels.h"

namespace layerloom {
namespace {

/// Keeps each entry with the same probability.
class EvenDrawer : public EntryDrawer {
 public:
  EvenDrawer(const RandomStream& stream, std::uint32_t last) : m_stream(stream), m_last(last) {}

  std::size_t run() const override { return kRun; }
  void draw(std::uint64_t first, std::span<const float> delta, std::span<std::uint64_t> bits) const override {
    std::array<std::uint32_t, kRun> draws;
    m_stream.fill(first, std::span(draws).first(delta.size()));
    chooseDrawn(std::span(draws).first(delta.size()), m_last, bits);
  }

 private:
  static constexpr std::size_t kRun = 1024;

  const RandomStream m_stream;
  const std::uint32_t m_last;  ///< the greatest draw with which an entry is kept
};

}  // namespace

std::unique_ptr<Sparsifier> makeRandomSparsifier(double density, bool rescale, const MergeSettings& settings, std::size_t input) {
  if (density >= 1) {
    return nullptr;
  }
  const std::uint64_t threshold = drawThreshold(density);
  if (threshold == 0) {
    return makeDropAll();
  }
  const RandomStream stream(settings.seed, settings.inputs[input].model, settings.tensor);
  return makeDrawnSparsifier(std::make_unique<EvenDrawer>(stream, static_cast<std::uint32_t>(threshold - 1)), rescale,
                             settings.elements);
}

}  // namespace layerloom
