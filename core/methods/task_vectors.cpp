// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/task_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/methods/entry_kernels.h"
#include "core/methods/gram.h"
#include "core/methods/rows.h"
#include "core/methods/sparsifier.h"
#include "core/methods/task_kernels.h"
#include "core/methods/task_tally.h"
#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

/// Emission runs over pieces about this long, so that the task vectors of all inputs stay in the first cache level.
constexpr std::size_t kPiece = 2048;

/// Elements that a sparsifier must get together, and elements of a chunk that holds whole blocks of them.
struct Blocks {
  std::uint64_t block = 1;
  std::uint64_t chunk = kChunkElements;
};

struct TaskInput {
  std::size_t input = 0;
  double weight = 1;
  std::unique_ptr<Sparsifier> sparsifier;  ///< null: keeps everything
};

class TaskObservation : public Observation {
 public:
  TaskObservation(const std::vector<TaskInput>& tasks, std::size_t base) : m_tasks(tasks), m_base(base) {
    for (const TaskInput& task : tasks) {
      const bool watches = task.sparsifier != nullptr && task.sparsifier->needsPass();
      views.push_back(watches ? task.sparsifier->startView() : nullptr);
    }
  }

  void observe(const Chunk& chunk) override {
    for (std::size_t i = 0; i < m_tasks.size(); ++i) {
      if (views[i] != nullptr) {
        views[i]->observe(chunk.offset, chunk.inputs[m_tasks[i].input], chunk.inputs[m_base]);
      }
    }
  }

  std::vector<std::unique_ptr<Sparsifier::View>> views;

 private:
  const std::vector<TaskInput>& m_tasks;
  const std::size_t m_base;
};

class TaskVectorMerge : public TensorMerge {
 public:
  TaskVectorMerge(std::vector<TaskInput> tasks, const MergeSettings& settings, const Blocks& blocks, bool electsSign)
      : m_tasks(std::move(tasks)),
        m_chunkElements(blocks.chunk),
        m_looksAtRows(blocks.block > 1),
        m_piece((kPiece + blocks.block - 1) / blocks.block * blocks.block),
        m_base(*settings.base),
        m_inputCount(settings.inputs.size()),
        m_lambda(static_cast<float>(settings.value("lambda"))),
        m_normalize(settings.flag("normalize")),
        m_electsSign(electsSign),
        m_narrowing(settings.narrowing) {
    double sum = 0;
    for (const TaskInput& task : m_tasks) {
      m_weightSum += static_cast<float>(task.weight);
      sum += task.weight;
      m_sum.weights.push_back(task.weight);
      m_inputs.push_back(task.input);
    }
    m_weightSum = std::abs(m_weightSum) < 1e-8F ? 1.0F : m_weightSum;
    m_sum.elects = electsSign;
    m_sum.normalizes = m_normalize;
    m_sum.lambda = settings.value("lambda") / (m_normalize && !electsSign && std::abs(sum) >= 1e-8 ? sum : 1);
  }

  std::uint64_t chunkElements() const override { return m_chunkElements; }
  int usualPasses() const override;
  double observationEffort() const override;
  std::uint64_t sampleSize() const override;
  Status sample(TensorSample& sample) override;
  bool needsPass() const override {
    return std::any_of(m_tasks.begin(), m_tasks.end(),
                       [](const TaskInput& task) { return task.sparsifier != nullptr && task.sparsifier->needsPass(); });
  }
  std::unique_ptr<Observation> startObservation() const override { return std::make_unique<TaskObservation>(m_tasks, m_base); }
  void absorb(Observation& observation) override;
  Status endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override;
  bool looksAtRows() const override { return m_looksAtRows; }
  std::optional<SpanSettings> span() const override;
  std::vector<std::optional<double>> factors() const override;
  MergeTally startTally() const override;
  void computeTallied(const Chunk& chunk, std::span<float> out, MergeTally& tally) const override;

 private:
  /// Room for one piece, which a thread keeps from call to call.
  struct Scratch {
    void resize(std::size_t tasks, std::size_t piece) {
      deltas.resize(std::max(deltas.size(), tasks * piece));
      total.resize(std::max(total.size(), piece));
      divisor.resize(std::max(divisor.size(), piece));
      bits.resize(std::max(bits.size(), tasks));
    }

    std::vector<float> deltas;
    std::vector<float> total;
    std::vector<float> divisor;
    std::vector<std::vector<std::uint64_t>> bits;  ///< of the entries that a task vector keeps
  };

