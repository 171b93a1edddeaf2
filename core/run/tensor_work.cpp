// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/tensor_work.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

#include "core/run/first_error.h"
#include "core/run/refusal.h"
#include "core/support/random.h"
#include "core/support/text.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

/// Elements that one task observes in a row; enough that starting and absorbing an observation costs little beside them.
constexpr std::uint64_t kObservedElements = 2 * 1024 * 1024;
/// Elements that one task computes in a row; its bytes are held until those before them have been hashed.
constexpr std::uint64_t kEmittedElements = 64 * 1024;
/// Neighbours that are read together for a sample.
constexpr std::uint64_t kSamplePiece = 128;

std::uint64_t chunksPerTask(std::uint64_t elements, std::uint64_t chunkElements) {
  return std::max<std::uint64_t>(1, elements / chunkElements);
}

/// Runs parts of a tensor on all threads of the arena: `work(part)` on several at a time, `absorb` of what it returns in the order of the
/// parts, so that sums come out the same for any number of threads.
template <typename Part, typename Work, typename Absorb>
void runInOrder(std::uint64_t parts, const std::function<bool()>& goesOn, const Work& work, const Absorb& absorb) {
  std::uint64_t next = 0;
  const auto start = [&](tbb::flow_control& flow) -> std::uint64_t {
    if (next >= parts || !goesOn()) {
      flow.stop();
      return 0;
    }
    return next++;
  };
  // Isolated: a thread that waits for this tensor must not begin another one, whose buffers it would hold at the same time.
  tbb::this_task_arena::isolate([&] {
    const auto tokens = static_cast<std::size_t>(2 * tbb::this_task_arena::max_concurrency());
    tbb::parallel_pipeline(tokens, tbb::make_filter<void, std::uint64_t>(tbb::filter_mode::serial_in_order, start) &
                                       tbb::make_filter<std::uint64_t, std::shared_ptr<Part>>(tbb::filter_mode::parallel, work) &
                                       tbb::make_filter<std::shared_ptr<Part>, void>(tbb::filter_mode::serial_in_order, absorb));
  });
}

bool isInfinite16(std::span<const std::byte> bytes, std::size_t i, std::uint16_t infinity) {
  std::uint16_t bits;
  std::memcpy(&bits, bytes.data() + 2 * i, 2);
  return (bits & 0x7FFF) == infinity;
}

/// How many finite values became infinite in the output's type.
std::uint64_t countSaturations(DType type, std::span<const float> values, std::span<const std::byte> bytes, const Survey& survey) {
  constexpr double kLeastSaturated = 65520.0 * 65520.0;
  if (survey.squares < kLeastSaturated || (type != DType::F16 && type != DType::BF16)) {
    return 0;
  }
  const std::uint16_t infinity = type == DType::F16 ? 0x7C00 : 0x7F80;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    count += std::isfinite(values[i]) && isInfinite16(bytes, i, infinity) ? 1 : 0;
  }
  return count;
}

std::string countNonFinite(const Survey& survey) {
  std::string text;
  if (survey.nans > 0) {
    text = fmt::format("{} NaN", formatCount(survey.nans));
  }
  if (survey.infinities > 0) {
    text += fmt::format("{}{} infinite", text.empty() ? "" : " and ", formatCount(survey.infinities));
  }
  return text;
}

}  // namespace

std::vector<std::byte> ExecutorContext::takeBytes(std::size_t size) {
  std::vector<std::byte> bytes;
  spareBytes.try_pop(bytes);
  bytes.resize(size);
  return bytes;
}

TensorWork::TensorWork(ExecutorContext& context, std::size_t job) : m_context(context), m_job(context.plan.jobs[job]) {}

std::uint64_t TensorWork::chunks() const {
  return (m_job.settings.elements + m_merge->chunkElements() - 1) / m_merge->chunkElements();
}

Status TensorWork::prepare() {
  if (m_job.copies) {
    return {};
  }
  if (m_job.rows) {
    m_rows.emplace(m_context.plan, m_job);
    LAYERLOOM_TRY(const std::uint64_t bytes, m_rows->prepare(m_context.stop));
    m_context.bytesRead += bytes;
  }
  LAYERLOOM_TRY(m_merge, makeTensorMerge(m_job.settings));
  if (m_merge->sampleSize() > 0) {
    LAYERLOOM_CHECK(takeSample());
  }
  int passes = 1;
  for (; m_merge->needsPass() && !m_context.isStopped(); ++passes) {
    LAYERLOOM_CHECK(observeAll());
  }
  // Passes that turned out to be unnecessary count as done.
  const std::uint64_t unread = m_job.inputBytes() * static_cast<std::uint64_t>(std::max(0, m_job.passes - passes));
  m_context.meter.add(unread, m_job.output.name, m_job.extraEffort(unread));
  if (m_job.settings.elements <= kEmittedElements && m_context.mayGoOn()) {
    LAYERLOOM_TRY(m_small, emitRun(0, chunks()));
  }
  return {};
}

