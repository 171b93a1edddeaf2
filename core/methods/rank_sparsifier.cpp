// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/methods/rank_selection.h"
#include "core/methods/sparsifier.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

class RankView : public Sparsifier::View {
 public:
  explicit RankView(const RankSelection& selection) : m_selection(selection) { selection.start(seen); }
  void observe(std::uint64_t, std::span<const float> x, std::span<const float> base) override {
    m_delta.resize(x.size());
    subtract(x, base, m_delta);
    m_selection.observe(seen, m_delta);
  }

  RankSelection::View seen;

 private:
  const RankSelection& m_selection;
  std::vector<float> m_delta;
};

/// Keeps the entries whose magnitudes lie in a range of ranks.
class RankSparsifier : public Sparsifier {
 public:
  RankSparsifier(const RankRange& range, bool rescale, std::uint64_t elements)
      : m_range(range),
        // So small a function needs no memory of its own.
        m_selection([this](std::uint64_t, std::uint64_t) { return m_range; }, {rescale, false}, elements),
        m_rescale(rescale) {}
  RankSparsifier(const RankSparsifier&) = delete;
  RankSparsifier& operator=(const RankSparsifier&) = delete;

  std::uint64_t sampleSize() const override { return m_selection.sampleSize(); }
  void sample(std::span<const float> delta, std::size_t piece) override { m_selection.sample(delta, piece); }
  int usualPasses() const override { return RankSelection::kUsualPasses; }
  bool needsPass() const override { return m_selection.needsPass(); }
  std::unique_ptr<View> startView() const override { return std::make_unique<RankView>(m_selection); }
  void absorb(View& view) override { m_selection.absorb(static_cast<RankView&>(view).seen); }
  void endPass() override {
    m_selection.endPass();
    if (!m_selection.needsPass() && m_rescale) {
      m_factor = rescaleFactor(m_selection.sumOfAll(), m_selection.sumOfKept());
    }
  }
  double factor() const override { return m_factor; }
  void keep(Cursor& cursor, std::uint64_t, float factor, std::span<float> delta) const override {
    m_selection.keep(cursor, factor, delta);
  }

 private:
  const RankRange m_range;
  RankSelection m_selection;
  const bool m_rescale;
  double m_factor = 1;
};

/// Nothing is kept.
class DropAll : public Sparsifier {
 public:
  int usualPasses() const override { return 0; }
  bool needsPass() const override { return false; }
  std::unique_ptr<View> startView() const override { return nullptr; }
  void absorb(View&) override {}
  void endPass() override {}
  void keep(Cursor&, std::uint64_t, float, std::span<float> delta) const override {
    std::fill(delta.begin(), delta.end(), 0.0F);
  }
};

std::uint64_t shareOf(double share, std::uint64_t elements) {
  return static_cast<std::uint64_t>(std::floor(std::clamp(share, 0.0, 1.0) * static_cast<double>(elements)));
}

}  // namespace

double rescaleFactor(double all, double kept) {
  constexpr double kTooSmall = 1e-7;
  return all < kTooSmall || kept < kTooSmall ? 1.0 : all / kept;
}

std::unique_ptr<Sparsifier> makeDropAll() {
  return std::make_unique<DropAll>();
}

std::unique_ptr<Sparsifier> makeMagnitudeSparsifier(double density, bool rescale, std::uint64_t elements) {
  if (density >= 1 || elements == 0) {
    return nullptr;
  }
  if (density <= 0) {
    return makeDropAll();
  }
  const std::uint64_t kept = std::max<std::uint64_t>(1, shareOf(density, elements));
  return std::make_unique<RankSparsifier>(RankRange{elements - kept, elements, true}, rescale, elements);
}

std::unique_ptr<Sparsifier> makeOutlierSparsifier(double density, double gamma, bool rescale, std::uint64_t elements) {
  if (density >= 1 || elements == 0) {
    return nullptr;
  }
  const std::uint64_t kept = shareOf(density, elements);
  if (kept == 0) {
    return makeDropAll();
  }
  const std::uint64_t skipped = elements - kept - std::min(elements - kept, shareOf(gamma, elements));
  return std::make_unique<RankSparsifier>(RankRange{skipped, skipped + kept, false}, rescale, elements);
}

}  // namespace layerloom