  /// The thinned-out task vector of one piece, neither rescaled nor weighted where the factor is 1.
  void fillDelta(const Chunk& chunk, std::size_t at, const TaskInput& task, float factor, Sparsifier::Cursor& cursor,
                 std::span<float> delta) const;
  void fillDeltas(const Chunk& chunk, std::size_t at, std::size_t size, std::span<Sparsifier::Cursor> cursors, std::span<float> deltas) const;
  void computeNarrow(const Chunk& chunk, std::span<float> out, MergeTally* tally) const;
  void computeWide(const Chunk& chunk, std::span<float> out) const;
  void addUp(std::span<const float> deltas, std::span<float> total) const;
  void sum(std::span<const float> deltas, std::span<float> mixed) const;
  void sumElected(std::span<const float> deltas, Scratch& scratch, std::span<float> mixed) const;

  std::vector<TaskInput> m_tasks;
  const std::uint64_t m_chunkElements;
  const bool m_looksAtRows;
  const std::size_t m_piece;
  const std::size_t m_base;
  const std::size_t m_inputCount;
  const float m_lambda;
  const bool m_normalize;
  const bool m_electsSign;
  const Narrowing m_narrowing;
  float m_weightSum = 0;
  TaskSum m_sum;
  std::vector<std::size_t> m_inputs;  ///< of the tasks
};

int TaskVectorMerge::usualPasses() const {
  int observations = 0;
  for (const TaskInput& task : m_tasks) {
    observations = std::max(observations, task.sparsifier != nullptr ? task.sparsifier->usualPasses() : 0);
  }
  return observations + 1;
}

double TaskVectorMerge::observationEffort() const {
  double effort = 1;
  for (const TaskInput& task : m_tasks) {
    effort = std::max(effort, task.sparsifier != nullptr ? task.sparsifier->observationEffort() : 1.0);
  }
  return effort;
}

std::uint64_t TaskVectorMerge::sampleSize() const {
  std::uint64_t size = 0;
  for (const TaskInput& task : m_tasks) {
    size = std::max(size, task.sparsifier != nullptr ? task.sparsifier->sampleSize() : 0);
  }
  return size;
}

/// One task vector at a time: the sample of a large tensor is large.
Status TaskVectorMerge::sample(TensorSample& sample) {
  std::vector<float> base;
  std::vector<float> delta(sample.size());
  for (const TaskInput& task : m_tasks) {
    if (task.sparsifier == nullptr || task.sparsifier->sampleSize() == 0) {
      continue;
    }
    if (base.empty()) {
      base.resize(sample.size());
      LAYERLOOM_CHECK(sample.read(m_base, 0, base));
    }
    LAYERLOOM_CHECK(sample.read(task.input, 0, delta));
    std::transform(delta.begin(), delta.end(), base.begin(), delta.begin(), std::minus<>());
    task.sparsifier->sample(delta, sample.piece());
  }
  return {};
}

void TaskVectorMerge::absorb(Observation& observation) {
  auto& views = static_cast<TaskObservation&>(observation).views;
  for (std::size_t i = 0; i < m_tasks.size(); ++i) {
    if (views[i] != nullptr) {
      m_tasks[i].sparsifier->absorb(*views[i]);
    }
  }
}

Status TaskVectorMerge::endPass() {
  for (const TaskInput& task : m_tasks) {
    if (task.sparsifier != nullptr && task.sparsifier->needsPass()) {
      task.sparsifier->endPass();
    }
  }
  return {};
}

void TaskVectorMerge::fillDelta(const Chunk& chunk, std::size_t at, const TaskInput& task, float factor, Sparsifier::Cursor& cursor,
                                std::span<float> delta) const {
  subtract(chunk.inputs[task.input].subspan(at, delta.size()), chunk.inputs[m_base].subspan(at, delta.size()), delta);
  if (task.sparsifier != nullptr) {
    task.sparsifier->keep(cursor, chunk.offset + at, factor, delta);
  }
}

void TaskVectorMerge::addUp(std::span<const float> deltas, std::span<float> total) const {
  std::fill(total.begin(), total.end(), 0.0F);
  for (std::size_t i = 0; i < m_tasks.size(); ++i) {
    addScaled(deltas.subspan(i * m_piece, total.size()), 1.0F, total);
  }
}

