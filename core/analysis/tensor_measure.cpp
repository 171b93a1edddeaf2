// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/tensor_measure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/methods/sampled_ranks.h"
#include "core/support/random.h"
#include "core/tensor/narrow_delta_kernels.h"

namespace layerloom {
namespace {

constexpr std::uint64_t kChunk = 16 * 1024;
constexpr std::uint64_t kBlock = 32 * kChunk;
/// Elements whose deltas lie in the nearest cache together.
constexpr std::size_t kPiece = 1024;
/// Neighbours that are read together for a sample.
constexpr std::uint64_t kSamplePiece = 64;
/// Wider each time a border was missed; the last one is certain to hold it but in adversarial tensors.
constexpr std::array<double, 3> kDeviations = {SampledRanks::kDeviations, 18, 72};

/// Of 16 bits at most, so that differences of such numbers are seldom longer than a float32.
bool isOfFewDigits(const ModelTensor& tensor) {
  return bitsOf(tensor.dtypeInFile()) <= 16 && tensor.update == nullptr;
}

std::span<const double> wideDeltas(PieceDeltas& deltas) {
  if (deltas.wide.empty()) {
    deltas.wide.assign(deltas.narrow.begin(), deltas.narrow.end());
  }
  return deltas.wide;
}

PairStatistics pairOf(PieceDeltas& a, PieceDeltas& b) {
  const PairFigures figures =
      a.isNarrow && b.isNarrow ? pairFigures(std::span<const float>(a.narrow), b.narrow) : pairFigures(wideDeltas(a), wideDeltas(b));
  PairStatistics pair;
  pair.dot = figures.dot;
  pair.both = figures.both;
  pair.opposite = figures.opposite;
  pair.bothWeight = figures.weight;
  pair.oppositeWeight = figures.oppositeWeight;
  return pair;
}

}  // namespace

static_assert(kHistogramBins == kExponentBins);

struct TensorMeasure::Block {
  double baseSquared = 0;
  struct OfModel {
    DeltaStatistics figures;
    TopShares::View top;

    void add(const DeltaFigures& sums, std::size_t count) {
      figures.elements += count;
      figures.zeros += sums.zeros;
      figures.squared += sums.squares;
      figures.sum += sums.sum;
      figures.maxAbs = std::max(figures.maxAbs, sums.greatest);
      figures.baseDot += sums.baseDot;
    }
  };
  std::vector<OfModel> models;
  std::vector<PairStatistics> pairs;

  explicit Block(std::size_t present) : models(present), pairs(pairCount(present)) {}

