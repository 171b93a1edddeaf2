// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "core/methods/sparsifier.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

constexpr unsigned kLowBits = 16;
constexpr std::size_t kHighBuckets = std::size_t{1} << (31 - kLowBits);
constexpr std::size_t kLowBuckets = std::size_t{1} << kLowBits;
constexpr std::uint32_t kMagnitude = 0x7FFFFFFF;

std::uint32_t magnitudeBits(float value) {
  return std::bit_cast<std::uint32_t>(value) & kMagnitude;
}

enum class Pass { High, Low, Kept, Done };

/// Where a histogram's cumulated counts, from the top, reach k.
struct Boundary {
  std::uint32_t bucket = 0;
  std::uint64_t above = 0;  ///< entries in higher buckets
};

Boundary findBoundary(const std::vector<std::uint64_t>& histogram, std::uint64_t k) {
  std::uint64_t above = 0;
  for (std::size_t bucket = histogram.size(); bucket-- > 0;) {
    if (above + histogram[bucket] >= k) {
      return {static_cast<std::uint32_t>(bucket), above};
    }
    above += histogram[bucket];
  }
  return {0, above};
}

class HistogramView : public Sparsifier::View {
 public:
  HistogramView(Pass pass, std::uint32_t boundary)
      : counts(pass == Pass::High ? kHighBuckets : kLowBuckets), m_pass(pass), m_boundary(boundary) {}

  void observe(std::uint64_t, std::span<const float> delta) override {
    if (m_pass == Pass::High) {
      for (const float value : delta) {
        ++counts[magnitudeBits(value) >> kLowBits];
      }
      return;
    }
    for (const float value : delta) {
      const std::uint32_t bits = magnitudeBits(value);
      if (bits >> kLowBits == m_boundary) {
        ++counts[bits & (kLowBuckets - 1)];
      }
    }
  }

  std::vector<std::uint64_t> counts;

 private:
  const Pass m_pass;
  const std::uint32_t m_boundary;
};

/// Counts per chunk the entries equal to the threshold, and sums magnitudes for rescaling.
class KeptView : public Sparsifier::View {
 public:
  explicit KeptView(std::uint32_t threshold) : m_threshold(threshold) {}

  void observe(std::uint64_t, std::span<const float> delta) override {
    std::uint64_t equal = 0;
    double above = 0;
    for (const float value : delta) {
      const std::uint32_t bits = magnitudeBits(value);
      equal += bits == m_threshold ? 1 : 0;
      above += bits > m_threshold ? std::abs(static_cast<double>(value)) : 0.0;
    }
    equalsPerChunk.push_back(equal);
    sumAbove += above;
    sumAll += sumAbs(delta);
  }

  std::vector<std::uint64_t> equalsPerChunk;
  double sumAbove = 0;
  double sumAll = 0;

 private:
  const std::uint32_t m_threshold;
};

class MagnitudeSparsifier : public Sparsifier {
 public:
  MagnitudeSparsifier(std::uint64_t kept, bool rescale) : m_kept(kept), m_rescale(rescale) {}

  int mostPasses() const override { return 3; }
  bool needsPass() const override { return m_pass != Pass::Done; }
  std::unique_ptr<View> startView() const override;
  void absorb(View& view) override;
  void endPass() override;
  void apply(Cursor& cursor, std::uint64_t first, std::span<float> delta) const override;

 private:
  void endHigh();
  void endLow();
  void endKept();

  const std::uint64_t m_kept;
  const bool m_rescale;
  Pass m_pass = Pass::High;
  std::vector<std::uint64_t> m_histogram;
  Boundary m_high;
  std::uint32_t m_threshold = 0;  ///< magnitudes above it are kept, those equal to it up to m_equalsKept
  std::uint64_t m_equalsKept = 0;
  bool m_keepsAllEquals = true;
  std::vector<std::uint64_t> m_equalsBefore;  ///< per chunk, entries equal to the threshold in earlier chunks
  std::uint64_t m_equals = 0;
  double m_sumAbove = 0;
  double m_sumAll = 0;
  float m_factor = 1;
};

