// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/tensor_work.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

#include "core/run/refusal.h"
#include "core/support/random.h"
#include "core/support/text.h"
#include "core/tensor/conversion_kernels.h"

namespace layerloom {
namespace {

/// Elements of a part that is observed; enough that starting and absorbing an observation costs little beside them.
constexpr std::uint64_t kObservedElements = 2 * 1024 * 1024;
/// Elements of a part that is computed; its bytes are held until those before them have been hashed.
constexpr std::uint64_t kEmittedElements = 64 * 1024;
/// Bytes of a part that is copied.
constexpr std::uint64_t kCopiedBytes = 256 * 1024;
/// Neighbours that are read together for a sample, where a method does not ask for rows.
constexpr std::uint64_t kSamplePiece = 128;

std::uint64_t chunksPerPart(std::uint64_t elements, std::uint64_t chunkElements) {
  return std::max<std::uint64_t>(1, elements / chunkElements);
}

/// A tensor without elements has a part, too.
std::uint64_t partsOf(std::uint64_t all, std::uint64_t perPart) {
  return std::max<std::uint64_t>(1, (all + perPart - 1) / perPart);
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

TensorWork::TensorWork(ExecutorContext& context, std::size_t job) : m_context(context), m_jobIndex(job), m_job(context.plan.jobs[job]) {}

std::uint64_t TensorWork::chunks() const {
  return (m_job.settings.elements + m_merge->chunkElements() - 1) / m_merge->chunkElements();
}

Status TensorWork::begin() {
  if (m_job.copies) {
    return {};
  }
  if (m_job.rows) {
    m_rows.emplace(m_context.plan, m_job);
    LAYERLOOM_TRY(const std::uint64_t bytes, m_rows->prepare(m_context.stop));
    m_context.bytesRead += bytes;
  }
  LAYERLOOM_TRY(m_merge, makeTensorMerge(m_job.settings));
  return m_merge->sampleSize() > 0 ? takeSample() : Status();
}

void TensorWork::endPasses() {
  // Passes that turned out to be unnecessary count as done.
  const std::uint64_t unread = m_job.inputBytes() * static_cast<std::uint64_t>(std::max(0, m_job.passes - m_passes));
  m_context.meter.add(unread, m_job.output.name, m_job.extraEffort(unread));
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

/// Pieces from equal parts of the tensor, at places drawn at random: fixed distances could meet the same columns of a matrix again and again.
class TensorWork::Sample : public TensorSample {
 public:
  /// Pieces begin at multiples of `step`. The tensor has room for them.
  Sample(TensorWork& work, std::uint64_t pieces, std::uint64_t piece, std::uint64_t step)
      : m_work(work), m_piece(piece), m_step(step), m_part(work.m_job.settings.elements / pieces / step * step), m_draws(pieces) {
    RandomStream(0, "sample", work.m_job.output.name).fill(0, m_draws);
  }

  std::size_t size() const override { return m_draws.size() * m_piece; }
  std::size_t piece() const override { return m_piece; }
  Status read(std::size_t input, std::size_t from, std::span<float> out) override {
    ExecutorContext& context = m_work.m_context;
    ReadScratch& scratch = context.buffers.local().scratch;
    for (std::size_t at = 0; at < out.size() && !context.isStopped(); at += m_piece) {
      const std::uint64_t piece = (from + at) / m_piece;
      const std::uint64_t first = piece * m_part + m_draws[piece] % ((m_part - m_piece) / m_step + 1) * m_step;
      LAYERLOOM_TRY(const std::uint64_t bytes, readInput(context.plan, m_work.m_job, input, m_work.m_rows ? &*m_work.m_rows : nullptr, first,
                                                         out.subspan(at, m_piece), scratch));
      context.bytesRead += bytes;
    }
    return {};
  }

 private:
  TensorWork& m_work;
  const std::uint64_t m_piece;
  const std::uint64_t m_step;
  const std::uint64_t m_part;
  std::vector<std::uint32_t> m_draws;
};

Status TensorWork::takeSample() {
  const std::uint64_t row = m_merge->samplePiece();
  const std::uint64_t piece = row > 0 ? row : kSamplePiece;
  const std::uint64_t pieces = (m_merge->sampleSize() + piece - 1) / piece;
  if (m_job.settings.elements / pieces < piece) {
    return {};
  }
  Sample sample(*this, pieces, piece, row > 0 ? row : 1);
  return m_merge->sample(sample);
}

std::uint64_t TensorWork::observedParts() const {
  return partsOf(chunks(), chunksPerPart(kObservedElements, m_merge->chunkElements()));
}

Result<TensorWork::Observed> TensorWork::observe(std::uint64_t part) {
  const std::uint64_t perPart = chunksPerPart(kObservedElements, m_merge->chunkElements());
  const std::uint64_t end = std::min((part + 1) * perPart, chunks());
  Observed seen{m_merge->startObservation(), {}};
  Chunk chunk;
  for (std::uint64_t i = part * perPart; i < end && m_context.mayGoOn(); ++i) {
    LAYERLOOM_CHECK(readInto(i, end, chunk, seen.inputs));
    seen.observation->observe(chunk);
  }
  return seen;
}

void TensorWork::absorb(Observed& seen) {
  m_merge->absorb(*seen.observation);
  m_inputs.add(seen.inputs);
}

Status TensorWork::endPass() {
  ++m_passes;
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

std::uint64_t TensorWork::emittedParts() const {
  return m_job.copies ? partsOf(m_job.output.bytes(), kCopiedBytes)
                      : partsOf(chunks(), chunksPerPart(kEmittedElements, m_merge->chunkElements()));
}

Result<TensorWork::Output> TensorWork::emit(std::uint64_t part) {
  Output output;
  if (m_job.copies) {
    output.offset = part * kCopiedBytes;
    LAYERLOOM_CHECK(copyPart(output));
    return output;
  }
  const std::uint64_t perPart = chunksPerPart(kEmittedElements, m_merge->chunkElements());
  const std::uint64_t endChunk = std::min((part + 1) * perPart, chunks());
  const std::uint64_t elementBytes = bitsOf(m_job.output.dtype) / 8;
  const std::uint64_t begin = part * perPart * m_merge->chunkElements();
  const std::uint64_t end = std::min(endChunk * m_merge->chunkElements(), m_job.settings.elements);
  output.offset = begin * elementBytes;
  output.bytes = m_context.takeBytes((end - begin) * elementBytes);
  for (std::uint64_t i = part * perPart; i < endChunk && m_context.mayGoOn(); ++i) {
    const std::uint64_t at = i * m_merge->chunkElements();
    const std::uint64_t size = std::min(m_merge->chunkElements(), end - at);
    LAYERLOOM_CHECK(emitChunk(i, endChunk, std::span(output.bytes).subspan((at - begin) * elementBytes, size * elementBytes), output));
  }
  return output;
}

/// The bytes of the first input; the others must have the same.
Status TensorWork::copyPart(Output& output) const {
  output.bytes = m_context.takeBytes(std::min(kCopiedBytes, m_job.output.bytes() - output.offset));
  std::vector<std::byte> other = m_context.takeBytes(output.bytes.size());
  for (std::size_t i = 0; i < m_job.inputs.size(); ++i) {
    const JobInput& input = m_job.inputs[i];
    LAYERLOOM_CHECK(m_context.plan.models[input.model]->read(*input.tensor, output.offset, i == 0 ? output.bytes : other));
    if (i > 0 && output.bytes != other) {
      return refused(fmt::format("the table of whole numbers \"{}\" differs between \"{}\" and \"{}\"", escaped(m_job.output.name),
                                 escaped(m_context.plan.references[m_job.inputs[0].model]),
                                 escaped(m_context.plan.references[input.model])),
                     "merge models with equal tables");
    }
    m_context.bytesRead += other.size();
    m_context.meter.add(other.size(), m_job.output.name);
  }
  m_context.spareBytes.push(std::move(other));
  return {};
}

Status TensorWork::deliver(Output& output) {
  LAYERLOOM_CHECK(write(output.offset, output.bytes));
  m_context.spareBytes.push(std::move(output.bytes));
  m_values += output.values;
  m_saturations += output.saturations;
  m_inputs.add(output.inputs);
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