Status TensorWork::finish(const ByteSink& sink) {
  if (m_job.copies) {
    return copyAll(sink);
  }
  if (!m_small) {
    return emitAll(sink);
  }
  LAYERLOOM_CHECK(deliver(*m_small, sink));
  return checkInputs();
}

Status TensorWork::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  const OutputShard& shard = m_context.plan.shards[m_job.shard];
  LAYERLOOM_CHECK(m_context.shards[m_job.shard].write(shard.header.size() + m_job.output.begin + offset, bytes));
  m_context.bytesWritten += bytes.size();
  m_context.meter.add(bytes.size(), m_job.output.name);
  return {};
}

/// Chunks up to `endChunk` may be read at once. What is in a chunk counts once, whatever the number of passes.
Status TensorWork::readInto(std::uint64_t index, std::uint64_t endChunk, Chunk& chunk, InputSurvey& found) {
  const ChunkReading reading{m_context.plan, m_job, m_merge->chunkElements(), m_rows ? &*m_rows : nullptr, endChunk};
  LAYERLOOM_TRY(const std::uint64_t bytes, readChunk(reading, index, m_context.buffers.local(), chunk, m_surveyed ? nullptr : &found));
  m_context.bytesRead += bytes;
  m_context.meter.add(bytes, m_job.output.name, m_merge->needsPass() ? m_job.extraEffort(bytes) : 0);
  return {};
}

/// Shows the method pieces from equal parts of the tensor, at places drawn at random: fixed distances could meet the same columns of a
/// matrix again and again.
Status TensorWork::takeSample() {
  const std::uint64_t pieces = (m_merge->sampleSize() + kSamplePiece - 1) / kSamplePiece;
  const std::uint64_t part = m_job.settings.elements / pieces;
  if (part < kSamplePiece) {
    return {};
  }
  std::vector<std::uint32_t> draws(pieces);
  RandomStream(0, "sample", m_job.output.name).fill(0, draws);
  std::vector<std::vector<float>> values(m_job.inputs.size(), std::vector<float>(pieces * kSamplePiece));
  ChunkBuffers& buffers = m_context.buffers.local();
  for (std::uint64_t piece = 0; piece < pieces && !m_context.isStopped(); ++piece) {
    const std::uint64_t first = piece * part + draws[piece] % (part - kSamplePiece + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto out = std::span(values[i]).subspan(piece * kSamplePiece, kSamplePiece);
      LAYERLOOM_TRY(const std::uint64_t bytes, readInput(m_context.plan, m_job, i, m_rows ? &*m_rows : nullptr, first, out, buffers.scratch));
      m_context.bytesRead += bytes;
    }
  }
  Chunk chunk;
  chunk.inputs.assign(values.begin(), values.end());
  m_merge->sample(chunk, kSamplePiece);
  return {};
}

Status TensorWork::observeAll() {
  struct Part {
    std::unique_ptr<Observation> observation;
    InputSurvey inputs;
  };
  const std::uint64_t perTask = chunksPerTask(kObservedElements, m_merge->chunkElements());
  const std::uint64_t end = chunks();
  FirstError error(m_context.failed);
  const auto observe = [&](std::uint64_t task) {
    auto part = std::make_shared<Part>();
    part->observation = m_merge->startObservation();
    Chunk chunk;
    const std::uint64_t endOfTask = std::min((task + 1) * perTask, end);
    for (std::uint64_t i = task * perTask; i < endOfTask && m_context.mayGoOn(); ++i) {
      if (error.note(readInto(i, endOfTask, chunk, part->inputs))) {
        break;
      }
      part->observation->observe(chunk);
    }
    return part;
  };
  const auto absorb = [&](const std::shared_ptr<Part>& part) {
    m_merge->absorb(*part->observation);
    m_inputs.add(part->inputs);
  };
  runInOrder<Part>((end + perTask - 1) / perTask, [this] { return !m_context.isStopped(); }, observe, absorb);
  LAYERLOOM_CHECK(error.take());
  if (m_context.isStopped()) {
    return {};
  }
  m_surveyed = true;
  LAYERLOOM_CHECK(checkInputs());
  return m_merge->endPass();
}

Status TensorWork::emitChunk(std::uint64_t index, std::uint64_t endChunk, std::span<std::byte> bytes, Output& output) {
  Chunk chunk;
  LAYERLOOM_CHECK(readInto(index, endChunk, chunk, output.inputs));
  std::vector<float>& room = m_context.buffers.local().out;
  room.resize(std::max(room.size(), chunk.size()));
  const auto out = std::span(room).first(chunk.size());
  m_merge->compute(chunk, out);
  const DType type = m_job.output.dtype;
  Survey found;
  for (std::size_t at = 0; at < out.size(); at += kNearElements) {
    const auto near = out.subspan(at, std::min(kNearElements, out.size() - at));
    const std::span<std::byte> stored = bytes.subspan(at * bitsOf(type) / 8, near.size() * bitsOf(type) / 8);
    const Survey values = encodeSurveyed(type, near, stored.data());
    output.saturations += countSaturations(type, near, stored, values);
    found += values;
  }
  output.values += found;
  return {};
}

