// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>

#include "core/methods/sparsifier.h"
#include "core/support/random.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

/// Draws for consecutive elements, a block at a time.
constexpr std::size_t kBlock = 1024;

class SumView : public Sparsifier::View {
 public:
  SumView(const RandomStream& stream, std::uint64_t threshold) : m_stream(stream), m_threshold(threshold) {}

  void observe(std::uint64_t first, std::span<const float> delta) override {
    all += sumAbs(delta);
    std::array<std::uint32_t, kBlock> draws{};
    for (std::size_t at = 0; at < delta.size(); at += kBlock) {
      const auto block = delta.subspan(at, std::min(kBlock, delta.size() - at));
      m_stream.fill(first + at, std::span(draws).first(block.size()));
      for (std::size_t i = 0; i < block.size(); ++i) {
        kept += draws[i] < m_threshold ? std::abs(static_cast<double>(block[i])) : 0.0;
      }
    }
  }

  double all = 0;
  double kept = 0;

 private:
  const RandomStream& m_stream;
  const std::uint64_t m_threshold;
};

class RandomSparsifier : public Sparsifier {
 public:
  RandomSparsifier(RandomStream stream, double density, bool rescale)
      : m_stream(stream), m_threshold(drawThreshold(density)), m_rescale(rescale), m_needsPass(rescale) {}

  int mostPasses() const override { return m_rescale ? 1 : 0; }
  bool needsPass() const override { return m_needsPass; }
  std::unique_ptr<View> startView() const override { return std::make_unique<SumView>(m_stream, m_threshold); }
  void absorb(View& view) override {
    m_all += static_cast<const SumView&>(view).all;
    m_kept += static_cast<const SumView&>(view).kept;
  }
  void endPass() override {
    m_factor = rescaleFactor(m_all, m_kept);
    m_needsPass = false;
  }
  void apply(Cursor&, std::uint64_t first, std::span<float> delta) const override {
    std::array<std::uint32_t, kBlock> draws{};
    for (std::size_t at = 0; at < delta.size(); at += kBlock) {
      const auto block = delta.subspan(at, std::min(kBlock, delta.size() - at));
      m_stream.fill(first + at, std::span(draws).first(block.size()));
      for (std::size_t i = 0; i < block.size(); ++i) {
        block[i] = draws[i] < m_threshold ? block[i] * m_factor : 0.0F;
      }
    }
  }

 private:
  const RandomStream m_stream;
  const std::uint64_t m_threshold;
  const bool m_rescale;
  bool m_needsPass;
  double m_all = 0;
  double m_kept = 0;
  float m_factor = 1;
};

}  // namespace

std::unique_ptr<Sparsifier> makeRandomSparsifier(double density, bool rescale, std::uint64_t seed, const std::string& model,
                                                 const std::string& tensor) {
  if (density >= 1) {
    return nullptr;
  }
  return std::make_unique<RandomSparsifier>(RandomStream(seed, model, tensor), density, rescale);
}

}  // namespace layerloom