void TaskVectorMerge::sum(std::span<const float> deltas, std::span<float> mixed) const {
  addUp(deltas, mixed);
  if (m_normalize) {
    divide(mixed, m_weightSum);
  }
}

void TaskVectorMerge::sumElected(std::span<const float> deltas, Scratch& scratch, std::span<float> mixed) const {
  const auto total = std::span(scratch.total).first(mixed.size());
  const auto divisor = std::span(scratch.divisor).first(mixed.size());
  addUp(deltas, total);
  std::fill(divisor.begin(), divisor.end(), 0.0F);
  std::fill(mixed.begin(), mixed.end(), 0.0F);
  for (std::size_t i = 0; i < m_tasks.size(); ++i) {
    addAgreeing(deltas.subspan(i * m_piece, mixed.size()), total, static_cast<float>(m_tasks[i].weight), mixed, divisor);
  }
  if (m_normalize) {
    divideByNonzero(divisor, mixed);
  }
}

std::vector<std::optional<double>> TaskVectorMerge::factors() const {
  std::vector<std::optional<double>> factors(m_inputCount);
  for (std::size_t i = 0; i < m_inputCount; ++i) {
    factors[i] = i == m_base ? std::nullopt : std::optional(0.0);
  }
  for (const TaskInput& task : m_tasks) {
    factors[task.input] = double{m_lambda} * task.weight / (m_normalize ? double{m_weightSum} : 1.0);
  }
  return factors;
}

std::optional<SpanSettings> TaskVectorMerge::span() const {
  const bool trims = std::any_of(m_tasks.begin(), m_tasks.end(), [](const TaskInput& task) { return task.sparsifier != nullptr; });
  if (trims || m_electsSign) {
    return std::nullopt;
  }
  std::vector<std::optional<double>> coefficients = factors();
  double sum = 0;
  for (const auto& coefficient : coefficients) {
    sum += coefficient.value_or(0);
  }
  coefficients[m_base] = 1 - sum;
  return fixedSpan(coefficients);
}

MergeTally TaskVectorMerge::startTally() const {
  MergeTally tally;
  tally.elects = m_electsSign;
  tally.inputs.resize(m_inputCount);
  for (const TaskInput& task : m_tasks) {
    tally.trims = tally.trims || task.sparsifier != nullptr;
    tally.inputs[task.input].emplace();
  }
  return tally;
}

/// The signs and zeros are the same in float32 as in float64, but for a total that cancels out.
void TaskVectorMerge::computeTallied(const Chunk& chunk, std::span<float> out, MergeTally& tally) const {
  if (m_narrowing == Narrowing::ToNearest) {
    computeNarrow(chunk, out, &tally);
    return;
  }
  computeWide(chunk, out);
  thread_local Scratch scratch;
  scratch.resize(m_tasks.size(), m_piece);
  std::vector<Sparsifier::Cursor> cursors(m_tasks.size(), {chunk.index, 0, 0});
  for (std::size_t at = 0; at < out.size(); at += m_piece) {
    const auto total = std::span(scratch.total).first(std::min(m_piece, out.size() - at));
    fillDeltas(chunk, at, total.size(), cursors, scratch.deltas);
    addUp(scratch.deltas, total);
    countTasks(scratch.deltas, m_piece, total, m_inputs, tally);
  }
}

/// All task vectors of a piece, thinned out, rescaled and weighted.
void TaskVectorMerge::fillDeltas(const Chunk& chunk, std::size_t at, std::size_t size, std::span<Sparsifier::Cursor> cursors,
                                 std::span<float> deltas) const {
  for (std::size_t i = 0; i < m_tasks.size(); ++i) {
    const TaskInput& task = m_tasks[i];
    const auto delta = deltas.subspan(i * m_piece, size);
    fillDelta(chunk, at, task, task.sparsifier != nullptr ? static_cast<float>(task.sparsifier->factor()) : 1.0F, cursors[i], delta);
    scaleBy(static_cast<float>(task.weight), delta);
  }
}