Result<TensorWork::Output> TensorWork::emitRun(std::uint64_t firstChunk, std::uint64_t endChunk) {
  const std::uint64_t elementBytes = bitsOf(m_job.output.dtype) / 8;
  const std::uint64_t begin = firstChunk * m_merge->chunkElements();
  const std::uint64_t end = std::min(endChunk * m_merge->chunkElements(), m_job.settings.elements);
  Output output;
  output.offset = begin * elementBytes;
  output.bytes = m_context.takeBytes((end - begin) * elementBytes);
  for (std::uint64_t i = firstChunk; i < endChunk && m_context.mayGoOn(); ++i) {
    const std::uint64_t at = i * m_merge->chunkElements();
    const std::uint64_t size = std::min(m_merge->chunkElements(), end - at);
    LAYERLOOM_CHECK(emitChunk(i, endChunk, std::span(output.bytes).subspan((at - begin) * elementBytes, size * elementBytes), output));
  }
  return output;
}

/// Writes a part of the result. Parts come one after the other: two threads that write to one file would wait for each other.
Status TensorWork::deliver(Output& output, const ByteSink& sink) {
  LAYERLOOM_CHECK(write(output.offset, output.bytes));
  sink(output.bytes);
  m_context.spareBytes.push(std::move(output.bytes));
  m_values += output.values;
  m_saturations += output.saturations;
  m_inputs.add(output.inputs);
  return {};
}

Status TensorWork::emitAll(const ByteSink& sink) {
  const std::uint64_t perTask = chunksPerTask(kEmittedElements, m_merge->chunkElements());
  const std::uint64_t end = chunks();
  FirstError error(m_context.failed);
  const auto emit = [&](std::uint64_t task) {
    auto part = std::make_shared<Output>();
    Result<Output> output = emitRun(task * perTask, std::min((task + 1) * perTask, end));
    if (output) {
      *part = *std::move(output);
    } else {
      error.note(tl::unexpected(std::move(output).error()));
    }
    return part;
  };
  const auto absorb = [&](const std::shared_ptr<Output>& part) {
    if (!m_context.isStopped()) {
      error.note(deliver(*part, sink));
    }
  };
  runInOrder<Output>((end + perTask - 1) / perTask, [this] { return !m_context.isStopped(); }, emit, absorb);
  LAYERLOOM_CHECK(error.take());
  return checkInputs();
}

/// Copies the bytes of the first input; the others must have the same.
Status TensorWork::copyAll(const ByteSink& sink) {
  constexpr std::uint64_t kPiece = 1 << 20;
  std::vector<std::byte> first;
  std::vector<std::byte> other;
  const std::uint64_t size = m_job.output.bytes();
  for (std::uint64_t at = 0; at < size && m_context.mayGoOn(); at += kPiece) {
    const auto piece = static_cast<std::size_t>(std::min(kPiece, size - at));
    first.resize(piece);
    other.resize(piece);
    for (std::size_t i = 0; i < m_job.inputs.size(); ++i) {
      const JobInput& input = m_job.inputs[i];
      LAYERLOOM_CHECK(m_context.plan.models[input.model]->read(*input.tensor, at, i == 0 ? std::span(first) : std::span(other)));
      if (i > 0 && first != other) {
        return refused(fmt::format("the table of whole numbers \"{}\" differs between \"{}\" and \"{}\"", escaped(m_job.output.name),
                                   escaped(m_context.plan.references[m_job.inputs[0].model]),
                                   escaped(m_context.plan.references[input.model])),
                       "merge models with equal tables");
      }
      m_context.bytesRead += piece;
      m_context.meter.add(piece, m_job.output.name);
    }
    LAYERLOOM_CHECK(write(at, first));
    sink(first);
  }
  return {};
}

Status TensorWork::checkInputs() const {
  if (m_context.options.nonFinite != NonFinitePolicy::Refuse) {
    return {};
  }
  for (std::size_t i = 0; i < m_inputs.inputs().size(); ++i) {
    const Survey& found = m_inputs.inputs()[i];
    if (found.nans + found.infinities > 0) {
      const JobInput& input = m_job.inputs[i];
      return refused(fmt::format("the tensor \"{}\" of \"{}\" holds {} entries", escaped(input.tensor->entry.name),
                                 escaped(m_context.plan.references[input.model]), countNonFinite(found)),
                     kNonFiniteRemedy, RefusalReason::NonFinite);
    }
  }
  return {};
}

TensorAudit TensorWork::audit() const {
  TensorAudit audit;
  for (const Survey& input : m_inputs.inputs()) {
    audit.inputNans += input.nans;
    audit.inputInfinities += input.infinities;
    audit.squaredInputNorms.push_back(input.squares);
  }
  audit.outputNans = m_values.nans;
  audit.outputInfinities = m_values.infinities + m_saturations;
  audit.saturations = m_saturations;
  audit.squaredNorm = m_values.squares;
  return audit;
}

}  // namespace layerloom
