// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "core/methods/rank_selection.h"
#include "core/methods/sparsifier.h"
#include "core/support/random.h"
#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

/// Draws for consecutive elements, a block at a time.
constexpr std::size_t kDraws = 1024;

/// How the elements of a tensor stand in rows along the second axis: a block holds `stride` rows of `length`, element i
/// of a row `stride` elements from the next.
struct RowShape {
  std::size_t length = 1;
  std::size_t stride = 1;
};

RowShape rowShape(const MergeSettings& settings) {
  RowShape shape;
  if (settings.shape.size() < 2) {
    shape.length = static_cast<std::size_t>(std::max<std::uint64_t>(1, settings.elements));
    return shape;
  }
  shape.length = static_cast<std::size_t>(std::max<std::uint64_t>(1, settings.shape[1]));
  for (std::size_t axis = 2; axis < settings.shape.size(); ++axis) {
    shape.stride *= static_cast<std::size_t>(std::max<std::uint64_t>(1, settings.shape[axis]));
  }
  return shape;
}

/// An element of a row: magnitude bits above, place in the row below.
using Entry = std::uint64_t;

/// Sorts by magnitude and keeps equal ones in their order: three rounds of counting sort, over 11, 10 and 10 bits.
void sortByMagnitude(std::vector<Entry>& entries, std::vector<Entry>& scratch) {
  constexpr std::size_t kWorthCounting = 512;
  if (entries.size() < kWorthCounting) {
    std::sort(entries.begin(), entries.end());
    return;
  }
  scratch.resize(entries.size());
  std::array<std::uint32_t, 2048> starts{};
  for (const auto& [shift, bits] : {std::pair{32U, 11U}, std::pair{43U, 10U}, std::pair{53U, 10U}}) {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    starts.fill(0);
    for (const Entry entry : entries) {
      ++starts[(entry >> shift) & mask];
    }
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts) {
      sum += std::exchange(start, sum);
    }
    for (const Entry entry : entries) {
      scratch[starts[(entry >> shift) & mask]++] = entry;
    }
    entries.swap(scratch);
  }
}

/// Decides which entries of δ are kept.
class Drawer {
 public:
  Drawer(RandomStream stream, RowShape shape, double least, double greatest)
      : m_stream(stream), m_shape(shape), m_least(least), m_greatest(greatest) {}

  /// Calls take(i, kept) for each element of whole blocks, `first` being the place of the first in the tensor.
  template <typename Take>
  void draw(std::uint64_t first, std::span<const float> delta, const Take& take) const {
    const std::size_t block = m_shape.length * m_shape.stride;
    std::vector<Entry> entries;
    std::vector<Entry> scratch;
    std::vector<std::uint32_t> ranks(std::min(block, delta.size()));
    std::array<std::uint32_t, kDraws> draws{};
    for (std::size_t at = 0; at + block <= delta.size(); at += block) {
      for (std::size_t row = 0; row < m_shape.stride; ++row) {
        rankRow(delta.subspan(at + row), std::span(ranks).subspan(row), entries, scratch);
      }
      for (std::size_t i = 0; i < block;) {
        // The stream is read from places divisible by four.
        const std::uint64_t place = first + at + i;
        const std::size_t skipped = place % 4;
        const std::size_t count = std::min(kDraws - skipped, block - i);
        m_stream.fill(place - skipped, std::span(draws).first(skipped + count));
        for (std::size_t j = 0; j < count; ++j) {
          take(at + i + j, draws[skipped + j] < threshold(ranks[i + j]));
        }
        i += count;
      }
    }
  }