  void add(const Block& next) {
    baseSquared += next.baseSquared;
    for (std::size_t i = 0; i < models.size(); ++i) {
      models[i].figures.add(next.models[i].figures);
      models[i].top.add(next.models[i].top);
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      pairs[i].add(next.pairs[i]);
    }
  }
};

TensorMeasure::TensorMeasure(const StatisticsSources& sources, const ComparedTensor& tensor)
    : m_sources(sources),
      m_tensor(tensor),
      m_places(tensor.place.name, tensor.place.shape),
      m_sketch(std::make_shared<TensorSketch>()),
      m_blocks(blocksOf(tensor.elements)),
      m_missing(m_blocks.size()) {
  const std::size_t entries = m_places.rows() * m_places.columns();
  *m_sketch = {m_places.rows(), m_places.columns(), m_places.isWhole(), std::vector<float>(entries), {}};
  m_sketch->models.resize(tensor.models.size());
  for (std::size_t i = 0; i < tensor.models.size(); ++i) {
    if (tensor.models[i] != nullptr) {
      m_present.push_back(i);
      m_mayBeNarrow.push_back(tensor.base != nullptr && isOfFewDigits(*tensor.base) && isOfFewDigits(*tensor.models[i]));
      m_sketch->models[i].resize(entries);
    }
  }
  m_topShares.resize(m_present.size());
}

TensorMeasure::~TensorMeasure() = default;

std::uint64_t TensorMeasure::blocksOf(std::uint64_t elements) {
  return std::max<std::uint64_t>(1, (elements + kBlock - 1) / kBlock);
}

Status TensorMeasure::readAll(std::uint64_t first, std::size_t size, MeasureBuffers& buffers) const {
  buffers.values.resize(std::max(buffers.values.size(), m_present.size() + 1));
  const auto read = [&](const Model& model, const ModelTensor& tensor, std::size_t slot) -> Status {
    buffers.values[slot].resize(size);
    LAYERLOOM_TRY([[maybe_unused]] const auto bytes, readValues(model, tensor, first, buffers.values[slot], buffers.scratch, slot));
    return {};
  };
  if (m_tensor.base != nullptr) {
    LAYERLOOM_CHECK(read(*m_sources.base, *m_tensor.base, 0));
  }
  for (std::size_t i = 0; i < m_present.size(); ++i) {
    LAYERLOOM_CHECK(read(*m_sources.models[m_present[i]], *m_tensor.models[m_present[i]], i + 1));
  }
  return {};
}

/// The base as it is, or the mean of the models, in float64.
void TensorMeasure::takeBase(std::size_t at, std::size_t size, MeasureBuffers& buffers) const {
  buffers.base.resize(size);
  if (m_tensor.base != nullptr) {
    std::copy_n(buffers.values[0].begin() + static_cast<std::ptrdiff_t>(at), size, buffers.base.begin());
    return;
  }
  std::fill(buffers.base.begin(), buffers.base.end(), 0.0);
  for (std::size_t i = 0; i < m_present.size(); ++i) {
    const std::vector<float>& values = buffers.values[i + 1];
    for (std::size_t e = 0; e < size; ++e) {
      buffers.base[e] += static_cast<double>(values[at + e]);
    }
  }
  for (double& value : buffers.base) {
    value /= static_cast<double>(m_present.size());
  }
}

Status TensorMeasure::takeSample(double deviations, MeasureBuffers& buffers) {
  const std::uint64_t pieces = TopShares::sampleSize(m_tensor.elements) / kSamplePiece;
  if (pieces == 0) {
    return {};
  }
  const std::uint64_t part = std::max(kSamplePiece, m_tensor.elements / pieces);
  std::vector<std::uint32_t> draws((pieces + 3) / 4 * 4);
  RandomStream(0, "sample", m_tensor.place.name).fill(0, draws);
  std::vector<std::vector<float>> samples(m_present.size());
  std::vector<double> delta(kSamplePiece);
  for (std::uint64_t piece = 0; piece < pieces; ++piece) {
    const std::uint64_t first = std::min(piece * part + draws[piece] % (part - kSamplePiece + 1), m_tensor.elements - kSamplePiece);
    LAYERLOOM_CHECK(readAll(first, kSamplePiece, buffers));
    takeBase(0, kSamplePiece, buffers);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      takeDeltas(buffers.values[i + 1], buffers.base, delta);
      samples[i].insert(samples[i].end(), delta.begin(), delta.end());
    }
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    m_topShares[i] = TopShares(samples[i], kSamplePiece, deviations);
  }
  return {};
}

/// Σ base², without what is not finite.
double TensorMeasure::baseSquares(std::size_t at, std::size_t size, const MeasureBuffers& buffers) const {
  const auto sumOf = [](const auto& base) {
    const double squares = sumSquares(base);
    if (std::isfinite(squares)) {
      return squares;
    }
    double sum = 0;
    for (const double value : base) {
      sum += std::isfinite(value) ? value * value : 0.0;
    }
    return sum;
  };
  return m_tensor.base != nullptr ? sumOf(std::span(buffers.values[0]).subspan(at, size)) : sumOf(std::span(buffers.base));
}