std::unique_ptr<Sparsifier::View> MagnitudeSparsifier::startView() const {
  if (m_pass == Pass::Kept) {
    return std::make_unique<KeptView>(m_threshold);
  }
  return std::make_unique<HistogramView>(m_pass, m_high.bucket);
}

void MagnitudeSparsifier::absorb(View& view) {
  if (m_pass == Pass::Kept) {
    const auto& kept = static_cast<const KeptView&>(view);
    for (const std::uint64_t equals : kept.equalsPerChunk) {
      m_equalsBefore.push_back(m_equals);
      m_equals += equals;
    }
    m_sumAbove += kept.sumAbove;
    m_sumAll += kept.sumAll;
    return;
  }
  const auto& counts = static_cast<const HistogramView&>(view).counts;
  m_histogram.resize(counts.size());
  std::transform(counts.begin(), counts.end(), m_histogram.begin(), m_histogram.begin(), std::plus<>());
}

void MagnitudeSparsifier::endPass() {
  switch (m_pass) {
    case Pass::High:
      return endHigh();
    case Pass::Low:
      return endLow();
    default:
      return endKept();
  }
}

void MagnitudeSparsifier::endHigh() {
  m_high = findBoundary(m_histogram, m_kept);
  m_histogram.clear();
  m_pass = Pass::Low;
}

void MagnitudeSparsifier::endLow() {
  const Boundary low = findBoundary(m_histogram, m_kept - m_high.above);
  m_threshold = (m_high.bucket << kLowBits) | low.bucket;
  m_equalsKept = m_kept - m_high.above - low.above;
  // Whether an exact zero is kept or dropped makes no difference.
  m_keepsAllEquals = m_equalsKept == m_histogram[low.bucket] || m_threshold == 0;
  m_histogram = {};
  m_pass = m_rescale || !m_keepsAllEquals ? Pass::Kept : Pass::Done;
}

void MagnitudeSparsifier::endKept() {
  if (m_rescale) {
    const double equals = static_cast<double>(m_equalsKept) * static_cast<double>(std::bit_cast<float>(m_threshold));
    m_factor = rescaleFactor(m_sumAll, m_sumAbove + equals);
  }
  m_pass = Pass::Done;
}

void MagnitudeSparsifier::apply(Cursor& cursor, std::uint64_t, std::span<float> delta) const {
  if (m_keepsAllEquals) {
    for (float& value : delta) {
      value = magnitudeBits(value) >= m_threshold ? value * m_factor : 0.0F;
    }
    return;
  }
  std::uint64_t seen = m_equalsBefore[cursor.chunk] + cursor.equalsSeen;
  const std::uint64_t seenBefore = seen;
  for (float& value : delta) {
    const std::uint32_t bits = magnitudeBits(value);
    const bool equal = bits == m_threshold;
    const bool keep = bits > m_threshold || (equal && seen < m_equalsKept);
    seen += equal ? 1 : 0;
    value = keep ? value * m_factor : 0.0F;
  }
  cursor.equalsSeen += seen - seenBefore;
}

/// density ≤ 0: nothing is kept.
class DropAll : public Sparsifier {
 public:
  int mostPasses() const override { return 0; }
  bool needsPass() const override { return false; }
  std::unique_ptr<View> startView() const override { return nullptr; }
  void absorb(View&) override {}
  void endPass() override {}
  void apply(Cursor&, std::uint64_t, std::span<float> delta) const override { std::fill(delta.begin(), delta.end(), 0.0F); }
};

}  // namespace

float rescaleFactor(double all, double kept) {
  constexpr double kTooSmall = 1e-7;
  return all < kTooSmall || kept < kTooSmall ? 1.0F : static_cast<float>(all / kept);
}

std::unique_ptr<Sparsifier> makeMagnitudeSparsifier(double density, bool rescale, std::uint64_t elements) {
  if (density >= 1 || elements == 0) {
    return nullptr;
  }
  if (density <= 0) {
    return std::make_unique<DropAll>();
  }
  const auto kept = static_cast<std::uint64_t>(std::floor(density * static_cast<double>(elements)));
  return std::make_unique<MagnitudeSparsifier>(std::max<std::uint64_t>(1, kept), rescale);
}

}  // namespace layerloom