 private:
  void rankRow(std::span<const float> delta, std::span<std::uint32_t> ranks, std::vector<Entry>& entries,
               std::vector<Entry>& scratch) const {
    entries.resize(m_shape.length);
    for (std::size_t i = 0; i < m_shape.length; ++i) {
      entries[i] = (std::uint64_t{magnitudeBits(delta[i * m_shape.stride])} << 32) | i;
    }
    sortByMagnitude(entries, scratch);
    for (std::size_t rank = 0; rank < m_shape.length; ++rank) {
      ranks[static_cast<std::uint32_t>(entries[rank]) * m_shape.stride] = static_cast<std::uint32_t>(rank);
    }
  }

  std::uint64_t threshold(std::uint32_t rank) const {
    // The only entry of its row stands in the middle.
    const double height = m_shape.length > 1 ? rank / static_cast<double>(m_shape.length - 1) : 0.5;
    return drawThreshold(m_least + height * (m_greatest - m_least));
  }

  const RandomStream m_stream;
  const RowShape m_shape;
  const double m_least;
  const double m_greatest;
};

class DrawView : public Sparsifier::View {
 public:
  explicit DrawView(const Drawer& drawer) : m_drawer(drawer) {}

  void observe(std::uint64_t first, std::span<const float> delta) override {
    all += sumAbs(delta);
    m_drawer.draw(first, delta,
                  [&](std::size_t i, bool keep) { kept += keep ? std::abs(static_cast<double>(delta[i])) : 0.0; });
  }

  double all = 0;
  double kept = 0;

 private:
  const Drawer& m_drawer;
};

class RankedRandomSparsifier : public Sparsifier {
 public:
  RankedRandomSparsifier(const Drawer& drawer, bool rescale)
      : m_drawer(drawer), m_rescales(rescale), m_needsPass(rescale) {}

  int mostPasses() const override { return m_rescales ? 1 : 0; }
  bool needsPass() const override { return m_needsPass; }
  std::unique_ptr<View> startView() const override { return std::make_unique<DrawView>(m_drawer); }
  void absorb(View& view) override {
    m_all += static_cast<const DrawView&>(view).all;
    m_kept += static_cast<const DrawView&>(view).kept;
  }
  void endPass() override {
    m_factor = rescaleFactor(m_all, m_kept);
    m_needsPass = false;
  }
  void apply(Cursor&, std::uint64_t first, std::span<float> delta) const override {
    m_drawer.draw(first, delta, [&](std::size_t i, bool keep) { delta[i] = keep ? delta[i] * m_factor : 0.0F; });
  }

 private:
  const Drawer m_drawer;
  const bool m_rescales;
  bool m_needsPass;
  double m_all = 0;
  double m_kept = 0;
  float m_factor = 1;
};

}  // namespace

std::uint64_t rankedBlock(const MergeSettings& settings) {
  const RowShape shape = rowShape(settings);
  return static_cast<std::uint64_t>(shape.length) * shape.stride;
}

Result<std::unique_ptr<Sparsifier>> makeRankedRandomSparsifier(const MergeSettings& settings, std::size_t input) {
  const double density = settings.value(input, "density");
  const double epsilon = settings.value(input, "epsilon");
  if (density >= 1) {
    return nullptr;
  }
  if (density <= 0) {
    return makeDropAll();
  }
  if (!(density - epsilon > 0) || !(density + epsilon < 1)) {
    return refused(
        fmt::format(
            "tensor \"{}\": with density {} and epsilon {} the probabilities for \"{}\" would go from {} to {}, but "
            "they must lie between 0 and 1",
            escaped(settings.tensor), formatDouble(density), formatDouble(epsilon),
            escaped(settings.inputs[input].model), fmt::format("{:.6g}", density - epsilon), fmt::format("{:.6g}", density + epsilon)),
        fmt::format("set epsilon below {}", fmt::format("{:.6g}", std::min(density, 1 - density))));
  }
  const RandomStream stream(settings.seed, settings.inputs[input].model, settings.tensor);
  return std::make_unique<RankedRandomSparsifier>(
      Drawer(stream, rowShape(settings), density - epsilon, density + epsilon), settings.flag("rescale"));
}

}  // namespace layerloom