/// Measures the deltas of a model in a piece, and leaves them in `buffers`.
void TensorMeasure::measureDeltas(std::size_t model, std::size_t at, std::size_t size, Block& block, MeasureBuffers& buffers) const {
  PieceDeltas& deltas = buffers.deltas[model];
  deltas.isNarrow = false;
  deltas.wide.clear();
  deltas.narrow.resize(size);
  buffers.bins.resize(size);
  Block::OfModel& found = block.models[model];
  if (m_mayBeNarrow[model]) {
    const auto values = [&](std::size_t slot) { return std::span<const float>(buffers.values[slot]).subspan(at, size); };
    if (const auto sums = takeNarrowDeltas(values(model + 1), values(0), deltas.narrow)) {
      deltas.isNarrow = true;
      found.add(*sums, size);
      takeBins(deltas.narrow, kHistogramLeast, buffers.bins);
      countBins(buffers.bins, found.figures.histogram);
      m_topShares[model].observe(found.top, std::span<const float>(deltas.narrow));
      return;
    }
  }
  measureWideDeltas(model, at, size, block, buffers);
}

/// Deltas that are not finite are taken out, here and in `buffers`.
void TensorMeasure::measureWideDeltas(std::size_t model, std::size_t at, std::size_t size, Block& block, MeasureBuffers& buffers) const {
  PieceDeltas& deltas = buffers.deltas[model];
  Block::OfModel& found = block.models[model];
  if (buffers.base.empty()) {
    takeBase(at, size, buffers);
  }
  deltas.wide.resize(size);
  DeltaFigures sums = takeDeltas(std::span(buffers.values[model + 1]).subspan(at, size), buffers.base, deltas.wide);
  if (!std::isfinite(sums.squares)) {
    std::uint64_t nonFinite = 0;
    for (double& value : deltas.wide) {
      if (!std::isfinite(value)) {
        value = 0;
        ++nonFinite;
      }
    }
    std::vector<double> finiteBase = buffers.base;
    std::replace_if(finiteBase.begin(), finiteBase.end(), [](double value) { return !std::isfinite(value); }, 0.0);
    sums = deltaFigures(finiteBase, deltas.wide);
    sums.zeros -= nonFinite;
    found.figures.nonFinite += nonFinite;
  }
  found.add(sums, size);
  const bool isNarrow = narrowDeltas(deltas.wide, kHistogramLeast, deltas.narrow, buffers.bins);
  countBins(buffers.bins, found.figures.histogram);
  if (isNarrow) {
    m_topShares[model].observe(found.top, std::span<const float>(deltas.narrow));
  } else {
    m_topShares[model].observe(found.top, std::span<const double>(deltas.wide));
  }
}

void TensorMeasure::measurePiece(std::size_t at, std::size_t size, Block& block, MeasureBuffers& buffers) const {
  buffers.base.clear();
  if (m_tensor.base == nullptr) {
    takeBase(at, size, buffers);
  }
  block.baseSquared += baseSquares(at, size, buffers);
  buffers.deltas.resize(std::max(buffers.deltas.size(), m_present.size()));
  for (std::size_t i = 0; i < m_present.size(); ++i) {
    measureDeltas(i, at, size, block, buffers);
    for (std::size_t before = 0; before < i; ++before) {
      block.pairs[pairIndex(before, i, m_present.size())].add(pairOf(buffers.deltas[before], buffers.deltas[i]));
    }
  }
}

Status TensorMeasure::measureChunk(std::uint64_t first, std::size_t size, Block& block, MeasureBuffers& buffers) {
  LAYERLOOM_CHECK(readAll(first, size, buffers));
  for (std::size_t at = 0; at < size; at += kPiece) {
    const std::size_t piece = std::min(kPiece, size - at);
    measurePiece(at, piece, block, buffers);
    if (m_tensor.base == nullptr) {
      m_places.copy(first + at, std::span<const double>(buffers.base), m_sketch->base);
    }
  }
  if (m_tensor.base != nullptr) {
    m_places.copy(first, std::span<const float>(buffers.values[0]), m_sketch->base);
  }
  for (std::size_t i = 0; i < m_present.size(); ++i) {
    m_places.copy(first, std::span<const float>(buffers.values[i + 1]), m_sketch->models[m_present[i]]);
  }
  return {};
}