/// In the steps of mergekit, each rounded to float32. `tally` may be null.
void TaskVectorMerge::computeNarrow(const Chunk& chunk, std::span<float> out, MergeTally* tally) const {
  thread_local Scratch scratch;
  scratch.resize(m_tasks.size(), m_piece);
  std::vector<Sparsifier::Cursor> cursors(m_tasks.size(), {chunk.index, 0, 0});
  for (std::size_t at = 0; at < out.size(); at += m_piece) {
    const auto mixed = out.subspan(at, std::min(m_piece, out.size() - at));
    fillDeltas(chunk, at, mixed.size(), cursors, scratch.deltas);
    if (m_electsSign) {
      sumElected(scratch.deltas, scratch, mixed);
    } else {
      sum(scratch.deltas, mixed);
    }
    if (tally != nullptr) {
      const auto total = std::span(scratch.total).first(mixed.size());
      if (!m_electsSign) {
        addUp(scratch.deltas, total);
      }
      countTasks(scratch.deltas, m_piece, total, m_inputs, *tally);
    }
    addToBase(chunk.inputs[m_base].subspan(at, mixed.size()), m_lambda, mixed);
  }
}

/// In float64 but for the choice of entries.
void TaskVectorMerge::computeWide(const Chunk& chunk, std::span<float> out) const {
  thread_local Scratch scratch;
  scratch.resize(m_tasks.size(), m_piece);
  std::vector<Sparsifier::Cursor> cursors(m_tasks.size(), {chunk.index, 0, 0});
  TaskSum sum = m_sum;
  for (const TaskInput& task : m_tasks) {
    sum.factors.push_back(task.weight * (task.sparsifier != nullptr ? task.sparsifier->factor() : 1));
  }
  std::vector<TaskEntries> left(m_tasks.size());
  for (std::size_t at = 0; at < out.size(); at += m_piece) {
    const auto mixed = out.subspan(at, std::min(m_piece, out.size() - at));
    for (std::size_t i = 0; i < m_tasks.size(); ++i) {
      const Sparsifier* sparsifier = m_tasks[i].sparsifier.get();
      if (sparsifier == nullptr) {
        continue;
      }
      const auto bits = sparsifier->kept(cursors[i], chunk.offset + at, mixed.size(), scratch.bits[i]);
      left[i] = {nullptr, bits.data()};
      if (bits.empty()) {
        const auto delta = std::span(scratch.deltas).subspan(i * m_piece, mixed.size());
        fillDelta(chunk, at, m_tasks[i], 1, cursors[i], delta);
        left[i] = {delta.data(), nullptr};
      }
    }
    addTasks(chunk.inputs[m_base].subspan(at, mixed.size()), beginsOf(chunk, m_inputs, at), left, sum, m_narrowing, mixed);
  }
}

void TaskVectorMerge::compute(const Chunk& chunk, std::span<float> out) const {
  if (m_narrowing == Narrowing::ToNearest) {
    computeNarrow(chunk, out, nullptr);
  } else {
    computeWide(chunk, out);
  }
}

Result<std::unique_ptr<Sparsifier>> makeSparsifier(const MergeSettings& settings, std::size_t input, Sparsification kind) {
  const double density = settings.value(input, "density");
  const bool rescale = settings.flag("rescale");
  switch (kind) {
    case Sparsification::Magnitude:
      return makeMagnitudeSparsifier(density, rescale, settings.elements);
    case Sparsification::Outliers:
      return makeOutlierSparsifier(density, settings.value(input, "gamma"), rescale, settings.elements);
    case Sparsification::Random:
      return makeRandomSparsifier(density, rescale, settings, input);
    case Sparsification::RankedRandom:
      return makeRankedRandomSparsifier(settings, input);
    case Sparsification::None:
      break;
  }
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeTaskVectorMerge(const MergeSettings& settings, Sparsification sparsification, bool electsSign) {
  if (!settings.base) {
    return refused(fmt::format("tensor \"{}\": {} needs a base model", escaped(settings.tensor), settings.method->name),
                   "add \"base_model: FOLDER\"");
  }
  Blocks blocks;
  if (sparsification == Sparsification::RankedRandom) {
    blocks.block = rankedBlock(settings);
    LAYERLOOM_TRY(blocks.chunk, chunkOfRows(settings, blocks.block));
  }
  std::vector<TaskInput> tasks;
  for (std::size_t i = 0; i < settings.inputs.size(); ++i) {
    const double weight = settings.value(i, "weight");
    // A task vector of weight 0 adds nothing and has no vote.
    if (i != *settings.base && weight != 0) {
      LAYERLOOM_TRY(auto sparsifier, makeSparsifier(settings, i, sparsification));
      tasks.push_back({i, weight, std::move(sparsifier)});
    }
  }
  return std::make_unique<TaskVectorMerge>(std::move(tasks), settings, blocks, electsSign);
}

}  // namespace layerloom