void TensorMeasure::settle(Block& block) const {
  for (std::size_t i = 0; i < m_topShares.size(); ++i) {
    m_topShares[i].settle(block.models[i].top);
  }
}

Result<bool> TensorMeasure::measureBlock(std::uint64_t block, MeasureBuffers& buffers) {
  std::call_once(m_sampled, [&] {
    if (Status status = takeSample(kDeviations.front(), buffers); !status) {
      m_sampleError = std::move(status).error();
    }
  });
  if (m_sampleError) {
    return tl::unexpected(*m_sampleError);
  }
  auto found = std::make_unique<Block>(m_present.size());
  const std::uint64_t end = std::min(m_tensor.elements, (block + 1) * kBlock);
  for (std::uint64_t first = block * kBlock; first < end; first += kChunk) {
    LAYERLOOM_CHECK(measureChunk(first, static_cast<std::size_t>(std::min(kChunk, end - first)), *found, buffers));
  }
  settle(*found);
  m_blocks[block] = std::move(found);
  return --m_missing == 0;
}

/// Reads the tensor again with wider brackets while a border lies outside its own.
Status TensorMeasure::findTopShares(Block& sum, MeasureBuffers& buffers) {
  for (std::size_t attempt = 0; attempt < kDeviations.size(); ++attempt) {
    bool all = true;
    for (Block::OfModel& model : sum.models) {
      const auto found = m_topShares[static_cast<std::size_t>(&model - sum.models.data())].find(model.top, m_tensor.elements, model.figures.squared);
      all = all && found.has_value();
      constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
      model.figures.topShares = found.value_or(std::array<double, kTopShares.size()>{kNone, kNone, kNone});
    }
    if (all || attempt + 1 == kDeviations.size()) {
      return {};
    }
    LAYERLOOM_CHECK(takeSample(kDeviations[attempt + 1], buffers));
    for (Block::OfModel& model : sum.models) {
      model.top = {};
    }
    for (std::uint64_t first = 0; first < m_tensor.elements; first += kChunk) {
      const auto size = static_cast<std::size_t>(std::min(kChunk, m_tensor.elements - first));
      Block again(m_present.size());
      LAYERLOOM_CHECK(measureChunk(first, size, again, buffers));
      settle(again);
      for (std::size_t i = 0; i < sum.models.size(); ++i) {
        sum.models[i].top.add(again.models[i].top);
      }
    }
  }
  return {};
}

GroupStatistics TensorMeasure::figuresOf(const Block& sum) const {
  GroupStatistics figures;
  figures.elements = m_tensor.elements;
  figures.baseSquared = sum.baseSquared;
  figures.models.resize(m_tensor.models.size());
  figures.pairs.resize(pairCount(m_tensor.models.size()));
  for (std::size_t i = 0; i < m_present.size(); ++i) {
    DeltaStatistics& model = figures.models[m_present[i]].emplace(sum.models[i].figures);
    model.baseSquared = sum.baseSquared;
    // Zeros were counted in the first bin.
    model.histogram.front() -= model.zeros + model.nonFinite;
    for (std::size_t before = 0; before < i; ++before) {
      PairStatistics pair = sum.pairs[pairIndex(before, i, m_present.size())];
      pair.squaredA = sum.models[before].figures.squared;
      pair.squaredB = model.squared;
      figures.pairs[pairIndex(m_present[before], m_present[i], m_tensor.models.size())] = pair;
    }
  }
  return figures;
}

Result<TensorStatistics> TensorMeasure::finish(MeasureBuffers& buffers) {
  Block sum(m_present.size());
  for (auto& block : m_blocks) {
    sum.add(*block);
    block.reset();
  }
  LAYERLOOM_CHECK(findTopShares(sum, buffers));
  TensorStatistics result = m_tensor.place;
  result.figures = figuresOf(sum);
  result.sketch = m_sketch;
  return result;
}

}  // namespace layerloom
